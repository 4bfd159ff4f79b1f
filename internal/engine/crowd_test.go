package engine

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// TestCrowdedLine has many thousand calls on one line, which the compiler's
// positions do not tell apart. The time is bounded by that of a build in the same
// run; what is quadratic in the calls takes many times as long.
func TestCrowdedLine(t *testing.T) {
	const calls = 20000
	dir := t.TempDir()
	source := "package p\n\nfunc inc(i int) int { return i + 1 }\n\n//go:noinline\nfunc stay() {}\n\nfunc f(i int) {\n\t" +
		strings.Repeat("_ = inc(i); stay(); ", calls/2) + "\n}\n"
	for name, text := range map[string]string{"go.mod": "module p\n\ngo 1.22\n", "p.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	start := time.Now()
	build := exec.Command("go", "build", ".")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	built := time.Since(start)

	start = time.Now()
	p := run(t, load.Config{Dir: dir, Env: append(os.Environ(), "GOFLAGS=-buildvcs=false")}, ".")[0]
	took := time.Since(start)
	if limit := 4*built + 4*time.Second; took > limit {
		t.Errorf("%d calls on a line took %v, and the build %v", calls, took, built)
	}
	count := make(map[inline.Status]int)
	for i := range p.Calls {
		count[p.Calls[i].Status]++
	}
	if count[inline.StatusInlined] != calls/2 || count[inline.StatusNotInlined] != calls/2 {
		t.Errorf("got %v, want %d inlined and as many not", count, calls/2)
	}
}
