package workspace

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/session"
)

// TestUnsavedIsNotKept types into a file, and holds that only what is saved comes into
// the cache.
func TestUnsavedIsNotKept(t *testing.T) {
	cache := t.TempDir()
	inCache := func(word string) (has bool) {
		t.Helper()
		err := filepath.WalkDir(cache, func(name string, d os.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := os.ReadFile(name)
			has = has || bytes.Contains(data, []byte(word))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return has
	}
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	text := func(name string) string {
		return "package p\n\nfunc " + name + "[T any](x T) T { return x }\n\nfunc A() int { return " + name + "(1) }\n"
	}
	file := filepath.Join(dir, "a.go")
	for name, text := range map[string]string{filepath.Join(dir, "go.mod"): "module p\n\ngo 1.22\n", file: text("WordOnDisk")} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	h, err := session.NewHost(session.HostOptions{CacheDir: cache})
	if err != nil {
		t.Fatal(err)
	}
	w := New(h, Options{Jobs: 2, Timeout: time.Minute}, func(*Snapshot) {})
	w.Open(file)
	wait := func(word string) {
		t.Helper()
		if err := w.Wait(context.Background()); err != nil {
			t.Fatal(err)
		}
		f := w.Snapshot().Files[file]
		if f == nil || len(f.Calls) != 1 || !strings.HasPrefix(f.Calls[0].Call.Callee, "p."+word) {
			t.Fatalf("not the calls of %s: %+v", word, f)
		}
	}
	wait("WordOnDisk")
	w.Edit(file, []byte(text("WordInEditor")))
	wait("WordInEditor")
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if !inCache("WordOnDisk") {
		t.Error("what is saved is not in the cache")
	}
	if inCache("WordInEditor") {
		t.Error("what somebody typed is in the cache")
	}
}
