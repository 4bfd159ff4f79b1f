package report

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// TestCells holds that the quick measure of text agrees with the library's.
func TestCells(t *testing.T) {
	for _, s := range []string{"", "plain", "Größe", "└ fmt.Println", "日本語", "e\u0301", "🎉!", "\u00ad", "a─╿b", "👩‍👩‍👧"} {
		if got, want := width([]byte(s)), ansi.StringWidth(s); got != want {
			t.Errorf("width of %q is %d, want %d", s, got, want)
		}
	}
	for _, test := range []struct {
		src  string
		want int
	}{
		{"\t", 4}, {"a\t", 4}, {"abcd\t", 8}, {"日\tx", 5}, {"\x1b[31m", 5}, {"\xff\xfe", 2},
	} {
		if got := cells([]byte(test.src)); got != test.want {
			t.Errorf("cells of %q are %d, want %d", test.src, got, test.want)
		}
	}
}

// TestCaretsStandBelowNames holds, for lines that are hard to measure, that the
// carets cover the cells of the callee's name in the line as printed.
func TestCaretsStandBelowNames(t *testing.T) {
	for _, test := range []struct{ line, call, name string }{
		{"\tx := foo(1)", "foo(", "foo"},
		{"\ta\t:= b.foo(1)\r", "foo(", "foo"},
		{`	s("日本語", foo("x"))`, "foo(", "foo"},
		{`	s("e` + "\u0301" + `", größe("x"))`, "größe(", "größe"},
		{"	s(`\x1b[31m`, foo(1))", "foo(", "foo"},
		{"	m[int, string](2)", "](", "m"},
		{"	(func() {})(2)", ")(", "("},
		{"	fs[i](2)", "](", "fs"},
		{"	foo (2)", "foo (", "foo"},
		{"\x20s(\"\xff\xfe\", foo(1))", "foo(", "foo"},
	} {
		f := newFixture(t, "p", "")
		f.source("p.go", "package p\n"+test.line+"\n")
		f.call(test.call, inline.Call{Caller: "p.f", Callee: "p.foo", Status: inline.StatusNotInlined})
		lines := strings.Split(render(t, "annotate", Options{}, f), "\n")
		var at int
		for i, l := range lines {
			if strings.Contains(l, "^") {
				at = i
			}
		}
		if at == 0 {
			t.Fatalf("no carets below %q", test.line)
		}
		source, carets := lines[at-1], lines[at]
		first := strings.Index(carets, "^")
		n := strings.Count(carets, "^")
		prefix := ansi.StringWidth(carets[:first])
		if got := ansi.Cut(source, prefix, prefix+n); got != test.name {
			t.Errorf("carets mark %q, want %q:\n%s\n%s", got, test.name, source, carets)
		}
	}
}

// TestPlacesOutsideOfTheSource holds that a verdict is never lost when the
// source on disk is shorter than what was compiled, or cannot be read.
func TestPlacesOutsideOfTheSource(t *testing.T) {
	f := newFixture(t, "p", "")
	f.source("p.go", "package p\n\nfunc f() {\n\tg()\n}\n")
	f.function("f()", "}", inline.Function{Name: "p.f", Inlinable: true, Cost: 3, Budget: 80})
	f.call("g(", inline.Call{Caller: "p.f", Callee: "p.g", Status: inline.StatusNotInlined, Reason: reason(inline.CodeNoBody, "g has no body")})
	f.files[f.file] = "package p\n"
	got := render(t, "annotate", Options{}, f)
	for _, want := range []string{"1 │ package p", "places that the file does not have", "p.go:4:3 g not-inlined: g has no body", "inlinable 3/80"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	delete(f.files, f.file)
	got = render(t, "annotate", Options{}, f)
	for _, want := range []string{"cannot be shown", "p.go:4:3 g not-inlined: g has no body"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in:\n%s", want, got)
		}
	}
	// A column beyond the line, as a stale file gives it, marks the line's end.
	f.files[f.file] = "package p\n\nfunc f() {\n\n}\n"
	if got = render(t, "annotate", Options{}, f); !strings.Contains(got, "^ not-inlined: g has no body") {
		t.Errorf("no mark in:\n%s", got)
	}
}
