//go:build unix

package server

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

// A brokenCompiler stands in the place of the toolchain's, and is one that works
// until it is told otherwise.
type brokenCompiler struct {
	t   *testing.T
	dir string
}

// newBrokenCompiler puts one into the toolchain that the go command names while
// the test lasts.
func newBrokenCompiler(t *testing.T) *brokenCompiler {
	t.Helper()
	command, err := exec.LookPath("go")
	must(t, err)
	out, err := exec.Command(command, "env", "GOTOOLDIR").Output()
	must(t, err)
	c := &brokenCompiler{t: t, dir: t.TempDir()}
	tools := filepath.Join(c.dir, "tools")
	must(t, os.Mkdir(tools, 0o777))
	write := func(name, script string) {
		must(t, os.WriteFile(filepath.Join(c.dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o777))
	}
	write("tools/compile", "test ! -f "+c.fault()+" || . "+c.fault()+"\nexec "+filepath.Join(strings.TrimSpace(string(out)), "compile")+" \"$@\"")
	write("go", "test $1 = env || test ! -f "+c.slow()+" || sleep 0.3\ncase $1 in\nenv) "+command+" \"$@\" | sed 's|\"GOTOOLDIR\": .*\"|\"GOTOOLDIR\": \"'"+tools+"'\"|';;\n*) exec "+command+" \"$@\";;\nesac")
	t.Setenv("PATH", c.dir+string(os.PathListSeparator)+os.Getenv("PATH"))
	return c
}

func (c *brokenCompiler) fault() string { return filepath.Join(c.dir, "fault") }
func (c *brokenCompiler) slow() string  { return filepath.Join(c.dir, "slow") }

// breaks has each compile run a line of shell first, which may be its end.
func (c *brokenCompiler) breaks(line string) {
	c.t.Helper()
	must(c.t, os.WriteFile(c.fault()+".new", []byte(line+"\n"), 0o666))
	must(c.t, os.Rename(c.fault()+".new", c.fault()))
}

// works ends that.
func (c *brokenCompiler) works() {
	c.t.Helper()
	must(c.t, os.Remove(c.fault()))
}

// hangs makes a compiler that does not end, and returns a function that waits for
// the process.
func (c *brokenCompiler) hangs() (wait func() (pid int)) {
	file := filepath.Join(c.dir, "pid")
	c.breaks("echo $$ >" + file + ".new && mv " + file + ".new " + file + "\nexec sleep 1000")
	return func() int {
		c.t.Helper()
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
			if text, err := os.ReadFile(file); err == nil {
				pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
				must(c.t, err)
				return pid
			}
		}
		c.t.Fatal("no compiler was started")
		return 0
	}
}

// The hints of module's a.go, and what they are without the directive in it.
var (
	keptHints = []string{"9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›"}
	freeHints = []string{"8: return small‹✓›", "8: return small(x) + kept‹✓›"}
)

// TestCompilerFaults breaks the compiler in the middle of a session. It is told
// what is wrong, and when it works again, a save is enough.
func TestCompilerFaults(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault string // "" for a compiler that hangs
		kill  bool
		want  string
	}{
		{name: "killed", kill: true, want: "the compiler crashed: signal: killed"},
		{name: "hangs", want: "stopped after 5s"},
		{name: "crashes", fault: "kill -SEGV $$", want: "the compiler crashed: signal: segmentation fault"},
		{name: "panics", fault: "printf 'panic: no!\\n\\ngoroutine 1 [running]:\\n' >&2; exit 2", want: "panic: no!"},
		{name: "internal error", fault: "echo \"$PWD/a.go:3:6: internal compiler error: no!\"; exit 2", want: "internal compiler error: no!"},
		{name: "silent", fault: "exit 3", want: "exit status 3"},
		{name: "gone", fault: "mv \"$0\" \"$0.away\"; exit 3", want: "exit status 3"},
	} {
		t.Run(test.name, func(t *testing.T) {
			leaveNothing(t)
			c := newBrokenCompiler(t)
			dir := write(t, module)
			a := filepath.Join(dir, "a.go")
			e, _ := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"timeout": "5s"})})
			e.Open(a)
			awaitHints(t, e, a, keptHints...)

			pid := 0
			if test.fault != "" {
				c.breaks(test.fault)
				e.Edit(a, "//go:noinline\n", "")
				e.Save(a)
			} else {
				wait := c.hangs()
				e.Edit(a, "//go:noinline\n", "")
				e.Save(a)
				pid = wait()
			}
			if test.kill {
				must(t, syscall.Kill(pid, syscall.SIGKILL))
			}
			awaitFailed(t, e, test.want)
			awaitHints(t, e, a, "8: return small‹✓›", "8: return small(x) + kept‹✗ noinline›") // the last ones

			c.works()
			if test.name == "gone" {
				e.Save(a)
				awaitFailed(t, e, "no such file")
				compiler := filepath.Join(c.dir, "tools/compile")
				must(t, os.Rename(compiler+".away", compiler))
			}
			e.Save(a)
			awaitHints(t, e, a, freeHints...)
			awaitFresh(t, e)
		})
	}
}

