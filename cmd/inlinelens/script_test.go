package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/inlinelens/inlinelens/internal/reaper"
)

func TestMain(m *testing.M) {
	// The program that a script starts is this one, and starts itself as the
	// reaper: without this it would run all tests, whose programs would do so too.
	if len(os.Args) == 3 && os.Args[1] == reaper.Command {
		reaper.Main(os.Args[2])
		return
	}
	testscript.Main(m, map[string]func(){"inlinelens": main})
}

// TestScripts runs the command line as a user does. All scripts share a cache,
// which is part of what they try: no answer may depend on what another left.
func TestScripts(t *testing.T) {
	cache := t.TempDir()
	kept := map[string]string{"INLINELENS_CACHE": cache, "GOTOOLCHAIN": "local", "GOFLAGS": "", "GOWORK": "off"}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		kept[name] = strings.TrimSpace(string(out))
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for name, value := range kept {
				e.Setenv(name, value)
			}
			tmp := filepath.Join(e.WorkDir, ".tmp")
			e.Setenv("TMPDIR", tmp)
			return os.MkdirAll(tmp, 0o777)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":      exits,
			"closedpipe": closedPipe,
			"count":      count,
		},
	})
}

// exits CODE ARGS... runs inlinelens and holds its exit code, which must leave
// nothing in the temporary directory. Its output can be matched afterwards.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: exits CODE ARGS...")
	}
	code := "0"
	if err := ts.Exec("inlinelens", args[1:]...); err != nil {
		code = strings.TrimPrefix(err.Error(), "exit status ")
	}
	if code != args[0] {
		ts.Fatalf("exit code %s, want %s; standard error:\n%s", code, args[0], ts.ReadFile("stderr"))
	}
	left, err := os.ReadDir(ts.Getenv("TMPDIR"))
	ts.Check(err)
	if len(left) > 0 {
		ts.Fatalf("left in the temporary directory: %v", left)
	}
}

// closedpipe ARGS... runs inlinelens with a reader that goes away at once: it
// must end well, without a word.
func closedPipe(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: closedpipe ARGS...")
	}
	program := ""
	for _, dir := range filepath.SplitList(ts.Getenv("PATH")) {
		if p, err := exec.LookPath(filepath.Join(dir, "inlinelens")); err == nil {
			program = p
			break
		}
	}
	r, w, err := os.Pipe()
	ts.Check(err)
	var stderr bytes.Buffer
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = ts.MkAbs("."), w, &stderr
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "INLINELENS_CACHE", "GOCACHE", "GOMODCACHE", "GOPROXY", "GOFLAGS", "GOWORK", "GOTOOLCHAIN"} {
		cmd.Env = append(cmd.Env, name+"="+ts.Getenv(name))
	}
	ts.Check(cmd.Start())
	ts.Check(w.Close())
	ts.Check(r.Close())
	if err := cmd.Wait(); err != nil || stderr.Len() > 0 {
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
