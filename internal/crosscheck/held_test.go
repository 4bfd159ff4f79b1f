package crosscheck

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Where a verdict says that a method of an interface is called directly, or
// through a wrapper that the compiler makes, the code has a CALL of it at that
// line, in the oldest release, in ours and in the newest.
func TestHeld(t *testing.T) {
	archive, err := txtar.ParseFile("../engine/testdata/marker/promoted.txtar")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, f := range archive.Files {
		name := filepath.Join(dir, f.Name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, toolchain := range []string{"local", "go1.22.12", "go1.24.11", "go1.27.3"} {
		env := environment("GOTOOLCHAIN="+toolchain, "GOFLAGS=")
		direct := directCalls(t, dir, env)
		tried := 0
		verdicts(t, load.Config{Dir: dir, Env: env}, []string{"./..."}, func(p *inline.Package) {
			for _, c := range p.Calls {
				if c.Status != inline.StatusNotInlined || c.Via != "" {
					continue
				}
				tried++
				at := filepath.Base(c.Pos.File) + ":" + strconv.Itoa(c.Pos.Line)
				name := typeArguments.ReplaceAllString(c.Callee, "")
				method := "." + name[strings.LastIndexByte(name, '.')+1:]
				found := false
				for _, symbol := range direct[at] {
					found = found || strings.Contains(symbol, method)
				}
				if !found {
					t.Errorf("%s: %s: %s: not-inlined, and the code has only CALLs of %q", toolchain, at, c.Callee, direct[at])
				}
			}
		})
		if tried < 50 {
			t.Errorf("%s: only %d calls were tried", toolchain, tried)
		}
	}
}

var typeArguments = regexp.MustCompile(`\[[^\]]*\]`)

var asmCall = regexp.MustCompile(`\((?:[^()]*/)?(\w+\.go:\d+)\)\s+(?:CALL|JMP)\s+([^\n]+?)\(SB\)`)

// directCalls returns the symbols that the code of all packages of a module
// calls, by file and line.
func directCalls(t *testing.T, dir string, env []string) map[string][]string {
	cmd := exec.Command("go", "build", "-gcflags=-S", "./...")
	cmd.Dir, cmd.Env = dir, env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	calls := make(map[string][]string)
	for _, m := range asmCall.FindAllSubmatch(out, -1) {
		calls[string(m[1])] = append(calls[string(m[1])], string(m[2]))
	}
	return calls
}
