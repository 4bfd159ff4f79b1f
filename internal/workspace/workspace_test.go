package workspace

import (
	"os"
	"path/filepath"
	"strings"
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

// A file that is opened has its verdicts, a test those of its own unit; one that
// is forgotten costs nothing any more.
func TestWorkspaceOpen(t *testing.T) {
	r := newRig(t, small)
	if s := r.w.Snapshot(); s == nil || len(s.Files) != 0 {
		t.Errorf("the first snapshot is %v, want an empty one", s)
	}
	r.open("a/a.go")
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	if p := r.wantState("a", StateFresh); p.Path != "m/a" || p.Go == "" || p.GOOS == "" || p.GOARCH == "" || p.Took <= 0 || len(p.Units) != 1 {
		t.Errorf("the package is described as %+v", p)
	}
	r.open("a/in_test.go", "a/out_test.go", "b/b.go")
	r.wantCalls("a/in_test.go", "own inlined", "A inlined")
	r.wantCalls("a/out_test.go", "a.A inlined")
	if p := r.wantState("a", StateFresh); p.Path != "m/a" || len(p.Units) != 3 {
		t.Errorf("the package has the path %q and %d units, want m/a and 3", p.Path, len(p.Units))
	}
	r.wantFresh()
	if n := len(r.file("a/a.go").Funcs[1].CalledFrom); n != 3 {
		t.Errorf("own is called from %d places, want 3: this file, another one of the package, a test", n)
	}
	if n := len(r.file("a/a.go").Funcs[0].CalledFrom); n != 2 {
		t.Errorf("A is called from %d places, want 2: the tests", n)
	}
	r.w.Forget(r.path("b/b.go"))
	r.w.Forget(r.path("a/in_test.go"))
	if s := r.wait(); len(s.Packages) != 1 || len(s.Files) != 2 || len(s.Packages[0].Units) != 2 {
		t.Errorf("%d packages and %d files are left, want 1 and 2", len(s.Packages), len(s.Files))
	}
	r.counts()
	r.replace("b/b.go", "return x", "return x + x")
	r.replace("a/in_test.go", "A()", "2*A()")
	r.wait()
	if loads, _ := r.counts(); loads != 2 {
		t.Errorf("%d loads, want one for each of the units that import b", loads)
	}
	r.wantFresh()
}

// A change below the imports is compiled, and nothing is loaded again.
func TestWorkspaceBody(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "a/a2.go")
	r.wait()
	r.counts()
	r.replace("a/a.go", "func own", "//go:noinline\nfunc own")
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	r.wantCalls("a/a2.go", "own not-inlined")
	if loads, compiles := r.counts(); loads != 0 || compiles != 1 {
		t.Errorf("%d loads and %d compiles, want 0 and 1", loads, compiles)
	}
	r.wantFresh()
	// Editors and watchers tell of one change twice, and of many that are none.
	r.w.Changed(r.path("a/a.go"))
	r.w.Changed(r.path("a/a.go"), r.path("a/a2.go"), r.path("a/none.go"), r.path("README"), r.path("none"))
	r.wait()
	if loads, compiles := r.counts(); loads != 0 || compiles != 0 {
		t.Errorf("%d loads and %d compiles after changes that were none", loads, compiles)
	}
	// A change that is taken back is known.
	r.replace("a/a.go", "//go:noinline\n", "")
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	r.wantFresh()
}

