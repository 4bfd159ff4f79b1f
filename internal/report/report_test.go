package report

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"github.com/inlinelens/inlinelens/internal/inline"
)

func TestGolden(t *testing.T) {
	for _, format := range Formats() {
		t.Run(format, func(t *testing.T) {
			golden(t, "shop."+format, render(t, format, Options{Width: 100}, shop(t)))
		})
	}
	golden(t, "shop.tree.text", render(t, "text", Options{Tree: TreeAll}, shop(t)))
}

// TestColorOnlyAdds holds that colour changes nothing but the colour.
func TestColorOnlyAdds(t *testing.T) {
	for _, format := range []string{"text", "annotate"} {
		plain := render(t, format, Options{Width: 100}, shop(t))
		color := render(t, format, Options{Width: 100, Color: true}, shop(t))
		if plain == color {
			t.Errorf("%s: no colour with Color", format)
		}
		if strings.Contains(plain, "\x1b") {
			t.Errorf("%s: an escape sequence without Color", format)
		}
		if got := ansi.Strip(color); got != plain {
			t.Errorf("%s: coloured text differs:\n%s\nwant\n%s", format, got, plain)
		}
	}
}

func TestVariantRepeatsNothing(t *testing.T) {
	build := func(variant string) *fixture {
		f := newFixture(t, "example.com/p", variant)
		f.source("p.go", "package p\nfunc f() { g() }\n")
		f.call("g(", inline.Call{Caller: "example.com/p.f", Callee: "example.com/p.g", Status: inline.StatusInlined, Cost: 2, Budget: 80})
		f.pkg.Errors = []inline.Error{{Message: "same in both"}}
		if variant == "test" {
			f.source("p_test.go", "package p\nfunc t() { f() }\n")
			f.call("{ f(", inline.Call{Caller: "example.com/p.t", Callee: "example.com/p.f", Status: inline.StatusInlined, Cost: 5, Budget: 80})
			f.pkg.Errors = append(f.pkg.Errors, inline.Error{Message: "only in the test"})
		}
		return f
	}
	for _, format := range Formats() {
		got := render(t, format, Options{}, build(""), build("test"))
		for _, once := range []string{"p.go", "p_test.go", "same in both", "only in the test"} {
			if n := strings.Count(got, once); n != 1 {
				t.Errorf("%s: %q %d times, want once:\n%s", format, once, n, got)
			}
		}
		if format != "json" && !strings.Contains(got, "1 package,") {
			t.Errorf("%s: a package and its test variant are not one package in:\n%s", format, got)
		}
	}
	// Errors of their own are words for the person who reads them.
	var errors bytes.Buffer
	for _, format := range Formats() {
		errors.Reset()
		f := build("test")
		f.pkg.Errors = []inline.Error{{Pos: f.at("f()", "f"), Message: "import cycle:\n\ta imports b\n\tb imports a"}}
		out := render(t, format, Options{Errors: &errors}, f)
		want := "# example.com/p (its _test.go files)\np_test.go:2:12: import cycle:\n\ta imports b\n\tb imports a\n"
		if got := errors.String(); got != want {
			t.Errorf("%s: errors %q, want %q", format, got, want)
		}
		if format != "json" && strings.Contains(out, "cycle") {
			t.Errorf("%s: the error stands in the report as well:\n%s", format, out)
		}
	}
	// Without the package itself the variant has everything.
	if got := render(t, "json", Options{}, build("test")); !strings.Contains(got, `"file":"p.go"`) {
		t.Errorf("a variant alone lacks the files of its package:\n%s", got)
	}
}