// TestGoRemoved takes the go command away in the middle of a session.
func TestGoRemoved(t *testing.T) {
	const more = "package m\n\nimport _ \"unsafe\"\n"
	t.Run("from the disk", func(t *testing.T) {
		leaveNothing(t)
		found, err := exec.LookPath("go")
		must(t, err)
		bin := t.TempDir()
		must(t, os.Symlink(found, filepath.Join(bin, "go")))
		t.Setenv("PATH", bin)
		dir := write(t, module)
		a := filepath.Join(dir, "a.go")
		e, _ := edit(t, fakeeditor.Options{Initialization: with(nil)})
		e.Open(a)
		awaitHints(t, e, a, keptHints...)
		must(t, os.Remove(filepath.Join(bin, "go")))
		e.Edit(a, "//go:noinline\n", "") // what is loaded is enough for that
		e.Save(a)
		awaitHints(t, e, a, freeHints...)
		e.Edit(a, "package m\n", more)
		e.Save(a)
		awaitFailed(t, e, "no go command")
		must(t, os.Symlink(found, filepath.Join(bin, "go")))
		e.Edit(a, more, "package m\n")
		e.Save(a)
		awaitHints(t, e, a, freeHints...)
		awaitFresh(t, e)
	})
	t.Run("from the settings", func(t *testing.T) {
		leaveNothing(t)
		dir := write(t, module)
		a := filepath.Join(dir, "a.go")
		e, _ := edit(t, fakeeditor.Options{Initialization: with(nil)})
		e.Open(a)
		awaitHints(t, e, a, keptHints...)
		set(e, with(map[string]any{"build.env": map[string]string{"PATH": t.TempDir()}}))
		awaitFailed(t, e, "no go command")
		awaitHints(t, e, a)
		set(e, with(nil))
		awaitHints(t, e, a, keptHints...)
		awaitFresh(t, e)
	})
}

// TestCacheFaults takes the cache away in the middle of a session, which goes on
// without it.
func TestCacheFaults(t *testing.T) {
	for name, breakIt := range map[string]func(cache string) error{
		"deleted":    os.RemoveAll,
		"unreadable": func(cache string) error { return os.Chmod(cache, 0) }, // not for root
		"a file": func(cache string) error {
			if err := os.RemoveAll(cache); err != nil {
				return err
			}
			return os.WriteFile(cache, []byte("no directory"), 0o666)
		},
		"garbage": func(cache string) error {
			return filepath.WalkDir(cache, func(path string, d os.DirEntry, err error) error {
				if err != nil || d.IsDir() {
					return err
				}
				return os.WriteFile(path, []byte("garbage"), 0o666)
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			leaveNothing(t)
			cache := filepath.Join(t.TempDir(), "cache")
			t.Cleanup(func() { _ = os.Chmod(cache, 0o777) }) // for its removal
			dir := write(t, module)
			a := filepath.Join(dir, "a.go")
			session := func() *fakeeditor.Editor {
				s := serveWith(t, func(o *Options) { o.Engine.CacheDir = cache })
				e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{Initialization: with(nil)})
				e.Initialize()
				e.Open(a)
				return e
			}
			e := session()
			awaitHints(t, e, a, keptHints...)
			must(t, breakIt(cache))
			e.Edit(a, "//go:noinline\n", "")
			e.Save(a)
			awaitHints(t, e, a, freeHints...)
			e.Edit(a, "func kept", "//go:noinline\nfunc kept") // what was kept before
			e.Save(a)
			awaitHints(t, e, a, keptHints...)
			awaitFresh(t, e)
			e.Shutdown()
			e = session() // and one that finds it so
			awaitHints(t, e, a, keptHints...)
			awaitFresh(t, e)
			e.Shutdown()
		})
	}
}

