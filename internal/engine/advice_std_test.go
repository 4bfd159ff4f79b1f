package engine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// TestAdviseStd holds that trials of many changes at once, without the bodies that do not
// matter, say what a compile of the whole package with one of the changes says.
func TestAdviseStd(t *testing.T) {
	packages := prove.Or(
		[]string{"bytes"}, // the others take their time
		[]string{"text/tabwriter", "bufio", "strings", "bytes", "sync", "encoding/json", "go/types", "net/http", "regexp/syntax", "compress/flate", "math/big", "net/textproto", "encoding/gob", "text/template/parse"})
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	goroot := strings.TrimSpace(string(out))
	for _, path := range packages {
		t.Run(path, func(t *testing.T) {
			dir := filepath.Join(goroot, "src", filepath.FromSlash(path))
			e, err := New(Options{CacheDir: adviceCache(t)})
			if err != nil {
				t.Fatal(err)
			}
			defer e.Close()
			checked, functions := 0, 0
			cfg := load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false")}
			err = e.Advise(t.Context(), cfg, []string{"."}, trial.List{Wanted: trial.Helpable, Most: prove.Or(1, 3), Emit: func(a *trial.Advice) error {
				functions++
				for i := range a.Offers {
					checkOffer(t, dir, a, &a.Offers[i])
					checked++
				}
				return nil
			}})
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d offers for %d functions", checked, functions)
			if checked == 0 {
				t.Error("nothing was offered")
			}
		})
	}
}

// TestAdviseCircles holds the same for functions that call each other in a circle with
// functions that can be inlined: which cost the compiler finds first depends on other bodies.
func TestAdviseCircles(t *testing.T) {
	all, dir := adviseAll(t, circles)
	offers := 0
	for _, a := range all {
		for i := range a.Offers {
			checkOffer(t, dir, a, &a.Offers[i])
			offers++
		}
	}
	for _, name := range []string{"Walk", "even", "Calls"} {
		if a := all[name]; a == nil || len(a.Offers) == 0 {
			t.Errorf("%s has no offer: %+v", name, a)
		}
	}
	if a := all["late"]; len(a.Offers) > 0 || a.Why != "with a change the compiler can inline it, but it inlines none of its calls" {
		t.Errorf("late, which is only deferred: %+v", a)
	}
	t.Logf("%d offers", offers)
}

var circles = strings.TrimSpace(`
-- go.mod --
module example.com/m

go 1.26
-- a.go --
package m

import "fmt"

type node struct {
	left, right *node
	value       int
}

// first has the compiler come to walker before it comes to Walk.
func first(n *node) bool { return walker() != nil }

func Walk(n *node, depth int) int {
	if n.left == nil {
		panic(fmt.Sprintf("no left node in %v at %d, of %v, %v, %s", n, depth, n.right, n.value, "x"))
	}
	_ = walker()
	return depth
}

// walker can be inlined, and mentions Walk, which has it inlined.
func walker() func(*node, int) int { return Walk }

func (n *node) Sum() int {
	if n.value < 0 {
		panic(fmt.Sprintf("negative value %d of %v, %v", n.value, n.left, n.right))
	}
	return n.value + n.rest(3)
}

func (n *node) rest(i int) int {
	if sums[i] != nil {
		return len(sums)
	}
	return len([]func(*node) int{(*node).Sum})
}

var sums [4]func(*node) int

func even(n int) int {
	if n > 1000 {
		panic(fmt.Sprintf("%d is too large for %s, %d", n, "even", n/2))
	}
	if n < 0 {
		return 0
	}
	return n / 2
}

func odd(n int) int { return even(n - 1) }

func Calls(n *node) (total int) {
	if n.value > 9 {
		panic(fmt.Sprintf("%d is too large for %s, %d", n.value, "calls", n.value/2))
	}
	return n.value
}

func uses(n *node) int { return Walk(n, 1) + n.Sum() + even(3) + odd(4) + Calls(n) }

var ok = first(nil)

var initial = even(2) + Calls(&node{})

func late(n int) int {
	if n > 1000 {
		panic(fmt.Sprintf("%d is too large for %s, %d, %d, %d", n, "late", n/2, n/3, n/4))
	}
	if n < 0 {
		return 0
	}
	return n / 2
}

func started(n *node) {
	go Walk(n, 1)
	defer late(3)
	defer even(3)
}
`)
