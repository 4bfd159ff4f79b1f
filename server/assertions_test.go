package server

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// assertable is a module with assertions that hold, and some that do not.
var assertable = map[string]string{
	"go.mod":      "module example.com/m\n\ngo 1.26\n",
	".inlinelens": "inlinable ./...\nexempt .Long because it is long\ninlined .elsewhere // nothing here calls it\ncost<=1 .small if !gc\n",
	"a.go": `package m

import "fmt"

var words = "𝔸ä"

//inlinelens:inlined
func at(list []int, i int) int {
	if i < 0 || i >= len(list) {
		panic(fmt.Sprintf("index %d of %d elements in %v", i, len(list), list))
	}
	return list[i]
}

func small(x int) int { return x + 1 }

func Use(x int) int {
	/* 𝔸ä */ x = small(x) //inlinelens:inlined
	x = small(small(x))
	x = small(x) // a note
	return x
}

func Long(list []int) (n int) {
	defer fmt.Print()
	n += at(list, 0) //inlinelens:exempt because it is seldom
	return n
}

//inlinelens:cost<60
func elsewhere() {} //inlinelens:inlined
`,
	"b.go": "package m\n\nfunc B(list []int) int {\n\treturn at(list, 1)\n}\n",
}

// complaints are the lines and messages of the diagnostics of a file.
func complaints(e *fakeeditor.Editor, path string) (all []string) {
	p := e.Diagnostics(path)
	if p == nil {
		return nil
	}
	for _, d := range p.Diagnostics {
		line := strings.Split(e.Text(path), "\n")[d.Range.Start.Line]
		start, end := e.Offset(path, d.Range.Start), e.Offset(path, d.Range.End)
		message, _ := d.Message.(protocol.String)
		all = append(all, strings.TrimSpace(line)+" | "+e.Text(path)[start:end]+" | "+string(message))
	}
	return all
}

// awaitComplaints waits for diagnostics.
func awaitComplaints(t *testing.T, e *fakeeditor.Editor, path string, want ...string) {
	t.Helper()
	e.Await("diagnostics", func() (bool, string) {
		got := complaints(e, path)
		return slices.Equal(got, want), strings.Join(got, "\n")
	})
}

// actionsOf asks for the actions of a kind at a text.
func actionsOf(t *testing.T, e *fakeeditor.Editor, path, at string, kind protocol.CodeActionKind) []protocol.CodeAction {
	t.Helper()
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}}
	p.Range.Start = e.At(path, at)
	p.Range.End = p.Range.Start
	p.Context.Only, p.Context.Diagnostics = []protocol.CodeActionKind{kind}, []protocol.Diagnostic{}
	var all []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &all))
	return slices.DeleteFunc(all, func(a protocol.CodeAction) bool { return *a.Kind != kind || a.Edit == nil })
}

const (
	notInlinable  = "func at(list []int, i int) int { | at | at is not inlinable: cost 84 exceeds budget 80. Asserted: inlinable."
	misread       = "//inlinelens:cost<60 | //inlinelens:cost<60 | \"cost<60\": want a cost as in cost<=60, without blanks."
	notCalled     = "func elsewhere() {} //inlinelens:inlined | //inlinelens:inlined | The assertion matches nothing: there is no call."
	useNotInlined = "return at(list, 1) | at | The call of at is not inlined: cost 84 exceeds budget 80. Asserted: inlined."
)

// TestAssertions holds that an editor shows what is asserted, and what does not hold, in
// all files of the package, and follows the file of assertions.
func TestAssertions(t *testing.T) {
	dir := write(t, assertable)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	e.Open(b)
	awaitFresh(t, e)
	awaitComplaints(t, e, a, notInlinable, notCalled, misread)
	awaitComplaints(t, e, b, useNotInlined)

	related := e.Diagnostics(b).Diagnostics[0].RelatedInformation
	if len(related) != 2 ||
		related[0].Message != "The reason: cost 84 exceeds budget 80" || related[0].Location.URI != uri.File(a) || related[0].Location.Range.Start != e.At(a, "at(list []int, i") ||
		related[1].Message != "Asserted here: inlined." || related[1].Location.Range.Start != e.At(a, "//inlinelens:inlined\nfunc at") {
		t.Errorf("related: %+v", related)
	}

	for at, want := range map[string]string{
		"small(x) //inlinelens": "Asserted: `inlined` ([a.go:18](",
		"small(x int)":          "Asserted: `inlinable` ([.inlinelens:1](",
		"at(list []int":         "This does not hold.",
		"at(list, 0)":           "Exempt from assertions, because it is seldom (",
	} {
		if got := e.Hover(a, at); !strings.Contains(got, want) {
			t.Errorf("the hover on %s lacks %q:\n%s", at, want, got)
		}
	}
	lenses := strings.Join(e.Lenses(a), "\n")
	for _, want := range []string{"not inlinable: 84/80 (4 over) · an assertion fails", "inlinable 4/80 · inlined at 4 of 4 calls · asserted"} {
		if !strings.Contains(lenses, want) {
			t.Errorf("the lenses lack %q:\n%s", want, lenses)
		}
	}

	// The file of assertions changes, and goes.
	must(t, os.WriteFile(filepath.Join(dir, ".inlinelens"), []byte("exempt .at because it panics\n"), 0o666))
	e.Changed(filepath.Join(dir, ".inlinelens"))
	awaitComplaints(t, e, a, notCalled, misread)
	awaitComplaints(t, e, b)
	must(t, os.Remove(filepath.Join(dir, ".inlinelens")))
	e.Edit(b, "return at", "return 1 + at")
	e.Save(b) // nobody tells of the other file
	awaitComplaints(t, e, b, strings.Replace(useNotInlined, "return", "return 1 +", 1))

	// While a function is edited, nothing is said of it.
	e.Edit(b, "1 + at", "2 + at")
	awaitComplaints(t, e, b)
	e.Edit(b, "2 + at", "1 + at")
	awaitComplaints(t, e, b, strings.Replace(useNotInlined, "return", "return 1 +", 1))
	set(e, map[string]any{"diagnostics.enabled": false})
	awaitComplaints(t, e, b)
}