// TestFileRemoved removes a file between the save of another one and the compile.
func TestFileRemoved(t *testing.T) {
	leaveNothing(t)
	c := newBrokenCompiler(t)
	files := map[string]string{"b.go": "package m\n\nfunc small(x int) int { return x + 1 }\n"}
	files["go.mod"] = module["go.mod"]
	files["a.go"] = strings.Replace(module["a.go"], "func small(x int) int { return x + 1 }\n\n", "", 1)
	dir := write(t, files)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(nil)})
	e.Open(a)
	awaitHints(t, e, a, "7: return small‹✓›", "7: return small(x) + kept‹✗ noinline›")
	c.breaks("rm -f " + b)
	e.Edit(a, "//go:noinline\n", "")
	e.Save(a)
	awaitFailed(t, e, "undefined: small")
	c.works()
	must(t, os.WriteFile(b, []byte(files["b.go"]), 0o666))
	e.Changed(b)
	awaitHints(t, e, a, "6: return small‹✓›", "6: return small(x) + kept‹✓›")

	c.breaks("rm -f " + a) // the one that is open
	e.Edit(a, "x + 2", "x + 3")
	e.Save(a)
	e.Await("the note that the file is gone", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && len(status.Packages) == 1 && len(status.Packages[0].Files) == 1
		return ok && strings.Contains(status.Packages[0].Files[0].Note, "not on disk"), fmt.Sprintf("%+v", status)
	})
	c.works()
	e.Save(a)
	awaitHints(t, e, a, "6: return small‹✓›", "6: return small(x) + kept‹✓›")
	awaitFresh(t, e)
}

// TestManySaves saves 200 times in a row: few of them are compiled, no request
// waits for them, and the last one counts.
func TestManySaves(t *testing.T) {
	leaveNothing(t)
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{Initialization: with(nil)})
	e.Open(a)
	awaitHints(t, e, a, keptHints...)
	awaitFresh(t, e)
	s.logs.TakeAll()
	begin := time.Now()
	for i := range 200 {
		e.Edit(a, fmt.Sprintf("return x + %d }\n\nfunc Use", 2+i), fmt.Sprintf("return x + %d }\n\nfunc Use", 3+i))
		e.Save(a)
		e.Hints(a)
		time.Sleep(time.Until(begin.Add(time.Duration(i+1) * 5 * time.Millisecond)))
	}
	took := time.Since(begin)
	e.Edit(a, "//go:noinline\n", "")
	e.Save(a)
	awaitHints(t, e, a, freeHints...)
	awaitFresh(t, e)
	// The beginnings of two runs are 50 ms apart. A file that is just being written
	// may look as if it had other imports.
	for _, what := range []string{"compile", "load"} {
		if n := s.logs.FilterMessage(what).Len(); n > int(took/(50*time.Millisecond))+20 {
			t.Errorf("%d times %s for 201 saves in %v", n, what, took)
		}
	}
}

// TestSavesDuringLoad saves all the time while a load is under way. Each time the load
// finds that a file was written meanwhile; the last save counts all the same.
func TestSavesDuringLoad(t *testing.T) {
	leaveNothing(t)
	c := newBrokenCompiler(t)
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{Initialization: with(nil)})
	e.Open(a)
	awaitHints(t, e, a, keptHints...)
	awaitFresh(t, e)
	must(t, os.WriteFile(c.slow(), nil, 0o666))
	e.Edit(a, "package m\n", "package m\n\nimport _ \"errors\"\n")
	e.Save(a)
	const again = "once more: a file was written meanwhile"
	for i := 0; s.logs.FilterMessage(again).Len() < 4; i++ {
		if i == 1000 {
			t.Fatal("the load is not begun again")
		}
		e.Edit(a, fmt.Sprintf("return x + %d }\n\nfunc Use", 2+i), fmt.Sprintf("return x + %d }\n\nfunc Use", 3+i))
		if i == 0 {
			e.Edit(a, "//go:noinline\n", "")
		}
		e.Save(a)
		time.Sleep(10 * time.Millisecond)
	}
	awaitHints(t, e, a, "10: return small‹✓›", "10: return small(x) + kept‹✓›")
	awaitFresh(t, e)
}

