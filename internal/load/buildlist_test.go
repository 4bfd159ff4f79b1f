package load

import (
	"os"
	"path/filepath"
	"testing"
)

// A load with an expected list, right or wrong, returns what one without returns.
func TestExpectedBuild(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":   "module p\n\ngo 1.22\n",
		"a.go":     "package p\n\nimport \"p/b\"\n\nvar _ = b.B\n",
		"b/b.go":   "package b\n\nimport \"strings\"\n\nvar B = strings.ToUpper(\"b\")\n",
		"c/c.go":   "package c\n",
		"d/bad.go": "package d\n\nvar x int = \"\"\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	exports := func(f *BuildList) (*Result, map[string]string) {
		t.Helper()
		r, err := Load(t.Context(), Config{Dir: dir, ExpectedBuild: f}, ".")
		if err != nil {
			t.Fatal(err)
		}
		m := make(map[string]string)
		for id, u := range r.Units {
			m[id] = u.Export
			if len(u.Errors) > 0 {
				t.Errorf("%s: %v", id, u.Errors)
			}
		}
		return r, m
	}
	first, want := exports(nil)
	if first.Built == nil || want["p/b"] == "" || want["strings"] == "" {
		t.Fatalf("built %v, exports %v", first.Built, want)
	}
	for _, f := range []*BuildList{
		first.Built,
		{Patterns: []string{"p/c"}},
		{Patterns: []string{"p/d", "p/no"}},
		{Patterns: first.Built.Patterns, Cgo: !first.Built.Cgo},
		{},
	} {
		r, got := exports(f)
		for id, file := range want {
			if got[id] != file {
				t.Errorf("list %v: the export data of %s is %q, want %q", f, id, got[id], file)
			}
		}
		if r.Built == nil || len(r.Built.Patterns) != len(first.Built.Patterns) {
			t.Errorf("list %v: built %v, want %v", f, r.Built, first.Built)
		}
	}
}
