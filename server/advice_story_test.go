package server

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestTwelveOver is what all of this is for: a function is 12 over its budget, the
// editor shows which line costs most, one action changes that, and the lens turns.
func TestTwelveOver(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/table\n\ngo 1.26\n",
		"table.go": `package table

import "fmt"

type table struct {
	rows, cols int
	data       []float64
}

func (t *table) row(i int) []float64 {
	if i >= t.rows {
		panic(fmt.Sprintf("row %d of %d, each of %d", i, t.rows, len(t.data)))
	}
	return t.data[i*t.cols : (i+1)*t.cols]
}

func sum(t *table) (n float64) {
	for i := range t.rows {
		for _, x := range t.row(i) {
			n += x
		}
	}
	return n
}
`,
	})
	file := filepath.Join(dir, "table.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(file)
	awaitLens := func(want string) {
		t.Helper()
		e.Await("the lens "+want, func() (bool, string) {
			lenses := e.Lenses(file)
			return slices.ContainsFunc(lenses, func(l string) bool { return strings.Contains(l, want) }), strings.Join(lenses, "\n")
		})
	}
	awaitLens("not inlinable: 92/80 (12 over)")

	e.Await("the hint at the call", func() (bool, string) {
		hints := strings.Join(e.Hints(file), "\n")
		return strings.Contains(hints, "t.row‹✗ 92/80›"), hints
	})

	// Which line is it?
	toggleCost(t, e, file, "row(i int)")
	e.Await("the cost of each line", func() (bool, string) {
		hints := strings.Join(e.Hints(file), "\n")
		return strings.Contains(hints, "+73 = 78/80"), hints
	})
	e.Await("the largest part", func() (bool, string) {
		hover := e.Hover(file, "row(i int)")
		return strings.Contains(hover, "`fmt.Sprintf`") && strings.Contains(hover, "58"), hover
	})

	actions := awaitAdvice(t, e, file, "row(i int)")
	want := "Inlinelens: make (*table).row inlinable (92 → 80/80): move line 12 to rowFail, called only where it panics; inlined at 1 of 1 calls"
	if actions[0].Title != want {
		t.Errorf("the first action is %s, want %s", actions[0].Title, want)
	}
	take(t, e, file, &actions[0])
	must(t, os.WriteFile(file, []byte(e.Text(file)), 0o666))
	e.Save(file)
	awaitLens("inlinable 80/80 · inlined at 1 of 1 call")
	e.Await("a hint that the call was inlined", func() (bool, string) {
		hints := strings.Join(e.Hints(file), "\n")
		return strings.Contains(hints, "t.rowFail‹✗") && strings.Contains(hints, "t.row‹✓›"), hints
	})
}
