package workspace

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
)

const chain = `
-- go.mod --
module m

go 1.26
-- a/a.go --
package a

import "m/b"

func A() int { return b.B(1) }
-- b/b.go --
package b

import "m/c"

func B(x int) int { return c.C(x) }
-- b/b_test.go --
package b

func inTest() int { return B(1) }
-- c/c.go --
package c

func C(x int) int { return x }
-- d/d.go --
package d

func D() int { return own() }

func own() int { return 1 }
`

// What imports a package that was saved follows it, once it is fresh itself;
// nothing else is touched.
func TestWorkspaceDependents(t *testing.T) {
	r := newRig(t, chain)
	r.open("a/a.go", "c/c.go", "d/d.go")
	r.wantCalls("a/a.go", "b.B inlined")
	r.counts()
	before := r.w.Snapshot()
	r.replace("c/c.go", "func C", "//go:noinline\nfunc C")
	r.wait()
	if loads, _ := r.counts(); loads != 1 {
		t.Errorf("%d loads, want one of a", loads)
	}
	if call := r.file("a/a.go").Calls[0]; len(call.Inlines) != 1 || call.Inlines[0].Reason == nil || !strings.Contains(call.Inlines[0].Reason.Message, "noinline") {
		t.Errorf("the call in the body of b.B is %+v", call.Inlines)
	}
	r.wantFresh()
	at := func(s *Snapshot) int {
		return slices.IndexFunc(s.Packages, func(p *Current) bool { return p.Dir == r.path("d") })
	}
	if now := r.w.Snapshot(); before.Packages[at(before)] != now.Packages[at(now)] {
		t.Error("a package that does not depend on the change has another entry")
	}
	// a was not fresh before c was.
	r.mu.Lock()
	defer r.mu.Unlock()
	state := func(s *Snapshot, dir string) State {
		for _, p := range s.Packages {
			if p.Dir == r.path(dir) {
				return p.State
			}
		}
		return ""
	}
	for _, s := range r.published[slices.Index(r.published, before)+1:] {
		if state(s, "c") == StateCompiling && state(s, "a") == StateFresh {
			t.Error("a is called fresh while c, which it imports, is at work")
		}
	}
}

// A dependency need not be open.
func TestWorkspaceUnopenedDependency(t *testing.T) {
	r := newRig(t, chain)
	r.open("a/a.go")
	r.wait()
	r.replace("c/c.go", "return x", "return x + x + x")
	r.wantFresh()
	r.replace("b/b.go", "func B", "//go:noinline\nfunc B")
	r.wantCalls("a/a.go", "b.B not-inlined")
	r.wantFresh()
	r.replace("b/b.go", "c.C(x)", "c.C(y)")
	if p := r.wantState("a", StateFailed); len(p.Errors) == 0 || !strings.Contains(p.Errors[0].Message, "undefined: y") {
		t.Errorf("the errors are %v", p.Errors)
	}
	r.replace("b/b.go", "c.C(y)", "c.C(x)")
	r.wantCalls("a/a.go", "b.B not-inlined")
	r.counts()
	r.save("b/b_test.go", "package b\n\nfunc inTest() int { return B(2) }\n")
	r.wait()
	if loads, compiles := r.counts(); loads != 0 || compiles != 0 {
		t.Errorf("%d loads and %d compiles after a change of a dependency's test", loads, compiles)
	}
	// One that did not exist may come into being.
	r.save("a/a.go", "package a\n\nimport \"m/e\"\n\nfunc A() int { return e.E() }\n")
	r.wantState("a", StateFailed)
	r.save("e/e.go", "package e\n\nfunc E() int { return 1 }\n")
	r.wantCalls("a/a.go", "e.E inlined")
	r.wantState("a", StateFresh)
	if err := os.RemoveAll(r.path("e")); err != nil {
		t.Fatal(err)
	}
	r.w.Changed(r.path("e"))
	r.wantState("a", StateFailed)
}

