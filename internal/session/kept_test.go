package session

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/inlinelens/inlinelens/internal/load"
)

// TestKeptResults holds that those are dropped which were not used for the longest time,
// and that the one that was added is not among them, however large.
func TestKeptResults(t *testing.T) {
	var k keptResults
	id := func(name string) inFlight { return inFlight{layer: name} }
	add := func(name string, size int, want ...string) {
		t.Helper()
		var got []string
		for _, dropped := range k.add(id(name), size) {
			got = append(got, dropped.layer)
		}
		if !slices.Equal(got, want) {
			t.Errorf("adding %s drops %v, want %v", name, got, want)
		}
	}
	add("a", keptLimit/2)
	add("b", keptLimit/2)
	k.use(id("a"))
	add("c", 1, "b")
	add("c", 1) // again
	add("huge", 2*keptLimit, "a", "c")
	add("a", 1, "huge")
	if k.Size != 1 || k.order.Len() != 1 || len(k.results) != 1 {
		t.Errorf("size %d of %d results in %d places, want 1", k.Size, len(k.results), k.order.Len())
	}
}

// TestSessionForgets holds that a report without a cache has in memory what it has read
// again, and nothing that it has compiled and nobody needed since.
func TestSessionForgets(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module p\n\ngo 1.22\n",
		"a/a.go": "package a\n\nimport \"p/b\"\n\nfunc A() int { return b.B(1) + b.B(2) }\n",
		"b/b.go": "package b\n\n//go:noinline\nfunc B(x int) int { return x }\n",
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	h, err := NewHost(HostOptions{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	l, err := Begin(context.Background(), h, load.Config{Dir: dir}, []string{"./..."})
	if err != nil {
		t.Fatal(err)
	}
	defer l.End()
	s, err := l.Session()
	if err != nil {
		t.Fatal(err)
	}
	var units []*load.Unit
	for range 2 { // compiled, and read
		for _, u := range s.Roots {
			p, err := s.Verdicts(context.Background(), u)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range p.Calls {
				if c.Reason == nil || c.Callee != "p/b.B" {
					t.Errorf("not the verdict on a call of p/b.B: %+v", c)
				}
			}
			units = append(units, u)
		}
		s.ahead.Wait()
		if len(units) == 2 && s.results[inFlight{Inlining.Name(), units[0]}] != nil {
			t.Error("what was compiled, and kept, is still in memory")
		}
	}
	for _, u := range units {
		if s.results[inFlight{Inlining.Name(), u}] == nil || s.kept.results[inFlight{Inlining.Name(), u}] == nil {
			t.Errorf("%s was read, and is not in memory", u.ID)
		}
	}
	s.Close()
}
