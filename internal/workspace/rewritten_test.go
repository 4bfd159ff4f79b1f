//go:build unix

package workspace

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// once begins a line for meddle that does the rest in the first compile only, in
// place of which it runs, with the compiler as $compile.
const once = "mkdir once 2>/dev/null && "

// A file that is written again while it is compiled, with the text that it had, is
// compiled again: the compiler may have met it half-written, as editors that save
// do not write at once.
func TestWorkspaceRewritten(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	const halfWritten = `cp a/a.go whole && : >a/a.go && { "$compile" "$@"; cat whole >a/a.go; exit 1; }`
	r.meddle(once + halfWritten)
	r.replace("a/a.go", "func own", "//go:noinline\nfunc own")
	r.wantState("a", StateFresh)
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	r.wantFresh()

	// A compiler that sees none but the other text, and likes it.
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Remove(r.path("once")))
	r.write("other", "package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(1) + own() }\n\nfunc own() int { return 2 }\n")
	r.meddle(once + `cp a/a.go whole && cat other >a/a.go && { "$compile" "$@"; code=$?; cat whole >a/a.go; exit $code; }`)
	r.replace("a/a.go", "return 2", "return 3")
	r.wantState("a", StateFresh)
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	r.replace("a/a.go", "return 3", "return 4")
	r.replace("a/a.go", "return 4", "return 3")
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined") // nor is anything else kept
	r.wantFresh()
}

// So is one that was half-written when it was loaded.
func TestWorkspaceRewrittenWhileLoading(t *testing.T) {
	command, err := exec.LookPath("go")
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	r := newRig(t, small)
	// Not while it lists imports too: of two that run at once, one may be stopped
	// before it has put the file back.
	script := "#!/bin/sh\ncase $* in list*-export=true*) ;; list*-json*) test -f " + r.path("half") + " && {\n" +
		": >" + r.path("a/a.go") + "; " + command + " \"$@\"; code=$?; cat " + r.path("whole") + " >" + r.path("a/a.go") + "; rm -f " + r.path("half") + "; exit $code\n" +
		"};; esac\nexec " + command + " \"$@\"\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	r.open("a/a.go")
	r.wait()
	const text = "package a\n\nimport (\n\t\"m/b\"\n\t_ \"unsafe\"\n)\n\nfunc A() int { return b.B(1) + own() }\n\nfunc own() int { return 3 }\n"
	r.write("whole", text)
	r.write("half", "")
	r.save("a/a.go", text)
	r.wantState("a", StateFresh)
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	if _, err := os.Stat(r.path("half")); err == nil {
		t.Error("nothing was loaded")
	}
	r.wantFresh()
}

// A package whose dependency was half-written when it was loaded is loaded again
// when that is whole, though it is what it was before.
func TestWorkspaceDependencyRewritten(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go", "b/b.go")
	r.wait()
	r.replace("b/b.go", "func B", "//go:noinline\nfunc B")
	r.wantCalls("a/a.go", "b.B not-inlined", "own inlined")
	whole, err := os.ReadFile(r.path("b/b.go"))
	if err != nil {
		t.Fatal(err)
	}
	r.write("b/b.go", "")
	r.replace("a/a.go", `import "m/b"`, "import (\n\t\"m/b\"\n\t_ \"strings\"\n)")
	r.wantState("a", StateFailed)
	r.save("b/b.go", string(whole))
	r.wantState("a", StateFresh)
	r.wantCalls("a/a.go", "b.B not-inlined", "own inlined")
	r.wantFresh()
}

// What failed because of the machine is tried again when a file is saved, also
// without a change.
func TestWorkspaceRetry(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	r.meddle(once + "kill -9 $$")
	r.replace("a/a.go", "func own", "//go:noinline\nfunc own")
	if p := r.wantState("a", StateFailed); !strings.Contains(p.Errors[0].Message, "crashed") {
		t.Errorf("the errors are %v", p.Errors)
	}
	r.w.Changed(r.path("a/a.go"))
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	r.counts()
	r.w.Changed(r.path("a/a.go"))
	r.wait()
	if loads, compiles := r.counts(); loads+compiles != 0 {
		t.Errorf("%d loads and %d compiles of a package that was fresh and has not changed", loads, compiles)
	}
}
