package server

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/inline"
)

const requestFailed = jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed)

// costly is a module with a function over the budget; the names take more than one
// byte, and more than one unit of UTF-16.
var costly = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.26\n",
	"a.go": `package m

import "strings"

func Over(s string) string { // 5
	if s == "" {
		return "𝔸ä" + strings.ToUpper(s) + strings.ToLower(s)
	}
	defer func() { s += "x" }()
	return plus(s)
}

func plus(s string) string { return s + s }

func Twice(s string) string {
	return strings.ToUpper(s) + plus(s) +
		strings.
			ToLower(s)
}
`,
	"b.go": "package m\n\nfunc useless(f func()) { f(); f(); f(); f(); f() }\n\nfunc use() string { return plus(\"a\") + Twice(\"b\") }\n",
}

func placeOf(e *fakeeditor.Editor, path, text string) handlers.Place {
	return handlers.Place{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}, Position: e.At(path, text)}
}

// lines says what a function costs, with the text that each part stands at.
func lines(e *fakeeditor.Editor, path string, item *handlers.CostItem) []string {
	text := e.Text(path)
	in := func(r protocol.Range) string { return text[e.Offset(path, r.Start):e.Offset(path, r.End)] }
	list := []string{fmt.Sprintf("%s %s %d/%d", in(item.Range), item.Function, item.Cost, item.Budget)}
	for _, l := range item.Lines {
		var parts []string
		for _, p := range l.Parts {
			parts = append(parts, fmt.Sprintf("%s %d", in(p.Range), p.Cost))
			if p.Range.Start.Line != l.Line && p.Callee == "" {
				parts = append(parts, "on another line")
			}
		}
		over := ""
		if l.Over {
			over = " over"
		}
		list = append(list, fmt.Sprintf("%d: +%d = %d%s: %s (%s)", l.Line, l.Cost, l.Total, over, l.Text, strings.Join(parts, ", ")))
	}
	for _, b := range item.Blockers {
		list = append(list, b.Op+" "+in(b.Range))
	}
	return list
}

// TestCost asks what functions cost, in each encoding.
func TestCost(t *testing.T) {
	for _, encoding := range []string{"utf-8", "utf-16", "utf-32"} {
		t.Run(encoding, func(t *testing.T) {
			dir := write(t, costly)
			a := filepath.Join(dir, "a.go")
			e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `["utf-8", "utf-16"]`, `["`+encoding+`"]`, 1)})
			e.Open(a)
			awaitFresh(t, e)
			var item *handlers.CostItem
			must(t, e.Call(handlers.MethodCost, placeOf(e, a, "+ plus(s) +"), &item))
			want := []string{
				"Twice Twice 129/80",
				"15: +69 = 69: strings.ToUpper 58 · plus 5 · name 4 · rest 2 (return 1, strings.ToUpper 4, strings.ToUpper 58, plus 5, + 1)",
				"17: +60 = 129 over: strings.ToLower 58 · name 2 (ToLower 2, ToLower 58)",
			}
			if got := lines(e, a, item); !slices.Equal(got, want) {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			e.Edit(a, "package m\n", "package m\n\n// ä\n")
			must(t, e.Call(handlers.MethodCost, placeOf(e, a, "Over(s string)"), &item))
			if item.Printed || item.Inlinable || item.Budget != 80 || item.Reason == "" || item.Unexplained != 0 || item.URI != uri.File(a) {
				t.Errorf("of a function with defer: %+v", item)
			}
			want = []string{"DEFER defer"}
			if got := lines(e, a, item); !slices.Equal(got[len(got)-1:], want) || !strings.Contains(got[2], "strings.ToUpper 58") {
				t.Errorf("of a function with defer, and a line above it:\n%s", strings.Join(got, "\n"))
			}
			target := item.Lines[1].Parts[slices.IndexFunc(item.Lines[1].Parts, func(p handlers.CostPart) bool { return p.Callee == "strings.ToUpper" })].Target
			if target == nil || !strings.HasSuffix(string(target.URI), "/strings/strings.go") || target.Range.Start.Line == 0 {
				t.Errorf("strings.ToUpper is declared at %+v", target)
			}
		})
	}
}

// TestNoCost holds what is answered where a cost is not to be had.
func TestNoCost(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	item := &handlers.CostItem{}
	for _, text := range []string{"package", "strings\"\n"} {
		if err := e.Call(handlers.MethodCost, placeOf(e, a, text), &item); err != nil || item != nil {
			t.Errorf("cost at %q: %+v, %v", text, item, err)
		}
	}
	fails := func(text, want string) {
		t.Helper()
		if err := e.Call(handlers.MethodCost, placeOf(e, a, text), nil); code(err) != requestFailed || !strings.Contains(err.Error(), want) {
			t.Errorf("cost at %q: %v, want %q", text, err, want)
		}
	}
	e.Edit(a, "strings.ToUpper(s) + plus(s)", "strings.ToTitle(s) + plus(s)")
	fails("strings.ToTitle", "Twice has been edited")
	must(t, e.Call(handlers.MethodCost, placeOf(e, a, "Over("), &item))
	e.Edit(a, "return s + s", "return 1")
	e.Save(a)
	e.Await("a failure", func() (bool, string) {
		var status handlers.StatusParams
		return e.Status(&status) && status.Packages[0].State == "failed", fmt.Sprintf("%+v", status)
	})
	fails("Over(", "the package does not compile: cannot use 1")
	e.Close(a)
	place := handlers.Place{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}}
	if err := e.Call(handlers.MethodCost, place, &item); err != nil || item != nil {
		t.Errorf("cost in a closed document: %+v, %v", item, err)
	}
}

