package server

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/gopls"
)

// A duet is an editor with two servers, which both see all that is done.
type duet struct {
	t           *testing.T
	ours, gopls *fakeeditor.Editor
}

// newDuet starts both in a folder, with all that gopls can show in the same places
// switched on.
func newDuet(t *testing.T, dir string) *duet {
	t.Helper()
	program, err := gopls.Install(t.Context())
	must(t, err)
	cmd := exec.Command(program, "-remote=", "serve")
	cmd.Dir = dir
	hints := map[string]bool{}
	for _, name := range []string{"assignVariableTypes", "compositeLiteralFields", "compositeLiteralTypes", "constantValues", "functionTypeParameters", "parameterNames", "rangeVariableTypes"} {
		hints[name] = true
	}
	lenses := map[string]bool{}
	for _, name := range []string{"generate", "regenerate_cgo", "run_govulncheck", "test", "tidy", "upgrade_dependency", "vendor", "vulncheck"} {
		lenses[name] = true
	}
	options := fakeeditor.Options{Folders: []string{dir}, Settings: map[string]any{
		"inlinelens": all["inlinelens"],
		"gopls":      map[string]any{"hints": hints, "codelenses": lenses, "staticcheck": true},
	}}
	d := &duet{t: t, gopls: fakeeditor.Connect(t, start(t, cmd), options)}
	d.ours = fakeeditor.Connect(t, serve(t).conn, options)
	d.ours.Initialize()
	d.gopls.Initialize()
	return d
}

func (d *duet) each(do func(*fakeeditor.Editor)) {
	do(d.ours)
	do(d.gopls)
}

func (d *duet) open(path string) { d.each(func(e *fakeeditor.Editor) { e.Open(path) }) }

func (d *duet) edit(path, from, to string) {
	d.each(func(e *fakeeditor.Editor) { e.Edit(path, from, to) })
}

// save writes the file once, and tells both.
func (d *duet) save(path string) {
	d.ours.Save(path)
	d.gopls.Saved(path)
}

// apart fails if both servers say the same, or if one says nothing.
func (d *duet) apart(what string, ask func(*fakeeditor.Editor) []string) {
	d.t.Helper()
	ours, theirs := ask(d.ours), ask(d.gopls)
	if len(ours) == 0 || len(theirs) == 0 {
		d.t.Errorf("%s: ours are %q, those of gopls %q", what, ours, theirs)
	}
	for _, s := range ours {
		if slices.Contains(theirs, s) {
			d.t.Errorf("%s: both have %q", what, s)
		}
	}
}

