package load

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// The go command refuses an overlay of a file in the module cache. The external
// tests of packages there, and of the standard library of a toolchain that it has
// fetched, have what they import nevertheless.
func TestTestsInModCache(t *testing.T) {
	for _, toolchain := range []string{"local", prove.Oldest, prove.Newest} {
		cfg := Config{Tests: true, Env: environ("GOFLAGS=", "GOTOOLCHAIN="+toolchain)}
		patterns := []string{"github.com/google/go-cmp/cmp"} // as this module requires it
		if toolchain != "local" {
			cfg.Dir, patterns = t.TempDir(), []string{"unicode/utf16"}
		}
		r := mustLoad(t, cfg, patterns...)
		external := 0
		for _, u := range r.Roots {
			for _, e := range u.Errors {
				t.Errorf("%s: %s: %s", toolchain, u.ID, e.Message)
			}
			if u.Variant == "xtest" && len(u.GoFiles) > 0 {
				external++
				if !strings.HasPrefix(u.Dir, r.Env.modCache) {
					t.Fatalf("%s: %s is not in the module cache %s", toolchain, u.Dir, r.Env.modCache)
				}
			}
		}
		if external != len(patterns) {
			t.Errorf("%s: %d external tests", toolchain, external)
		}
		mustCompile(t, cfg, r)
	}
}

// Unsaved text of a file in the module cache keeps nothing else from being loaded.
func TestUnsavedInModCache(t *testing.T) {
	cfg := Config{Env: environ("GOFLAGS=")}
	before := mustLoad(t, cfg, "github.com/google/go-cmp/cmp")
	file := before.Roots[0].GoFiles[0]
	dir := write(t, "basic")
	edited := filepath.Join(dir, "a", "a.go")
	cfg.Overlay = map[string][]byte{file: []byte("package cmp\n"), edited: []byte("package a\n\nimport _ \"errors\"\n")}
	cfg.Dir = dir
	r := mustLoad(t, cfg, "./a")
	if a := r.Roots[0]; len(a.Errors) > 0 || a.Imports["errors"] == nil {
		t.Errorf("%+v", a)
	}
	cfg.Dir = ""
	r = mustLoad(t, cfg, "github.com/google/go-cmp/cmp")
	if u := r.Roots[0]; len(u.Errors) > 0 || !slices.Equal(u.GoFiles, before.Roots[0].GoFiles) {
		t.Errorf("%+v", u)
	}
}

// A build that cannot even begin says why on standard error alone, and go/packages
// drops that for builds.
func TestReasonOfBuild(t *testing.T) {
	dir := t.TempDir()
	put(t, filepath.Join(dir, "go.mod"), "module example.com/m\n\ngo 1.22\n")
	put(t, filepath.Join(dir, "m.go"), "package m\n\nfunc M() {}\n")
	put(t, filepath.Join(dir, "m_test.go"), "package m\n\nfunc N() {}\n")
	put(t, filepath.Join(dir, "x_test.go"), "package m_test\n\nimport \"example.com/m\"\n\nfunc f() { m.N() }\n")
	cfg := Config{Dir: dir, Tests: true, Env: environ("GOFLAGS=-toolexec=" + filepath.Join(dir, "nowhere"))}
	r := mustLoad(t, cfg, ".")
	for _, u := range r.Roots {
		if u.Variant == "xtest" {
			oneError(t, u, DependencyError, "nowhere: no such file")
		} else if len(u.Errors) > 0 {
			t.Errorf("%s: %+v", u.ID, u.Errors)
		}
	}
	cfg.Env = environ("GOFLAGS=")
	mustCompile(t, cfg, mustLoad(t, cfg, "."))
}