// TestCallsOutsideOfFunctions holds that the call of an initialiser never seems
// to belong to the function above it.
func TestCallsOutsideOfFunctions(t *testing.T) {
	f := newFixture(t, "p", "")
	f.source("p.go", "package p\n\nvar a, b = one(), two()\n\nfunc f() {\n}\n\nvar c = three()\n")
	f.function("f() {", "{\n}", inline.Function{Name: "p.f", Inlinable: true, Cost: 0, Budget: 80})
	for _, name := range []string{"one", "two", "three"} {
		f.call(name+"(", inline.Call{Caller: "p.init", Callee: "p." + name, Status: inline.StatusDynamic})
	}
	got := render(t, "text", Options{}, f)
	got, _, _ = strings.Cut(got[strings.Index(got, "p.go\n"):], "\n\n")
	want := "p.go\n" +
		"      init\n" +
		"3:15    dynamic      one\n" +
		"3:22    dynamic      two\n" +
		" 5:6  f  inlinable 0/80\n" +
		"      init\n" +
		"8:14    dynamic      three"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestFilters(t *testing.T) {
	statuses := func(list string) *Filter {
		s, err := ParseStatuses(list)
		if err != nil {
			t.Fatal(err)
		}
		return &Filter{Statuses: s}
	}
	name := func(s string) *NamePattern {
		p, err := ParseNamePattern(s)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for _, test := range []struct {
		name         string
		filter       *Filter
		has, lacks   string // in the text format
		calls        int
		functionsToo bool
	}{
		{"all", nil, "parse", "x/book.go", 11, true},
		{"status", statuses("mixed, eliminated"), "fmt.Stringer.String", "Errorf", 2, true},
		{"reason", &Filter{Reasons: []inline.ReasonCode{inline.CodeFuncValue}}, "do is", "Errorf", 2, true},
		{"reason of an instance", &Filter{Reasons: []inline.ReasonCode{inline.CodeTooExpensive}}, "pick", "Errorf", 3, true},
		{"func", &Filter{Func: name("Book.Add")}, "func1", "each  not", 8, true},
		{"func regexp", &Filter{Func: name(`Add\.func1$`)}, "func1", "Errorf", 2, true},
		{"callee", &Filter{Callee: name("strings.ToUpper")}, "ToUpper", "Lock", 1, true},
		{"file", &Filter{Files: []string{"b*k.go"}}, "Errorf", "x/book.go", 11, true},
		{"other file", &Filter{Files: []string{"x/book.go"}}, "0 calls", "Errorf", 0, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := render(t, "text", Options{Filter: test.filter}, shop(t))
			if !strings.Contains(text, test.has) || strings.Contains(text, test.lacks) {
				t.Errorf("want %q and not %q in:\n%s", test.has, test.lacks, text)
			}
			json := render(t, "json", Options{Filter: test.filter}, shop(t))
			if n := strings.Count(json, `"kind":"call"`); n != test.calls {
				t.Errorf("%d calls in JSON, want %d:\n%s", n, test.calls, json)
			}
			if has := strings.Contains(json, `"kind":"function"`); has != test.functionsToo {
				t.Errorf("functions in JSON: %v, want %v:\n%s", has, test.functionsToo, json)
			}
			annotated := render(t, "annotate", Options{Filter: test.filter, Width: 100}, shop(t))
			if n := strings.Count(annotated, "^ "); test.calls == 0 && n > 0 {
				t.Errorf("marks without calls:\n%s", annotated)
			}
		})
	}
}

func TestNamePattern(t *testing.T) {
	const do = "net/http.(*Client).Do"
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"Do", do, true},
		{"Client.Do", do, true},
		{"(*Client).Do", do, true},
		{"http.(*Client).Do", do, true},
		{do, do, true},
		{"(Client).Do", do, false},
		{"Client", do, false},
		{"o", do, false},
		{"Do", "net/http.(*Client).Do.func1", true},
		{"Do", "net/http.(*Client).Do-range2", true},
		{"Do", "net/http.(*Client).Done", false},
		{"Do", "p.Do[int]", true},
		{"Do", "p.Dodo.Do", true},
		{"^net/http", do, true},
		{"D.$|x", do, true},
		{"C.*Do", do, true},
		{"C.*Don", do, false},
	} {
		p, err := ParseNamePattern(test.pattern)
		if err != nil {
			t.Fatalf("%s: %v", test.pattern, err)
		}
		if got := p.Match(test.name); got != test.want {
			t.Errorf("%s matches %s: %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
	if _, err := ParseNamePattern("(x+"); err == nil {
		t.Error("no error for a broken regular expression")
	}
}

func TestMatchFile(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"client.go", "/src/net/http/client.go", true},
		{"http/client.go", "/src/net/http/client.go", true},
		{"/src/net/http/client.go", "/src/net/http/client.go", true},
		{"/http/client.go", "/src/net/http/client.go", false},
		{"ttp/client.go", "/src/net/http/client.go", false},
		{"lient.go", "/src/net/http/client.go", false},
		{"*_test.go", "/src/net/http/client_test.go", true},
		{"h*/c*.go", "/src/net/http/client.go", true},
		{"*.go", "/src/net/http/client.s", false},
		{"a/b/c/d.go", "/d.go", false},
	} {
		if got := matchFile(test.pattern, test.name); got != test.want {
			t.Errorf("%s matches %s: %v, want %v", test.pattern, test.name, got, test.want)
		}
	}
}

func TestParseErrorsNameWhatIsAllowed(t *testing.T) {
	_, err := ParseStatuses("inlined,inlnied")
	if err == nil || !strings.Contains(err.Error(), `"inlnied"`) || !strings.Contains(err.Error(), "not-inlined") {
		t.Errorf("status: %v", err)
	}
	_, err = ParseReasons("expensive")
	if err == nil || !strings.Contains(err.Error(), `"expensive"`) || !strings.Contains(err.Error(), "too-expensive") {
		t.Errorf("reason: %v", err)
	}
	_, err = ParseTree("x")
	if err == nil || !strings.Contains(err.Error(), "remaining, all, none") {
		t.Errorf("tree: %v", err)
	}
	_, err = New("xml", io.Discard, Options{})
	if err == nil || !strings.Contains(err.Error(), "text, annotate, json") {
		t.Errorf("format: %v", err)
	}
	for _, bad := range []string{"", "a.go,", "[a.go"} {
		if _, err := ParseFilePatterns(bad); err == nil {
			t.Errorf("no error for file patterns %q", bad)
		}
	}
}

// A failing writer's error reaches the caller, from every format.
func TestWriteError(t *testing.T) {
	for _, format := range Formats() {
		r, w := io.Pipe()
		r.Close()
		p, err := New(format, w, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Package(shop(t).done()); err != io.ErrClosedPipe {
			t.Errorf("%s: error %v, want that of the writer", format, err)
		}
	}
}
