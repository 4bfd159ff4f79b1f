//go:build unix

package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// TestPoisoned puts something else in the place of each entry: none is taken for what
// was put there, none is waited for, and what links lead to stays as it is.
func TestPoisoned(t *testing.T) {
	outside := filepath.Join(t.TempDir(), "outside")
	random := rand.New(rand.NewPCG(1, 2))
	poisons := map[string]func(name string, text []byte) error{
		"garbage":   func(name string, text []byte) error { return os.WriteFile(name, make([]byte, len(text)), 0o600) },
		"empty":     func(name string, _ []byte) error { return os.WriteFile(name, nil, 0o600) },
		"truncated": func(name string, text []byte) error { return os.WriteFile(name, text[:random.IntN(len(text))], 0o600) },
		"longer":    func(name string, text []byte) error { return os.WriteFile(name, append(text, 0), 0o600) },
		"pipe":      func(name string, _ []byte) error { return syscall.Mkfifo(name, 0o600) },
		"link":      func(name string, _ []byte) error { return os.Symlink(outside, name) },
		"device":    func(name string, _ []byte) error { return os.Symlink("/dev/zero", name) },
		"directory": func(name string, _ []byte) error { return os.Mkdir(name, 0o700) },
		"other":     nil,
		"one bit": func(name string, text []byte) error {
			text[random.IntN(len(text))] ^= 1 << random.IntN(8)
			return os.WriteFile(name, text, 0o600)
		},
		"huge": func(name string, _ []byte) error {
			return errors.Join(os.WriteFile(name, nil, 0o600), os.Truncate(name, 1<<40))
		},
		"link to it": func(name string, text []byte) error {
			return errors.Join(os.WriteFile(name+"x", text, 0o600), os.Symlink(filepath.Base(name)+"x", name))
		},
	}
	tried := 0
	for what, poison := range poisons {
		dir := filepath.Join(t.TempDir(), "cache")
		s := openTest(t, dir, Limit)
		for n := range 20 {
			put(t, s, n, fmt.Append(nil, "data of ", n))
		}
		for n := range 20 {
			name := file(s, n)
			text, err := os.ReadFile(name)
			if err == nil {
				err = os.Remove(name)
			}
			if err == nil && poison != nil {
				err = poison(name, text)
			} else if err == nil {
				text, err = os.ReadFile(file(s, (n+1)%20))
				err = errors.Join(err, os.WriteFile(name, text, 0o600))
			}
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			tried++
			if got, err := s.Get(key(n)); err == nil {
				t.Errorf("%s: read %q", what, got)
			}
			if err := os.WriteFile(outside, []byte("as it was"), 0o600); err != nil {
				t.Fatal(err)
			}
			err = s.Put(key(n), []byte("new"))
			if got, getErr := s.Get(key(n)); what != "directory" && (err != nil || getErr != nil || string(got) != "new") {
				t.Errorf("%s: put: %v; got %q, %v", what, err, got, getErr)
			}
			if text, err := os.ReadFile(outside); err != nil || !bytes.Equal(text, []byte("as it was")) {
				t.Errorf("%s: written through: %q, %v", what, text, err)
			}
			if n%20 == 19 {
				s.trim(s.current())
			}
		}
	}
	t.Logf("%d entries poisoned", tried)
}

// TestPoisonedDirectory has a link in the place of a directory of entries.
func TestPoisonedDirectory(t *testing.T) {
	outside := t.TempDir()
	s := openTest(t, filepath.Join(t.TempDir(), "cache"), Limit)
	put(t, s, 1, []byte("x"))
	dir := filepath.Dir(file(s, 1))
	if err := errors.Join(os.RemoveAll(dir), os.Symlink(outside, dir)); err != nil {
		t.Fatal(err)
	}
	if err := s.Put(key(1), []byte("x")); err == nil {
		t.Error("put through a link")
	}
	if entries, err := os.ReadDir(outside); err != nil || len(entries) > 0 {
		t.Errorf("written outside: %v, %v", entries, err)
	}
	if _, err := s.Get(key(1)); err == nil || errors.Is(err, fs.ErrInvalid) {
		t.Error(err)
	}
	s.trim(s.current())
}
