package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/inline"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A fixture builds packages by hand. Places are found by searching the source
// for a snippet, so that no test has line numbers in it.
type fixture struct {
	t     *testing.T
	pkg   inline.Package
	files map[string]string // absolute name to text
	file  string            // the current one
}

const fixtureDir = "/home/gopher/shop"

func newFixture(t *testing.T, path, variant string) *fixture {
	t.Helper()
	return &fixture{
		t:     t,
		pkg:   inline.Package{Path: path, Name: filepath.Base(path), Variant: variant, Go: "go1.26.8", GOOS: "linux", GOARCH: "amd64"},
		files: map[string]string{},
	}
}

// source makes name, below the fixture's directory, the current file.
func (f *fixture) source(name, text string) {
	f.file = filepath.Join(fixtureDir, name)
	f.files[f.file] = text
}

// at returns the place where snippet stands, plus the offset of mark in it.
func (f *fixture) at(snippet, mark string) inline.Position {
	f.t.Helper()
	text := f.files[f.file]
	i := strings.Index(text, snippet)
	if i < 0 || strings.Count(text, snippet) > 1 {
		f.t.Fatalf("%q is not in %s exactly once", snippet, f.file)
	}
	j := strings.LastIndex(snippet, mark)
	if j < 0 {
		f.t.Fatalf("%q is not in %q", mark, snippet)
	}
	i += j
	return inline.Position{File: f.file, Line: 1 + strings.Count(text[:i], "\n"), Col: i - strings.LastIndex(text[:i], "\n")}
}

// call adds a call at the last parenthesis of snippet.
func (f *fixture) call(snippet string, c inline.Call) {
	f.t.Helper()
	if c.Via == "range" {
		c.Pos = f.at(snippet, "for")
	} else {
		c.Pos = f.at(snippet, "(")
	}
	f.pkg.Calls = append(f.pkg.Calls, c)
}

// function adds a function from snippet, which begins with its name or keyword,
// to the end of the snippet end.
func (f *fixture) function(snippet, end string, fn inline.Function) {
	f.t.Helper()
	fn.Pos = f.at(snippet, snippet)
	fn.End = f.at(end, end[len(end)-1:])
	fn.End.Col++
	fn.Known = fn.Known || fn.Inlinable || fn.Cost > 0
	f.pkg.Functions = append(f.pkg.Functions, fn)
}

func (f *fixture) done() *inline.Package {
	slices.SortStableFunc(f.pkg.Functions, func(a, b inline.Function) int { return a.Pos.Compare(b.Pos) })
	slices.SortStableFunc(f.pkg.Calls, func(a, b inline.Call) int { return a.Pos.Compare(b.Pos) })
	return &f.pkg
}

func reason(code inline.ReasonCode, message string) *inline.Reason {
	return &inline.Reason{Code: code, Message: message}
}

