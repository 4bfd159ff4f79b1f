//go:build unix

package workspace

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// stall puts a program in the compiler's place that notes its process number and
// does not end. It returns a function that waits for the nth one.
func (r *rig) stall() (nth func(n int) (pid int)) {
	r.t.Helper()
	dir := r.t.TempDir()
	script := filepath.Join(dir, "compile")
	if err := os.WriteFile(script, []byte("#!/bin/sh\necho $$ >> "+dir+"/pids\nexec sleep 600\n"), 0o777); err != nil {
		r.t.Fatal(err)
	}
	r.w.do(func() {
		for _, v := range r.w.allViews() {
			l := *v.loaded
			tc := *l.tc
			tc.Compile = script
			l.tc = &tc
			v.loaded = &l
		}
	})
	return func(n int) int {
		r.t.Helper()
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			data, _ := os.ReadFile(filepath.Join(dir, "pids"))
			if pids := strings.Fields(string(data)); len(pids) > n {
				pid, err := strconv.Atoi(pids[n])
				if err != nil {
					r.t.Fatal(err)
				}
				return pid
			}
		}
		r.t.Fatalf("compiler number %d was never started", n)
		return 0
	}
}

// wantGone waits until a process is gone.
func wantGone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if syscall.Kill(pid, 0) == syscall.ESRCH {
			return
		}
	}
	t.Errorf("process %d is still there", pid)
}

