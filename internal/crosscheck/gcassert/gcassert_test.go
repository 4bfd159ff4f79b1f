package gcassert

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/prove"
)

// releases are the toolchains whose compilers both programs ask.
func releases() []string { return prove.Or([]string{prove.Oldest, prove.Newest}, prove.Releases()) }

// compare runs both programs on a module, and returns what they found.
func compare(t *testing.T, module, toolchain string, patterns ...string) (gcassert []line, check []finding) {
	t.Helper()
	gcassert, check = theirs(t, module, toolchain, patterns...), ours(t, module, toolchain, patterns...)
	s := &source{t: t, module: module, files: map[string][]string{}}
	for _, l := range gcassert {
		if !s.match(l, check) && !s.severalLines(l) {
			t.Errorf("%s: gcassert says that the call in %s was not inlined:\n%s", toolchain, l, s.around(l))
		}
	}
	return gcassert, check
}

func joined(findings []finding) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

// A module is somebody's code that has directives, as it stands.
type module struct {
	path, version string
	folder        string // of it; "" for all
	patterns      []string
	toolchains    []string
	gcassert      int // how many calls were not inlined, says gcassert
	refused       int // directives that are not checked yet
}

// modules are gcassert with its own test data, and where the tests try everything, modules
// that keep their hot paths with it.
func modules() []module {
	own := module{
		path: "github.com/jordanlewis/gcassert", version: "v0.0.0-20250430164644-389ef753e22e", folder: "testdata",
		patterns: []string{"./testdata", "./testdata/otherpkg"}, toolchains: releases(), gcassert: 9, refused: 12,
	}
	return prove.Or([]module{own}, []module{
		own,
		{
			path: "github.com/cockroachdb/pebble/v2", version: "v2.1.7", patterns: []string{"./..."},
			toolchains: []string{"local", prove.Newest}, gcassert: 13, refused: 18,
		},
		{
			path: "github.com/open-policy-agent/opa", version: "v1.22.4", patterns: []string{"./internal/edittree/..."},
			toolchains: []string{"local", prove.Newest},
		},
	})
}

// TestModules compares on modules that have the directive.
func TestModules(t *testing.T) {
	for _, m := range modules() {
		t.Run(m.path, func(t *testing.T) {
			dir := t.TempDir()
			from := download(t, m.path, m.version)
			if err := os.CopyFS(filepath.Join(dir, m.folder), os.DirFS(filepath.Join(from, m.folder))); err != nil {
				t.Fatal(err)
			}
			if m.folder != "" {
				write(t, dir, map[string]string{"go.mod": "module " + m.path + "\n\ngo 1.20\n"})
			}
			for _, toolchain := range m.toolchains {
				gcassert, check := compare(t, dir, toolchain, m.patterns...)
				if len(gcassert) != m.gcassert {
					t.Errorf("%s: gcassert found %v", toolchain, gcassert)
				}
				refused := 0
				s := &source{t: t, module: dir, files: map[string][]string{}}
				for _, f := range check {
					switch {
					case f.Rule == "refused": // what is not checked is said, and not passed over
						refused++
					case m.folder == "" && !s.known(f, gcassert):
						t.Errorf("%s: gcassert does not have ours: %s", toolchain, f)
					}
				}
				if refused != m.refused {
					t.Errorf("%s: %d directives are refused:\n%s", toolchain, refused, joined(check))
				}
				t.Logf("%s: gcassert has %d findings, check %d, of which %d are refused", toolchain, len(gcassert), len(check), refused)
			}
		})
	}
}

// download returns where a module is.
func download(t *testing.T, path, version string) string {
	t.Helper()
	cmd := exec.Command("go", "mod", "download", "-json", path+"@"+version)
	cmd.Dir = t.TempDir() // of no module
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	out, err := cmd.Output()
	var info struct{ Dir, Error string }
	if jsonErr := json.Unmarshal(out, &info); err != nil || jsonErr != nil || info.Dir == "" {
		t.Fatalf("%s@%s: %v %v %s", path, version, err, jsonErr, info.Error)
	}
	return info.Dir
}

// TestGenerated compares on generated programs, which have the directive at statements and
// functions of all kinds.
func TestGenerated(t *testing.T) {
	module := t.TempDir()
	write(t, module, map[string]string{"go.mod": "module example.com/gen\n\ngo 1.21\n", "other/other.go": otherPackage})
	n := prove.Or(6, 150)
	for seed := range n {
		name := "p" + string(rune('a'+seed/26)) + string(rune('a'+seed%26))
		write(t, module, map[string]string{name + "/p.go": generate(rand.New(rand.NewPCG(uint64(seed), 7)), name)})
	}
	build := exec.Command("go", "build", "./...")
	build.Dir = module
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("a generated package does not compile: %v\n%s", err, out)
	}
	for _, toolchain := range releases() {
		gcassert, check := compare(t, module, toolchain, "./...")
		if len(gcassert) < 3*n || len(check) < 3*n {
			t.Errorf("%s: %d and %d findings in %d packages", toolchain, len(gcassert), len(check), n)
		}
		s := &source{t: t, module: module, files: map[string][]string{}}
		for _, f := range check {
			if !s.known(f, gcassert) {
				t.Errorf("%s: gcassert does not have ours: %s: %s", toolchain, f, strings.TrimSpace(s.lineOf(line{f.File, f.Line})))
			}
		}
		t.Logf("%s: gcassert has %d findings, check %d", toolchain, len(gcassert), len(check))
	}
}

func write(t *testing.T, root string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		name = filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
