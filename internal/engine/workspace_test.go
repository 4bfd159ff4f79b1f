package engine

import (
	"os"
	"testing"
)

const small = `
-- go.mod --
module m

go 1.26
-- a/a.go --
package a

import "m/b"

func A() int { return b.B(1) + own() }

func own() int { return 2 }
-- a/a2.go --
package a

func second() int { return own() }
-- a/in_test.go --
package a

func inside() int { return own() + A() }
-- a/out_test.go --
package a_test

import "m/a"

func outside() int { return a.A() }
-- b/b.go --
package b

func B(x int) int { return x }
`

// A file that is opened has its verdicts, and with its tests those of its unit.
func TestWorkspaceOpen(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	r.wantState("a", StateFresh)
	r.open("a/in_test.go", "a/out_test.go", "b/b.go")
	r.wantCalls("a/in_test.go", "own inlined", "A inlined")
	r.wantCalls("a/out_test.go", "a.A inlined")
	r.wantFresh()
	f := r.file("a/a.go")
	if n := len(f.Funcs[1].CalledFrom); n != 3 {
		t.Errorf("own is called from %d places, want 3: this file, another one of the package, a test", n)
	}
	r.w.Forget(r.path("b/b.go"))
	if s := r.wait(); len(s.Packages) != 1 || len(s.Files) != 3 {
		t.Errorf("%d packages and %d files are left, want 1 and 3", len(s.Packages), len(s.Files))
	}
}

// A change below the imports is compiled, and nothing is loaded again.
func TestWorkspaceBody(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "b/b.go")
	r.wait()
	r.counts()
	r.replace("a/a.go", "func own", "//go:noinline\nfunc own")
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	if loads, compiles := r.counts(); loads != 0 || compiles != 1 {
		t.Errorf("%d loads and %d compiles, want 0 and 1", loads, compiles)
	}
	r.w.Changed(r.path("a/a.go"), r.path("b/b.go"), r.path("b/none.go"))
	r.wait()
	if loads, compiles := r.counts(); loads != 1 || compiles != 1 {
		t.Errorf("%d loads and %d compiles after changes that were none, want one of a, of whose dependency nothing was known", loads, compiles)
	}
	r.wantFresh()
	if err := os.Remove(r.path("a/a2.go")); err != nil {
		t.Fatal(err)
	}
}
