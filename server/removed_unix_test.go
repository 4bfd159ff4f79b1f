//go:build unix

package server

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// twoPackages is a module whose a.go imports another package.
var twoPackages = map[string]string{
	"go.mod":     "module example.com/m\n\ngo 1.22\n",
	"a.go":       "package m\n\nimport \"example.com/m/dep\"\n\nfunc Use(x int) int {\n\treturn dep.Small(x) + 2\n}\n",
	"dep/dep.go": "package dep\n\nfunc Small(x int) int { return x + 1 }\n",
}

var twoPackagesHints = []string{"6: return dep.Small‹✓›"}

// empty removes what is in a directory.
func empty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		for err = os.RemoveAll(filepath.Join(dir, e.Name())); err != nil; err = os.RemoveAll(filepath.Join(dir, e.Name())) {
			if errors.Is(err, fs.ErrPermission) {
				t.Fatal(err)
			}
		}
	}
}

// TestRemoved removes the directories on which a session rests, between saves and at
// any moment: the next save finds everything again.
func TestRemoved(t *testing.T) {
	leaveNothing(t)
	tmp := os.Getenv("TMPDIR")
	gocache, cache := t.TempDir(), filepath.Join(t.TempDir(), "cache")
	t.Setenv("GOCACHE", gocache)
	dir := write(t, twoPackages)
	a, dep := filepath.Join(dir, "a.go"), filepath.Join(dir, "dep/dep.go")
	s := serveWith(t, func(o *Options) { o.Engine.CacheDir = cache })
	e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{Initialization: with(nil)})
	e.Initialize()
	e.Open(a)
	awaitHints(t, e, a, twoPackagesHints...)
	awaitFresh(t, e)
	last := 2
	change := func() {
		e.Edit(a, fmt.Sprintf("+ %d\n", last), fmt.Sprintf("+ %d\n", last+1))
		e.Save(a)
		last++
	}
	removable := map[string]func(){
		"the go command's cache": func() { empty(t, gocache) },
		"temporary files":        func() { empty(t, tmp) },
		"our cache":              func() { removeAll(t, cache) },
		"all of them":            func() { empty(t, gocache); empty(t, tmp); removeAll(t, cache) },
		"the directory for temporary files": func() {
			removeAll(t, tmp)
		},
	}
	n := 0
	for what, remove := range removable {
		t.Log(what)
		remove()
		n++
		change()
		awaitFresh(t, e)
		awaitHints(t, e, a, twoPackagesHints...)
	}
	must(t, os.MkdirAll(tmp, 0o777))
	random := rand.New(rand.NewPCG(7, 7))
	var names []string
	for what := range removable {
		if !strings.Contains(what, "directory") {
			names = append(names, what)
		}
	}
	fresh := func() {
		t.Helper()
		e.Await("fresh packages", func() (bool, string) {
			var status handlers.StatusParams
			if !e.Status(&status) || len(status.Packages) != 1 {
				return false, fmt.Sprintf("%+v", status)
			}
			p := status.Packages[0]
			return p.State == "fresh" && !p.Partial, fmt.Sprintf("%+v %+v", p, p.Error)
		})
	}
	const moments = 12
	for range moments {
		what := names[random.IntN(len(names))]
		n++
		if n%3 == 0 {
			change()
		}
		change()
		time.Sleep(time.Duration(random.IntN(150)) * time.Millisecond)
		removable[what]()
		e.Changed(dep)
		e.Save(a)
		fresh()
		awaitHints(t, e, a, twoPackagesHints...)
	}
	t.Logf("%d removals", n)
}

// TestIntrinsicsUnknown has the compiler fail where it is asked what is an intrinsic, as
// it does on a nearly full disk: nobody is told that a call stays.
func TestIntrinsicsUnknown(t *testing.T) {
	leaveNothing(t)
	c := newBrokenCompiler(t)
	c.breaks("case \"$*\" in *ssa/intrinsics*) echo \"$PWD/out.o: write: no space left on device\"; exit 2;; esac")
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.22\n",
		"a.go":   "package m\n\nimport \"sync/atomic\"\n\nfunc Use(x *int64) int64 {\n\treturn atomic.AddInt64(x, 1)\n}\n",
	})
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Settings: all})
	e.Open(a)
	awaitHints(t, e, a, "6: return atomic.AddInt64‹? unknown›")
	awaitFresh(t, e)
	c.works()
	e.Edit(a, "(x, 1)", "(x, 2)")
	e.Save(a)
	awaitHints(t, e, a, "6: return atomic.AddInt64‹✓ intrinsic›")
	awaitFresh(t, e)
}

// removeAll removes a directory in which the server may be writing.
func removeAll(t *testing.T, dir string) {
	t.Helper()
	var err error
	for range 100 {
		if err = os.RemoveAll(dir); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	must(t, err)
}
