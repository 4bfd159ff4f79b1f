//go:build unix

package regular

import (
	"bytes"
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestIrregular reads what would make a reader wait, or never end.
func TestIrregular(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	link := func(to, name string) string {
		if err := os.Symlink(to, at(name)); err != nil {
			t.Fatal(err)
		}
		return at(name)
	}
	if err := syscall.Mkfifo(at("pipe"), 0o666); err != nil {
		t.Fatal(err)
	}
	socket, err := net.Listen("unix", at("socket"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	if err := os.WriteFile(at("large"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(at("large"), MaxSize+1); err != nil { // it takes no room
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		at("pipe"):                "is a named pipe",
		link("pipe", "to pipe"):   "is a named pipe",
		at("socket"):              "is a socket",
		link("/dev/zero", "zero"): "is a device",
		at("large"):               "has 256 MB, more than",
		dir:                       "is a directory",
	} {
		began := time.Now()
		_, err := ReadFile(name)
		if !errors.Is(err, ErrIrregular) || !strings.Contains(err.Error(), want) || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v, want that it %s", name, err, want)
		}
		if took := time.Since(began); took > time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		if err := Check(name); name != dir && !errors.Is(err, ErrIrregular) {
			t.Errorf("Check of %s: %v", name, err)
		}
	}
}

func TestRegular(t *testing.T) {
	dir := t.TempDir()
	text := bytes.Repeat([]byte("package p\n"), 1000)
	name := filepath.Join(dir, "p.go")
	if err := os.WriteFile(name, text, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(name, filepath.Join(dir, "link.go")); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{name, filepath.Join(dir, "link.go")} {
		if got, err := ReadFile(name); err != nil || !bytes.Equal(got, text) {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
		if err := Check(name); err != nil {
			t.Error(err)
		}
	}
	// The files of /proc have no size.
	if got, err := ReadFile("/proc/self/status"); err == nil && !bytes.Contains(got, []byte("Pid:")) {
		t.Errorf("/proc/self/status: %q", got)
	}
	if got, err := ReadFile(os.DevNull); err != nil || len(got) > 0 {
		t.Errorf("%s: %q, %v", os.DevNull, got, err)
	}
	missing := filepath.Join(dir, "missing.go")
	if _, err := ReadFile(missing); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v", err)
	}
	if err := Check(missing); err != nil {
		t.Errorf("a missing file: %v", err)
	}
}
