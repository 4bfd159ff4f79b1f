package store

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func key(n int) Key { return sha256.Sum256(fmt.Append(nil, n)) }

func openTest(t *testing.T, dir string, limit int64) *Store {
	t.Helper()
	s, err := Open(dir, limit)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func put(t *testing.T, s *Store, n int, data []byte) {
	t.Helper()
	if err := s.Put(key(n), data); err != nil {
		t.Fatal(err)
	}
}

func file(s *Store, n int) string {
	_, name := key(n).file()
	return filepath.Join(s.dir, name)
}

func TestKeeps(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	s := openTest(t, dir, Limit)
	if _, err := s.Get(key(1)); !errors.Is(err, fs.ErrNotExist) || s.Has(key(1)) {
		t.Errorf("before anything was put: %v", err)
	}
	for _, data := range [][]byte{[]byte("first"), []byte("second"), {}, bytes.Repeat([]byte("x"), 1<<20)} {
		put(t, s, 1, data)
		if got, err := openTest(t, dir, Limit).Get(key(1)); err != nil || !bytes.Equal(got, data) || !s.Has(key(1)) {
			t.Errorf("got %d bytes, %v, want %d", len(got), err, len(data))
		}
	}
	if err := s.Put(key(2), make([]byte, maxEntry)); err == nil {
		t.Error("what cannot be read again was kept")
	}
}

// TestPrivate shows that nobody else can read what is kept.
func TestPrivate(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "cache"), Limit)
	put(t, s, 1, []byte("x"))
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
			t.Errorf("%s has the mode %v", path, info.Mode())
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestRemoved shows that a store whose directory is removed makes it again.
func TestRemoved(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "cache"), Limit)
	put(t, s, 1, []byte("x"))
	for n := range 3 {
		if err := os.RemoveAll(s.dir); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Get(key(1)); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("got %v of what was removed", err)
		}
		put(t, s, n, []byte("y"))
		if got, err := s.Get(key(n)); err != nil || string(got) != "y" {
			t.Errorf("%q, %v", got, err)
		}
	}
}

// TestTrim shows that what has not been used for longest goes when there is too much,
// and what was left half-written with it, but nothing that is none of the store's.
func TestTrim(t *testing.T) {
	const size = 1000
	s := openTest(t, filepath.Join(t.TempDir(), "cache"), 40*size)
	foreign := filepath.Join(s.dir, "README")
	half := filepath.Join(filepath.Dir(file(s, 0)), tempPrefix+"1-2")
	put(t, s, 0, nil)
	for _, name := range []string{foreign, half} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := time.Now().Add(-2 * writingTime)
	if err := os.Chtimes(half, long, long); err != nil {
		t.Fatal(err)
	}
	for n := range 200 {
		put(t, s, n, make([]byte, size))
		used := time.Now().Add(time.Duration(n-300) * time.Minute)
		if err := os.Chtimes(file(s, n), used, used); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		if n >= 3 {
			if _, err := s.Get(key(3)); err != nil { // which is used all the time
				t.Fatalf("after %d: %v", n, err)
			}
		}
		s.trims.Wait()
	}
	kept := 0
	for n := range 200 {
		if s.Has(key(n)) {
			kept++
		}
	}
	if kept < 20 || kept > 46 || !s.Has(key(199)) || s.Has(key(5)) {
		t.Errorf("%d entries are kept", kept)
	}
	if _, err := os.Lstat(half); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("what was half-written: %v", err)
	}
	if _, err := os.Lstat(foreign); err != nil {
		t.Error(err)
	}
}

// TestConcurrently has many stores in one directory write, read and trim.
func TestConcurrently(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	var wg sync.WaitGroup
	for range 4 {
		s := openTest(t, dir, 20_000)
		wg.Go(func() {
			for range 300 {
				n := rand.IntN(50)
				want := bytes.Repeat([]byte{byte(n)}, 500)
				if err := s.Put(key(n), want); err != nil {
					t.Error(err)
				}
				if got, err := s.Get(key(n)); err == nil && !bytes.Equal(got, want) || err != nil && !errors.Is(err, fs.ErrNotExist) {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			}
		})
	}
	wg.Wait()
}