// An external test is built on the package's test variant: it follows both, and
// neither waits for it.
func TestWorkspaceExternalTest(t *testing.T) {
	r := newRig(t, small+`
-- a/export_test.go --
package a

func Exported() int { return own() }
-- a/more_test.go --
package a_test

import "m/a"

func more() int { return a.Exported() }
`)
	r.open("a/a.go", "a/in_test.go", "a/out_test.go", "a/more_test.go")
	r.wantCalls("a/more_test.go", "a.Exported inlined")
	r.counts()
	r.replace("a/export_test.go", "func Exported", "//go:noinline\nfunc Exported")
	r.wantCalls("a/more_test.go", "a.Exported not-inlined")
	if loads, compiles := r.counts(); loads != 1 || compiles != 2 {
		t.Errorf("%d loads and %d compiles, want one load, of the external test, and compiles of both tests", loads, compiles)
	}
	r.wantFresh()
	r.replace("a/a.go", "func A", "//go:noinline\nfunc A")
	r.eventually("the package's own verdicts before those of the external test", func(s *Snapshot) bool {
		f := s.Files[r.path("a/in_test.go")]
		if f == nil || f.Calls[1].Status.String() != "not-inlined" {
			return false
		}
		if x := s.Files[r.path("a/out_test.go")]; f.Package.State != StateCompiling || x.Calls[0].Status.String() != "inlined" {
			t.Errorf("the external test is not behind: %s, %s", f.Package.State, x.Calls[0].Status)
		}
		return true
	})
	r.wantCalls("a/out_test.go", "a.A not-inlined")
	r.wantFresh()
	r.counts()
	r.replace("a/more_test.go", "a.Exported()", "2 * a.Exported()")
	r.wantFresh()
	if loads, compiles := r.counts(); loads != 0 || compiles != 1 {
		t.Errorf("%d loads and %d compiles after a change of the external test, want 0 and 1", loads, compiles)
	}
}

// Changes of go.mod and go.work reach the packages of which they speak.
func TestWorkspaceModules(t *testing.T) {
	r := newRig(t, `
-- one/go.mod --
module one

go 1.26
-- one/one.go --
package one

import "two"

func One() int { return two.Two() }
-- two/go.mod --
module two

go 1.26
-- two/two.go --
package two

func Two() int { return 2 }
-- three/go.mod --
module three

go 1.26
-- three/three.go --
package three

func Three() int { return three() }

func three() int { return 3 }
`)
	r.open("one/one.go", "three/three.go")
	r.wantState("one", StateFailed)
	r.wantState("three", StateFresh)
	// One module's trouble is none of another's.
	r.counts()
	r.save("one/go.mod", "module one\n\ngo 1.26\n\nrequire two v0.0.0\n\nreplace two => ../two\n")
	r.wantCalls("one/one.go", "two.Two inlined")
	if loads, _ := r.counts(); loads != 1 {
		t.Errorf("%d loads after a change of one of two modules, want 1", loads)
	}
	r.replace("two/two.go", "func Two", "//go:noinline\nfunc Two")
	r.wantCalls("one/one.go", "two.Two not-inlined")
	r.wantFresh()
	r.save("one/go.mod", "nonsense\n")
	if p := r.wantState("one", StateFailed); !strings.Contains(p.Errors[0].Message, "go.mod") {
		t.Errorf("the errors are %v", p.Errors)
	}
	r.wantState("three", StateFresh)
	r.save("one/go.mod", "module one\n\ngo 1.26\n")
	r.wantState("one", StateFailed)
	r.save("go.work", "go 1.26\n\nuse (\n\t./one\n\t./two\n)\n")
	r.wantCalls("one/one.go", "two.Two not-inlined")
	if p := r.wantState("three", StateFailed); !strings.Contains(p.Errors[0].Message, "go work use") {
		t.Errorf("the errors of a module that go.work does not list are %v", p.Errors)
	}
	r.save("go.work", "go 1.26\n\nuse (\n\t./one\n\t./two\n\t./three\n)\n")
	r.wantState("three", StateFresh)
	r.wantFresh()
	// The language version counts.
	r.save("three/three.go", "package three\n\nfunc Three() int {\n\tfor range 2 {\n\t}\n\treturn 3\n}\n")
	r.wantState("three", StateFresh)
	r.save("three/go.mod", "module three\n\ngo 1.21\n")
	r.wantState("three", StateFailed)
	r.counts()
	r.w.Changed(r.path("three/go.mod"), r.path("go.work"))
	r.wait()
	if loads, _ := r.counts(); loads > 0 {
		t.Errorf("%d loads after changes that were none", loads)
	}
}