// What a load depends on is loaded again.
func TestWorkspaceLoad(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "a/a2.go", "a/in_test.go", "a/out_test.go")
	r.wait()
	for _, step := range []struct {
		name   string
		change func()
		loads  int
	}{
		{"import", func() {
			r.save("a/a2.go", "package a\n\nimport \"strings\"\n\nfunc second() string { return strings.ToUpper(\"\") }\n")
		}, 3},
		{"new file", func() { r.save("a/a3.go", "package a\n\nfunc third() { second() }\n") }, 3},
		{"excluded", func() { r.save("a/a3.go", "//go:build ignore\n\npackage a\n\nfunc third() { second() }\n") }, 3},
		{"gone", func() { os.Remove(r.path("a/a3.go")); r.w.Changed(r.path("a/a3.go")) }, 3},
		{"another test", func() { r.save("a/more_test.go", "package a_test\n\nimport \"m/a\"\n\nvar _ = a.A()\n") }, 1},
		{"import of a test", func() {
			r.save("a/in_test.go", "package a\n\nimport \"strings\"\n\nfunc inside() int { return own() + len(strings.ToUpper(\"x\")) }\n")
		}, 2},
		{"other test", func() {
			r.save("a/in_test.go", "package a_test\n\nimport \"m/a\"\n\nfunc inside() int { return a.A() }\n")
		}, 1},
		{"the test as it was", func() {
			r.save("a/in_test.go", "package a\n\nfunc inside() int { return own() + A() }\n")
		}, 2},
		{"assembly", func() { r.save("a/asm_amd64.s", "\n") }, 3},
		{"no assembly", func() { os.Remove(r.path("a/asm_amd64.s")); r.w.Changed(r.path("a/asm_amd64.s")) }, 3},
		{"directory", func() { r.write("a/a4.go", "package a\n\nfunc fourth() { second() }\n"); r.w.Changed(r.path("a")) }, 3},
		{"directory above", func() { os.Remove(r.path("a/a4.go")); r.w.Changed(r.dir) }, 3},
		{"nothing", func() { r.w.Changed(r.dir) }, 0},
	} {
		r.counts()
		step.change()
		r.wait()
		if loads, _ := r.counts(); loads != step.loads {
			t.Errorf("%s: %d loads, want %d", step.name, loads, step.loads)
		}
		r.wantState("a", StateFresh)
		r.wantFresh()
		if t.Failed() {
			t.Fatalf("after %s", step.name)
		}
	}
}

// What does not compile has errors and no verdicts, until it does again.
func TestWorkspaceBroken(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "a/a2.go", "a/in_test.go")
	r.wait()
	original, err := os.ReadFile(r.path("a/a.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, broken := range []struct{ text, message string }{
		{"package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(1) + unknown() }\n\nfunc own() int { return 2 }\n", "undefined: unknown"},
		{"package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(1) + \n", "unexpected"},
		{"package a\n\nimport \"m/c\"\n\nfunc A() int { return c.C() }\n", "m/c"},
		{"package a\n\nimport (", ""},
		{"", ""},
		{"package other\n", "other"},
	} {
		r.save("a/a.go", broken.text)
		p := r.wantState("a", StateFailed)
		if len(p.Errors) == 0 || !strings.Contains(p.Errors[0].Message, broken.message) {
			t.Errorf("%q: the errors are %v, want %q", broken.text, p.Errors, broken.message)
		}
		for _, name := range []string{"a/a.go", "a/a2.go", "a/in_test.go"} {
			if f := r.file(name); len(f.Errors) == 0 || f.Package != p {
				t.Errorf("%q: %s has verdicts and no errors", broken.text, name)
			}
		}
		r.save("a/a.go", string(original))
		r.wantState("a", StateFresh)
		r.wantFresh()
	}
	// A test that does not compile is no harm to the package.
	r.replace("a/in_test.go", "own()", "unknown()")
	if p := r.wantState("a", StateFailed); len(p.Errors) == 0 || p.Errors[0].Pos.File != r.path("a/in_test.go") {
		t.Errorf("the errors are %v", p.Errors)
	}
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	if f := r.file("a/in_test.go"); len(f.Errors) == 0 {
		t.Errorf("a test that does not compile has no errors")
	}
	r.replace("a/in_test.go", "unknown()", "own()")
	r.wantState("a", StateFresh)
	r.wantFresh()
}

// An open file may come, go, and change its name.
func TestWorkspaceFiles(t *testing.T) {
	r := newRig(t, small)
	r.open("a/new.go", "a/a.go", "c/c.go")
	r.wait()
	if f := r.file("a/new.go"); !strings.Contains(f.Note, "not on disk") {
		t.Errorf("a file that is not there has the note %q", f.Note)
	}
	if p := r.wantState("c", StateFailed); len(p.Errors) != 1 {
		t.Errorf("a directory that is not there has the errors %v", p.Errors)
	}
	r.save("a/new.go", "package a\n\nvar New = own()\n")
	r.wantCalls("a/new.go", "own inlined")
	r.save("c/c.go", "package c\n\nfunc C() { D() }\n\nfunc D() {}\n")
	r.wantCalls("c/c.go", "D inlined")
	if err := os.Rename(r.path("c/c.go"), r.path("c/d.go")); err != nil {
		t.Fatal(err)
	}
	r.w.Open(r.path("c/d.go"))
	r.w.Changed(r.path("c/c.go"), r.path("c/d.go"))
	r.wantCalls("c/d.go", "D inlined")
	if f := r.file("c/c.go"); !strings.Contains(f.Note, "not on disk") {
		t.Errorf("a file that has gone has the note %q", f.Note)
	}
	if err := os.RemoveAll(r.path("c")); err != nil {
		t.Fatal(err)
	}
	r.w.Changed(r.path("c"))
	r.wantState("c", StateFailed)
	r.wantState("a", StateFresh)
	r.wantFresh()
}