// A newer change ends the compiler that is at work, and so does the end of all
// need for it.
func TestWorkspaceCancel(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	nth := r.stall()
	r.replace("a/a.go", "return 2", "return 3")
	first := nth(0)
	if s := r.w.Snapshot(); s.Packages[0].State != StateCompiling || len(s.Files[r.path("a/a.go")].Calls) != 2 {
		t.Errorf("while it compiles, the package is %s with %d calls", s.Packages[0].State, len(s.Files[r.path("a/a.go")].Calls))
	}
	r.open("a/a2.go") // which the compiler reads already
	stopped := make(chan bool)
	r.w.do(func() { stopped <- r.w.allViews()[0].run.ctx.Err() != nil })
	if <-stopped {
		t.Error("the compiler was stopped for nothing")
	}
	r.w.Forget(r.path("a/a2.go"))
	r.replace("a/a.go", "return 3", "return 4")
	second := nth(1)
	wantGone(t, first)
	r.w.Changed(r.path("a/a.go")) // no change: the compiler goes on
	r.w.Forget(r.path("a/a.go"))
	wantGone(t, second)
	r.wait()
	r.open("a/a.go")
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	nth = r.stall()
	r.replace("a/a.go", "return 4", "return 5")
	third := nth(0)
	o := r.options
	o.Tests = false
	r.w.Configure(o)
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	wantGone(t, third)
	nth = r.stall()
	r.replace("a/a.go", "return 5", "return 6")
	fourth := nth(0)
	r.replace("a/a.go", "return 6", "return 7")
	if err := r.w.Notice(t.Context()); err != nil || r.w.Snapshot().Files[r.path("a/a.go")].Package.State != StateCompiling {
		t.Errorf("a change was noticed: %v, %+v", err, r.w.Snapshot().Packages[0])
	}
	wantGone(t, fourth)
	fifth := nth(1)
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if err := r.w.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("waiting for a compiler that does not end: %v", err)
	}
	if err := r.w.Close(); err != nil {
		t.Error(err)
	}
	wantGone(t, fifth)
	r.open("a/a2.go") // has no effect, and does not hang
	r.w.Changed(r.path("a/a.go"))
	if err := r.w.Wait(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("waiting for a closed workspace: %v", err)
	}
	if err := r.w.Notice(t.Context()); !errors.Is(err, errClosed) {
		t.Errorf("a closed workspace notices a change: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(r.host.Temp.Dir, "*"))
	if err != nil || len(left) > 1 { // the lock
		t.Errorf("left behind: %v %v", left, err)
	}
}

// Many changes in a row make few runs, and the last one counts.
func TestWorkspaceCoalesce(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	r.counts()
	for i := range 200 {
		r.replace("a/a.go", "func own", fmt.Sprintf("// %d\nfunc own", i))
		time.Sleep(time.Millisecond)
	}
	r.replace("a/a.go", "func own", "//go:noinline\nfunc own")
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined")
	if loads, compiles := r.counts(); loads != 0 || compiles > 40 {
		t.Errorf("%d loads and %d compiles after 201 changes", loads, compiles)
	}
	r.wantFresh()
	for i := range 50 {
		r.save("a/a2.go", fmt.Sprintf("package a\n\nimport \"strings\"\n\nfunc second() { strings.ToUpper(%q) }\n", strings.Repeat("x", i)))
		r.w.Edit(r.path("a/a.go"), fmt.Appendf(nil, "package a\n\nfunc own() int { return %d }\n", i))
	}
	r.wantFresh()
}

// What takes too long fails and says so; the rest goes on.
func TestWorkspaceTimeout(t *testing.T) {
	r := newRig(t, chain, func(o *Options) { o.Timeout = 3 * time.Second })
	r.open("a/a.go", "d/d.go")
	r.wait()
	r.w.do(func() { r.w.options.Timeout = 300 * time.Millisecond })
	nth := r.stall()
	r.replace("d/d.go", "return 1", "return 2")
	p := r.wantState("d", StateFailed)
	if !strings.Contains(p.Errors[0].Message, "stopped after 300ms") {
		t.Errorf("the errors are %v", p.Errors)
	}
	wantGone(t, nth(0))
	r.wantState("a", StateFresh)
	r.w.do(func() { r.w.options.Timeout = 3 * time.Second })
	r.replace("d/d.go", "func own", "//go:noinline\nfunc own")
	r.replace("d/d.go", "package d", "package d\n\nimport _ \"strings\"")
	r.wantCalls("d/d.go", "own not-inlined")
}

// A go command that hangs, or is not there, is one directory's error at a time,
// and forgotten when it is there again.
func TestWorkspaceGoCommand(t *testing.T) {
	r := newRig(t, small, func(o *Options) { o.Env, o.Timeout = nil, 500*time.Millisecond })
	path := os.Getenv("PATH")
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\nexec sleep 600\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+path)
	r.open("a/a.go")
	if p := r.wantState("a", StateFailed); !strings.Contains(p.Errors[0].Message, "stopped after 500ms") {
		t.Errorf("with a go command that hangs, the errors are %v", p.Errors)
	}
	t.Setenv("PATH", filepath.Join(bin, "none"))
	r.w.Configure(r.options)
	if p := r.wantState("a", StateFailed); !strings.Contains(p.Errors[0].Message, "go command") {
		t.Errorf("without a go command, the errors are %v", p.Errors)
	}
	r.open("a/a2.go", "a/in_test.go")
	r.wantState("a", StateFailed)
	t.Setenv("PATH", path)
	r.options.Timeout = time.Minute
	r.w.Configure(r.options)
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
	o := r.options
	o.BuildFlags = []string{"-nonsense"}
	r.w.Configure(o)
	r.wantState("a", StateFailed)
	r.write("a/tagged.go", "//go:build extra\n\npackage a\n\nvar Tagged = own()\n")
	r.open("a/tagged.go")
	o.BuildFlags = []string{"-tags=extra"}
	r.w.Configure(o)
	r.wantCalls("a/tagged.go", "own inlined")
}