// TestCancelCost cancels requests for costs while they are counted: nothing waits
// for a count that nobody wants, and the next one is answered.
func TestCancelCost(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	place := placeOf(e, a, "Twice(s string)")
	for _, after := range []time.Duration{0, time.Millisecond, 20 * time.Millisecond} {
		e.Interrupt(handlers.MethodCost, place, after)
		e.Interrupt(protocol.MethodTextDocumentHover, place, after)
	}
	var item *handlers.CostItem
	must(t, e.Call(handlers.MethodCost, place, &item))
	if item == nil || item.Cost != 129 {
		t.Errorf("cost: %+v", item)
	}
	// Shut down while costs are counted that a hover has asked for.
	e.Edit(a, "return s + s", "return s + fmt.Sprint(s)")
	e.Edit(a, "import \"strings\"", "import (\n\t\"fmt\"\n\t\"strings\"\n)")
	e.Save(a)
	e.Await("the verdict on another text", func() (bool, string) {
		hover := e.Hover(a, "Sprint(s)")
		return strings.Contains(hover, "fmt.Sprint"), hover
	})
	e.Interrupt(protocol.MethodTextDocumentHover, placeOf(e, a, "Sprint(s)"), 0)
	e.Interrupt(protocol.MethodTextDocumentHover, placeOf(e, a, "plus(s string)"), 0)
	e.Shutdown()
	if err := s.wait(t); err != nil {
		t.Error(err)
	}
}

// TestFunctions asks for the functions of packages.
func TestFunctions(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	ask := func(params any) handlers.PackageItem {
		t.Helper()
		var list handlers.FunctionList
		must(t, e.Call(handlers.MethodFunctions, params, &list))
		if len(list.Packages) != 1 {
			t.Fatalf("packages: %+v", list)
		}
		return list.Packages[0]
	}
	names := func(p handlers.PackageItem) string {
		var list []string
		for _, f := range p.Functions {
			verdict := "0/0"
			if f.CostAndBudget != nil {
				verdict = fmt.Sprintf("%d/%d", f.Cost, f.Budget)
			}
			if f.Reason != nil {
				verdict += " " + string(f.Reason.Code)
			}
			list = append(list, fmt.Sprintf("%s %s %d/%d", f.Name, verdict, f.Calls.Inlined, f.Calls.Total))
		}
		return strings.Join(list, "\n")
	}
	p := ask(struct{}{})
	if p.Path != "example.com/m" || p.Dir != dir || p.State != "fresh" || p.Calls[inline.StatusInlined] == 0 || p.Calls[inline.StatusDynamic] != 5 {
		t.Errorf("package: %+v", p)
	}
	want := strings.Join([]string{
		"Over 0/0 unhandled-op 0/0", "Over.func1 3/800 0/1", "plus 4/80 3/3", "Twice 129/80 too-expensive 0/1",
		"useless 95/80 too-expensive 0/0", "use 69/80 0/0",
	}, "\n")
	if got := names(p); got != want {
		t.Errorf("functions are\n%s\nwant\n%s", got, want)
	}
	twice := p.Functions[3]
	if text := e.Text(a)[e.Offset(a, twice.Range.Start):e.Offset(a, twice.Range.End)]; text != "Twice" || twice.URI != uri.File(a) {
		t.Errorf("Twice is at %q in %s", text, twice.URI)
	}
	if f := p.Functions[4]; f.URI != uri.File(filepath.Join(dir, "b.go")) || f.Range != (protocol.Range{Start: protocol.Position{Line: 2}, End: protocol.Position{Line: 2}}) {
		t.Errorf("a function in a file that is not open: %+v", f)
	}

	e.Edit(a, "strings.ToUpper(s) + plus(s)", "plus(s)")
	if p = ask(map[string]any{"textDocument": map[string]any{"uri": uri.File(a)}}); p.State != "stale" || strings.Contains(names(p), "Twice") {
		t.Errorf("with unsaved edits: %s\n%s", p.State, names(p))
	}
	var list handlers.FunctionList
	must(t, e.Call(handlers.MethodFunctions, map[string]any{"textDocument": map[string]any{"uri": "file:///nowhere/x.go"}}, &list))
	if raw, _ := protocol.Marshal(list); string(raw) != `{"packages":[]}` {
		t.Errorf("of a package that is not open: %s", raw)
	}
}
