package crosscheck

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestDiffGo compares Go releases, and holds every difference against what the two compilers
// print when they run to their ends: none may be invented, and none missed. The first
// packages are of one source, so that all places are the same; those of std are compared
// where a function has the same text in both.
func TestDiffGo(t *testing.T) {
	dir, texts := copiedModule(t, prove.Oldest)
	releases := prove.Or([]string{prove.Oldest, prove.Newest}, prove.Releases())
	packages := prove.Or([]string{"./compress/flate"}, []string{"./..."})
	outputs := make([]map[string]*packageOutput, len(releases))
	for i, release := range releases {
		outputs[i] = moduleOutput(t, dir, release, packages)
	}
	same := make(map[string]string)
	for name := range texts {
		same[name] = name
	}
	for i := 1; i < len(releases); i++ {
		t.Run(releases[i-1]+" "+releases[i], func(t *testing.T) {
			c := newRecheck(t, same)
			c.outputs(outputs[i-1], outputs[i])
			c.judge(releases[i-1], releases[i], dir, packages)
		})
	}
}

// TestDiffGoStd does so for packages of std, whose sources differ.
func TestDiffGoStd(t *testing.T) {
	releases := prove.Or([]string{"local", prove.Newest}, prove.Releases())
	packages := prove.Or([]string{"text/tabwriter"}, []string{"std"})
	for i := 1; i < len(releases); i++ {
		t.Run(releases[i-1]+" "+releases[i], func(t *testing.T) {
			before, _ := fullOutput(t, releases[i-1], packages)
			after, _ := fullOutput(t, releases[i], packages)
			c := newRecheck(t, sameFiles(goroot(t, releases[i-1]), goroot(t, releases[i]), before, after))
			c.outputs(before, after)
			dir := t.TempDir()
			writeFile(t, filepath.Join(dir, "go.mod"), "module x\n\ngo 1.22\n")
			c.judge(releases[i-1], releases[i], dir, packages)
		})
	}
}

// sameFiles maps the files of which an output tells in one GOROOT to those of which another
// output tells in another one. A file may be there that is not compiled.
func sameFiles(before, after string, told, toldAfter map[string]*packageOutput) map[string]string {
	compiled := make(map[string]bool)
	for _, p := range toldAfter {
		for at := range p.asked {
			compiled[at.file] = true
		}
	}
	files := make(map[string]string)
	for _, p := range told {
		for at := range p.asked {
			rel, err := filepath.Rel(before, at.file)
			if to := filepath.Join(after, rel); err == nil && compiled[to] {
				files[at.file] = to
			}
		}
	}
	return files
}

// moduleOutput has packages of a module compiled to their ends, and reads all that is
// printed. The go command repeats what it printed before.
func moduleOutput(t *testing.T, dir, release string, packages []string) map[string]*packageOutput {
	t.Helper()
	args := append([]string{"build", "-gcflags=-m=2 -m=2"}, packages...)
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Dir = dir
	cmd.Env = environment("GOTOOLCHAIN="+release, "PWD="+dir)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, out)
	}
	all, _, err := readFullOutput(bytes.NewReader(out), dir)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// A recheck holds a judgment against two outputs.
type recheck struct {
	t             *testing.T
	to            map[spot]spot // places of functions with the same text on both sides, by line; the columns are the same
	back          map[spot]spot
	before, after map[spot]bool // places of calls that the compilers inlined
	tally         map[string]int
}

// newRecheck finds the functions that have the same text in files of both sides. Generic
// ones are left out: they are compiled where they are instantiated.
func newRecheck(t *testing.T, files map[string]string) *recheck {
	t.Helper()
	c := &recheck{t: t, to: make(map[spot]spot), back: make(map[spot]spot), tally: make(map[string]int)}
	for before, after := range files {
		was, is := functionLines(before), functionLines(after)
		for name, b := range was {
			a, ok := is[name]
			if !ok || a.text != b.text {
				continue
			}
			c.tally["functions with the same text"]++
			for i := range b.lines {
				from, to := spot{file: before, line: b.first + i}, spot{file: after, line: a.first + i}
				c.to[from], c.back[to] = to, from
			}
		}
	}
	return c
}

type functionText struct {
	first, lines int
	text         string
}

