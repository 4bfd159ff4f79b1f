package editors

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/gopls"
)

// bin has the programs inlinelens and gopls, and cache is the server's.
var bin, cache string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "editors-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		bin, cache = filepath.Join(dir, "bin"), filepath.Join(dir, "cache")
		if out, err := exec.Command("go", "build", "-o", bin+"/", "../cmd/inlinelens").CombinedOutput(); err != nil {
			panic(string(out))
		}
		ctx, stop := context.WithTimeout(context.Background(), 15*time.Minute)
		defer stop()
		name, err := gopls.Install(ctx)
		if err != nil {
			panic(err)
		}
		if err := os.Symlink(name, filepath.Join(bin, "gopls")); err != nil {
			panic(err)
		}
		return m.Run()
	}())
}

// install returns the path of a program of a Debian suite, which is fetched if it
// is not there.
func install(t *testing.T, suite, program string, packages ...string) string {
	t.Helper()
	cmd := exec.Command("../scripts/editors/debian.sh", append([]string{suite, program}, packages...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// sample lays out the module that the command demo shows, and returns its
// directory and its file. What it needs of the standard library is in the cache
// then: an editor that cannot be told to ask again waits for some seconds only.
func sample(t *testing.T) (dir, file string) {
	t.Helper()
	dir = t.TempDir()
	from := "../cmd/inlinelens/demo/sample"
	for name, as := range map[string]string{"go.mod.txt": "go.mod", "market.go.txt": "market.go"} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, as), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	report(t, dir)
	return dir, filepath.Join(dir, "market.go")
}

// report runs inlinelens report in a directory.
func report(t *testing.T, dir string, env ...string) {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "inlinelens"), "report", ".")
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "INLINELENS_CACHE="+cache), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// environment has a program find ours and gopls, and write nothing but below home.
func environment(t *testing.T, home string) []string {
	t.Helper()
	temp := filepath.Join(home, "tmp")
	if err := os.Mkdir(temp, 0o777); err != nil {
		t.Fatal(err)
	}
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"GOCACHE=" + strings.TrimSpace(string(goCache)), "TMPDIR=" + temp,
		"PATH=" + bin + ":" + os.Getenv("PATH"), "INLINELENS_CACHE=" + cache,
		"TERM=tmux-256color", "COLORTERM=truecolor", "LANG=C.UTF-8",
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
	}
}

// A process is one that runs.
type process struct{ id, name string }

// below returns the processes that have the environment of a program that was started
// with a home of its own: the program, and what it has started.
func below(t *testing.T, home string) (found []process) {
	t.Helper()
	environments, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range environments {
		text, err := os.ReadFile(file)
		// Neovim gives its processes their environment in any order.
		if err != nil || !slices.Contains(strings.Split(string(text), "\x00"), "TMPDIR="+filepath.Join(home, "tmp")) {
			continue // it has ended, or is another's
		}
		dir := filepath.Dir(file)
		name, err := os.ReadFile(filepath.Join(dir, "comm"))
		if err == nil {
			found = append(found, process{filepath.Base(dir), strings.TrimSpace(string(name))})
		}
	}
	return found
}

// named returns those of a name.
func named(processes []process, name string) (found []process) {
	for _, p := range processes {
		if p.name == name {
			found = append(found, p)
		}
	}
	return found
}
