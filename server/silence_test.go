package server

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/words"
)

// plainClient are the capabilities of an editor that knows nothing of this server, and
// does not watch files.
var plainClient = strings.NewReplacer(
	`"experimental": {"inlinelens": {"status": true, "progress": true}}`, `"experimental": {}`,
	`"didChangeWatchedFiles": {"dynamicRegistration": true},`, ``,
).Replace(fakeeditor.Capable)

// lacks returns what diagnostics say at a file's package clause of verdicts that are
// missing; "" for nothing.
func lacks(t *testing.T, e *fakeeditor.Editor, path string) string {
	t.Helper()
	p := e.Diagnostics(path)
	if p == nil {
		return ""
	}
	said := ""
	for _, d := range p.Diagnostics {
		if d.Code != protocol.String(handlers.CodeNoVerdicts) {
			continue
		}
		source, _ := d.Source.Get()
		if d.Severity != protocol.DiagnosticSeverityInformation || source != "inlinelens" {
			t.Errorf("the diagnostic has severity %v and source %q", d.Severity, source)
		}
		text := e.Text(path)
		clause := text[e.Offset(path, d.Range.Start):e.Offset(path, d.Range.End)]
		if clause != "" && !strings.HasPrefix(clause, "package ") {
			t.Errorf("the diagnostic is at %q", clause)
		}
		said += string(d.Message.(protocol.String))
	}
	return said
}

func awaitLack(t *testing.T, e *fakeeditor.Editor, path, want string) {
	t.Helper()
	e.Await(fmt.Sprintf("%q at %s", want, path), func() (bool, string) {
		said := lacks(t, e, path)
		return want == "" && said == "" || want != "" && strings.Contains(said, want), said
	})
}

// TestSilence holds that an editor without our status is told why there are no
// verdicts, in all files of the package, in the hover at a call and in an explanation,
// until it is mended.
func TestSilence(t *testing.T) {
	const (
		a = "package a\n\nfunc A() int { return b() }\n"
		b = "package a\n\nfunc b() int { return 1 }\n"
	)
	for _, test := range []struct {
		name       string
		file, text string // what breaks the package
		want       string // in the diagnostic
	}{
		{"type error", "a/b.go", "package a\n\nfunc b() int { return x }\n", "undefined: x (b.go:3:23)"},
		{"syntax error of a sibling", "a/b.go", "package a\n\nfunc {\n", "syntax error: unexpected {"},
		{"no package clause in a sibling", "a/b.go", "func b() {}\n", "expected 'package'"},
		{"go.work lacks the module", "go.work", "go 1.22\n\nuse ./other\n", "go work use ."},
		{"inconsistent vendoring", "vendor/modules.txt", "# example.com/x v1.0.0\n## explicit\nexample.com/x\n", "go mod vendor"},
		{"newer go line", "go.mod", "module m\n\ngo 1.99\n", "GOTOOLCHAIN=auto"},
		{"two packages in a folder", "a/other.go", "package other\n", "found packages a (a.go) and other (other.go)"},
		{"missing module", "a/b.go", "package a\n\nimport \"example.com/x\"\n\nfunc b() int { return x.X }\n", "go get example.com/x"},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, map[string]string{"go.mod": "module m\n\ngo 1.22\n", "a/a.go": a, "a/b.go": b, "other/go.mod": "module other\n\ngo 1.22\n"})
			path := func(name string) string { return filepath.Join(dir, name) }
			before, err := os.ReadFile(path(test.file))
			breaks := func() {
				must(t, os.MkdirAll(filepath.Dir(path(test.file)), 0o777))
				must(t, os.WriteFile(path(test.file), []byte(test.text), 0o666))
			}
			mend := func() {
				if err != nil {
					must(t, os.Remove(path(test.file)))
					if strings.HasPrefix(test.file, "vendor") {
						must(t, os.Remove(path("vendor")))
					}
				} else {
					must(t, os.WriteFile(path(test.file), before, 0o666))
				}
			}
			breaks()
			e, _ := edit(t, fakeeditor.Options{Capabilities: plainClient, Initialization: with(map[string]any{"build.env": map[string]string{"GOFLAGS": "", "GOWORK": "", "GOPROXY": "off", "GOTOOLCHAIN": "local"}})})
			e.Open(path("a/a.go"))
			e.Open(path("a/b.go"))
			awaitLack(t, e, path("a/a.go"), test.want)
			awaitLack(t, e, path("a/b.go"), lacks(t, e, path("a/a.go"))) // says the same
			if h := e.Hover(path("a/a.go"), "b() }"); !strings.Contains(h, "no verdict") {
				t.Errorf("the hover says %q", h)
			}
			var explained *protocol.MarkupContent
			place := map[string]any{"textDocument": map[string]any{"uri": uri.File(path("a/a.go"))}, "position": e.At(path("a/a.go"), "b() }")}
			must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandExplain, "arguments": []any{place}}, &explained))
			if explained == nil || !strings.Contains(explained.Value, "no verdict") {
				t.Errorf("explain says %+v", explained)
			}

			// The editor does not tell of files that others change: a save is enough.
			mend()
			if test.file == "a/b.go" {
				e.SetText(path("a/b.go"), b)
			}
			e.Saved(path("a/a.go"))
			awaitLack(t, e, path("a/a.go"), "")
			awaitLack(t, e, path("a/b.go"), "")
			awaitHints(t, e, path("a/a.go"), "3: func A() int { return b‹✓›")

			// Broken again, it shows what it showed, and says so.
			breaks()
			e.Saved(path("a/a.go"))
			awaitLack(t, e, path("a/a.go"), "the verdicts shown are as of the last compile")
			awaitHints(t, e, path("a/a.go"), "3: func A() int { return b‹✓›")
			if lenses := e.Lenses(path("a/a.go")); len(lenses) != 1 || !strings.HasSuffix(lenses[0], "· as of the last compile") {
				t.Errorf("the lenses are %q", lenses)
			}
		})
	}
}

