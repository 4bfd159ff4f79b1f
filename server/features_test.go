package server

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestDiagnostics has diagnostics come with the text, go with what they are
// about, and with the file.
func TestDiagnostics(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"a.go":   "package m\n\n//go:inline\nfunc f() {}\n",
	})
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	await := func(version int32, lines ...uint32) {
		t.Helper()
		e.Await("diagnostics", func() (bool, string) {
			p := e.Diagnostics(a)
			if p == nil {
				return false, "none"
			}
			var got []uint32
			for _, d := range p.Diagnostics {
				if source, _ := d.Source.Get(); source != "inlinelens" {
					t.Errorf("a diagnostic of source %q", source)
				}
				got = append(got, d.Range.Start.Line)
			}
			v, _ := p.Version.Get()
			return slices.Equal(got, lines) && v == version, fmt.Sprintf("version %d: %v", v, got)
		})
	}
	e.Open(a)
	await(1, 2)
	e.Edit(a, "package m\n", "package m\n\n")
	await(2, 3)
	e.Edit(a, "inline\n", "noinline\n")
	await(3)
	e.Edit(a, "noinline\n", "inline\n")
	await(4, 3)
	set(e, map[string]any{"diagnostics.enabled": false})
	await(4)
	set(e, nil)
	await(4, 3)
	e.Close(a)
	e.OpenText(a, "package m\n\n\n//go:inline\nfunc f() {}\n")
	await(1, 3) // again, though it is what was there before
	e.Close(a)
	await(1)
	e.OpenText(a, "package m\n")
	e.Edit(a, "package m\n", "package m\n\n//go:inline\nfunc g() {}\n")
	await(2, 2)
}

// TestActions offers actions, and they do what they say.
func TestActions(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	var actions []protocol.CodeAction
	at := e.At(a, "small(x int)")
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}, Range: protocol.Range{Start: at, End: at}}
	p.Context.Diagnostics = []protocol.Diagnostic{}
	if err := e.Call(protocol.MethodTextDocumentCodeAction, p, &actions); err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(actions, func(a protocol.CodeAction) bool { return a.Kind != nil && *a.Kind == handlers.KindAddNoinline })
	if i < 0 || actions[i].Edit == nil || len(actions[i].Edit.DocumentChanges) != 1 {
		t.Fatalf("actions: %+v", actions)
	}
}

