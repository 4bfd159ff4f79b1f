package evidence

import (
	"fmt"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// linkedPackages are linked as test binaries: those keep nearly every function
// of the package, with the names and lines of its test files.
var linkedPackages = []string{"net/http", "encoding/json", "go/types", "compress/flate", "text/template", "math/big", "strconv"}

// TestLinkedBinary holds the verdicts on packages against the test binaries
// that the go command links of them, with the toolchain of this machine and
// with the oldest supported one.
func TestLinkedBinary(t *testing.T) {
	for _, toolchain := range []string{"local", "go1.22.12"} {
		t.Run(toolchain, func(t *testing.T) {
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
	guarded                                    map[string]int // intrinsics with a call for machines without the instruction
	against                                    []string
}

func newComparison() *comparison {
	return &comparison{of: map[string]*outcome{}, guarded: map[string]int{}}
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
	t.Logf("  intrinsics with a call for machines without the instruction: %s", counts(c.guarded))
	t.Logf("  places where the disassembler knew no instruction: %d", c.undecoded)
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

// A scene is what is known of one function: its machine code and its calls.
type scene struct {
	fn    *Function
	calls map[Line][]*inline.Call
}

func (c *comparison) pkg(p *inline.Package, funcs []*Function) {
	scenes := map[string]*scene{}
	for _, f := range funcs {
		c.functions++
		c.undecoded += f.Undecoded
		scenes[f.Name] = &scene{fn: f, calls: map[Line][]*inline.Call{}}
	}
	list := instances(p.Calls, func(name string) bool { return scenes[name] != nil })
	for _, call := range list {
		if s := scenes[call.Caller]; s != nil {
			at := lineOf(call)
			s.calls[at] = append(s.calls[at], call)
		}
	}
	for _, call := range list {
		name := call.Status.String()
		if call.Via != "" {
			name += " (" + call.Via + ")"
		}
		o := c.of[name]
		if o == nil {
			o = &outcome{}
			c.of[name] = o
		}
		s := scenes[call.Caller]
		if s == nil {
			o.silent++ // the linker dropped the caller, or it only exists inlined
			continue
		}
		verdict, against := c.judge(s, call, scenes)
		switch {
		case against != "":
			o.contradicted++
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d:%d: %s calls %s: %s, but %s",
				p.Path, call.Pos.File, call.Pos.Line, call.Pos.Col, call.Caller, call.Callee, name, against))
		case verdict:
			o.confirmed++
			c.misjudge(s, call, scenes)
		default:
			o.silent++
		}
		// The tree of a call in a generic function is not told apart by instance.
		if against == "" && call.Status == inline.StatusInlined && !strings.Contains(call.Caller, "[") {
			c.nested(p, s, call)
		}
	}
	for _, s := range scenes {
		c.account(p, s)
	}
}

// instances replaces calls in generic functions by one call for each instance
// of which the binary has code.
func instances(calls []inline.Call, exists func(string) bool) []*inline.Call {
	var list []*inline.Call
	for i := range calls {
		call := &calls[i]
		found := false
		for _, inst := range call.Instances {
			caller := withArgs(call.Caller, inst.Shape)
			if inst.Shape == "" || !exists(caller) {
				continue
			}
			found = true
			one := *call
			one.Caller, one.Callee, one.Status, one.Instances, one.Inlines = caller, inst.Callee, inst.Status, nil, nil
			list = append(list, &one)
		}
		if !found {
			list = append(list, call)
		}
	}
	return list
}

// misjudge turns a confirmed verdict into its opposite: the binary must
// contradict that. It shows that the comparison can fail.
func (c *comparison) misjudge(s *scene, call *inline.Call, scenes map[string]*scene) {
	if call.Via != "" || s.others(call) > 0 {
		return
	}
	wrong := *call
	switch call.Status {
	case inline.StatusInlined:
		wrong.Status = inline.StatusNotInlined
	case inline.StatusNotInlined:
		wrong.Status = inline.StatusInlined
	default:
		return
	}
	c.wrong++
	if _, against := c.judge(s, &wrong, scenes); against != "" {
		c.caught++
	}
}

// nested holds the tree of an inlined call against the bodies inside of its
// body: each body must be in the tree, and no call that the tree says remained
// may have one.
func (c *comparison) nested(p *inline.Package, s *scene, call *inline.Call) {
	bodies := s.bodies(lineOf(call), call.Callee)
	if len(bodies) != 1 || s.others(call) > 0 {
		return
	}
	c.inside(p, call, bodies[0].Inside, call.Inlines)
}

// inside compares the bodies in one body with the calls in one list of the
// tree. A body that the tree has in another place (it lists a call of which it
// does not know where it stands at its root) is counted as misplaced.
func (c *comparison) inside(p *inline.Package, call *inline.Call, bodies []*Body, list []inline.Inlined) {
	for _, b := range bodies {
		c.nestedBodies++
		var at []inline.Inlined
		for _, in := range list {
			if b.At == (Line{in.Pos.File, in.Pos.Line}) && withoutArgs(in.Callee) == withoutArgs(b.Callee) {
				at = append(at, in)
			}
		}
		inlined := slices.DeleteFunc(slices.Clone(at), func(in inline.Inlined) bool { return in.Status != inline.StatusInlined })
		if len(inlined) == 0 && hasInlined(call.Inlines, withoutArgs(b.Callee)) {
			c.nestedMisplaced++
			continue
		}
		if len(inlined) == 0 {
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d:%d: in the body of %s stands the body of %s (called at %s:%d), and the tree says %s",
				p.Path, call.Pos.File, call.Pos.Line, call.Pos.Col, call.Callee, b.Callee, b.At.File, b.At.Line, outline(call.Inlines)))
			continue
		}
		c.nestedFound++
		if len(inlined) == 1 {
			c.inside(p, call, b.Inside, inlined[0].Inlines)
		}
	}
}

// outline writes a tree of nested calls in one line.
func outline(list []inline.Inlined) string {
	var parts []string
	for _, in := range list {
		part := fmt.Sprintf("%s %s at line %d", in.Callee, in.Status, in.Pos.Line)
		if len(in.Inlines) > 0 {
			part += " " + outline(in.Inlines)
		}
		parts = append(parts, part)
	}
	return "[" + strings.Join(parts, "; ") + "]"
}

func hasInlined(list []inline.Inlined, callee string) bool {
	return slices.ContainsFunc(list, func(in inline.Inlined) bool {
		return in.Status == inline.StatusInlined && (withoutArgs(in.Callee) == callee || hasInlined(in.Inlines, callee))
	})
}

func lineOf(call *inline.Call) Line { return Line{call.Pos.File, call.Pos.Line} }

// judge says whether the machine code shows what the verdict on a call says;
// against is set if it shows the opposite, beyond doubt.
func (c *comparison) judge(s *scene, call *inline.Call, scenes map[string]*scene) (confirmed bool, against string) {
	if call.Via == "go" || call.Via == "defer" {
		return judgeWrapped(s, call, scenes)
	}
	at := lineOf(call)
	bodies := s.bodies(at, call.Callee)
	direct := s.direct(at, call.Callee)
	others := s.others(call)
	switch call.Status {
	case inline.StatusInlined:
		if len(bodies) > 0 {
			return true, ""
		}
		if direct > others {
			return false, "there is a CALL of it"
		}
	case inline.StatusNotInlined:
		if len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		return direct > 0, ""
	case inline.StatusDynamic:
		if call.Callee != "" && len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		return s.indirect(at) > 0, ""
	case inline.StatusIntrinsic:
		if len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		if direct > others {
			if guarded(call.Callee) {
				c.guarded[call.Callee]++
				return true, ""
			}
			return false, "there is a CALL of it"
		}
		return s.fn.Lines[at], ""
	case inline.StatusEliminated:
		if call.Callee != "" && len(bodies) > 0 && others == 0 {
			return false, "its body stands there"
		}
		if call.Callee != "" && direct > others {
			return false, "there is a CALL of it"
		}
		return true, ""
	}
	return false, ""
}

// judgeWrapped judges the call of a go or defer statement: it is made in a
// wrapper, a function of its own named after the function around.
func judgeWrapped(s *scene, call *inline.Call, scenes map[string]*scene) (confirmed bool, against string) {
	at := lineOf(call)
	kind := map[string]string{"go": ".gowrap", "defer": ".deferwrap"}[call.Via]
	for name, w := range scenes {
		rest, ok := strings.CutPrefix(name, call.Caller+kind)
		if !ok || strings.Trim(rest, "0123456789") != "" {
			continue
		}
		bodies, direct := w.bodies(at, call.Callee), w.direct(at, call.Callee)
		switch {
		case call.Wrapped && direct > 0 && len(bodies) == 0:
			return false, "the statement's wrapper has a CALL of it"
		case !call.Wrapped && len(bodies) > 0 && len(s.calls[at]) == 1:
			return false, "its body stands in the statement's wrapper"
		case call.Wrapped && len(bodies) > 0, !call.Wrapped && direct > 0:
			return true, ""
		}
	}
	return false, ""
}

// guarded reports whether the compiler checks, for this intrinsic, that the
// machine has the instruction, and else calls the function.
func guarded(callee string) bool {
	return strings.HasPrefix(callee, "math.") || strings.HasPrefix(callee, "math/bits.")
}

// bodies returns the inlined bodies of callee at a line of the function itself.
func (s *scene) bodies(at Line, callee string) []*Body {
	var list []*Body
	for _, b := range s.fn.Inlined {
		if b.At == at && withoutArgs(b.Callee) == withoutArgs(callee) {
			list = append(list, b)
		}
	}
	return list
}

// direct counts the CALLs of callee at a line of the function itself.
func (s *scene) direct(at Line, callee string) int {
	n := 0
	for _, i := range s.fn.Calls {
		if len(i.Within) == 0 && i.Target != "" && i.At == at && withoutArgs(i.Target) == withoutArgs(callee) {
			n++
		}
	}
	return n
}

// indirect counts the CALLs through a register or memory at a line of the function itself.
func (s *scene) indirect(at Line) int {
	n := 0
	for _, i := range s.fn.Calls {
		if len(i.Within) == 0 && i.Target == "" && i.At == at {
			n++
		}
	}
	return n
}

// others counts the further calls of the same callee on the line: they may be
// what the machine code shows.
func (s *scene) others(call *inline.Call) int {
	n := 0
	for _, o := range s.calls[lineOf(call)] {
		if o.Pos != call.Pos && withoutArgs(o.Callee) == withoutArgs(call.Callee) {
			n++
		}
	}
	return n
}

// account checks that every inlined body at a line of the function belongs to
// a call that is said to be inlined.
func (c *comparison) account(p *inline.Package, s *scene) {
	for _, b := range s.fn.Inlined {
		calls := s.calls[b.At]
		if len(calls) == 0 {
			continue // no call of the source: a wrapper, or generated code
		}
		c.bodies++
		found := false
		for _, call := range calls {
			if withoutArgs(call.Callee) == withoutArgs(b.Callee) && (call.Status == inline.StatusInlined || call.Status == inline.StatusMixed || call.Wrapped) {
				found = true
			}
		}
		if found {
			c.explained++
		} else {
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d: in %s stands the body of %s, and no verdict says so", p.Path, b.At.File, b.At.Line, s.fn.Name, b.Callee))
		}
	}
}
