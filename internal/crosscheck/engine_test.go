package crosscheck

import (
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"testing"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// verdicts runs the engine, without its cache, and hands each package to keep.
// It is an error when a package has errors, or none comes.
func verdicts(t testing.TB, cfg load.Config, patterns []string, keep func(*inline.Package)) {
	t.Helper()
	e, err := engine.New(engine.Options{CacheDir: "off", Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	var mu sync.Mutex
	n := 0
	err = e.Run(t.Context(), cfg, patterns, func(p *inline.Package) error {
		mu.Lock()
		defer mu.Unlock()
		n++
		if emptyHere(p) {
			t.Logf("%s: no verdicts, all of its files are excluded: %s", p.Path, p.Errors[0].Message)
			return nil
		}
		for _, e := range p.Errors {
			t.Errorf("%s %s: %s:%d: %s", p.Path, p.Variant, e.Pos.File, e.Pos.Line, e.Message)
		}
		for _, problem := range p.Problems {
			t.Errorf("%s %s: output not understood: %s", p.Path, p.Variant, problem.Text)
		}
		keep(p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Fatalf("no package for %v", patterns)
	}
}

// emptyHere reports whether all files of a package are excluded on this machine.
func emptyHere(p *inline.Package) bool {
	for _, e := range p.Errors {
		if !strings.HasPrefix(e.Message, "excluded by ") {
			return false
		}
	}
	return len(p.Errors) > 0 && len(p.Functions) == 0 && len(p.Calls) == 0
}

// environment is the process's own, without the flags of the person who runs
// the test, and with more.
func environment(more ...string) []string {
	return append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), more...)
}

// clean makes names of files comparable: links in the way of GOROOT or the
// temporary directory are followed.
func clean(file string) string {
	if dir, err := filepath.EvalSymlinks(filepath.Dir(file)); err == nil {
		return filepath.Join(dir, filepath.Base(file))
	}
	return filepath.Clean(file)
}

// counts prints a table of counts, largest first.
func counts(m map[string]int) string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Slice(keys, func(i, j int) bool { return m[keys[i]] > m[keys[j]] || m[keys[i]] == m[keys[j]] && keys[i] < keys[j] })
	var b strings.Builder
	for i, k := range keys {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k + " " + itoa(m[k]))
	}
	return b.String()
}
