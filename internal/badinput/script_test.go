package badinput

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// mark is the environment variable by which the processes that a script
// started are found again, however they are called and whoever their parent is.
const mark = "INLINELENS_BADINPUT_SCRIPT"

func TestScripts(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", bin, "github.com/inlinelens/inlinelens/cmd/inlinelens")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	kept := map[string]string{}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOROOT", "GOPROXY"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		kept[name] = strings.TrimSpace(string(out))
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			tmp := filepath.Join(e.WorkDir, ".tmp") // not where "./..." looks: other programs write here, too
			e.Vars = append(e.Vars,
				"TMPDIR="+tmp, "HOME="+filepath.Join(e.WorkDir, "home"),
				"INLINELENS_CACHE="+filepath.Join(e.WorkDir, "cache"),
				"GOCACHE="+kept["GOCACHE"], "GOMODCACHE="+kept["GOMODCACHE"], "GOPROXY="+kept["GOPROXY"],
				"GOTOOLCHAIN=local", "GOFLAGS=", "GOWORK=", "GOPACKAGESDRIVER=off", "NO_COLOR=1",
				"PATH="+bin+string(os.PathListSeparator)+filepath.Join(kept["GOROOT"], "bin")+string(os.PathListSeparator)+os.Getenv("PATH"),
				"PROGRAM="+filepath.Join(bin, "inlinelens"),
				mark+"="+e.WorkDir,
			)
			return os.MkdirAll(tmp, 0o777)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":        exits,
			"full-disk":    fullDisk,
			"interrupted":  interrupted,
			"nothing-left": nothingLeft,
			"rewrite":      rewrite,
			"spoil":        spoil,
		},
	})
}

// exits CODE COMMAND ARGS... runs a command and holds its exit code; stdout and
// stderr can be matched afterwards, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d\n%s%s", got, want, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
	if text := ts.ReadFile("stderr"); strings.Contains(text, "goroutine ") || strings.Contains(text, "panic:") {
		ts.Fatalf("it crashed:\n%s", text)
	}
}

// full-disk DIR CODE COMMAND ARGS... is exits with a file system of 16 KiB at
// DIR. Where the system does not let a user mount one, DIR is a folder that the
// kernel lets nobody write: the program meets another error on the same path.
func fullDisk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: full-disk DIR CODE COMMAND ARGS...")
	}
	const mount = `mount -t tmpfs -o size=16k none "$0" && exec "$@"`
	dir := ts.MkAbs(args[0])
	ts.Check(os.Mkdir(dir, 0o777))
	ts.Setenv("INLINELENS_CACHE", dir)
	if err := exec.Command("unshare", "-rm", "sh", "-c", mount, dir, "true").Run(); err != nil {
		ts.Logf("no file system can be mounted here (%v): using one that is not writable", err)
		ts.Setenv("INLINELENS_CACHE", "/proc/self/fdinfo/inlinelens")
		exits(ts, false, args[1:])
		return
	}
	exits(ts, false, append([]string{args[1], "unshare", "-rm", "sh", "-c", mount, dir}, args[2:]...))
}

// nothing-left fails when the temporary directory holds anything, or a process
// that this script started is still there five seconds later.
func nothingLeft(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: nothing-left")
	}
	var left []string
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left = processes(ts)
		if len(left) == 0 || time.Now().After(deadline) {
			break
		}
	}
	entries, err := os.ReadDir(ts.Getenv("TMPDIR"))
	ts.Check(err)
	for _, e := range entries {
		left = append(left, filepath.Join("$TMPDIR", e.Name()))
	}
	if len(left) > 0 {
		ts.Fatalf("left behind: %s", strings.Join(left, ", "))
	}
}