// TestCommands runs each command.
func TestCommands(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Settings: all})
	e.Open(a)
	hints := []string{"9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›"}
	awaitHints(t, e, a, hints...)
	run := func(command string, result any, arguments ...any) error {
		return e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": command, "arguments": arguments}, result)
	}
	place := func(text string) handlers.Place {
		return handlers.Place{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}, Position: e.At(a, text)}
	}

	var shown struct {
		Shown bool `json:"shown"`
	}
	for _, want := range []bool{false, true} {
		if err := run(handlers.CommandToggleHints, &shown); err != nil || shown.Shown != want {
			t.Errorf("toggled to %v, %v; want %v", shown.Shown, err, want)
		}
		if got := len(e.Hints(a)) > 0; got != want {
			t.Errorf("hints are shown: %v, want %v", got, want)
		}
	}
	// Settings that change win over the command.
	if err := run(handlers.CommandToggleHints, nil); err != nil {
		t.Error(err)
	}
	set(e, map[string]any{"hints.place": "end", "hints.statuses": []string{"inlined"}})
	awaitHints(t, e, a, "9: return small(x) + kept(x)‹✓›")
	set(e, all["inlinelens"].(map[string]any))

	var explained protocol.MarkupContent
	if err := run(handlers.CommandExplain, &explained, place("kept(x)\n")); err != nil || !strings.Contains(explained.Value, "noinline") {
		t.Errorf("explained: %+v, %v", explained, err)
	}
	var list, same *handlers.CallList
	if err := run(handlers.CommandShowCalls, &list, place("kept(x)\n")); err != nil || list == nil || len(list.Calls) != 2 {
		t.Errorf("calls: %+v, %v", list, err)
	}
	if err := e.Call(handlers.MethodCalls, place("kept(x)\n"), &same); err != nil || !slices.EqualFunc(list.Calls, same.Calls, func(a, b handlers.CallItem) bool { return a.Callee == b.Callee }) {
		t.Errorf("calls: %+v, %v", same, err)
	}
	var nothing any
	if err := run(handlers.CommandExplain, &nothing, place("package")); err != nil || nothing != nil {
		t.Errorf("of nothing: %v, %v", nothing, err)
	}

	// What another program has changed, without a word from the editor.
	if err := os.WriteFile(a, []byte(strings.Replace(module["a.go"], "//go:noinline\n", "\n", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := run(handlers.CommandRecompile, nil); err != nil {
		t.Error(err)
	}
	e.SetText(a, strings.Replace(module["a.go"], "//go:noinline\n", "\n", 1))
	awaitHints(t, e, a, hints[0], "9: return small(x) + kept‹✓›")

	for _, wrong := range []struct {
		command   string
		arguments []any
	}{
		{"inlinelens.nothing", nil},
		{"", nil},
		{"gopls.tidy", nil},
		{handlers.CommandExplain, nil},
		{handlers.CommandExplain, []any{5}},
		{handlers.CommandShowCalls, []any{place("package"), place("package")}},
		{handlers.CommandShowCalls, []any{map[string]any{"textDocument": 1}}},
	} {
		if err := run(wrong.command, nil, wrong.arguments...); code(err) != jsonrpc2.InvalidParams {
			t.Errorf("%s %v: %v", wrong.command, wrong.arguments, err)
		}
	}
}

// settledRefreshes returns how often the server asked the editor to ask again, once it does
// so no more: the request may come a moment after the status that goes with it.
func settledRefreshes(e *fakeeditor.Editor) map[string]int {
	for now := e.Refreshes(); ; {
		time.Sleep(300 * time.Millisecond)
		before := now
		if now = e.Refreshes(); maps.Equal(before, now) {
			return now
		}
	}
}

// TestResolve resolves what an editor still shows after a save that changed
// nothing in it, without being asked to ask again.
func TestResolve(t *testing.T) {
	dir := write(t, twoOpen)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b", "b.go")
	e, s := edit(t, fakeeditor.Options{Settings: all})
	e.Open(a)
	e.Open(b)
	awaitHints(t, e, b, "4: g‹✓›")
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
	awaitFresh(t, e)
	hint := e.InlayHints(a)[1]
	resolve := func() protocol.InlayHint {
		t.Helper()
		var resolved protocol.InlayHint
		if err := e.Call(protocol.MethodInlayHintResolve, &hint, &resolved); err != nil {
			t.Fatal(err)
		}
		return resolved
	}
	if resolve().Tooltip == nil {
		t.Error("a hint without a tooltip")
	}
	s.logs.TakeAll()
	before := settledRefreshes(e)
	e.Save(a)
	e.Changed(a)
	// Another package, saved later, is compiled and refreshed, once.
	e.Edit(b, "func g", "//go:noinline\nfunc g")
	e.Save(b)
	awaitHints(t, e, b, "4: g‹✗ noinline›")
	awaitFresh(t, e)
	if resolve().Tooltip == nil {
		t.Error("after a save that changes nothing: a hint without a tooltip")
	}
	if n := s.logs.FilterMessage("compile").Len(); n != 1 {
		t.Errorf("%d compiles after a save that changes nothing and one that does", n)
	}
	for method, n := range settledRefreshes(e) {
		if n != before[method]+1 {
			t.Errorf("%d times %s after a save that changes nothing and one that does", n-before[method], method)
		}
	}

	// What says something else now is not resolved, but comes back as it was.
	e.Edit(a, "//go:noinline\n", "")
	e.Save(a)
	awaitHints(t, e, a, "8: return small‹✓›", "8: return small(x) + kept‹✓›")
	if got := resolve(); got.Tooltip != nil || fakeeditor.Label(got) != fakeeditor.Label(hint) {
		t.Errorf("outdated, it becomes %+v", got)
	}
	for _, data := range []string{``, `,"data":5`, `,"data":{}`, `,"data":"1 0 file:///other.go"`} {
		raw := rawJSON(`{"position":{"line":0,"character":0},"label":"x"` + data + `}`)
		err := e.Call(protocol.MethodInlayHintResolve, raw, nil)
		if want := strings.Contains(data, "other.go"); (err == nil) != want {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if n := s.logs.FilterMessage("internal error").Len(); n > 0 {
		t.Errorf("%d internal errors", n)
	}
}

// TestWatched tells the server of what other programs do.
func TestWatched(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"a.go":   "package m\n\nfunc f() { g() }\n",
		"b.go":   "package m\n\nfunc g() {}\n",
	})
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{Settings: all})
	e.Open(a)
	const inlined, call = "3: func f() { g‹✓›", "3: func f() { g‹✗ noinline›"
	awaitHints(t, e, a, inlined)
	change := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		e.Changed(path, "/no/such/file.go")
	}
	change(b, "package m\n\n//go:noinline\nfunc g() {}\n")
	awaitHints(t, e, a, call)
	if err := os.Remove(b); err != nil {
		t.Fatal(err)
	}
	e.Changed(b)
	awaitFailed(t, e, "undefined: g")
	awaitHints(t, e, a, call) // as of the last compile
	change(filepath.Join(dir, "c.go"), "package m\n\nfunc g() {}\n")
	awaitHints(t, e, a, inlined)
	change(filepath.Join(dir, "go.mod"), "modul example.com/m\n")
	e.Await("an error", func() (bool, string) {
		var s handlers.StatusParams
		return e.Status(&s) && s.Packages[0].State == "failed", fmt.Sprintf("%+v", s)
	})
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.25\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	// A folder that is added stands for everything in it.
	e.Notify(protocol.MethodWorkspaceDidChangeWorkspaceFolders, map[string]any{"event": map[string]any{
		"added": []any{map[string]any{"uri": uri.File(dir), "name": "m"}}, "removed": []any{},
	}})
	e.Changed(filepath.Join(dir, "go.mod"))
	awaitHints(t, e, a, inlined)
}

