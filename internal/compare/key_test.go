package compare

import (
	"slices"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// keyed makes a package of functions and of calls, "caller callee", one a line.
func keyed(functions []string, calls ...[2]string) *inline.Package {
	p := &inline.Package{Path: "example.com/p", Name: "p"}
	for i, name := range functions {
		p.Functions = append(p.Functions, inline.Function{Name: name, Pos: inline.Position{File: "/p.go", Line: i + 1}})
	}
	for i, c := range calls {
		p.Calls = append(p.Calls, inline.Call{Caller: c[0], Callee: c[1], Status: inline.StatusInlined, Pos: inline.Position{File: "/p.go", Line: i + 1}})
	}
	return p
}

func TestKeys(t *testing.T) {
	const p = "example.com/p."
	pkg := keyed(
		[]string{p + "F", p + "F.func1", p + "F.func1.2", p + "F-range1", p + "T.func1", p + "init.0", p + "init.func1"},
		[2]string{p + "F", "q.G"},
		[2]string{p + "F.func1", "q.G"},
		[2]string{p + "F.func1.2", "q.Max[int]"},
		[2]string{p + "F-range1", p + "F.func1"},
		[2]string{p + "T.func1", "q.G"}, // a method
		[2]string{p + "init.0", "q.G"},
		[2]string{p + "init.func1", "q.G"},
		[2]string{p + "glob..func1", "q.G"},
	)
	pkg.Calls = append(pkg.Calls,
		inline.Call{Caller: p + "F", Callee: p + "I.M", Status: inline.StatusDynamic, Pos: inline.Position{File: "/p.go", Line: 20}},
		inline.Call{Caller: p + "F", Callee: p + "(*T).M", Devirtualized: "*T", Status: inline.StatusInlined, Pos: inline.Position{File: "/p.go", Line: 19}},
		inline.Call{Caller: p + "F", Status: inline.StatusDynamic, Pos: inline.Position{File: "/p.go", Line: 21}},
	)
	keys := KeysOf(pkg)
	var got []string
	for _, k := range keys.Calls {
		got = append(got, k.String())
	}
	want := []string{
		p + "F -> q.G #1",
		p + "F -> q.G #2",
		p + "F -> q.Max #1",
		p + "F -> func #1",
		p + "T.func1 -> q.G #1",
		p + "init.0 -> q.G #1",
		p + "init -> q.G #1",
		p + "init -> q.G #2",
		p + "F -> .M #2",
		p + "F -> .M #1",
		p + "F -> func #2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q\nwant %q", got, want)
	}
	var literals []bool
	for i := range pkg.Functions {
		literals = append(literals, keys.IsLiteral(&pkg.Functions[i]))
	}
	if want := []bool{false, true, true, true, false, false, true}; !slices.Equal(literals, want) {
		t.Errorf("literals: %v, want %v", literals, want)
	}
}

func TestKeysOfCommand(t *testing.T) {
	p := keyed([]string{"main.F"}, [2]string{"main.F", "main.G"}, [2]string{"main.F", "maintain.G"})
	p.Path, p.Name, p.Variant = "example.com/cmd/x", "main", "test"
	keys := KeysOf(p)
	for i, want := range []string{"example.com/cmd/x.F -> example.com/cmd/x.G #1 (test)", "example.com/cmd/x.F -> maintain.G #1 (test)"} {
		if got := keys.Calls[i].String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if got := keys.Calls[0].In([]string{"int", "*T"}, "").String(); got != "example.com/cmd/x.F -> example.com/cmd/x.G #1 [int,*T] (test)" {
		t.Error(got)
	}
}
