package workspace

import (
	"os"
	"testing"
	"time"
)

// unreported has a module that another one uses, one level of packages between, and a
// package that is not open.
const unreported = `
-- go.mod --
module m

go 1.22

require example.com/other v1.0.0

replace example.com/other => ./other
-- a/a.go --
package a

import "m/b"

func A() int { return b.B() + sibling() }
-- a/sibling.go --
package a

func sibling() int { return 1 }
-- b/b.go --
package b

import "example.com/other"

func B() int { return other.Other() }
-- other/go.mod --
module example.com/other

go 1.22
-- other/other.go --
package other

func Other() int { return 1 }
`

// A save finds what nobody has told of: changes of what a package depends on, of its
// other files, and files that came and went. The file that is saved need not have
// changed.
func TestWorkspaceUnreported(t *testing.T) {
	r := newRig(t, unreported)
	time.Sleep(2 * tick) // what was written before it is loaded has been seen
	r.open("a/a.go")
	r.wantCalls("a/a.go", "b.B inlined", "sibling inlined")
	save := func() {
		t.Helper()
		r.w.Saved(r.path("a/a.go"))
	}
	want := func(what string, calls ...string) {
		t.Helper()
		r.eventually(what, func(s *Snapshot) bool {
			f := s.Files[r.path("a/a.go")]
			got := callsIn(f)
			return f.Package.State == StateFresh && len(f.Errors) == 0 && len(got) == len(calls) && got[0] == calls[0] && got[len(got)-1] == calls[len(calls)-1]
		})
		r.wantFresh()
	}
	r.counts()
	save()
	r.wait()
	if loads, compiles := r.counts(); loads+compiles > 0 {
		t.Errorf("nothing has changed, and there were %d loads and %d compiles", loads, compiles)
	}

	r.write("b/b.go", "package b\n\nimport \"example.com/other\"\n\n//go:noinline\nfunc B() int { return other.Other() }\n")
	save()
	want("a dependency that has changed", "b.B not-inlined", "sibling inlined")

	r.write("a/sibling.go", "package a\n\n//go:noinline\nfunc sibling() int { return 1 }\n")
	save()
	want("another file of the package that has changed", "b.B not-inlined", "sibling not-inlined")

	r.write("b/b.go", "package b\n\nimport \"example.com/other\"\n\nfunc B() int { return other.Other() }\n")
	r.write("other/other.go", "package other\n\nfunc Other() int { return more() }\n")
	r.write("other/more.go", "package other\n\nfunc more() int { defer print(); return 1 }\n")
	save()
	want("another module, with a file that is new", "b.B inlined", "sibling not-inlined")
	inlined := r.file("a/a.go").Calls[0].Inlines
	if len(inlined) != 1 || len(inlined[0].Inlines) != 1 || inlined[0].Inlines[0].Status.String() != "not-inlined" {
		t.Errorf("in the inlined body there is %+v", inlined)
	}

	if err := os.Remove(r.path("other/more.go")); err != nil {
		t.Fatal(err)
	}
	save()
	r.eventually("that a file has gone", func(s *Snapshot) bool {
		return len(s.Files[r.path("a/a.go")].Errors) > 0 && s.Packages[0].State == StateFailed
	})
	r.write("other/other.go", "package other\n\nfunc Other() int { return 1 }\n")
	save()
	want("that it is not needed any more", "b.B inlined", "sibling not-inlined")

	r.write("go.mod", "module m\n\ngo 1.22\n")
	save()
	r.eventually("that a module is required no more", func(s *Snapshot) bool {
		return len(s.Files[r.path("a/a.go")].Errors) > 0 && s.Packages[0].State == StateFailed
	})
}

// BenchmarkLookAtDisk looks at a module of a thousand files, of which none has changed.
func BenchmarkLookAtDisk(b *testing.B) {
	dir := b.TempDir()
	var w watched
	for i := range 100 {
		sub := dir + "/p" + string(rune('a'+i/26)) + string(rune('a'+i%26))
		if err := os.Mkdir(sub, 0o777); err != nil {
			b.Fatal(err)
		}
		for n := range 10 {
			if err := os.WriteFile(sub+"/"+string(rune('a'+n))+".go", nil, 0o666); err != nil {
				b.Fatal(err)
			}
		}
		w.dirs = append(w.dirs, sub)
	}
	var k disk
	k.note(w, time.Now().Add(time.Hour))
	for b.Loop() {
		if changed := k.look([]watched{w}); len(changed) > 0 {
			b.Fatal(changed)
		}
	}
}
