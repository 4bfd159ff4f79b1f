package remark

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// render prints a remark in the compiler's form.
func render(r Remark) string {
	place := func(file string, line, col int) string {
		switch {
		case line == 0:
			return string(unknownPos)
		case col == 0:
			return fmt.Sprintf("%s:%d", file, line)
		}
		return fmt.Sprintf("%s:%d:%d", file, line, col)
	}
	pos := place(r.File, r.Line, r.Col)
	if r.Orig != nil {
		pos += "[" + place(r.Orig.File, r.Orig.Line, r.Orig.Col) + "]"
	}
	switch r.Kind {
	case CanInline:
		return fmt.Sprintf("%s: can inline %s with cost %d as: func() { }", pos, r.Name, r.Cost)
	case CannotInline:
		return fmt.Sprintf("%s: cannot inline %s: %s", pos, r.Name, r.Text)
	case InliningCall:
		if r.Score != 0 {
			return fmt.Sprintf("%s: inlining call to %s with score %d", pos, r.Name, r.Score)
		}
		return fmt.Sprintf("%s: inlining call to %s", pos, r.Name)
	case Devirtualizing:
		form := map[How]string{HowStatic: "devirtualizing", HowPartial: "partially devirtualizing", HowPGOInterface: "PGO devirtualizing interface call", HowPGOFunc: "PGO devirtualizing function call"}[r.How]
		return fmt.Sprintf("%s: %s %s to %s", pos, form, r.Name, r.Text)
	case BigCaller:
		return fmt.Sprintf("%s: function %s considered 'big'; reducing max cost of inlinees", pos, r.Name)
	case RecursiveCycle:
		return fmt.Sprintf("%s: cannot inline %s into %s: repeated recursive cycle", pos, r.Name, r.Text)
	case HotCallee:
		return fmt.Sprintf("hot-node enabled increased budget=%d for func=%s", r.Budget, r.Name)
	case HotCall:
		return fmt.Sprintf("hot-budget check allows inlining for call %s (cost %d) at %s in function %s", r.Name, r.Cost, pos, r.Text)
	case BenchLoop:
		return fmt.Sprintf("%s: skip inlining within testing.B.loop for %s", pos, r.Text)
	}
	panic(fmt.Sprintf("a remark of kind %d", r.Kind))
}

// parseLine reads one line, of no known file.
func parseLine(line []byte) (Remark, lineClass) {
	return new(parser).parse(Line{Head: line})
}

func corpusLines(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(corpusDir, "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var lines []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if !strings.HasPrefix(line, "#") {
				lines = append(lines, strings.TrimSuffix(line, "\n"))
			}
		}
	}
	return lines
}

// checkRendered checks that a line which is a remark says what the remark says:
// printed again, it is read as the same.
func checkRendered(t *testing.T, line []byte) {
	t.Helper()
	r, class := parseLine(line)
	if class != classRemark {
		if diff := cmp.Diff(Remark{}, r); diff != "" {
			t.Errorf("%q is of class %v, with a remark: %s", line, class, diff)
		}
		return
	}
	again, class := parseLine([]byte(render(r)))
	if class != classRemark {
		t.Fatalf("%q\nprinted again as %q\nis of class %v", line, render(r), class)
	}
	if diff := cmp.Diff(r, again); diff != "" {
		t.Errorf("%q\nprinted again as %q\n%s", line, render(r), diff)
	}
	if r.Line < 0 || r.Col < 0 || r.Line == 0 && (r.Col != 0 || r.File != "") || r.Line > 0 && r.File == "" && r.Orig == nil {
		t.Errorf("%q has the position %q:%d:%d", line, r.File, r.Line, r.Col)
	}
	if o := r.Orig; o != nil && (o.File == "" || o.Line <= 0 || o.Col < 0) {
		t.Errorf("%q has the original position %v", line, o)
	}
}

// copyHash is what Go 1.27 puts behind the name of a closure's copy.
var copyHash = regexp.MustCompile(`#[A-Za-z0-9+/=]{12}#`)

// TestCorpusRendered shows that nothing of the recorded lines is lost but the
// type and body of "can inline", and the hash behind names of closures' copies.
func TestCorpusRendered(t *testing.T) {
	for _, line := range corpusLines(t) {
		r, class := parseLine([]byte(line))
		if class != classRemark {
			continue
		}
		want := copyHash.ReplaceAllString(line, "")
		if i := strings.Index(line, " as: "); r.Kind == CanInline && i >= 0 {
			want = strings.TrimSuffix(render(r), " as: func() { }")
			if !strings.HasPrefix(line, want+" as: ") {
				t.Errorf("%s\nis rendered as\n%s", line, want)
			}
			continue
		}
		if got := render(r); got != want {
			t.Errorf("%s\nis rendered as\n%s", line, got)
		}
	}
}

func FuzzParseLine(f *testing.F) {
	for _, line := range corpusLines(f) {
		f.Add([]byte(line))
	}
	f.Add([]byte("a:1[b:2:3]: cannot inline f[\"x: y\"] into g: repeated recursive cycle"))
	f.Fuzz(func(t *testing.T, line []byte) {
		if bytes.ContainsAny(line, "\n") {
			return
		}
		checkRendered(t, line)
	})
}

// FuzzOutput feeds whole outputs of a compiler.
func FuzzOutput(f *testing.F) {
	f.Add([]byte("a.go:1:2: can inline f with cost 4 as: func() { }\na.go:1:3: undefined: x\n\thave y\n\twant z\na.go:1:4: x escapes to heap\n"))
	f.Add([]byte("\t\n\n\t\r\n: \x00\xff"))
	f.Fuzz(func(t *testing.T, text []byte) {
		c := NewCollector("", []string{"a.go"}, map[string]string{"a.go": "b.go"})
		read := 0
		EachLine(bytes.NewReader(text), func(line Line) bool {
			if read += len(line.Head) + 1; read > len(text)+1 {
				t.Fatalf("%d bytes read of %d", read, len(text))
			}
			return c.Add(line)
		})
		for _, e := range c.Errors() {
			if e.Line < 0 || e.Col < 0 || e.File == "" && e.Line > 0 {
				t.Errorf("error at %q:%d:%d", e.File, e.Line, e.Col)
			}
		}
		if kept, n := c.Problems(); len(kept) > n || len(kept) > maxProblems {
			t.Errorf("%d problems of %d", len(kept), n)
		}
	})
}