// A compiler that crashes is an error of its package.
func TestWorkspaceCrash(t *testing.T) {
	r := newRig(t, chain)
	r.open("a/a.go", "d/d.go")
	r.wait()
	nth := r.stall()
	r.replace("d/d.go", "return 1", "return 2")
	if err := syscall.Kill(nth(0), syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if p := r.wantState("d", StateFailed); !strings.Contains(p.Errors[0].Message, "crashed") {
		t.Errorf("the errors are %v", p.Errors)
	}
	r.wantState("a", StateFresh)
}

// A panic in a run is logged and is an error of its directory; others go on.
func TestWorkspacePanic(t *testing.T) {
	r := newRig(t, chain)
	r.open("a/a.go", "d/d.go")
	r.wait()
	r.w.do(func() {
		l := *r.w.dirs[r.path("d")].views[""].loaded
		l.tc = nil // which the run does not expect
		r.w.dirs[r.path("d")].views[""].loaded = &l
	})
	r.counts()
	r.replace("d/d.go", "return 1", "return 2")
	if p := r.wantState("d", StateFailed); !strings.Contains(p.Errors[0].Message, "bug") {
		t.Errorf("the errors are %v", p.Errors)
	}
	if n := r.logs.FilterMessage("panic").Len(); n != 1 {
		t.Errorf("%d panics were logged", n)
	}
	r.replace("a/a.go", "b.B(1)", "b.B(2)")
	r.wantState("a", StateFresh)
	r.replace("d/d.go", "package d", "package d\n\nimport _ \"strings\"")
	r.wantState("d", StateFresh)
	r.wantFresh()
}

// meddle runs a line of shell before each compile, until it fails. The compiler
// is $compile in it.
func (r *rig) meddle(line string) {
	r.t.Helper()
	script := filepath.Join(r.t.TempDir(), "compile")
	r.w.do(func() {
		for _, v := range r.w.allViews() {
			l := *v.loaded
			tc := *l.tc
			text := "#!/bin/sh\ncompile=" + tc.Compile + "\ncd " + r.dir + "\n" + line + "\nexec $compile \"$@\"\n"
			if err := os.WriteFile(script, []byte(text), 0o777); err != nil {
				r.t.Error(err)
			}
			tc.Compile = script
			l.tc = &tc
			v.loaded = &l
		}
	})
}

// A file that changes between being read and being compiled is compiled again,
// also if nobody tells of the change, and no wrong result is kept.
func TestWorkspaceMoved(t *testing.T) {
	r := newRig(t, small)
	r.open("a/a.go")
	r.wait()
	const slow = "package a\n\nfunc A() int {\n\treturn own()\n}\n\n//go:noinline\nfunc own() int { return %d }\n"
	r.write("other", fmt.Sprintf(slow, 1))
	r.meddle("mv other a/a.go")
	const quick = "package a\n\nimport \"m/b\"\n\nfunc A() int { return b.B(1) + own() + own() }\n\nfunc own() int { return %d }\n"
	r.save("a/a.go", fmt.Sprintf(quick, 3))
	r.wantCalls("a/a.go", "own not-inlined") // other imports: loaded again
	r.wantFresh()
	r.save("a/a.go", fmt.Sprintf(quick, 3))
	r.wantCalls("a/a.go", "b.B inlined", "own inlined", "own inlined")
	r.wantFresh()

	r.write("other", fmt.Sprintf(quick, 4))
	r.meddle("mv other a/a.go")
	r.save("a/a.go", fmt.Sprintf(strings.Replace(quick, "func own", "//go:noinline\nfunc own", 1), 4))
	r.wantCalls("a/a.go", "b.B inlined", "own inlined", "own inlined") // the same imports
	r.wantFresh()
	r.save("a/a.go", fmt.Sprintf(strings.Replace(quick, "func own", "//go:noinline\nfunc own", 1), 4))
	r.wantCalls("a/a.go", "b.B inlined", "own not-inlined", "own not-inlined")
	r.wantFresh()

	r.meddle("rm -f a/a2.go")
	r.replace("a/a.go", "return 4", "return 5")
	r.wantState("a", StateFresh)
	r.wantFresh()

	r.meddle("echo >> a/a.go")
	r.replace("a/a.go", "return 5", "return 6")
	if p := r.wantState("a", StateFailed); !strings.Contains(p.Errors[0].Message, "changed during the compile") {
		t.Errorf("the errors of a package that never stands still are %v", p.Errors)
	}
}

// A module that is reached through a symbolic link is there under that name.
func TestWorkspaceSymlink(t *testing.T) {
	r := newRig(t, small)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(r.dir, link); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(link, "a", "a.go")
	r.w.Open(file)
	if f := r.wait().Files[file]; f == nil || len(f.Calls) != 2 {
		t.Errorf("of a file in a directory with a link in its name, %+v is known", f)
	}
}
