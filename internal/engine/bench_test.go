package engine

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// BenchmarkStdUnchanged is a report of the standard library of which every
// result is kept, without the printing.
func BenchmarkStdUnchanged(b *testing.B) {
	dir := b.TempDir()
	once := func() (calls int) {
		e, err := New(Options{CacheDir: dir})
		if err != nil {
			b.Fatal(err)
		}
		defer e.Close()
		err = e.Run(context.Background(), load.Config{Dir: dir}, []string{"std"}, func(p *inline.Package) error {
			calls += len(p.Calls)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		return calls
	}
	once()
	for b.Loop() {
		b.ReportMetric(float64(once()), "calls")
	}
}

// BenchmarkEdited is a report of a package whose text is another one each time,
// with the results of its dependencies kept.
func BenchmarkEdited(b *testing.B) {
	for _, edit := range []struct{ path, file string }{
		{"net/http", "client.go"},
		{"go/types", "api.go"},
		{"cmd/compile/internal/ssa", "func.go"},
		{"strings", "strings.go"},
	} {
		b.Run(edit.path, func(b *testing.B) {
			goroot, err := exec.Command("go", "env", "GOROOT").Output()
			if err != nil {
				b.Fatal(err)
			}
			file := filepath.Join(strings.TrimSpace(string(goroot)), "src", edit.path, edit.file)
			text, err := os.ReadFile(file)
			if err != nil {
				b.Fatal(err)
			}
			dir := b.TempDir()
			n := 0
			once := func() {
				n++
				cfg := load.Config{Dir: dir, Overlay: map[string][]byte{
					file: fmt.Appendf(nil, "%s\nfunc edited%d() int { return %d }\n", text, n, n),
				}}
				e, err := New(Options{CacheDir: dir})
				if err != nil {
					b.Fatal(err)
				}
				defer e.Close()
				if err := e.Run(context.Background(), cfg, []string{edit.path}, func(*inline.Package) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
			once()
			for b.Loop() {
				once()
			}
		})
	}
}
