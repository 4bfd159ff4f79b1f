package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// exits CODE ARGS... runs inlinelens and holds its exit code, that it does not crash,
// and that nothing is left. Its output can be matched afterwards, as after exec.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	exitsAs(ts, args[0], append([]string{ts.Getenv("PROGRAM")}, args[1:]...))
}

func exitsAs(ts *testscript.TestScript, code string, command []string) {
	got := 0
	if err := ts.Exec(command[0], command[1:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("%s: %v", command[0], err)
		}
		got = exit.ExitCode()
	}
	if fmt.Sprint(got) != code {
		ts.Fatalf("exit code %d, want %s\n%s%s", got, code, ts.ReadFile("stdout"), ts.ReadFile("stderr"))
	}
	if text := ts.ReadFile("stderr"); strings.Contains(text, "goroutine ") || strings.Contains(text, "panic:") {
		ts.Fatalf("it crashed:\n%s", text)
	}
	nothingLeft(ts)
}

// nothingLeft fails when the temporary directory holds anything, or a process that the
// script started is still there five seconds later.
func nothingLeft(ts *testscript.TestScript) {
	var left []string
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		left = processes(ts)
		if len(left) == 0 || time.Now().After(deadline) {
			break
		}
	}
	entries, err := os.ReadDir(ts.Getenv("TMPDIR"))
	if !errors.Is(err, fs.ErrNotExist) {
		ts.Check(err)
	}
	for _, e := range entries {
		left = append(left, filepath.Join("$TMPDIR", e.Name()))
	}
	if len(left) > 0 {
		ts.Fatalf("left behind: %s", strings.Join(left, ", "))
	}
}

// program is inlinelens as the script would start it.
func program(ts *testscript.TestScript, args []string) *exec.Cmd {
	cmd := exec.Command(ts.Getenv("PROGRAM"), args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{
		"PATH", "HOME", "TMPDIR", mark, "INLINELENS_CACHE",
		"GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOWORK", "GOTOOLCHAIN", "GOPACKAGESDRIVER",
	} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	return cmd
}

// closedpipe [-exit=CODE] ARGS... runs inlinelens with a reader that goes away at once: it
// must end without a word, and with the exit code, 0 if none is given.
func closedPipe(ts *testscript.TestScript, neg bool, args []string) {
	want := 0
	if len(args) > 0 && strings.HasPrefix(args[0], "-exit=") {
		var err error
		want, err = strconv.Atoi(args[0][len("-exit="):])
		ts.Check(err)
		args = args[1:]
	}
	if neg || len(args) == 0 {
		ts.Fatalf("usage: closedpipe [-exit=CODE] ARGS...")
	}
	r, w, err := os.Pipe()
	ts.Check(err)
	cmd := program(ts, args)
	var stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = w, &stderr
	ts.Check(cmd.Start())
	ts.Check(w.Close())
	ts.Check(r.Close())
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != want || stderr.Len() > 0 {
		ts.Fatalf("a closed pipe gave %v and said %q", err, stderr.String())
	}
}

// count N TEXT holds how often a text stands in standard output.
func count(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: count N TEXT")
	}
	if n := strings.Count(ts.ReadFile("stdout"), args[1]); fmt.Sprint(n) != args[0] {
		ts.Fatalf("%q stands in the output %d times, want %s:\n%s", args[1], n, args[0], ts.ReadFile("stdout"))
	}
}

// fulldisk DIR CODE ARGS... is exits with the cache on a file system of 16 KiB at DIR.
// Where the system does not let a user mount one, the cache is a folder that the kernel
// lets nobody write: the program meets another error on the same path.
func fullDisk(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fulldisk DIR CODE ARGS...")
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
	exitsAs(ts, args[1], append([]string{"unshare", "-rm", "sh", "-c", mount, dir, ts.Getenv("PROGRAM")}, args[2:]...))
}

// interrupted CODE ARGS... starts inlinelens, sends it SIGINT once a compiler that it started
// is at work, and holds its exit code, and that nothing is left. Its standard error is
// put into the file "stderr.txt".
func interrupted(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: interrupted CODE ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	cmd := program(ts, args[1:])
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	ts.Check(cmd.Start())
	done := make(chan error, 1)
	go func() { done <- cmd.Wait() }()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(2 * time.Millisecond) {
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
			ts.Fatalf("no compiler started within two minutes\n%s", stderr.String())
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
	nothingLeft(ts)
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
		ts.Fatalf("usage: rewrite FILE bom|crlf|utf8|nul|garbage|empty|eot")
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
	case "eot": // the end of what is typed
		text = []byte{4}
	default:
		ts.Fatalf("rewrite knows no %q", args[1])
	}
	ts.Check(os.WriteFile(name, text, 0o666))
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
