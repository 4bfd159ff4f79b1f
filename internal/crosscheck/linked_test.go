package crosscheck

import (
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// linkedPackages are linked as test binaries: those keep nearly every function
// of the package, with the names and lines of its test files.
var linkedPackages = []string{"net/http", "encoding/json", "go/types", "compress/flate", "text/template", "math/big", "strconv"}

// TestLinkedBinary holds the verdicts on packages against the test binaries
// that the go command links of them.
func TestLinkedBinary(t *testing.T) {
	for _, toolchain := range witnesses() {
		t.Run(toolchain, func(t *testing.T) {
			linkedPackages := linkedPackages
			if prove.Full() {
				linkedPackages = append(slices.Clip(linkedPackages), "cmd/compile/internal/ssa")
			}
			env := []string{"GOTOOLCHAIN=" + toolchain}
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "go.mod"), "module evidence\n\ngo 1.22\n")
			packages := map[string][]*inline.Package{}
			cfg := load.Config{Dir: dir, Env: environment(env...), Tests: true}
			verdicts(t, cfg, linkedPackages, func(p *inline.Package) { packages[p.Path] = append(packages[p.Path], p) })
			sum := newComparison()
			for _, path := range linkedPackages {
				exe := filepath.Join(dir, strings.ReplaceAll(path, "/", "_")+".test")
				goCommand(t, dir, env, "test", "-c", "-o", exe, path)
				sum.binary(t, exe, path, packages)
			}
			sum.log(t)
			if sum.functions < 5000 || sum.of["inlined"].confirmed < 5000 || sum.of["not-inlined"].confirmed < 5000 {
				t.Error("too few functions or confirmed verdicts: the test has lost its evidence")
			}
			if sum.untold*100 > sum.functions {
				t.Errorf("of %d functions it is not known whether they are copies", sum.untold)
			}
			unknown := sum.of["unknown"]
			if unknown != nil && unknown.silent*1000 > sum.verdicts() {
				t.Errorf("%d of %d calls are unknown, more than 1 in 1,000", unknown.silent, sum.verdicts())
			}
			if sum.caught*100 < sum.wrong*99 {
				t.Errorf("the binaries contradict only %d of %d wrong verdicts", sum.caught, sum.wrong)
			}
		})
	}
}

// variantsIn returns the verdicts that belong into the test binary of path: the
// package with its test files where it has some, and its external test.
func variantsIn(path string, packages map[string][]*inline.Package) []*inline.Package {
	var list []*inline.Package
	for _, variant := range []string{"test", ""} {
		for _, p := range packages[path] {
			if p.Variant == variant && len(list) == 0 {
				list = append(list, p)
			}
		}
	}
	return append(list, packages[path+"_test"]...)
}

// An outcome counts what the binary says about the verdicts of one status.
type outcome struct{ confirmed, contradicted, silent int }

type comparison struct {
	functions int // of the binaries that were compared
	undecoded int
	of        map[string]*outcome // by status, with " (go)" and the like
	explained int                 // inlined bodies in the binaries that a verdict accounts for
	bodies    int
	// nestedBodies are those inside of the body of an inlined call; nestedFound
	// are those of them that the call's tree has;
	// nestedMisplaced are in it elsewhere.
	nestedBodies, nestedFound, nestedMisplaced int
	wrong, caught                              int            // verdicts turned wrong on purpose, and of these contradicted
	unknown                                    map[string]int // by callee and line
	guarded                                    map[string]int // intrinsics with a call for machines without the instruction
	copies, untold                             int            // functions of the binaries that are copies of literals, and those of which this is not known
	against                                    []string
}

func newComparison() *comparison {
	return &comparison{of: map[string]*outcome{}, guarded: map[string]int{}, unknown: map[string]int{}}
}

// verdicts counts all verdicts that were compared.
func (c *comparison) verdicts() int {
	n := 0
	for _, o := range c.of {
		n += o.confirmed + o.contradicted + o.silent
	}
	return n
}

func (c *comparison) log(t *testing.T) {
	t.Helper()
	total := outcome{}
	var names []string
	for name, o := range c.of {
		names = append(names, name)
		total.confirmed += o.confirmed
		total.contradicted += o.contradicted
		total.silent += o.silent
	}
	sort.Strings(names)
	t.Logf("linked binaries: %d functions; %d verdicts confirmed, %d contradicted, %d silent",
		c.functions, total.confirmed, total.contradicted, total.silent)
	for _, name := range names {
		o := c.of[name]
		t.Logf("  %-24s %6d confirmed %4d contradicted %6d silent", name, o.confirmed, o.contradicted, o.silent)
	}
	t.Logf("  inlined bodies at the lines of calls: %d, of which verdicts account for %d", c.bodies, c.explained)
	t.Logf("  bodies inside of these: %d, of which the trees of nested calls have %d, and %d in another place", c.nestedBodies, c.nestedFound, c.nestedMisplaced)
	t.Logf("  verdicts turned wrong on purpose: %d, of which the binaries contradict %d", c.wrong, c.caught)
	t.Logf("  copies of function literals, of which verdicts say nothing: %d; not known whether copies: %d", c.copies, c.untold)
	t.Logf("  intrinsics with a call for machines without the instruction: %s", counts(c.guarded))
	t.Logf("  places where the disassembler knew no instruction: %d", c.undecoded)
	t.Logf("  unknown: %s", counts(c.unknown))
	report(t, "contradicted", c.against)
}

// binary compares one test binary.
func (c *comparison) binary(t *testing.T, exe, path string, packages map[string][]*inline.Package) {
	b, err := Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	variants := variantsIn(path, packages)
	if len(variants) == 0 {
		t.Errorf("%s: no verdicts", path)
	}
	for _, p := range variants {
		funcs, err := b.Functions(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		if len(funcs) == 0 {
			t.Errorf("%s: the binary has no functions of %s", exe, p.Path)
		}
		c.pkg(p, funcs)
	}
}
