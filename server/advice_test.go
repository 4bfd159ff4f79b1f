package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// advisable is a module with functions that can be made inlinable; one is called
// from another package.
var advisable = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.26\n",
	"a.go": `package m

import "fmt"

var words = "𝔸ä"

// At returns an element.
func At(list []int, i int) int {
	if i < 0 || i >= len(list) { // 𝔸ä
		// Nobody calls it so: 𝔸ä.
		panic(fmt.Sprintf("index %d of %d elements in %v", i, len(list), list))
	}
	return list[i]
}

func use(list []int) int { return At(list, 1) + At(list, 2) }

func Unwrap(list []int) (n int) {
	func() {
		n = len(list) + cap(list)
	}()
	return n + len(fmt.Sprint(words)) + 1
}

func Straight(list []int) string {
	defer fmt.Println(list)
	return fmt.Sprint(list, list) + fmt.Sprint(words)
}

func Two(a, b int) (int, error) {
	if a < 0 {
		return 0, fmt.Errorf("negative a with %d", b)
	}
	if b < 0 {
		return 0, fmt.Errorf("negative b with %d", a)
	}
	return a + b, nil
}

func Open(name string) (*string, error) {
	if name == "" {
		return nil, errName
	}
	fmt.Println(words, name)
	fmt.Println(name, words)
	return &words, nil
}

var errName = fmt.Errorf("no name")

func Sum(list []int) (n int) {
	if len(list) > 1000 {
		list = list[:1000]
	}
	for i, x := range list {
		if x > 10 && i > 3 {
			n += x*i + len(fmt.Sprint(x))
		} else if x < 3 {
			n -= 2 * x
		}
	}
	return n
}

func (f find) Find(list []string, s string) int {
	if len(list) == 0 {
		return -1
	}
	for i, x := range list {
		if x == s || f.fold && fmt.Sprint(x) == fmt.Sprint(s) {
			return i
		}
	}
	return -1
}

type find struct{ fold bool }

func Held(list []int) (n int) {
	add := func() {
		n += len(list) * cap(list)
	}
	if len(list) > 3 {
		add()
	}
	return n + len(fmt.Sprint(n))
}
`,
	"b/b.go": "package b\n\nimport \"example.com/m\"\n\nfunc F(list []int) int { return m.At(list, 3) }\n",
}

// advice asks for the actions at a text that make a function inlinable.
func advice(t *testing.T, e *fakeeditor.Editor, path, at string, only ...protocol.CodeActionKind) []protocol.CodeAction {
	t.Helper()
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}}
	p.Range.Start = e.At(path, at)
	p.Range.End = p.Range.Start
	p.Context.Only, p.Context.Diagnostics = only, []protocol.Diagnostic{}
	var all []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &all))
	return slices.DeleteFunc(all, func(a protocol.CodeAction) bool {
		return *a.Kind != handlers.KindOutline && *a.Kind != handlers.KindUnwrap || a.Command.Command == handlers.CommandAdvise
	})
}

// pendingAdvice asks for the actions at a text until there is the one that says that
// changes are being tried. The function must be one that was not asked about.
func pendingAdvice(t *testing.T, e *fakeeditor.Editor, path, at string) (pending protocol.CodeAction) {
	t.Helper()
	wait := adviceShortWait
	adviceShortWait = 0
	defer func() { adviceShortWait = wait }()
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}}
	p.Range.Start = e.At(path, at)
	p.Range.End = p.Range.Start
	p.Context.Diagnostics = []protocol.Diagnostic{}
	var all []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &all))
	i := slices.IndexFunc(all, func(a protocol.CodeAction) bool { return a.Command.Command == handlers.CommandAdvise })
	if i < 0 {
		t.Fatalf("no action says that changes are being tried: %+v", all)
	}
	return all[i]
}

// TestPendingAdvice holds that while changes are being tried an action says so, that it
// waits for the offers, with progress, and that they are there then.
func TestPendingAdvice(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `{"status": true`, `{"advice": true, "status": true`, 1)})
	e.Open(a)
	awaitFresh(t, e)
	pending := pendingAdvice(t, e, a, "panic(fmt")
	if want := "Inlinelens: trying changes to make At inlinable"; !strings.HasPrefix(pending.Title, want) || !strings.HasSuffix(pending.Title, "…") {
		t.Errorf("title: %s", pending.Title)
	}
	var result adviceResult
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, &protocol.ExecuteCommandParams{Command: pending.Command.Command, Arguments: pending.Command.Arguments}, &result))
	if result.Offers == 0 || result.Why != "" {
		t.Errorf("%+v", result)
	}
	if actions := advice(t, e, a, "panic(fmt"); len(actions) != result.Offers || actions[0].Edit == nil {
		t.Errorf("then: %+v", actions)
	}
	e.Await("the end of progress", func() (bool, string) {
		steps := e.Progress()
		begun := slices.IndexFunc(steps, func(p fakeeditor.Progress) bool {
			return p.Kind == "begin" && p.Title == "inlinelens: trying changes to make example.com/m.At inlinable"
		})
		ended := slices.IndexFunc(steps, func(p fakeeditor.Progress) bool {
			return begun >= 0 && p.Kind == "end" && p.Token == steps[begun].Token
		})
		return ended > begun, fmt.Sprintf("%+v", steps)
	})
	if q := e.Questions(); len(q) > 0 {
		t.Errorf("the user was asked: %+v", q[0])
	}
	// Of a function that nothing helps.
	pending = pendingAdvice(t, e, a, "return fmt.Sprint(list, list)")
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, &protocol.ExecuteCommandParams{Command: pending.Command.Command, Arguments: pending.Command.Arguments}, &result))
	if result.Offers != 0 || !strings.Contains(result.Why, "a function with defer is never inlined") {
		t.Errorf("%+v", result)
	}
}