// A file that the build leaves out says why.
func TestWorkspaceExcluded(t *testing.T) {
	r := newRig(t, small+`
-- a/a_windows.go --
package a

func win() int { return own() }
-- a/gen.go --
//go:build ignore

package a

func f() int { return 1 }
-- a/_draft.go --
package a
-- only/x.go --
//go:build never

package only
`, func(o *Options) { o.Env = append(o.Env, "GOOS=linux") })
	r.open("a/a_windows.go", "a/gen.go", "a/_draft.go", "only/x.go", "a/a.go")
	r.wait()
	for name, note := range map[string]string{
		"a/a_windows.go": "GOOS=windows", "a/gen.go": "//go:build ignore", "a/_draft.go": "begin with", "only/x.go": "never",
	} {
		if f := r.file(name); !strings.Contains(f.Note, note) || f.Unit != nil {
			t.Errorf("%s has the note %q, want %q", name, f.Note, note)
		}
	}
	r.wantState("only", StateFresh)
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")

	// Another target has other files.
	o := r.options
	o.Env = append(o.Env, "GOOS=windows")
	o.Tests = false
	r.w.Configure(o)
	r.wantCalls("a/a_windows.go", "own inlined")
	if p := r.wantState("a", StateFresh); p.GOOS != "windows" {
		t.Errorf("GOOS is %s", p.GOOS)
	}
	r.open("a/in_test.go")
	r.wait()
	if f := r.file("a/in_test.go"); !strings.Contains(f.Note, "tests") {
		t.Errorf("with tests off, a test has the note %q", f.Note)
	}
	r.w.Configure(r.options)
	r.wantCalls("a/in_test.go", "own inlined", "A inlined")
	r.replace("only/x.go", "never", "linux")
	r.wantState("only", StateFresh)
	if f := r.file("only/x.go"); f.Note != "" || f.Unit == nil {
		t.Errorf("a file that is no longer excluded has the note %q", f.Note)
	}
}

// Unsaved text is compiled in the place of what is on disk.
func TestWorkspaceEdit(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "b/b.go", "a/out_test.go")
	r.wait()
	r.counts()
	file := r.path("a/a.go")
	edit := func(text string) { r.w.Edit(file, []byte(text)) }
	edit("package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(1) }\n\nfunc own() int { return A() }\n")
	r.wantCalls("a/a.go", "b.B inlined", "A inlined")
	r.wantFresh()
	if loads, _ := r.counts(); loads != 1 {
		t.Errorf("%d loads, want one for the external test", loads)
	}
	edit("package a\n\nfunc A() int { return own() }\n\nfunc own() int { return 1 }\n")
	r.wantCalls("a/a.go", "own inlined")
	r.wantFresh()
	edit("")
	r.wantState("a", StateFailed)
	r.w.Edit(file, nil)
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	r.wantFresh()

	// Saving what was compiled changes nothing.
	text := "package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(2) }\n\nfunc own() int { return A() }\n"
	edit(text)
	r.wait()
	r.counts()
	r.write("a/a.go", text)
	r.w.Changed(file)
	r.w.Edit(file, nil)
	r.wantCalls("a/a.go", "b.B inlined", "A inlined")
	if loads, compiles := r.counts(); loads != 0 || compiles != 0 {
		t.Errorf("%d loads and %d compiles, want none", loads, compiles)
	}
	// What imports an edited package sees the edit.
	r.w.Edit(r.path("b/b.go"), []byte("package b\n\n//go:noinline\nfunc B(x int) int { return x }\n"))
	r.wantCalls("a/a.go", "b.B not-inlined", "A inlined")
	r.wantFresh()
	// A file that is not on disk yet.
	r.open("a/new.go")
	r.w.Edit(r.path("a/new.go"), []byte("package a\n\nvar New = own()\n"))
	r.wantCalls("a/new.go", "own inlined")
	r.w.Edit(r.path("a/new.go"), nil)
	r.wait()
	if f := r.file("a/new.go"); f.Note == "" {
		t.Error("a file that was never saved has no note")
	}
	if entries, err := filepath.Glob(filepath.Join(r.host.Temp.Dir, "unsaved*")); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v %v", entries, err)
	}
}
