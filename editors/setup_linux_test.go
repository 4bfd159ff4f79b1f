package editors

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
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
	report := exec.Command(filepath.Join(bin, "inlinelens"), "report", ".")
	report.Dir = dir
	report.Env = append(os.Environ(), "INLINELENS_CACHE="+cache)
	if out, err := report.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return dir, filepath.Join(dir, "market.go")
}

// environment has a program find ours and gopls, and write nothing of its own into
// the home directory.
func environment(t *testing.T) []string {
	t.Helper()
	home := t.TempDir()
	goCache, err := exec.Command("go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	return []string{
		"GOCACHE=" + strings.TrimSpace(string(goCache)),
		"PATH=" + bin + ":" + os.Getenv("PATH"), "INLINELENS_CACHE=" + cache, "TERM=tmux-256color", "LANG=C.UTF-8",
		"XDG_CONFIG_HOME=" + filepath.Join(home, "config"), "XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"XDG_STATE_HOME=" + filepath.Join(home, "state"), "XDG_CACHE_HOME=" + filepath.Join(home, "cache"),
	}
}

// leavesNoServer ends an editor with some keys, and waits until the language server
// that it had started is gone.
func leavesNoServer(t *testing.T, s *screen, keys ...string) {
	t.Helper()
	servers := descendants(t, s.pid(), "inlinelens")
	if len(servers) != 1 {
		t.Errorf("%d servers run below the editor, want 1", len(servers))
	}
	s.keys(keys...)
	for deadline := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		left := 0
		for _, pid := range servers {
			if name, _ := os.ReadFile("/proc/" + pid + "/comm"); strings.TrimSpace(string(name)) == "inlinelens" {
				left++
			}
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the editor was told to end, and its server runs %v later", patience)
		}
	}
}

// descendants finds the processes of a name below another.
func descendants(t *testing.T, pid, name string) (found []string) {
	t.Helper()
	parents := make(map[string]string)
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	names := make(map[string]string)
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent ...
		id, rest, _ := strings.Cut(string(text), " (")
		end := strings.LastIndex(rest, ")")
		if fields := strings.Fields(rest[end+1:]); len(fields) > 1 {
			parents[id], names[id] = fields[1], rest[:end]
		}
	}
	for id := range parents {
		if names[id] != name {
			continue
		}
		for up := id; up != "" && up != "0"; up = parents[up] {
			if up == pid {
				found = append(found, id)
				break
			}
		}
	}
	return found
}
