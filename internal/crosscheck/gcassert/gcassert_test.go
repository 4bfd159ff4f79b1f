package gcassert

import (
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

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

// TestItsOwn compares on gcassert's own test data.
func TestItsOwn(t *testing.T) {
	cmd := exec.Command("go", "list", "-modfile=tools/go.mod", "-m", "-f", "{{.Dir}}", "github.com/jordanlewis/gcassert")
	cmd.Dir = "../../.."
	dir, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	module := t.TempDir()
	if err := os.CopyFS(filepath.Join(module, "testdata"), os.DirFS(filepath.Join(strings.TrimSpace(string(dir)), "testdata"))); err != nil {
		t.Fatal(err)
	}
	write(t, module, map[string]string{"go.mod": "module github.com/jordanlewis/gcassert\n\ngo 1.20\n"})
	for _, toolchain := range releases() {
		gcassert, check := compare(t, module, toolchain, "./testdata", "./testdata/otherpkg")
		if len(gcassert) != 9 {
			t.Errorf("%s: gcassert found %v", toolchain, gcassert)
		}
		refused := 0
		for _, f := range check {
			if f.Rule == "refused" {
				refused++
			}
		}
		if refused != 12 { // what is not checked is said, and not passed over
			t.Errorf("%s: %d directives are refused:\n%s", toolchain, refused, joined(check))
		}
	}
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
