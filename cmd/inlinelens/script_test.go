package main

import (
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

// mark is the environment variable by which the processes that a script started are
// found, whatever they are called and whoever their parent is.
const mark = "INLINELENS_TEST_SCRIPT"

// TestScripts runs the command line as a user does, on sound input and on input that
// is broken, missing or in the way. All scripts share a cache, which is part of what
// they try: no answer may depend on what another left.
func TestScripts(t *testing.T) {
	env := map[string]string{
		"INLINELENS_CACHE": t.TempDir(),
		"GOTOOLCHAIN":      "local", "GOFLAGS": "", "GOWORK": "", "GOPACKAGESDRIVER": "off",
	}
	for _, name := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY"} {
		out, err := exec.Command("go", "env", name).Output()
		if err != nil {
			t.Fatal(err)
		}
		env[name] = strings.TrimSpace(string(out))
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for name, value := range env {
				e.Setenv(name, value)
			}
			tmp := filepath.Join(e.WorkDir, ".tmp") // not where "./..." looks: other programs write here, too
			e.Setenv("TMPDIR", tmp)
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv(mark, e.WorkDir)
			program, err := programIn(e.Getenv("PATH"))
			if err != nil {
				return err
			}
			e.Setenv("PROGRAM", program)
			return os.MkdirAll(tmp, 0o777)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":       exits,
			"closedpipe":  closedPipe,
			"interrupted": interrupted,
			"fulldisk":    fullDisk,
			"rewrite":     rewrite,
			"spoil":       spoil,
			"count":       count,
		},
	})
}

// programIn finds the program in a list of directories.
func programIn(path string) (program string, err error) {
	for _, dir := range filepath.SplitList(path) {
		if program, err = exec.LookPath(filepath.Join(dir, "inlinelens")); err == nil {
			return program, nil
		}
	}
	return "", err
}