// TestPickedAdvice holds that in an editor without a plugin of ours the user picks one of
// the offers, and that the change is made.
func TestPickedAdvice(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	run := func(at string) {
		t.Helper()
		pending := pendingAdvice(t, e, a, at)
		must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, &protocol.ExecuteCommandParams{Command: pending.Command.Command, Arguments: pending.Command.Arguments}, nil))
	}
	run("panic(fmt")
	e.Await("an edit", func() (bool, string) { return len(e.Edits()) > 0, fmt.Sprintf("%+v", e.Questions()) })
	if got := e.Questions()[0].Actions[0].Title; !strings.HasPrefix(got, "make At inlinable (84 → 75/80): move lines 10–11 to atFail, called only where it panics") {
		t.Errorf("the question is %s", got)
	}
	take(t, e, a, &protocol.CodeAction{Edit: &e.Edits()[0].Edit})
	if !strings.Contains(e.Text(a), "return atFail(list, i)") {
		t.Errorf("the text is\n%s", e.Text(a))
	}
	e.Edit(a, "return atFail(list, i)", "return atFail(list, i) ")
	run("return fmt.Sprint(list, list)")
	e.Await("a message", func() (bool, string) {
		messages := strings.Join(e.Messages(), "\n")
		return strings.Contains(messages, "no change makes example.com/m.Straight inlinable: no part of it can move"), messages
	})
}

// TestAdviceAhead holds that work begins when an editor asks by itself at the cursor, that
// it is told nothing then, and that who asks later has it.
func TestAdviceAhead(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}}
	p.Range.Start = e.At(a, "panic(fmt")
	p.Range.End = p.Range.Start
	p.Context.TriggerKind, p.Context.Diagnostics = protocol.CodeActionTriggerKindAutomatic, []protocol.Diagnostic{}
	var all []protocol.CodeAction
	must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &all))
	if len(all) > 0 {
		t.Errorf("it was told %+v", all)
	}
	e.Await("the end of the work", func() (bool, string) {
		for _, m := range s.logs.FilterMessage("changes were tried").All() {
			if m.ContextMap()["function"] == "example.com/m.At" {
				return true, ""
			}
		}
		return false, "nothing was tried"
	})
}

// awaitAdvice asks until there are actions.
func awaitAdvice(t *testing.T, e *fakeeditor.Editor, path, at string) (actions []protocol.CodeAction) {
	t.Helper()
	e.Await("advice", func() (bool, string) {
		actions = advice(t, e, path, at)
		return len(actions) > 0, "no actions"
	})
	return actions
}

// take does what an editor does with an action.
func take(t *testing.T, e *fakeeditor.Editor, path string, a *protocol.CodeAction) {
	t.Helper()
	var edits []protocol.TextEdit
	for _, change := range a.Edit.DocumentChanges {
		document, ok := change.(*protocol.TextDocumentEdit)
		if !ok || document.TextDocument.URI != uri.File(path) || document.TextDocument.Version == nil {
			t.Fatalf("%s: a change of %+v", a.Title, change)
		}
		for _, e := range document.Edits {
			edits = append(edits, *e.(*protocol.TextEdit))
		}
	}
	slices.Reverse(edits) // the last one first, so that the others stay where they are
	for _, edit := range edits {
		e.Splice(path, e.Offset(path, edit.Range.Start), e.Offset(path, edit.Range.End), edit.NewText)
	}
}

