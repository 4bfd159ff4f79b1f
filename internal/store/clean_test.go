package store

import (
	"os"
	"path/filepath"
	"testing"
)

// TestClean holds that all that a store has written is removed, and nothing else, and
// that a process that uses it goes on.
func TestClean(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cache")
	if used, err := Clean(dir); err != nil || used != (Usage{}) {
		t.Fatal(used, err)
	}
	s, err := Open(dir, Limit)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for i := range 10 {
		if err := s.Put(Key{byte(i)}, make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
	}
	put := func(name string) string {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("text"), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	put("01/tmp-1-2") // left by a process that was killed
	put("trimmed")
	foreign := []string{put("notes.txt"), put("01/notes.txt"), put("deeper/01/x")}
	used, err := UsageOf(dir)
	if err != nil || used.Files != 12 || used.Bytes < 10*1000 {
		t.Errorf("used: %+v, %v", used, err)
	}
	if removed, err := Clean(dir); err != nil || removed != used {
		t.Errorf("removed: %+v, %v; want %+v", removed, err, used)
	}
	for _, name := range foreign {
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if used, err := UsageOf(dir); err != nil || used != (Usage{}) {
		t.Errorf("afterwards: %+v, %v", used, err)
	}
	if err := s.Put(Key{1}, []byte("again")); err != nil {
		t.Error(err)
	}
	if data, err := s.Get(Key{1}); err != nil || string(data) != "again" {
		t.Errorf("%q, %v", data, err)
	}
	for _, name := range foreign {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "deeper")); err != nil {
		t.Fatal(err)
	}
	if removed, err := Clean(dir); err != nil || removed.Files != 1 {
		t.Errorf("removed: %+v, %v", removed, err)
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory is still there: %v", err)
	}
	if err := s.Put(Key{2}, []byte("again")); err != nil {
		t.Error(err)
	}
}