// TestDiskFull has no room on the disk where the compiler's files and the cache
// are, then for the cache alone.
func TestDiskFull(t *testing.T) {
	leaveNothing(t)
	d := newDisk(t)
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e := d.serve(fakeeditor.Options{Initialization: with(nil)})
	e.Open(a)
	awaitHints(t, e, a, keptHints...)
	awaitFresh(t, e)
	d.fill()
	e.Edit(a, "//go:noinline\n", "")
	e.Save(a)
	awaitFailed(t, e, d.says)
	d.free()
	e.Save(a)
	awaitHints(t, e, a, freeHints...)
	awaitFresh(t, e)
	e.Shutdown()
	d.ended()
}

// A disk is a small file system on which a server has its temporary files and its
// cache. Where users may not mount one, it is a directory in whose place there is
// a file when it is full: the server meets another error at the same places.
type disk struct {
	t       *testing.T
	dir     string
	mounted bool
	says    string // in the error of a write when it is full
	root    string // the server's view of the file system
	cmd     *exec.Cmd
	stderr  bytes.Buffer
}

func newDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{t: t, dir: filepath.Join(t.TempDir(), "disk"), says: "no space left on device"}
	must(t, os.Mkdir(d.dir, 0o777))
	d.mounted = exec.Command("unshare", append(d.mount(), "true")...).Run() == nil
	if !d.mounted {
		t.Log("no file system can be mounted here: putting a file in the place of the directory")
		d.says = "not a directory"
	}
	return d
}

// mount are arguments of unshare, before a command that shall have the disk.
func (d *disk) mount() []string {
	return []string{"-rm", "sh", "-c", `mount -t tmpfs -o size=1m none "$0" && mkdir "$0/tmp" "$0/cache" && exec "$@"`, d.dir}
}

// serve starts a server as a process of its own.
func (d *disk) serve(o fakeeditor.Options) *fakeeditor.Editor {
	d.t.Helper()
	program := testprogram.Path(d.t)
	d.cmd = exec.Command(program, "serve")
	if d.mounted {
		d.cmd = exec.Command("unshare", append(d.mount(), program, "serve")...)
	} else {
		must(d.t, os.Mkdir(filepath.Join(d.dir, "tmp"), 0o777))
	}
	d.cmd.Env = append(os.Environ(), "TMPDIR="+filepath.Join(d.dir, "tmp"), "INLINELENS_CACHE="+filepath.Join(d.dir, "cache"))
	d.cmd.Stderr = &d.stderr
	rwc := start(d.t, d.cmd)
	e := fakeeditor.Connect(d.t, rwc, o)
	e.Initialize()
	if d.mounted {
		d.root = fmt.Sprintf("/proc/%d/root", d.cmd.Process.Pid)
	}
	return e
}

// fill leaves no room.
func (d *disk) fill() {
	d.t.Helper()
	if !d.mounted {
		must(d.t, os.Rename(d.dir, d.dir+".away"))
		must(d.t, os.WriteFile(d.dir, nil, 0o666))
		return
	}
	f, err := os.Create(d.root + filepath.Join(d.dir, "all"))
	must(d.t, err)
	defer f.Close()
	for size := 1 << 16; size > 0; size /= 2 {
		for err = nil; err == nil; {
			_, err = f.Write(make([]byte, size))
		}
	}
}

// free makes room again.
func (d *disk) free() {
	d.t.Helper()
	if !d.mounted {
		must(d.t, os.Remove(d.dir))
		must(d.t, os.Rename(d.dir+".away", d.dir))
		return
	}
	must(d.t, os.Remove(d.root+filepath.Join(d.dir, "all")))
}

// ended waits for the end of the server.
func (d *disk) ended() {
	d.t.Helper()
	if err := d.cmd.Wait(); err != nil {
		d.t.Errorf("the server: %v\n%s", err, d.stderr.Bytes())
	}
}
