package workspace

import (
	"flag"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/load"
)

var (
	steps = flag.Int("steps", 40, "steps of the random session")
	seed  = flag.Uint64("seed", 1, "of the random session")
)

// Whatever is done to a module in whatever order, what is known of it in the end
// is what one finds who looks at it for the first time.
func TestWorkspaceRandom(t *testing.T) {
	r := newRig(t, small+`
-- c/c.go --
package c

import (
	"m/a"
	"m/b"
)

func C() int { return b.B(a.A()) }
-- c/gen.go --
//go:build ignore

package main

func main() {}
`)
	random := rand.New(rand.NewPCG(*seed, 0))
	files := make(map[string]string) // on disk
	for _, name := range []string{"go.mod", "a/a.go", "a/a2.go", "a/in_test.go", "a/out_test.go", "b/b.go", "c/c.go", "c/gen.go"} {
		text, err := os.ReadFile(r.path(name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(text)
	}
	original := maps.Clone(files)
	edited := make(map[string]bool)
	pick := func() string { return slices.Sorted(maps.Keys(original))[random.IntN(len(original))] }
	change := func(name string) string {
		text := original[name]
		switch random.IntN(8) {
		case 0:
			return strings.Replace(text, "\nfunc ", "\n//go:noinline\nfunc ", 1)
		case 1:
			return strings.Replace(text, "return ", "return unknown + ", 1)
		case 2:
			return text + "\nfunc {"
		case 3:
			return strings.Replace(text, "package ", "package x", 1)
		case 4:
			return strings.Replace(text, "\n\n", "\n\nimport \"strings\"\n\nvar _ = strings.ToUpper(\"\")\n\n", 1)
		case 5:
			return "//go:build !linux\n\n" + text
		case 6:
			return text + fmt.Sprintf("\nfunc more%d() { func() { println() }() }\n", random.IntN(3))
		}
		return text
	}
	for step := range *steps {
		name, what := pick(), ""
		file := r.path(name)
		switch random.IntN(9) {
		case 0:
			what = "open"
			if load.IsGo(name) {
				r.w.Open(file)
			}
		case 1:
			what = "forget"
			r.w.Forget(file)
			if edited[name] {
				r.w.Edit(file, nil)
				delete(edited, name)
			}
		case 2, 3:
			what = "save"
			text := change(name)
			r.save(name, text)
		case 4:
			what = "repair all"
			for _, name := range slices.Sorted(maps.Keys(original)) {
				r.save(name, original[name])
				r.w.Edit(r.path(name), nil)
			}
			clear(edited)
		case 5:
			what = "edit"
			if load.IsGo(name) {
				r.w.Edit(file, []byte(change(name)))
				edited[name] = true
			}
		case 6:
			what = "unedit"
			r.w.Edit(file, nil)
			delete(edited, name)
		case 7:
			what = "remove"
			os.Remove(file)
			r.w.Changed(file)
		case 8:
			what = "wait"
			time.Sleep(time.Duration(random.IntN(200)) * time.Millisecond)
		}
		t.Logf("step %d: %s %s", step, what, name)
		if random.IntN(3) == 0 {
			r.wantFresh()
			if t.Failed() {
				t.Fatalf("at step %d of seed %d", step, *seed)
			}
		}
	}
	r.wantFresh()
}