// TestLosesText sends an edit that cannot be: nothing is shown until the text is
// known again.
func TestLosesText(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{Settings: all})
	e.Open(a)
	hints := []string{"9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›"}
	awaitHints(t, e, a, hints...)
	for _, again := range []func(){
		func() { e.Save(a) },
		func() { e.SetText(a, module["a.go"]) },
		func() { e.Close(a); e.Open(a) },
	} {
		e.Notify(protocol.MethodTextDocumentDidChange, rawJSON(fmt.Sprintf(
			`{"textDocument":{"uri":%q,"version":7},"contentChanges":[{"range":{"start":{"line":3,"character":0},"end":{"line":1,"character":0}},"text":""}]}`, uri.File(a))))
		if got := e.Hints(a); got != nil {
			t.Errorf("hints in a text that is not known: %q", got)
		}
		e.Edit(a, "package m\n", "package m\n") // a part does not help
		if got := e.Hints(a); got != nil {
			t.Errorf("hints in a text that is not known: %q", got)
		}
		again()
		awaitHints(t, e, a, hints...)
	}
	// A save brings both ends together even where nobody noticed.
	e.Notify(protocol.MethodTextDocumentDidChange, rawJSON(fmt.Sprintf(
		`{"textDocument":{"uri":%q,"version":8},"contentChanges":[{"text":"package m\n"}]}`, uri.File(a))))
	if got := e.Hints(a); got != nil {
		t.Errorf("hints of another text: %q", got)
	}
	e.Save(a)
	awaitHints(t, e, a, hints...)
	if n := s.logs.FilterMessageSnippet("text of a document").Len(); n == 0 {
		t.Error("the log does not say that the text was lost")
	}
}

// TestUntrusted holds that nothing is started, and no file written, before the
// editor says initialized.
func TestUntrusted(t *testing.T) {
	temp := t.TempDir()
	t.Setenv("TMPDIR", temp)
	cache := filepath.Join(t.TempDir(), "cache")
	s := serveWith(t, func(o *Options) { o.Engine.CacheDir = cache })
	e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{})
	if err := e.Call(protocol.MethodInitialize, map[string]any{"capabilities": jsontext.Value(fakeeditor.Capable)}, nil); err != nil {
		t.Fatal(err)
	}
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	empty := func() bool {
		left, err := os.ReadDir(temp)
		if err != nil {
			t.Fatal(err)
		}
		_, err = os.Stat(cache)
		for _, entry := range left {
			if !strings.HasPrefix(entry.Name(), "Test") { // those of this test
				return false
			}
		}
		return os.IsNotExist(err)
	}
	e.Open(a)
	e.Changed(a)
	e.Save(a)
	if err := e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandRecompile}, nil); err != nil {
		t.Error(err)
	}
	if got := e.Hints(a); got != nil || !empty() {
		t.Errorf("before initialized: hints %q, and files", got)
	}
	e.Notify(protocol.MethodInitialized, struct{}{})
	set(e, with(nil))
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
	if empty() {
		t.Error("this test cannot see where files are written")
	}
	e.Shutdown()
	if left, _ := filepath.Glob(filepath.Join(temp, ".inlinelens*")); left != nil {
		t.Errorf("left behind: %q", left)
	}
}