// TestBesideGopls has gopls and our server work on the same files: neither gets
// into the way of the other.
func TestBesideGopls(t *testing.T) {
	leaveNothing(t)
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"a.go": `// Package m has nothing else that gopls would find fault with.
package m

import "fmt"

//go:generate echo

//go:inline
func small(x int) int { return x + 1 }

//go:noinline
func kept(x int) int { return x + 2 }

// Use uses both.
func Use(x int) int {
	fmt.Printf("%d\n", "no number")
	return small(x) + kept(x)
}
`,
		"a_test.go": "package m\n\nimport \"testing\"\n\nfunc TestUse(t *testing.T) {\n\tif Use(1) != 5 {\n\t\tt.Error(\"no\")\n\t}\n}\n",
	})
	a, test := filepath.Join(dir, "a.go"), filepath.Join(dir, "a_test.go")
	d := newDuet(t, dir)
	d.open(a)
	d.open(test)
	awaitFresh(t, d.ours)
	d.gopls.Await("lenses of gopls", func() (bool, string) { return len(lensCommands(t, d.gopls, test)) > 0, "none" })

	d.apart("commands", func(e *fakeeditor.Editor) []string { return e.Server.Capabilities.ExecuteCommandProvider.Commands })
	for _, path := range []string{a, test} {
		d.apart("commands of lenses", func(e *fakeeditor.Editor) []string { return lensCommands(t, e, path) })
		d.apart("titles of actions", func(e *fakeeditor.Editor) []string {
			return actions(t, e, path, func(a *protocol.CodeAction) string { return a.Title })
		})
		d.apart("kinds of actions but quick fixes", func(e *fakeeditor.Editor) []string {
			return actions(t, e, path, func(a *protocol.CodeAction) string {
				if a.Kind == nil || *a.Kind == protocol.CodeActionKindQuickFix {
					return ""
				}
				return string(*a.Kind)
			})
		})
	}
	d.each(func(e *fakeeditor.Editor) {
		e.Await("diagnostics", func() (bool, string) { return len(sources(e, a)) > 0, "none" })
	})
	d.apart("sources of diagnostics", func(e *fakeeditor.Editor) []string { return sources(e, a) })
	// What gopls tells of the compiler's decisions, it tells in diagnostics.
	must(t, d.gopls.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": "gopls.gc_details", "arguments": []uri.URI{uri.File(a)}}, nil))
	d.gopls.Await("details of the compiler", func() (bool, string) {
		s := sources(d.gopls, a)
		return slices.Contains(s, "optimizer details"), fmt.Sprint(s)
	})
	d.apart("sources of diagnostics", func(e *fakeeditor.Editor) []string { return sources(e, a) })
	must(t, d.gopls.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": "gopls.gc_details", "arguments": []uri.URI{uri.File(a)}}, nil))
	d.apart("inlay hints", func(e *fakeeditor.Editor) []string { return e.Hints(a) })

	// Both hovers stand one above the other.
	for _, at := range []string{"small(x) + kept(x)", "kept(x)\n", "small(x int)", "Use(x int)"} {
		d.apart("hovers", func(e *fakeeditor.Editor) []string { return paragraphs(e.Hover(a, at)) })
	}

	// What is edited, both see; what is saved, too.
	d.edit(a, "package m\n", "package m\n\n// größer 😀\n")
	d.edit(a, "//go:noinline\n", "")
	d.apart("hovers", func(e *fakeeditor.Editor) []string { return paragraphs(e.Hover(a, "small(x) + kept(x)")) })
	d.edit(a, `"no number"`, "x")
	d.edit(a, "//go:inline\n", "")
	d.save(a)
	awaitFresh(t, d.ours)
	awaitHints(t, d.ours, a, "16: fmt.Printf‹✓›", "17: return small‹✓›", "17: return small(x) + kept‹✓›")
	d.each(func(e *fakeeditor.Editor) {
		e.Await("no diagnostics", func() (bool, string) { s := sources(e, a); return len(s) == 0, fmt.Sprint(s) })
	})

	// An error in the source is for gopls to show.
	d.edit(a, "return small(x)", "return smaller(x)")
	d.save(a)
	awaitFailed(t, d.ours, "undefined: smaller")
	d.gopls.Await("an error", func() (bool, string) { s := sources(d.gopls, a); return slices.Contains(s, "compiler"), fmt.Sprint(s) })
	if s := sources(d.ours, a); s != nil {
		t.Errorf("diagnostics of what gopls shows: %q", s)
	}
	d.each(func(e *fakeeditor.Editor) { e.Shutdown() })
	if unknown := d.ours.Unknown(); unknown != nil {
		t.Errorf("ours calls %q", unknown)
	}
}

// lensCommands returns the commands of a file's lenses.
func lensCommands(t *testing.T, e *fakeeditor.Editor, path string) []string {
	t.Helper()
	var lenses []protocol.CodeLens
	p := &protocol.CodeLensParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}}
	must(t, e.Call(protocol.MethodTextDocumentCodeLens, p, &lenses))
	var names []string
	for _, l := range lenses {
		if l.Command.Command == "" {
			must(t, e.Call(protocol.MethodCodeLensResolve, &l, &l))
		}
		names = append(names, l.Command.Command)
	}
	return names
}

// actions returns what there is to say of each code action at a file's functions,
// without what is empty.
func actions(t *testing.T, e *fakeeditor.Editor, path string, of func(*protocol.CodeAction) string) []string {
	t.Helper()
	var all []string
	text := e.Text(path)
	for at, piece := 0, ""; ; at += len(piece) {
		i := strings.Index(text[at:], "func ")
		if i < 0 {
			return all
		}
		piece = text[at : at+i+len("func ")]
		offset := at + len(piece)
		p := map[string]any{
			"textDocument": map[string]any{"uri": uri.File(path)}, "range": e.Range(path, offset, offset),
			"context": map[string]any{"diagnostics": []any{}, "triggerKind": 1},
		}
		var list []jsontext.Value
		must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &list))
		for _, raw := range list {
			var action protocol.CodeAction
			must(t, protocol.Unmarshal(raw, &action))
			if s := of(&action); s != "" {
				all = append(all, s)
			}
		}
	}
}

// sources returns those of a file's diagnostics.
func sources(e *fakeeditor.Editor, path string) []string {
	p := e.Diagnostics(path)
	if p == nil {
		return nil
	}
	var all []string
	for _, d := range p.Diagnostics {
		source, _ := d.Source.Get()
		all = append(all, source)
	}
	return all
}

// paragraphs returns those of a text.
func paragraphs(text string) []string {
	return slices.DeleteFunc(strings.Split(text, "\n\n"), func(s string) bool { return strings.TrimSpace(s) == "" })
}