// TestAssertActions holds that actions write directives that hold, and that they are not
// offered where they are there, or would not hold.
func TestAssertActions(t *testing.T) {
	dir := write(t, assertable)
	must(t, os.Remove(filepath.Join(dir, ".inlinelens")))
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	for _, at := range []string{"small(x) //inlinelens", "at(list, 0)"} {
		if actions := actionsOf(t, e, a, at, handlers.KindAssertInlined); len(actions) > 0 {
			t.Errorf("at %s: %q", at, actions[0].Title)
		}
	}
	if actions := actionsOf(t, e, a, "at(list []int", handlers.KindAssertInlinable); len(actions) > 0 {
		t.Errorf("%q", actions[0].Title)
	}
	for _, test := range []struct {
		at    string
		kind  protocol.CodeActionKind
		title string
		want  string
	}{
		{"small(small(x))", handlers.KindAssertInlined, "Inlinelens: assert that the calls on this line stay inlined", "\tx = small(small(x)) //inlinelens:inlined\n"},
		{"small(x) // a note", handlers.KindAssertInlined, "Inlinelens: assert that this call stays inlined", "\t//inlinelens:inlined\n\tx = small(x) // a note\n"},
		{"small(x int)", handlers.KindAssertInlinable, "Inlinelens: assert that small stays inlinable", "\n//inlinelens:inlinable\nfunc small(x int)"},
	} {
		actions := actionsOf(t, e, a, test.at, test.kind)
		if len(actions) != 1 || actions[0].Title != test.title {
			t.Fatalf("at %s: %+v", test.at, actions)
		}
		take(t, e, a, &actions[0])
		if !strings.Contains(e.Text(a), test.want) {
			t.Errorf("at %s:\n%s", test.at, e.Text(a))
		}
		e.Save(a)
		e.Await("the assertion", func() (bool, string) {
			hover := e.Hover(a, test.at)
			return strings.Contains(hover, "Asserted: "), hover
		})
		if len(actionsOf(t, e, a, test.at, test.kind)) > 0 {
			t.Errorf("at %s it is offered again", test.at)
		}
	}
	awaitComplaints(t, e, a, notCalled, misread)
}

// TestAssertionFix holds that a change that makes an assertion hold is a fix of its
// diagnostic, also where the call is in another file than the function.
func TestAssertionFix(t *testing.T) {
	dir := write(t, assertable)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	e.Open(b)
	awaitFresh(t, e)
	awaitComplaints(t, e, b, useNotInlined)
	var fixes []protocol.CodeAction
	e.Await("a fix", func() (bool, string) {
		fixes = actionsOf(t, e, b, "at(list, 1)", protocol.CodeActionKindQuickFix)
		return len(fixes) > 0, "none"
	})
	if want := "Inlinelens: make at inlinable (84 → 75/80): move line 10 to atFail"; !strings.HasPrefix(fixes[0].Title, want) || len(fixes[0].Diagnostics) != 1 {
		t.Errorf("%+v", fixes[0])
	}
	take(t, e, a, &fixes[0])
	e.Save(a)
	awaitComplaints(t, e, b)
}

// TestBaselineHints holds that what is worse than the module's baseline is told as a hint,
// unless a setting is off, and with a fix.
func TestBaselineHints(t *testing.T) {
	dir := write(t, map[string]string{"go.mod": assertable["go.mod"], "a.go": `package m

import "fmt"

func at(list []int, i int) int {
	return list[i]
}

func use(list []int) int {
	return at(list, 1)
}

var _, _ = use, fmt.Sprint
`})
	a := filepath.Join(dir, "a.go")
	record := exec.Command(testprogram.Path(t), "baseline", "write")
	record.Dir = dir
	if out, err := record.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	awaitComplaints(t, e, a)
	e.Edit(a, "\treturn list[i]\n", `	if i < 0 || i >= len(list) {
		panic(fmt.Sprintf("index %d of %d elements in %v", i, len(list), list))
	}
	return list[i]
`)
	e.Save(a)
	worse := []string{
		"func at(list []int, i int) int { | at | at is not inlinable: cost 84 exceeds budget 80. In the baseline it is inlinable: cost 4/80.",
		"return at(list, 1) | at | The call of at is not inlined: cost 84 exceeds budget 80. In the baseline it is inlined.",
	}
	awaitComplaints(t, e, a, worse...)
	for _, d := range e.Diagnostics(a).Diagnostics {
		if d.Severity != protocol.DiagnosticSeverityHint {
			t.Errorf("%v has severity %v", d.Message, d.Severity)
		}
	}
	e.Await("a fix", func() (bool, string) {
		return len(actionsOf(t, e, a, "at(list, 1)", protocol.CodeActionKindQuickFix)) > 0, "none"
	})
	set(e, map[string]any{"diagnostics.baseline": false})
	awaitComplaints(t, e, a)
	set(e, nil)
	awaitComplaints(t, e, a, worse...)
	must(t, os.Remove(filepath.Join(dir, ".inlinelens.baseline")))
	e.Changed(filepath.Join(dir, ".inlinelens.baseline"))
	awaitComplaints(t, e, a)
}
