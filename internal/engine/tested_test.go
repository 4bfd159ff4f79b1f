package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

const testedSource = `package sr

type Cloner[T any] interface{ Clone() T }

func FillAll[T Cloner[T]](n int, v T) []T { // tested inlinable 79
	out := make([]T, 0, n)
	for range n {
		out = append(out, v.Clone()) // dynamic type-parameter word
	}
	return out
}

func Lone[T Cloner[T]](v T) T { // probe inlinable 65
	return v.Clone() // dynamic type-parameter made-up Cloner
}

func Used[T any](v T) any { // inlinable 29
	return func() any { return Inner(v) }() // inlined int
}

func Inner[T any](v T) any { return v } // inlinable 3

var _ = Used(1)
`

const testedTests = `package sr

type word string

func (w word) Clone() word { return w }

var _ = FillAll(3, word("x"))
var _ = Used("a")
`

// A generic function that only tests instantiate has the verdicts of the test
// variant, in its package; others keep those of the build that ships.
func TestTested(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sr\n\ngo 1.22\n", "a.go": testedSource, "a_test.go": testedTests} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, tests := range []bool{false, true} {
		p := run(t, load.Config{Dir: dir, Env: os.Environ(), Tests: tests}, ".")[0]
		if p.Variant != "" {
			t.Fatalf("the first package is the variant %q", p.Variant)
		}
		said := make(map[int]string)
		for _, f := range p.Functions {
			if strings.Contains(f.Name, ".func") {
				continue
			}
			text := describeVerdict(&f)
			if f.Probe {
				text = "probe " + text
			}
			if f.Tested {
				text = "tested " + text
			}
			said[f.Pos.Line] = text
		}
		for _, c := range p.Calls {
			if len(c.Instances) > 0 {
				said[c.Pos.Line] = strings.Join(strings.Fields(c.Status.String()+" "+codeOf(c.Reason)+" "+strings.Join(c.Instances[0].TypeArgs, ",")), " ")
			}
		}
		for i, line := range strings.Split(testedSource, "\n") {
			_, want, ok := strings.Cut(line, " // ")
			if !ok {
				continue
			}
			if !tests {
				want = strings.Replace(want, "tested", "probe", 1)
				want = strings.Replace(want, "word", "made-up Cloner", 1)
			}
			if said[i+1] != want {
				t.Errorf("tests %v, line %d: %s\n got %s\nwant %s", tests, i+1, line, said[i+1], want)
			}
		}
	}
}

func codeOf(r *inline.Reason) string {
	if r == nil {
		return ""
	}
	return string(r.Code)
}
