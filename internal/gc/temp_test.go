package gc

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestSweep shows what NewTemp removes and what it leaves alone.
func TestSweep(t *testing.T) {
	parent := t.TempDir()
	live, err := NewTemp(parent)
	if err != nil {
		t.Fatal(err)
	}
	// The number in the name says nothing: it may have been given out again.
	dead := filepath.Join(parent, fmt.Sprintf("%s%d-1", tempPrefix, os.Getpid()))
	writeFile(t, filepath.Join(dead, lockName), nil)
	writeFile(t, filepath.Join(dead, "compile-1", "importcfg"), []byte("x"))
	fresh := filepath.Join(parent, tempPrefix+"2-fresh")
	old := filepath.Join(parent, tempPrefix+"3-old")
	oldFull := filepath.Join(parent, tempPrefix+"4-old-full")
	foreign := filepath.Join(parent, "other-1")
	writeFile(t, filepath.Join(oldFull, "a.go"), nil)
	for _, dir := range []string{fresh, old, foreign} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, dir := range []string{old, oldFull, foreign} {
		then := time.Now().Add(-2 * unlockedAge)
		if err := os.Chtimes(dir, then, then); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(parent, tempPrefix+"5-file")
	writeFile(t, file, nil)

	temp, err := NewTemp(parent)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{live.Dir: true, dead: false, fresh: true, old: false, oldFull: true, foreign: true, file: true, temp.Dir: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
	for _, temp := range []*Temp{live, temp} {
		if err := temp.Close(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(temp.Dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left: %v", temp.Dir, err)
		}
		if err := temp.Close(); err != nil {
			t.Errorf("a second Close: %v", err)
		}
	}
}

// TestTempConcurrently shows that many processes that start at once do not
// take each other's directories.
func TestTempConcurrently(t *testing.T) {
	parent := t.TempDir()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				temp, err := NewTemp(parent)
				if err != nil {
					t.Error(err)
					return
				}
				if dir, err := temp.mkdir(); err != nil {
					t.Error(err)
				} else if _, err := os.Stat(dir); err != nil {
					t.Error(err)
				}
				if err := temp.Close(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if left := tempDirs(t, parent); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestTempNowhere(t *testing.T) {
	_, err := NewTemp(filepath.Join(t.TempDir(), "missing"))
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "set TMPDIR") {
		t.Error(err)
	}
}

// TestTempDir shows that TMPDIR is honoured.
func TestTempDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	temp, err := NewTemp("")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(temp.Dir) != dir || !strings.HasPrefix(filepath.Base(temp.Dir), fmt.Sprintf("%s%d-", tempPrefix, os.Getpid())) {
		t.Errorf("the directory is %s", temp.Dir)
	}
	if err := temp.Close(); err != nil {
		t.Error(err)
	}
}

// TestTempInModule shows that the go command does not look for packages there.
func TestTempInModule(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.22\n"))
	writeFile(t, filepath.Join(dir, "m.go"), []byte("package m\n"))
	temp, err := NewTemp(dir)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(temp.Dir, "compile-1", "x.go"), []byte("package x\n"))
	list := exec.Command("go", "list", "./...")
	list.Dir = dir
	list.Env = append(os.Environ(), "GOWORK=off", "GOFLAGS=")
	if out, err := list.Output(); err != nil || string(out) != "example.com/m\n" {
		t.Errorf("go list ./... found %q, %v", out, err)
	}
	if err := temp.Close(); err != nil {
		t.Error(err)
	}
}
