package tempdir

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// parentVar has the test binary make and remove directories in another, until it is
// killed.
const parentVar = "INLINELENS_TEMPDIR_TEST_PARENT"

func TestMain(m *testing.M) {
	if parent := os.Getenv(parentVar); parent != "" {
		comeAndGo(parent)
	}
	os.Exit(m.Run())
}

func comeAndGo(parent string) {
	for n := 0; ; n++ {
		d, err := New(parent)
		if err == nil {
			_, err = os.MkdirTemp(d.Path, "")
		}
		if err == nil {
			err = d.Close()
		}
		if err != nil {
			panic(err)
		}
		if n == 0 {
			os.Stdout.Close()
		}
	}
}

// TestRemoveStale shows what New removes and what it leaves alone.
func TestRemoveStale(t *testing.T) {
	parent := t.TempDir()
	live, err := New(parent)
	if err != nil {
		t.Fatal(err)
	}
	// The number in the name says nothing: it may have been given out again.
	dead := filepath.Join(parent, fmt.Sprintf("%s%d-1", prefix, os.Getpid()))
	writeFile(t, dead+lockSuffix, nil)
	writeFile(t, filepath.Join(dead, "compile-1", "importcfg"), []byte("x"))
	halfway := filepath.Join(parent, prefix+"2-1") // died before the directory was made, or after it was removed
	writeFile(t, halfway+lockSuffix, nil)
	// What has no lock file is none of ours, or its lock was removed by somebody else.
	unlocked := filepath.Join(parent, prefix+"3-1")
	writeFile(t, filepath.Join(unlocked, "a.go"), nil)
	foreign := filepath.Join(parent, "other-1")
	writeFile(t, foreign+lockSuffix, nil)
	writeFile(t, filepath.Join(foreign, "a.go"), nil)
	folder := filepath.Join(parent, prefix+"4-1"+lockSuffix)
	writeFile(t, filepath.Join(folder, "a.go"), nil)

	temp, err := New(parent)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]bool{
		live.Path: true, live.Path + lockSuffix: true, dead: false, dead + lockSuffix: false, halfway + lockSuffix: false,
		unlocked: true, foreign: true, foreign + lockSuffix: true, folder: true, temp.Path: true, temp.Path + lockSuffix: true,
	} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
	for _, temp := range []*Dir{live, temp} {
		if err := temp.Close(); err != nil {
			t.Error(err)
		}
		for _, path := range []string{temp.Path, temp.Path + lockSuffix} {
			if _, err := os.Stat(path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left: %v", path, err)
			}
		}
		if err := temp.Close(); err != nil {
			t.Errorf("a second Close: %v", err)
		}
	}
}

// TestNotRemoved shows that a directory which Close cannot remove is not locked until
// this process ends: others may remove it, and so may another Close.
func TestNotRemoved(t *testing.T) {
	parent := t.TempDir()
	d, err := New(parent)
	if err != nil {
		t.Fatal(err)
	}
	path := d.Path
	d.Path += "/." // which RemoveAll refuses
	if d.Close() == nil {
		t.Error("closed what cannot be removed")
	}
	lock, err := lockExclusive(path+lockSuffix, false)
	if err != nil {
		t.Fatalf("it is locked still: %v", err)
	}
	if err := lock.release(); err != nil {
		t.Error(err)
	}
	d.Path = path
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if left := leftOf(t, parent); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestConcurrently shows that many processes that start at once do not
// take each other's directories.
func TestConcurrently(t *testing.T) {
	parent := t.TempDir()
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 20 {
				temp, err := New(parent)
				if err != nil {
					t.Error(err)
					return
				}
				if dir, err := os.MkdirTemp(temp.Path, ""); err != nil {
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
	if left := leftOf(t, parent); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

func TestNowhere(t *testing.T) {
	_, err := New(filepath.Join(t.TempDir(), "missing"))
	if !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// TestTMPDIR shows that TMPDIR is honoured.
func TestTMPDIR(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	temp, err := New("")
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(temp.Path) != dir || !strings.HasPrefix(filepath.Base(temp.Path), fmt.Sprintf("%s%d-", prefix, os.Getpid())) {
		t.Errorf("the directory is %s", temp.Path)
	}
	if err := temp.Close(); err != nil {
		t.Error(err)
	}
}

// TestInModule shows that the go command does not look for packages there.
func TestInModule(t *testing.T) {
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "go.mod"), []byte("module example.com/m\n\ngo 1.22\n"))
	writeFile(t, filepath.Join(dir, "m.go"), []byte("package m\n"))
	temp, err := New(dir)
	if err != nil {
		t.Fatal(err)
	}
	writeFile(t, filepath.Join(temp.Path, "compile-1", "x.go"), []byte("package x\n"))
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

// TestKilledAnytime kills processes that make and remove their directories: whatever
// they were doing, the next process removes what they left.
func TestKilledAnytime(t *testing.T) {
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for range 100 {
		p := exec.Command(self)
		p.Env = append(os.Environ(), parentVar+"="+dir)
		stdout, err := p.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadAll(stdout); err != nil { // until the first is removed
			t.Error(err)
		}
		time.Sleep(rand.N(5 * time.Millisecond))
		if err := p.Process.Kill(); err != nil {
			t.Error(err)
		}
		_ = p.Wait()
		temp, err := New(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := temp.Close(); err != nil {
			t.Error(err)
		}
		if left := leftOf(t, dir); len(left) > 0 {
			t.Fatalf("left: %v", left)
		}
	}
}

// leftOf returns what New made in a directory, and nobody has removed yet.
func leftOf(t testing.TB, parent string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(parent, prefix+"*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func writeFile(t *testing.T, name string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
}