// interrupted CODE COMMAND ARGS... starts a command, sends it SIGINT once a
// compiler that it started is at work, and holds its exit code; its standard
// error is put into the file "stderr.txt".
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupted CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := exec.Command(ts.Getenv("PROGRAM"), args[2:]...)
	if args[1] != "inlinelens" {
		ts.Fatalf("interrupted knows no command but inlinelens")
	}
	var stderr bytes.Buffer
	cmd.Dir, cmd.Env, cmd.Stderr = ts.MkAbs("."), environ(ts), &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		if strings.Contains(strings.Join(processes(ts), " "), "(compile)") {
			break
		}
		select {
		case err := <-done:
			ts.Fatalf("it ended before a compiler was seen: %v\n%s", err, stderr.String())
		default:
		}
		if time.Now().After(deadline) {
			_ = cmd.Process.Kill()
			ts.Fatalf("no compiler started within 30 s\n%s", stderr.String())
		}
	}
	ts.Check(cmd.Process.Signal(os.Interrupt))
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		_ = cmd.Process.Kill()
		ts.Fatalf("still running 10 s after SIGINT\n%s", stderr.String())
	}
	ts.Check(os.WriteFile(ts.MkAbs("stderr.txt"), stderr.Bytes(), 0o666))
	if got := cmd.ProcessState.ExitCode(); got != want {
		ts.Fatalf("exit code %d, want %d\n%s", got, want, stderr.String())
	}
}

// spoil DIR KIND rewrites every file below a folder.
func spoil(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: spoil DIR KIND")
	}
	files := 0
	ts.Check(filepath.WalkDir(ts.MkAbs(args[0]), func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		rewrite(ts, false, []string{path, args[1]})
		return nil
	}))
	if files == 0 {
		ts.Fatalf("%s has no files to spoil", args[0])
	}
}

// rewrite FILE KIND gives a file bytes that a script cannot hold.
func rewrite(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: rewrite FILE bom|crlf|utf8|nul|garbage|empty")
	}
	name := ts.MkAbs(args[0])
	text, err := os.ReadFile(name)
	ts.Check(err)
	switch args[1] {
	case "bom":
		text = append([]byte("\uFEFF"), text...)
	case "crlf":
		text = bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))
	case "utf8": // "BYTE" becomes a byte that is no UTF-8
		text = bytes.ReplaceAll(text, []byte("BYTE"), []byte{0xff})
	case "garbage": // of the same length, so that only the content tells
		text = bytes.Repeat([]byte{0xa5}, len(text))
	case "nul":
		text = append([]byte{0}, text...)
	case "empty":
		text = nil
	default:
		ts.Fatalf("rewrite knows no %q", args[1])
	}
	ts.Check(os.WriteFile(name, text, 0o666))
}

// environ is the script's environment as a list.
func environ(ts *testscript.TestScript) []string {
	var env []string
	for _, v := range os.Environ() {
		name, _, _ := strings.Cut(v, "=")
		env = append(env, name+"="+ts.Getenv(name))
	}
	for _, name := range []string{
		"TMPDIR", "HOME", "INLINELENS_CACHE", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOTOOLCHAIN",
		"GOFLAGS", "GOWORK", "GOPACKAGESDRIVER", "NO_COLOR", "PATH", mark,
	} {
		env = append(env, name+"="+ts.Getenv(name))
	}
	return env
}

// processes lists the living processes of this script as "pid (name)".
func processes(ts *testscript.TestScript) []string {
	want := []byte(mark + "=" + ts.Getenv(mark) + "\x00")
	files, err := filepath.Glob("/proc/[0-9]*/environ")
	ts.Check(err)
	var found []string
	for _, f := range files {
		env, err := os.ReadFile(f)
		if err != nil || !bytes.Contains(env, want) {
			continue // gone, or somebody else's
		}
		name, err := os.ReadFile(filepath.Join(filepath.Dir(f), "comm"))
		if err != nil {
			continue
		}
		found = append(found, fmt.Sprintf("%s (%s)", filepath.Base(filepath.Dir(f)), bytes.TrimSpace(name)))
	}
	return found
}