// TestAdvice takes an action, saves, and sees the lens turn: in each encoding, and
// where lines have been added above.
func TestAdvice(t *testing.T) {
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			dir := write(t, advisable)
			a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b", "b.go")
			e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `["utf-8", "utf-16"]`, `["`+encoding+`"]`, 1)})
			e.Open(a)
			e.Open(b)
			awaitFresh(t, e)
			e.Edit(a, "package m\n", "package m\n\n// 𝔸ä\n")
			actions := awaitAdvice(t, e, a, "At(list []int, i int)")
			want := "Inlinelens: make At inlinable (84 → 75/80): move lines 12–13 to atFail, called only where it panics; inlined at 2 of 2 calls, and at 1 of 1 in other open packages"
			if got := actions[0].Title; got != want || *actions[0].Kind != handlers.KindOutline {
				t.Errorf("title: %s, kind %s; want %s", got, *actions[0].Kind, want)
			}
			take(t, e, a, &actions[0])
			const wantText = `	if i < 0 || i >= len(list) { // 𝔸ä
		return atFail(list, i)
	}
	return list[i]
}

// atFail is where At fails, kept apart so that At can be inlined.
//
//go:noinline
func atFail(list []int, i int) int {
	// Nobody calls it so: 𝔸ä.
	panic(fmt.Sprintf("index %d of %d elements in %v", i, len(list), list))
}

func use(`
			if !strings.Contains(e.Text(a), wantText) {
				t.Fatalf("after the action:\n%s", e.Text(a))
			}
			must(t, os.WriteFile(a, []byte(e.Text(a)), 0o666))
			e.Save(a)
			e.Await("the lens", func() (bool, string) {
				lenses := e.Lenses(a)
				return slices.ContainsFunc(lenses, func(l string) bool { return strings.Contains(l, "inlinable 75/80 · inlined at 2 of 2 calls") }), strings.Join(lenses, "\n")
			})
			if actions := advice(t, e, a, "At(list []int, i int)"); len(actions) > 0 {
				t.Errorf("there is something to do still: %s", actions[0].Title)
			}
		})
	}
}

// TestAdviceAsked holds when there is advice: on a function as it was compiled, if
// the user asks for what may be it.
func TestAdviceAsked(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	if actions := awaitAdvice(t, e, a, "panic(fmt"); len(actions) == 0 {
		t.Error("none in the body")
	}
	for _, only := range []protocol.CodeActionKind{"refactor", "refactor.extract", handlers.KindOutline} {
		if actions := advice(t, e, a, "panic(fmt", only); len(actions) == 0 {
			t.Errorf("none with only %s", only)
		}
	}
	for _, only := range []protocol.CodeActionKind{"quickfix", "refactor.inline", handlers.KindUnwrap, "source"} {
		if actions := advice(t, e, a, "At(list []int", only); len(actions) > 0 {
			t.Errorf("with only %s: %s", only, actions[0].Title)
		}
	}
	if actions := advice(t, e, a, "use(list"); len(actions) > 0 {
		t.Errorf("on a function that nothing is wrong with: %s", actions[0].Title)
	}
	unwrap := awaitAdvice(t, e, a, "Unwrap(list")
	if !slices.ContainsFunc(unwrap, func(a protocol.CodeAction) bool {
		return *a.Kind == handlers.KindUnwrap && strings.Contains(a.Title, ": replace the function literal, lines ")
	}) {
		t.Errorf("of a function with literals: %+v", unwrap)
	}
	e.Edit(a, "return list[i]", "return list[i] + 1")
	if actions := advice(t, e, a, "At(list []int"); len(actions) > 0 {
		t.Errorf("on a function that was edited: %s", actions[0].Title)
	}
	if actions := advice(t, e, a, "Unwrap(list"); len(actions) != len(unwrap) {
		t.Errorf("below a function that was edited: %d actions, there were %d", len(actions), len(unwrap))
	}
}

// TestAdviceTitles holds what the actions are called, and what is said where there
// are none.
func TestAdviceTitles(t *testing.T) {
	dir := write(t, advisable)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `"codeAction": {`, `"codeAction": {"disabledSupport": true, `, 1)})
	e.Open(a)
	awaitFresh(t, e)
	for at, want := range map[string]string{
		"At(list []int": "make At inlinable (84 → 75/80): move lines 10–11 to atFail, called only where it panics; inlined at 2 of 2 calls",
		"Unwrap(list":   "make Unwrap inlinable (93 → 76/80): replace the function literal, lines 19–21, with its body",
		"Held(list":     "make Held inlinable (101 → 79/80): replace the function literal, lines 80–82, with its body on line 84",
		"Straight(list": "make Straight inlinable: no part of it can move; line 26: a function with defer is never inlined. Without it, the deferred call must come before each return, and does not run after a panic.",
		"Two(a, b int":  "make Two inlinable (189 → 76/80): move lines 31–36 to twoFail, called only where it returns an error",
		"Open(name":     "make Open inlinable: the part that can move (lines 44–46) runs on the main path: each call of the function would also call the new one",
		"Sum(list":      "make Sum inlinable: the part that can move (lines 55–61) runs on the main path: each call of the function would also call the new one",
		"Find(list":     "make find.Find inlinable: the part that can move (lines 69–74) runs on the main path: each call of the function would also call the new one; lines 69–73 (the loop) cannot be moved: it returns on some paths only.",
	} {
		var got string
		e.Await("an answer", func() (bool, string) {
			actions := advice(t, e, a, at)
			if len(actions) == 0 {
				return false, "no actions"
			}
			got = strings.TrimPrefix(actions[0].Title, "Inlinelens: ")
			if reason := actions[0].Disabled.Reason; reason != "" {
				got += ": " + reason
			}
			return !strings.Contains(got, "ask again"), got
		})
		if got != want {
			t.Errorf("%s:\n%s, want\n%s", at, got, want)
		}
	}
}