// A file outside of all modules is loaded alone, until it is in one.
func TestWorkspaceOutside(t *testing.T) {
	r := newRig(t, `
-- x.go --
package main

func main() { println(f()) }

func f() int { return 1 }
-- y.go --
package main

func main() { println(g()) }

func g() int { return 2 }
-- z_test.go --
package z

func h() int { return i() }

func i() int { return 3 }
`)
	r.open("x.go", "y.go", "z_test.go")
	r.wantCalls("x.go", "f inlined")
	r.wantCalls("y.go", "g inlined")
	r.wantCalls("z_test.go", "i inlined")
	r.counts()
	r.replace("x.go", "func f", "//go:noinline\nfunc f")
	r.wantCalls("x.go", "f not-inlined")
	if loads, compiles := r.counts(); loads != 0 || compiles != 1 {
		t.Errorf("%d loads and %d compiles, want 0 and 1", loads, compiles)
	}
	r.save("y.go", "package main\n\nfunc g() int { return h() }\n\nfunc h() int { return 2 }\n")
	r.save("z_test.go", "package main\n\nfunc i() int { return h() }\n")
	r.save("go.mod", "module m\n\ngo 1.26\n")
	r.wantCalls("z_test.go", "h inlined")
	r.wantCalls("x.go", "f not-inlined")
	r.wantCalls("y.go", "h inlined")
	if s := r.wait(); len(s.Packages) != 1 {
		t.Errorf("%d packages, want the one of the module", len(s.Packages))
	}
	r.wantFresh()
	os.Remove(r.path("go.mod"))
	r.w.Changed(r.path("go.mod"))
	r.wait()
	if f := r.file("z_test.go"); f.Package.State != StateFailed {
		t.Errorf("a test that needs another file is %s", f.Package.State)
	}
}

// Go to definition leads into the standard library and the module cache.
func TestWorkspaceStd(t *testing.T) {
	r := newRig(t, small, func(o *Options) { o.Tests = false })
	loaded, err := load.Load(t.Context(), load.Config{Env: r.options.Env}, "container/list", "github.com/google/go-cmp/cmp/internal/flags")
	if err != nil {
		t.Fatal(err)
	}
	std, cached := loaded.Units["container/list"], loaded.Units["github.com/google/go-cmp/cmp/internal/flags"]
	for _, file := range []string{std.GoFiles[0], cached.GoFiles[0]} {
		r.w.Open(file)
	}
	s := r.wait()
	for _, file := range []string{std.GoFiles[0], cached.GoFiles[0]} {
		if f := s.Files[file]; f == nil || f.Package.State != StateFresh || f.Unit == nil {
			t.Errorf("%s: %+v", file, f)
		}
	}
	r.wantFresh()
}

// A package of the module cache is built with the modules of who imports it.
func TestWorkspaceImportedModule(t *testing.T) {
	r := newRig(t, `
-- main/go.mod --
module m

go 1.26

require example.com/dep v1.0.0

replace example.com/dep v1.0.0 => ../cache/dep@v1.0.0
-- main/m.go --
package m

import "example.com/dep"

func M() int { return dep.Dep() }
-- cache/dep@v1.0.0/go.mod --
module example.com/dep

go 1.26

require example.com/none v1.0.0
-- cache/dep@v1.0.0/dep.go --
package dep

func Dep() int { return own() }

func own() int { return 1 }
`)
	r.open("main/m.go")
	r.wantCalls("main/m.go", "dep.Dep inlined")
	r.open("cache/dep@v1.0.0/dep.go")
	r.wantCalls("cache/dep@v1.0.0/dep.go", "own inlined")
}