// An editor that shows our status has no such diagnostic.
func TestNoSilenceTwice(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": "module m\n\ngo 1.22\n", "a.go": "package a\n\nvar x = y\n"})
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFailed(t, e, "undefined: y")
	e.Hints(a)
	if said := lacks(t, e, a); said != "" {
		t.Errorf("a diagnostic says %q", said)
	}
}

// TestAddTags has a file compiled that a tag excludes, by the action that is offered at
// its package clause.
func TestAddTags(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module m\n\ngo 1.22\n",
		"a.go":   "package a\n\nfunc A() {}\n",
		"b.go":   "//go:build special && !never\n\npackage a\n\nfunc b() { A() }\n",
	})
	b := filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{Capabilities: plainClient, Initialization: with(map[string]any{"build.flags": []string{"-race", "-tags=mine"}})})
	e.Open(b)
	awaitLack(t, e, b, `add "-tags=mine,special" to the setting build.flags`)
	at := e.At(b, "package")
	var actions []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, map[string]any{
		"textDocument": map[string]any{"uri": uri.File(b)}, "range": protocol.Range{Start: at, End: at}, "context": map[string]any{"diagnostics": []any{}, "only": []string{"quickfix"}},
	}, &actions))
	if len(actions) != 1 || actions[0].Title != "Inlinelens: compile with -tags=mine,special" || len(actions[0].Diagnostics) != 1 {
		t.Fatalf("the actions are %+v", actions)
	}
	var result struct {
		Flags []string `json:"flags"`
	}
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": actions[0].Command.Command, "arguments": actions[0].Command.Arguments}, &result))
	if got := strings.Join(result.Flags, " "); got != "-race -tags=mine,special" {
		t.Errorf("the flags are %q", got)
	}
	awaitLack(t, e, b, "")
	awaitHints(t, e, b, "5: func b() { A‹✓›")
	e.Await("a message that says how to keep it", func() (bool, string) {
		said := strings.Join(e.Messages(), "\n")
		return strings.Contains(said, `set build.flags to ["-race","-tags=mine,special"]`), said
	})
	for _, wrong := range [][]any{{}, {"a b"}, {"-race"}, {1}, {""}} {
		if err := e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandAddTags, "arguments": wrong}, nil); err == nil {
			t.Errorf("the tags %q are taken", wrong)
		}
	}
}

// TestHostileText holds that no message has characters that are not seen, or that turn
// round what stands beside them, whoever wrote them.
func TestHostileText(t *testing.T) {
	const evil = "\u202e\x1b[31m\u2028[click](command:x)"
	dir := write(t, map[string]string{"go.mod": "module m\n\ngo 1.22\n", "x" + evil + "/a.go": "package a\n\nfunc f() { f() }\n"})
	a := filepath.Join(dir, "x"+evil, "a.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"build.goos": evil, "hints.style": evil})})
	e.Open(a)
	e.Await("messages and a status", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && len(status.Packages) == 1 && status.Packages[0].State == "failed"
		return ok && len(e.Messages()) > 0, fmt.Sprintf("%+v %q", status, e.Messages())
	})
	var status handlers.StatusParams
	e.Status(&status)
	said := append(e.Messages(), status.Packages[0].Error.Message, e.Hover(a, "f() }"))
	for _, text := range said {
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && words.Printable(r) != r }); i >= 0 {
			t.Errorf("%q has a character that is not seen, at %d", text, i)
		}
	}
	if h := said[len(said)-1]; !strings.Contains(h, `\[click\](command:x)`) {
		t.Errorf("the hover is %q", h)
	}
}
