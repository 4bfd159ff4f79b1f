package compare

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

func sampleBaseline() *Baseline {
	lines := make(map[string]Line)
	for _, l := range []Line{
		{Name: "F", Declared: true, Known: true, Inlinable: true, Cost: 60, Budget: 80, Calls: map[string]Tally{"example.com/q.G": {2, 3}, ".M": {1, 1}, "func": {1, 1}}},
		{Name: "(*T).M", Declared: true, Known: true},
		{Name: "init", Calls: map[string]Tally{"q.G": {1, 1}}},
		{Name: "Max", Instance: `map[string]struct { A int "json:\"a: b, c\"" }`, Declared: true, Known: true, Inlinable: true, Cost: 7, Budget: 80},
		{Name: "U", Declared: true},
		{Name: "F", Callee: "example.com/q.G", Ordinal: 2, Status: inline.StatusNotInlined},
		{Name: "Max", Instance: "func(int) -> string", Callee: ".M", Ordinal: 1, Status: inline.StatusInlined},
	} {
		lines[l.subject()] = l
	}
	return &Baseline{
		Build:    Build{Go: "go1.26.8", Target: "linux/amd64", Flags: []string{"-race", "-tags=a,b", "-gcflags=all=-l\nx"}},
		Patterns: []string{"./..."}, Tests: true,
		Packages: map[Unit]*RecordedPackage{
			{"example.com/p", ""}:     {Profile: "abc", Lines: lines},
			{"example.com/p", "test"}: {Lines: map[string]Line{}},
		},
	}
}

func TestBaselineText(t *testing.T) {
	b := sampleBaseline()
	text := b.Text()
	got, err := ParseBaseline(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	for _, p := range got.Packages {
		for subject, l := range p.Lines {
			l.Number = 0
			p.Lines[subject] = l
		}
	}
	if !reflect.DeepEqual(got, b) {
		t.Errorf("got %+v\nwant %+v\n%s", got, b, text)
	}
	if again := got.Text(); !bytes.Equal(again, text) {
		t.Errorf("written again:\n%s\nwas:\n%s", again, text)
	}
}

// TestBaselineFaults breaks a baseline in all the ways that a merge, an editor or a full
// disk may: each must be noticed.
func TestBaselineFaults(t *testing.T) {
	text := string(sampleBaseline().Text())
	for at := range len(text) - 1 { // the last line may lack its end
		if _, err := ParseBaseline([]byte(text[:at])); err == nil {
			t.Fatalf("truncated at byte %d: no error", at)
		}
	}
	if _, err := ParseBaseline([]byte(strings.ReplaceAll(text, "\n", "\r\n"))); err != nil {
		t.Errorf("with the line ends of Windows: %v", err)
	}
	for _, test := range []struct{ name, text, want string }{
		{"merge", strings.Replace(text, "U: unknown\n", "<<<<<<< HEAD\nU: unknown\n=======\nU: not inlinable\n>>>>>>> x\n", 1), "merge conflict"},
		{"both sides", strings.Replace(text, "U: unknown\n", "U: unknown\nU: not inlinable\n", 1), "U is there twice"},
		{"other format", strings.Replace(text, "baseline 1", "baseline 2", 1), "the first line is"},
		{"no toolchain", strings.Replace(text, "go go1.26.8\n", "", 1), "does not say which toolchain"},
		{"word", strings.Replace(text, "tests true", "test true", 1), `"test" is not known`},
		{"line", strings.Replace(text, "U: unknown", "U: unknwon", 1), "is not a line of a baseline"},
		{"count", strings.Replace(text, "q.G 1/1", "q.G 1/x", 1), "is not a line of a baseline"},
		{"more", text + "F: unknown\n", `more after "end"`},
		{"package", strings.Replace(text, ` - abc`, ` abc`, 1), "does not name a package, a variant and a profile"},
		{"empty", "", "empty"},
	} {
		_, err := ParseBaseline([]byte(test.text))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
}

func FuzzBaseline(f *testing.F) {
	f.Add(sampleBaseline().Text())
	f.Add([]byte("inlinelens baseline 1\ngo go1.26\ntarget a/b\n\npackage \"p\" - none\nF [a: b]: inlinable 1/2; inlined q.G 1/2, .M 2/2\nend\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := ParseBaseline(text)
		if err != nil {
			return
		}
		first := b.Text()
		again, err := ParseBaseline(first)
		if err != nil {
			t.Fatalf("%v\n%s", err, first)
		}
		if second := again.Text(); !bytes.Equal(first, second) {
			t.Errorf("%q\n%q", first, second)
		}
	})
}
