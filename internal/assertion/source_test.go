package assertion

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// TestTargets holds what directives stand at. Each has a number in the comment behind
// it, which marks the lines, or the function's line, that it is about.
func TestTargets(t *testing.T) {
	for _, file := range []string{"targets.go.txt", "gcassert.go.txt"} {
		text, err := os.ReadFile(filepath.Join("testdata", file))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parser.ParseFile(token.NewFileSet(), file, text, 0); err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(string(text), "\n")
		l := InSource("/m/"+file, text)
		for _, e := range l.Errors {
			t.Error(e)
		}
		for _, a := range l.Assertions {
			number := lines[a.Pos.Line-1][a.Pos.Col-1:]
			number = strings.TrimSpace(number[strings.LastIndex(number, "//")+2:])
			var want, got []int
			for i, line := range lines {
				if strings.Contains(line, "/*"+number+"*/") {
					want = append(want, i+1)
				}
			}
			if a.At.Function.IsValid() {
				got = append(got, a.At.Function.Line)
			}
			for _, p := range a.At.Lines {
				if !slices.Contains(got, p.Line) {
					got = append(got, p.Line)
				}
			}
			// The last line of a statement may have nothing on it.
			got = slices.DeleteFunc(got, func(line int) bool { return strings.Trim(lines[line-1], "\t })") == "" })
			if !slices.Equal(got, want) {
				t.Errorf("%s:%d: %s is about lines %v, want %v", file, a.Pos.Line, a.Text, got, want)
			}
		}
		if want := strings.Count(string(text), "//inlinelens:") + strings.Count(string(text), "gcassert:inline"); len(l.Assertions) != want {
			t.Errorf("%s: %d directives were found, want %d", file, len(l.Assertions), want)
		}
	}
}

// TestSourceErrors holds that what looks like a directive and is none is told of.
func TestSourceErrors(t *testing.T) {
	for _, test := range []struct{ comment, want string }{
		{"//inlinelens:inlind", "unknown assertion"},
		{"//inlinelens:inlined p.F", "unexpected \"p.F\": a directive is about the statement or function that it stands at"},
		{"//inlinelens:exempt", "an exemption says why"},
		{"//inlinelens:", "nothing is asserted"},
		{"// inlinelens:inlined", "this is no directive: write //inlinelens:inlined"},
		{"//inlinelens: inlined", "this is no directive: write //inlinelens:inlined, with no blanks"},
		{"/*inlinelens:cost<=60*/", "this is no directive: write //inlinelens:cost<=60"},
		{"//InlineLens:inlinable", "this is no directive: write //inlinelens:inlinable"},
		{"//gcassert:bce", "gcassert:bce is not checked"},
		{"// gcassert:noescape", "gcassert:noescape is not checked"},
		{"//gcassert:inlines", `unknown assertion "inlines" of gcassert`},
		{"// The prefix is inlinelens:inlined, as documented.", ""},
		{"// Inlinelens: a tool.", ""},
	} {
		l := InSource("/m/a.go", []byte("package p\n\n"+test.comment+"\nfunc F() {}\n"))
		switch {
		case test.want == "" && len(l.Errors) > 0:
			t.Errorf("%s: %v", test.comment, l.Errors[0])
		case test.want != "" && (len(l.Errors) != 1 || !strings.Contains(l.Errors[0].Message, test.want) || l.Errors[0].Pos.Line != 3):
			t.Errorf("%s: got %v, want %s", test.comment, l.Errors, test.want)
		}
	}
}

// TestLineDirectives holds that places are those that the compiler names.
func TestLineDirectives(t *testing.T) {
	l := InSource("/m/a.go", []byte("package p\n\nfunc F() {\n//line g.y:100\n\t//inlinelens:inlined\n\tF()\n}\n"))
	want := inline.Position{File: filepath.FromSlash("/m/g.y"), Line: 101}
	if len(l.Assertions) != 1 || len(l.Assertions[0].At.Lines) != 1 || l.Assertions[0].At.Lines[0] != want {
		t.Fatalf("got %+v", l)
	}
}

// FuzzSource holds that any text is read without a failure.
func FuzzSource(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.go.txt")
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Add([]byte("package p\nfunc f() { if //inlinelens:inlined\n for case"))
	f.Fuzz(func(t *testing.T, text []byte) {
		l := InSource("/m/a.go", text)
		for _, a := range l.Assertions {
			if !a.Pos.IsValid() || a.At == nil || a.Text == "" {
				t.Errorf("%+v", a)
			}
		}
	})
}