// render prints packages with the sources of the fixtures.
func render(t *testing.T, format string, o Options, fixtures ...*fixture) string {
	t.Helper()
	o.Dir = fixtureDir
	o.ReadFile = func(name string) ([]byte, error) {
		for _, f := range fixtures {
			if text, ok := f.files[name]; ok {
				return []byte(text), nil
			}
		}
		return nil, &os.PathError{Op: "open", Path: name, Err: os.ErrNotExist}
	}
	var out bytes.Buffer
	p, err := New(format, &out, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range fixtures {
		if err := p.Package(f.done()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// golden compares got with a file of testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got); run with -update after looking at it:\n%s", name, diff)
	}
}

const shopSource = "package shop\n" + `
import "fmt"

var limit = parse("100")

type Book struct{ orders []Order }

func (b *Book) Add(o Order) error {
	if err := o.validate(); err != nil {
		return fmt.Errorf("order %s: %w", strings.ToUpper(o.ID), err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	each(b.orders, func(o Order) { b.notify(o.String()) })
	return nil
}

func each[T any](list []T, do func(T)) {
	for _, x := range list {
		do(x)
	}
}

func Max[T cmp.Ordered](a, b T) T {
	return pick(a, b)
}
`

// shop is a small package with every status and most shapes of a call.
func shop(t *testing.T) *fixture {
	f := newFixture(t, "example.com/shop", "")
	f.source("book.go", shopSource)
	expensive := func(cost int) *inline.Reason {
		r := reason(inline.CodeTooExpensive, "cost "+itoa(cost)+" exceeds budget 80")
		return r
	}
	const pkg = "example.com/shop."
	f.function("Add(o Order)", "return nil\n}", inline.Function{Name: pkg + "(*Book).Add", Cost: 212, Budget: 80, Reason: expensive(212)})
	f.function("func(o Order)", "b.notify(o.String()) }", inline.Function{Name: pkg + "(*Book).Add.func1", Inlinable: true, Cost: 66, Budget: 80})
	f.function("each[T any]", "do(x)\n\t}\n}", inline.Function{
		Name: pkg + "each", Cost: 92, Budget: 80, Reason: expensive(92),
		Instances: []inline.FunctionInstance{{TypeArgs: []string{"Order"}, Shape: "go.shape.struct{}", Cost: 92, Budget: 80, Reason: expensive(92)}},
	})
	f.function("Max[T cmp.Ordered]", "return pick(a, b)\n}", inline.Function{
		Name: pkg + "Max", Inlinable: true, Cost: 70, Budget: 80,
		Instances: []inline.FunctionInstance{
			{TypeArgs: []string{"int"}, Shape: "go.shape.int", Inlinable: true, Cost: 70, Budget: 80},
			{TypeArgs: []string{"string"}, Shape: "go.shape.string", Cost: 90, Budget: 80, Reason: expensive(90)},
		},
	})
	f.call(`parse("100")`[:6], inline.Call{
		Caller: pkg + "init", Callee: pkg + "parse", Status: inline.StatusNotInlined, Cost: 99, Budget: 80,
		Reason: &inline.Reason{Code: inline.CodeUnhandledOp, Op: "RECOVER", Message: "parse has a recover, which the inliner does not handle", At: inline.Position{File: f.file, Line: 3, Col: 2}},
	})
	add := pkg + "(*Book).Add"
	f.call("o.validate(", inline.Call{Caller: add, Callee: pkg + "Order.validate", Status: inline.StatusInlined, Cost: 34, Budget: 80})
	f.call("fmt.Errorf(", inline.Call{
		Caller: add, Callee: "fmt.Errorf", Status: inline.StatusInlined, Cost: 72, Budget: 80,
		CalleePos: inline.Position{File: "/usr/local/go/src/fmt/errors.go", Line: 22, Col: 6},
		Inlines: []inline.Inlined{
			{Callee: "fmt.wrap", Status: inline.StatusInlined, Cost: 20, Budget: 80, Inlines: []inline.Inlined{
				{Callee: "fmt.errorf", Status: inline.StatusNotInlined, Cost: 300, Budget: 80, Reason: expensive(300), Pos: inline.Position{File: "/usr/local/go/src/fmt/errors.go", Line: 30, Col: 12}},
			}},
			{Callee: "math/bits.Len", Status: inline.StatusIntrinsic},
		},
	})
	f.call("strings.ToUpper(", inline.Call{Caller: add, Callee: "strings.ToUpper", Status: inline.StatusNotInlined, Cost: 355, Budget: 80, Reason: reason(inline.CodeTooExpensive, "strings.ToUpper: cost 355 exceeds budget 80")})
	f.call("b.mu.Lock(", inline.Call{Caller: add, Callee: "sync.(*Mutex).Lock", Status: inline.StatusInlined, Cost: 70, Budget: 80, Devirtualized: "*sync.Mutex", Hot: true})
	f.call("b.mu.Unlock(", inline.Call{Caller: add, Callee: "sync.(*Mutex).Unlock", Status: inline.StatusNotInlined, Via: "defer", Wrapped: true, Cost: 67, Budget: 80, Reason: reason(inline.CodeDeferStatement, "the call of a defer statement is made when the function returns")})
	f.call("each(b", inline.Call{Caller: add, Callee: pkg + "each[" + pkg + "Order]", Status: inline.StatusNotInlined, Cost: 92, Budget: 80, Reason: expensive(92)})
	f.call("b.notify(", inline.Call{Caller: add + ".func1", Callee: "", Status: inline.StatusDynamic, Reason: reason(inline.CodeFuncValue, "notify is a function value, found at run time")})
	f.call("o.String(", inline.Call{Caller: add + ".func1", Callee: "fmt.Stringer.String", Status: inline.StatusEliminated, Reason: reason(inline.CodeDeadCode, "nothing reaches the call")})
	f.call("\t\tdo(", inline.Call{Caller: pkg + "each", Callee: "", Status: inline.StatusDynamic, Reason: reason(inline.CodeFuncValue, "do is a function value, found at run time")})
	f.call("pick(", inline.Call{
		Caller: pkg + "Max", Callee: pkg + "pick", Status: inline.StatusMixed,
		Instances: []inline.CallInstance{
			{TypeArgs: []string{"int"}, Shape: "go.shape.int", Callee: pkg + "pick[int]", Status: inline.StatusInlined, Cost: 12, Budget: 80},
			{TypeArgs: []string{"string"}, Shape: "go.shape.string", Callee: pkg + "pick[string]", Status: inline.StatusNotInlined, Cost: 81, Budget: 80, Reason: expensive(81)},
		},
	})
	return f
}

func itoa(n int) string { return string(appendGrouped(nil, n)) }
