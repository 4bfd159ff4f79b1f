package engine

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zaptest/observer"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Whatever has happened to a module since the last load, an engine that
// remembers it says what one says that remembers nothing, once.
func TestRemembered(t *testing.T) {
	dir, kept := t.TempDir(), t.TempDir()
	write := func(name, text string) {
		t.Helper()
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	remove := func(name string) {
		t.Helper()
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	core, logs := observer.New(zap.DebugLevel)
	ask := func(cache string) (packages []*inline.Package, failed bool) {
		t.Helper()
		e, err := New(Options{CacheDir: cache, Log: zap.New(core)})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		err = e.Run(context.Background(), load.Config{Dir: dir}, []string{"./..."}, func(p *inline.Package) error {
			packages = append(packages, p)
			return nil
		})
		return packages, err != nil
	}
	write("go.mod", "module p\n\ngo 1.22\n")
	write("a/a.go", "package a\n\nimport \"p/b\"\n\nfunc A() int { return b.B(1) }\n")
	write("b/b.go", "package b\n\nfunc B(x int) int { return x }\n")
	for _, step := range []struct {
		name    string
		change  func()
		recalls int // runs out of two that need not load
	}{
		{"first", func() {}, 1},
		{"nothing", func() {}, 2},
		{"a body", func() { write("b/b.go", "package b\n\n//go:noinline\nfunc B(x int) int { return x }\n") }, 1},
		{"nothing again", func() {}, 2},
		{"an import", func() {
			write("a/a.go", "package a\n\nimport (\n\t\"fmt\"\n\t\"p/b\"\n)\n\nfunc A() int { fmt.Println(); return b.B(1) }\n")
		}, 1},
		{"a new package", func() { write("c/c.go", "package c\n\nfunc C() { D() }\n\nfunc D() {}\n") }, 1},
		{"a new file", func() { write("c/d.go", "package c\n\nfunc E() { C() }\n") }, 1},
		{"a broken dependency", func() { write("b/b.go", "package b\n\nfunc B(x int) int { return y }\n") }, 0},
		{"a repair", func() { write("b/b.go", "package b\n\nfunc B(x int) int { return x }\n") }, 1},
		{"a syntax error", func() { write("c/c.go", "package c\n\nfunc {\n") }, 2},
		{"a package less", func() { remove("c") }, 1},
		{"a body that nothing imports", func() {
			write("a/a.go", "package a\n\nimport (\n\t\"fmt\"\n\t\"p/b\"\n)\n\nfunc A() int { fmt.Println(); fmt.Println(); return b.B(1) }\n")
		}, 2},
		{"the same, saved by renaming", func() {
			write("a/a.go~", "package a\n\nimport (\n\t\"fmt\"\n\t\"p/b\"\n)\n\nfunc A() int { fmt.Print(); fmt.Println(); return b.B(1) }\n")
			if err := os.Rename(filepath.Join(dir, "a/a.go~"), filepath.Join(dir, "a/a.go")); err != nil {
				t.Fatal(err)
			}
		}, 2},
		{"a broken module", func() { write("go.mod", "nonsense\n") }, 0},
		{"a repaired module", func() { write("go.mod", "module p\n\ngo 1.22\n") }, 1},
		{"another body", func() { write("b/b.go", "package b\n\nfunc B(x int) int { return x + x }\n") }, 1},
		{"nothing left", func() { remove("a"); remove("b") }, 0},
	} {
		step.change()
		time.Sleep(50 * time.Millisecond) // a file system's clock is coarse
		want, wantFailed := ask("off")
		logs.TakeAll()
		for range 2 {
			got, failed := ask(kept)
			if failed != wantFailed {
				t.Errorf("%s: failed is %v, want %v", step.name, failed, wantFailed)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s (-fresh +remembered):\n%s", step.name, diff)
			}
		}
		if n := logs.FilterMessage("nothing to load").Len(); n != step.recalls {
			t.Errorf("%s: %d runs of two did not load, want %d", step.name, n, step.recalls)
		}
	}
}