// functionLines returns the functions of a file by their names with receivers.
func functionLines(name string) map[string]functionText {
	text, err := os.ReadFile(name)
	if err != nil {
		return nil // cgo has made it
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		return nil // of a newer language
	}
	found := make(map[string]functionText)
	for _, d := range f.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Type.TypeParams != nil || d.Name.Name == "init" || d.Name.Name == "_" {
			continue
		}
		from, to := fset.Position(d.Pos()), fset.Position(d.End())
		receiver := ""
		if d.Recv != nil {
			receiver = string(text[fset.Position(d.Recv.Pos()).Offset:fset.Position(d.Recv.End()).Offset])
			if strings.Contains(receiver, "[") {
				continue
			}
		}
		found[receiver+d.Name.Name] = functionText{from.Line, to.Line - from.Line + 1, string(text[from.Offset:to.Offset])}
	}
	return found
}

// outputs takes what the compilers printed.
func (c *recheck) outputs(before, after map[string]*packageOutput) {
	c.before, c.after = make(map[spot]bool), make(map[spot]bool)
	for _, p := range before {
		for at := range p.inlined {
			c.before[at] = true
		}
	}
	for _, p := range after {
		for at := range p.inlined {
			c.after[at] = true
		}
	}
}

// mapped is a place on the other side.
func otherSide(lines map[spot]spot, at spot) (spot, bool) {
	to, ok := lines[spot{file: at.file, line: at.line}]
	to.col = at.col
	return to, ok
}

// judge compares the releases, and holds the findings against the outputs.
func (c *recheck) judge(before, after, dir string, patterns []string) {
	t := c.t
	e, err := engine.New(engine.Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	side := func(release string) *engine.Side {
		return &engine.Side{Name: release, Config: load.Config{Dir: dir, Env: environment("GOTOOLCHAIN=" + release)}, Patterns: patterns}
	}
	j, err := e.Compare(t.Context(), side(before), side(after), compare.CauseToolchain)
	if err != nil {
		t.Fatal(err)
	}
	lost, gained, other := make(map[spot]string), make(map[spot]string), make(map[spot]string)
	causes := 0
	for _, f := range j.Findings {
		at := spot{clean(f.Pos.File), f.Pos.Line, f.Pos.Col}
		isCall := f.Subject.Call
		wasInlined, isInlined := strings.HasPrefix(f.Was, inline.StatusInlined.String()), strings.HasPrefix(f.Is, inline.StatusInlined.String())
		switch {
		case f.Level == compare.LevelUnjudged:
			t.Errorf("not judged: %s %s: %s", f.Rule, f.Subject, f.Is)
		case !isCall:
		case f.Rule == compare.RuleCallNotInlined && wasInlined:
			lost[at] = f.Subject.String()
			if f.Cause == 0 || j.Causes[f.Cause-1].Kind == compare.CauseOther {
				t.Errorf("%v: %s has no cause", at, f.Subject)
			}
			causes++
		case f.Rule == compare.RuleImproved && isInlined:
			gained[at] = f.Subject.String()
		default:
			other[at] = f.Subject.String()
		}
	}
	c.hold("lost", lost, other, c.to, c.before, c.after)
	c.hold("gained", gained, other, c.back, c.after, c.before)
	t.Logf("%s: %d findings, %d with causes, %d causes; %s", strings.Join(patterns, " "), len(j.Findings), causes, len(j.Causes), counts(c.tally))
	if c.tally["places that both compilers inlined"] < 20 {
		t.Error("too few places: the test has lost its evidence")
	}
}

// hold compares what is said to differ with the places that one compiler inlined and the
// other did not. lines leads from the first one's places to the other's. The places of
// findings are those of the second side.
func (c *recheck) hold(what string, said, other map[spot]string, lines map[spot]spot, has, hasNot map[spot]bool) {
	for at := range has {
		to, ok := otherSide(lines, at)
		if !ok {
			c.tally["places in other functions"]++
			continue
		}
		second := to
		if what == "gained" {
			second = at
		}
		switch {
		case hasNot[to]:
			c.tally["places that both compilers inlined"]++
			if said[second] != "" && !strings.Contains(said[second], "in instance") {
				c.t.Errorf("%s, and invented: %v: %s: both compilers inlined it", what, second, said[second])
			}
		case said[second] != "":
			c.tally[what+", as the compilers say"]++
			delete(said, second)
		case other[second] != "":
			c.tally[what+", and changed in another way"]++
		default:
			c.t.Errorf("%s, and missed: %v", what, second)
		}
	}
	for at, subject := range said {
		first := at
		ok := true
		if what == "lost" {
			first, ok = otherSide(c.back, at)
		}
		switch {
		case !ok, strings.Contains(subject, "in instance"):
			c.tally[what+" in other functions"]++
		case !has[first]:
			c.t.Errorf("%s, and invented: %v: %s: the compiler did not inline it", what, at, subject)
		}
	}
}
