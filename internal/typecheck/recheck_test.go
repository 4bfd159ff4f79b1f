package typecheck

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// bodyStart matches the first line of a function's declaration.
var bodyStart = regexp.MustCompile(`(?m)^func .*\{\n`)

// Whatever is edited within bodies, or in comments between declarations, a check
// that takes over what an earlier one found in the other files finds what a check
// of everything finds.
func TestRecheck(t *testing.T) {
	for _, path := range prove.Or(
		[]string{"regexp", "maps", "sync", "math/rand/v2"},
		[]string{"regexp", "maps", "text/template", "go/parser", "sync", "os", "math/rand/v2"},
	) {
		t.Run(strings.ReplaceAll(path, "/", "_"), func(t *testing.T) {
			cfg := load.Config{Dir: t.TempDir(), Env: os.Environ(), Overlay: make(map[string][]byte)}
			if path == "math/rand/v2" {
				cfg.Env = append(cfg.Env, "GOTOOLCHAIN=go1.27.3") // which has a method with type parameters there
			}
			loaded, err := load.Load(t.Context(), cfg, path)
			if err != nil {
				t.Fatal(err)
			}
			u := loaded.Roots[0]
			c := newTestChecker(t, cfg)
			earlier := NewEarlier()
			random := rand.New(rand.NewPCG(1, 2))
			for step := range 12 {
				name := u.Files[random.IntN(len(u.Files))]
				text := cfg.Overlay[name]
				if text == nil {
					if text, err = os.ReadFile(name); err != nil {
						t.Fatal(err)
					}
				}
				starts := bodyStart.FindAllIndex(text, -1)
				if len(starts) == 0 {
					continue
				}
				at := starts[random.IntN(len(starts))][1]
				statement := fmt.Sprintf("\tif %d > 0 {\n\n\t\tfunc() { println(%d) }()\n\t}\n", random.IntN(2), step)
				switch step {
				case 4, 10:
					at = starts[random.IntN(len(starts))][0] // above a function
					statement = "// " + strings.Repeat("x", random.IntN(40)) + "\n\n//go:noinline\n"
				case 7:
					at, statement = len(text), "\nfunc inlinelensAdded() {}\n" // not within a body
				}
				cfg.Overlay[name] = []byte(string(text[:at]) + statement + string(text[at:]))

				c.Earlier = nil
				fresh := found(t, c, cfg, u)
				c.Earlier = earlier
				before := earlier.units[u.ID]
				if diff := cmp.Diff(fresh, found(t, c, cfg, u)); diff != "" {
					t.Fatalf("step %d, %s (-everything +edited):\n%s", step, filepath.Base(name), diff)
				}
				if again := earlier.units[u.ID] == before; again != (before != nil && step != 7) {
					t.Errorf("step %d: only the edit was checked: %v", step, again)
				}
			}
		})
	}
}

// newTestChecker returns a checker for the toolchain of a load.
func newTestChecker(t *testing.T, cfg load.Config) *Checker {
	t.Helper()
	tc, err := gc.FindToolchain(t.Context(), cfg.Dir, cfg.Env)
	if err != nil {
		t.Fatal(err)
	}
	c := &Checker{Target: Target{tc.Version, tc.GOOS, tc.GOARCH, tc.GOROOT}, Imports: NewImporter(tc.GOARCH), Log: zap.NewNop()}
	c.Read = func(u *load.Unit) (*Source, error) { return read(cfg, u) }
	return c
}

func read(cfg load.Config, u *load.Unit) (*Source, error) {
	return Read(u, func(name string) ([]byte, bool) { return cfg.Overlay[name], true })
}

// found checks a unit as it is, and returns what is known of its calls without remarks;
// nil if it has errors.
func found(t *testing.T, c *Checker, cfg load.Config, u *load.Unit) *resolve.Local {
	t.Helper()
	src, err := read(cfg, u)
	if err != nil {
		t.Fatal(err)
	}
	src.Packages = c.Imports.Acquire(true)
	defer func() { c.Imports.Release(src.Packages, true) }()
	if c.Check(u, src); src.Calls == nil {
		return nil
	}
	return src.Calls.Resolve(nil, nil)
}

// A check that finds an error in an edit leaves it to the compiler.
func TestRecheckBroken(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module p\n\ngo 1.22\n",
		"a.go":   "package p\n\nimport \"strings\"\n\nfunc A() string { return strings.ToUpper(b()) }\n",
		"b.go":   "package p\n\nfunc b() string { return \"\" }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	cfg := load.Config{Dir: dir, Env: os.Environ()}
	loaded, err := load.Load(t.Context(), cfg, ".")
	if err != nil {
		t.Fatal(err)
	}
	u := loaded.Roots[0]
	c := newTestChecker(t, cfg)
	c.Earlier = NewEarlier()
	var first *checked
	for _, step := range []struct {
		b     string
		sound bool
	}{
		{`return ""`, true},
		{`return 1`, false},
		{`return "1"`, true},
		{`x := 1; return "1"`, true}, // the compiler says that x is not used
		{`return (`, false},
		{`return A()`, true},
	} {
		cfg.Overlay = map[string][]byte{filepath.Join(dir, "b.go"): []byte("package p\n\nfunc b() string { " + step.b + " }\n")}
		c.Read = func(u *load.Unit) (*Source, error) { return read(cfg, u) }
		if sound := found(t, c, cfg, u) != nil; sound != step.sound {
			t.Errorf("%s: found sound is %v, want %v", step.b, sound, step.sound)
		}
		if first == nil {
			first = c.Earlier.units[u.ID]
		}
		if c.Earlier.units[u.ID] != first {
			t.Errorf("%s: everything was checked again", step.b)
		}
	}
}
