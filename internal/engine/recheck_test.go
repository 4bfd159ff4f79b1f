package engine

import (
	"context"
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
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// bodyStart matches the first line of a function's declaration.
var bodyStart = regexp.MustCompile(`(?m)^func .*\{\n`)

// Whatever is edited within bodies, or in comments between declarations, a check
// that takes over what an earlier one found in the other files finds what a check
// of everything finds.
func TestRecheck(t *testing.T) {
	e, err := New(Options{CacheDir: "off"})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	for _, path := range []string{"regexp", "maps", "text/template", "go/parser", "sync", "os", "math/rand/v2"} {
		t.Run(strings.ReplaceAll(path, "/", "_"), func(t *testing.T) {
			cfg := load.Config{Dir: t.TempDir(), Env: os.Environ(), Overlay: make(map[string][]byte)}
			if path == "math/rand/v2" {
				cfg.Env = append(cfg.Env, "GOTOOLCHAIN=go1.27.3") // which has a method with type parameters there
			}
			loaded, err := load.Load(t.Context(), cfg, path)
			if err != nil {
				t.Fatal(err)
			}
			tc, err := gc.FindToolchain(t.Context(), cfg.Dir, cfg.Env)
			if err != nil {
				t.Fatal(err)
			}
			u := loaded.Roots[0]
			warm := newChecks()
			random := rand.New(rand.NewPCG(1, 2))
			for step := range 12 {
				s, err := newSession(e.host, sessionOptions{cfg: cfg, toolchain: tc, loaded: loaded})
				if err != nil {
					t.Fatal(err)
				}
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

				fresh := compileUnit(t, s, u)
				s.checker.earlier = warm
				earlier := warm.units[u.ID]
				if diff := cmp.Diff(fresh, compileUnit(t, s, u)); diff != "" {
					t.Fatalf("step %d, %s (-everything +edited):\n%s", step, filepath.Base(name), diff)
				}
				if again := warm.units[u.ID] == earlier; again != (earlier != nil && step != 7) {
					t.Errorf("step %d: only the edit was checked: %v", step, again)
				}
				s.close()
			}
		})
	}
}

// compileUnit checks and compiles a unit as it is.
func compileUnit(t *testing.T, s *session, u *load.Unit) *resolve.Local {
	t.Helper()
	k, err := s.compile(context.Background(), u)
	if err != nil {
		t.Fatal(err)
	}
	return k.Local
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
	e, err := New(Options{CacheDir: "off", Log: zap.NewNop()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	cfg := load.Config{Dir: dir}
	loaded, err := load.Load(t.Context(), cfg, ".")
	if err != nil {
		t.Fatal(err)
	}
	tc, err := gc.FindToolchain(t.Context(), dir, os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	warm := newChecks()
	var first *checked
	for _, step := range []struct {
		b    string
		want string // the error
	}{
		{`return ""`, ""},
		{`return 1`, "cannot use 1"},
		{`return "1"`, ""},
		{`x := 1; return "1"`, "declared and not used: x"},
		{`return (`, "syntax error"},
		{`return A()`, ""},
	} {
		cfg.Overlay = map[string][]byte{filepath.Join(dir, "b.go"): []byte("package p\n\nfunc b() string { " + step.b + " }\n")}
		s, err := newSession(e.host, sessionOptions{cfg: cfg, toolchain: tc, loaded: loaded})
		if err != nil {
			t.Fatal(err)
		}
		s.checker.earlier = warm
		_, err = s.compile(context.Background(), loaded.Roots[0])
		s.close()
		got := ""
		if wrong, ok := wrongWith(err); ok {
			got = wrong.errors[0].Message
		} else if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = warm.units[loaded.Roots[0].ID]
		}
		if warm.units[loaded.Roots[0].ID] != first {
			t.Errorf("%s: everything was checked again", step.b)
		}
		if !strings.Contains(got, step.want) || step.want == "" && got != "" {
			t.Errorf("%s: the error is %q, want %q", step.b, got, step.want)
		}
	}
}
