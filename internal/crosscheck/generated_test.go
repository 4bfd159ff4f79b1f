package crosscheck

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sort"
	"strconv"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestGenerated has a program of generated packages compiled, and holds the
// verdicts on them against the compiler's full -m=2 output and against the
// bodies and CALL instructions in the linked binary.
//
// GENERATED names other programs: "seed" or "seed-seed", how many packages each
// has, and the toolchain: GENERATED="1-50 100 go1.27.3".
func TestGenerated(t *testing.T) {
	// 75 packages, or 5,000.
	first, last, packages := prove.Or[uint64](13, 1), prove.Or[uint64](13, 50), 25
	toolchains := prove.Or([]string{prove.Oldest, "local", prove.Newest}, []string{prove.Oldest, "local", "go1.25.4", prove.Newest})
	if v := os.Getenv("GENERATED"); v != "" {
		f := strings.Fields(v)
		from, to, ranged := strings.Cut(f[0], "-")
		first = number(t, from)
		last = first
		if ranged {
			last = number(t, to)
		}
		packages, toolchains = int(number(t, f[1])), f[2:]
	}
	for seed := first; seed <= last; seed++ {
		for _, toolchain := range toolchains {
			t.Run(fmt.Sprintf("%s/%d", toolchain, seed), func(t *testing.T) {
				p := newProgram(t, seed, packages, toolchain)
				p.compare(t)
			})
		}
	}
}

func number(t *testing.T, text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A generatedProgram is a module of generated packages with a command that
// refers to all of their functions.
type generatedProgram struct {
	dir      string
	packages []*generated
	env      []string
	flags    []string // of go build
	minor    int      // of the toolchain's release
	plain    bool     // nothing is constant, nothing is dead
}

func newProgram(t *testing.T, seed uint64, packages int, toolchain string) *generatedProgram {
	plain := seed%2 == 0
	env := []string{"GOTOOLCHAIN=" + toolchain}
	v := strings.TrimPrefix(strings.TrimSpace(goCommand(t, "", env, "env", "GOVERSION")), "go1.")
	v, _, _ = strings.Cut(v, ".")
	minor := int(number(t, v))
	p := &generatedProgram{dir: t.TempDir(), env: env, plain: plain, minor: minor}
	if keep := os.Getenv("GENERATED_DIR"); keep != "" {
		p.dir = keep
	}
	writeFile(t, filepath.Join(p.dir, "go.mod"), fmt.Sprintf("module generated\n\ngo 1.%d\n", minor))
	imports, uses := "", ""
	for i := range packages {
		var earlier []*generated
		for j := range min(i, 3) {
			earlier = append(earlier, p.packages[i-1-j])
		}
		g := generate(seed, i, minor, plain, earlier)
		p.packages = append(p.packages, g)
		for name, text := range g.files {
			writeFile(t, filepath.Join(p.dir, g.name, name), text)
		}
		imports += fmt.Sprintf("\t%q\n", "generated/"+g.name)
		uses += "\tprintln(len(" + g.name + ".Keep))\n"
	}
	writeFile(t, filepath.Join(p.dir, "cmd", "main.go"), "package main\n\nimport (\n"+imports+")\n\nfunc main() {\n"+uses+"}\n")
	if seed%6 == 3 { // the standard library is compiled again with each profile
		p.writeProfile(t, seed)
	}
	return p
}

func (p *generatedProgram) compare(t *testing.T) {
	truth, lines := p.remarks(t)
	ours := &stdSurvey{packages: map[string]*stdPackage{}, names: map[string]string{}, statuses: map[string]int{}, reasons: map[string]int{}}
	var list []*inline.Package
	cfg := load.Config{Dir: p.dir, Env: environment(p.env...), BuildFlags: p.flags}
	verdicts(t, cfg, []string{"./..."}, func(p *inline.Package) {
		ours.add(p)
		list = append(list, p)
	})
	sort.Slice(list, func(i, j int) bool { return list[i].Path < list[j].Path })
	if len(list) != len(p.packages)+1 {
		t.Fatalf("verdicts on %d packages, want %d", len(list), len(p.packages)+1)
	}
	full := &fullComparison{survey: ours, elsewhere: map[spot]bool{}, tally: map[string]int{}}
	for _, out := range truth {
		for at := range out.inlined {
			full.elsewhere[at] = true
		}
	}
	exe := filepath.Join(p.dir, "generated.exe")
	goCommand(t, p.dir, p.env, append(append([]string{"build"}, p.flags...), "-gcflags=./...=-m=2", "-o", exe, "./cmd")...)
	b, err := Open(exe)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	linked, rest := newComparison(), &remaining{}
	claimed, unclaimed := 0, []string(nil)
	for _, v := range list {
		if v.Name == "main" {
			continue
		}
		full.compare(ours.packages[v.Path], truth[v.Path])
		said := lines[v.Path]
		probed := slices.ContainsFunc(v.Functions, func(f inline.Function) bool { return f.Probe })
		for i := range v.Functions {
			f := &v.Functions[i]
			if f.Probe {
				continue // compiled by us only
			}
			name := strings.TrimPrefix(f.Name, v.Path+".")
			saysSomething := slices.ContainsFunc(said[f.Pos.Line], func(text string) bool { return strings.Contains(text, "inline "+name) })
			// An old compiler says nothing of the literals in a recursive function that are
			// not called where it looks.
			silent := p.minor < 24 && f.Reason != nil && f.Reason.Code == inline.CodeRecursive && strings.Contains(name, ".func") && !saysSomething
			c := &claimer{t: t, pkg: v, detailed: true, names: ours.names}
			c.function(f)
			for _, c := range c.list {
				claimed++
				if f.Reason != nil && f.Reason.Code != inline.CodeTooExpensive {
					// The reason may be put in other words.
					c.texts = mapped(c.texts, func(text string) string { head, _, _ := strings.Cut(text, ": "); return head + ": " })
				}
				if probed && strings.Contains(c.from, "[") {
					continue // perhaps an instance that only such a function asks for
				}
				if c.must && !silent && !said.has(c) {
					unclaimed = append(unclaimed, fmt.Sprintf("%s:%d: our verdict on %s means %q, which the compiler does not say", v.Path, c.line, c.from, c.texts[0]))
				}
			}
			if !f.Known && f.Reason.Code != inline.CodeDeadCode && saysSomething {
				unclaimed = append(unclaimed, fmt.Sprintf("%s:%d: nothing is known of %s: %s", v.Path, f.Pos.Line, f.Name, f.Reason.Message))
			}
		}
		funcs, err := b.Functions(v.Path)
		if err != nil {
			t.Fatal(err)
		}
		if p.minor >= 27 {
			funcs = withoutCopies(v, funcs)
		}
		linked.pkg(v, funcs)
		rest.pkg(v, funcs, p.plain)
	}
	if claimed < 10*len(p.packages) {
		t.Errorf("only %d remarks follow from the verdicts on %d packages", claimed, len(p.packages))
	}
	report(t, "not said", unclaimed)
	t.Logf("%d packages, %d calls (%s), %d places of inlined calls, %d CALLs explained, %d verdicts with their CALLs (%d dynamic that the back end made direct); the binary confirms %d verdicts",
		len(list), ours.calls, counts(ours.statuses), full.tally["places that the compiler names"], rest.explained, rest.found, rest.late, linked.of["inlined"].confirmed+linked.of["not-inlined"].confirmed)
	report(t, "lost", full.lost)
	report(t, "invented", full.invented)
	report(t, "other callees", full.renamed)
	report(t, "contradicted", linked.against)
	report(t, "CALL", rest.against)
	report(t, "unknown", ours.unknown)
}

// remarkLines are what the compiler prints of one package, by line of source.
type remarkLines map[int][]string

func (r remarkLines) has(c claim) bool {
	return slices.ContainsFunc(r[c.line], func(text string) bool {
		return slices.ContainsFunc(c.texts, func(want string) bool {
			// A claim has the type arguments of a method behind its receiver's type.
			return strings.HasPrefix(text, want) || strings.Contains(text, shapeArgs(want)) &&
				strings.HasPrefix(withoutArgs(text), withoutArgs(want))
		})
	})
}

// shapeArgs are the first type arguments in a text, with their brackets.
func shapeArgs(text string) string {
	open, end := strings.IndexByte(text, '['), strings.LastIndexByte(text, ']')
	if open < 0 || end < open {
		return "["
	}
	return text[open : end+1]
}

// remarks are the compiler's on the program's packages, in full.
func (p *generatedProgram) remarks(t *testing.T) (map[string]*packageOutput, map[string]remarkLines) {
	cmd := exec.CommandContext(t.Context(), "go", append(append([]string{"build"}, p.flags...), "-gcflags=./...=-m=2", "./...")...)
	cmd.Dir = p.dir
	cmd.Env = environment(append(p.env, "PWD="+p.dir)...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		goCommand(t, p.dir, p.env, "build", "./...") // for errors without remarks between them
		t.Fatalf("go build: %v", err)
	}
	all, _, err := readFullOutput(strings.NewReader(string(out)), p.dir)
	if err != nil {
		t.Fatal(err)
	}
	byPackage := map[string]remarkLines{}
	pkg := ""
	for line := range strings.Lines(string(out)) {
		line = strings.TrimSuffix(line, "\n")
		if name, ok := strings.CutPrefix(line, "# "); ok {
			pkg = name
			byPackage[pkg] = remarkLines{}
		} else if place, text, ok := strings.Cut(line, ": "); ok && strings.HasPrefix(clean(filepath.Join(p.dir, place)), filepath.Join(clean(p.dir), strings.TrimPrefix(pkg, "generated/"))) {
			if at, ok := readSpot(place, p.dir); ok {
				byPackage[pkg][at.line] = append(byPackage[pkg][at.line], text)
			}
		}
	}
	return all, byPackage
}

// remaining holds every CALL of a generated function against the verdicts: one
// has to say that the call remains, at the CALL's line and within the bodies
// that the CALL stands in.
type remaining struct {
	explained int
	found     int // verdicts that a call remains, with a CALL for each
	late      int // of these, calls said to be dynamic that the back end made direct
	against   []string
}

func (r *remaining) pkg(p *inline.Package, funcs []*Function, plain bool) {
	known := map[string]bool{}
	for _, f := range funcs {
		known[f.Name] = true
	}
	byCaller := map[string][]inline.Inlined{}
	statements := map[string][]inline.Call{}
	for _, c := range instances(p.Calls, func(name string) bool { return known[name] }) {
		if c.Via == "go" || c.Via == "defer" {
			statements[c.Caller] = append(statements[c.Caller], *c)
			continue // made in a wrapper
		}
		if c.Doubt != "" && c.Status != inline.StatusInlined {
			c.Status = inline.StatusUnknown // later passes may have dropped it
		}
		byCaller[c.Caller] = append(byCaller[c.Caller], inline.Inlined{Callee: c.Callee, Pos: c.Pos, Status: c.Status, Reason: c.Reason, Inlines: c.Inlines})
	}
	for _, f := range funcs {
		if strings.Contains(f.Name, "[") {
			continue // the trees of an instance's calls are not told apart
		}
		if plain {
			r.verdicts(f, byCaller[f.Name], nil)
		}
		for _, call := range f.Calls {
			list, ok := byCaller[f.Name]
			if !ok || !strings.HasPrefix(call.Target, "generated/") {
				continue // a wrapper, or the copy of a literal
			}
			if deferred(f, call, statements[f.Name]) {
				r.explained++
				continue
			}
			for _, b := range call.Within {
				list = bodiesAt(list, b)
			}
			if said := saidAt(list, call); said != "" {
				r.against = append(r.against, fmt.Sprintf("%s:%d: %s has a CALL of %s%s, and the verdict is %s",
					call.At.File, call.At.Line, f.Name, call.Target, chain(call.Within), said))
				continue
			}
			r.explained++
		}
	}
}

// verdicts holds what is said to remain in the body that the bodies lead to
// against its CALLs: the other way round.
func (r *remaining) verdicts(f *Function, list []inline.Inlined, within []*Body) {
	bodies := f.Inlined
	if len(within) > 0 {
		bodies = within[len(within)-1].Inside
	}
	for _, in := range list {
		here := fmt.Sprintf("%s:%d: in %s%s is said to be %s: %q", in.Pos.File, in.Pos.Line, f.Name, chain(within), in.Status, in.Callee)
		switch in.Status {
		case inline.StatusInlined:
			var at []*Body
			for _, b := range bodies {
				if b.At.Line == in.Pos.Line && sameCallee(b.Callee, in.Callee) {
					at = append(at, b)
				}
			}
			if len(at) == 1 && len(bodiesAt(list, at[0])) == len(in.Inlines) {
				r.verdicts(f, in.Inlines, append(slices.Clone(within), at[0]))
			}
		case inline.StatusNotInlined, inline.StatusDynamic:
			direct, indirect := 0, 0
			for _, c := range f.Calls {
				if c.At.Line != in.Pos.Line || !slices.Equal(c.Within, within) {
					continue
				}
				switch {
				case c.Target == "":
					indirect++
				case in.Status == inline.StatusDynamic || calls(in, c.Target):
					direct++
				}
			}
			// A literal in a variable is called through the variable, though the compiler
			// knows which one it is.
			through := in.Status == inline.StatusDynamic || ofLiteral(in.Callee)
			if direct == 0 && (!through || indirect == 0) {
				r.against = append(r.against, here+", and there is no CALL")
				continue
			}
			r.found++
			if in.Status == inline.StatusDynamic && indirect == 0 {
				r.late++
			}
		case inline.StatusEliminated:
			if !strings.HasPrefix(in.Callee, "generated/") {
				continue // the standard library's code, which has constants
			}
			r.against = append(r.against, here+", and nothing is dead here")
		}
	}
}

// calls reports whether a CALL of target is that of a call which is said to
// remain. A method expression whose type only embeds that of the method's
// receiver calls a wrapper, which has the same name of another type; the verdict
// names the method, as the source does.
func calls(in inline.Inlined, target string) bool {
	if in.Reason != nil && strings.Contains(in.Reason.Message, "calls a wrapper") {
		return lastName(in.Callee) == lastName(target)
	}
	if likely := likelyCallee(in); likely != "" {
		target = target[strings.LastIndexByte(target, '/')+1:]
		_, name, _ := strings.Cut(target, ".")
		return likely == target || likely == name
	}
	return sameCallee(in.Callee, target)
}

// likelyCallee is the function of which a verdict says that it is called directly
// behind a test for it; "" for others.
func likelyCallee(in inline.Inlined) string {
	if in.Status != inline.StatusDynamic || in.Reason == nil {
		return ""
	}
	rest, ok := strings.CutPrefix(in.Reason.Message, "called directly after a test for ")
	if !ok {
		return ""
	}
	name, _, _ := strings.Cut(rest, ", the likely callee")
	return name
}

// deferred reports whether a CALL is that of the wrapper which the compiler made for
// one of the go and defer statements of f: it calls a deferred one directly where f
// returns, behind the statement. It numbers the wrappers of both kinds together.
func deferred(f *Function, call Instruction, statements []inline.Call) bool {
	number, ok := strings.CutPrefix(call.Target, f.Name+".deferwrap")
	n, err := strconv.Atoi(number)
	return ok && err == nil && n <= len(statements) && len(call.Within) == 0 && slices.ContainsFunc(statements, func(c inline.Call) bool {
		return c.Via == "defer" && c.Pos.Line <= call.At.Line
	})
}

func lastName(link string) string { return link[strings.LastIndexByte(link, '.')+1:] }

// withoutCopies drops the function literals that inlining may have copied. Since
// Go 1.27 the binary has the copies under the literals' own names.
func withoutCopies(p *inline.Package, funcs []*Function) []*Function {
	inlinable := map[string]bool{}
	for _, f := range p.Functions {
		if f.Inlinable || slices.ContainsFunc(f.Instances, func(in inline.FunctionInstance) bool { return in.Inlinable }) {
			inlinable[withoutArgs(f.Name)] = true
		}
	}
	return slices.DeleteFunc(funcs, func(f *Function) bool {
		name := withoutArgs(f.Name)
		for i, c := range name {
			if (c == '.' || c == '-') && inlinable[name[:i]] {
				return true
			}
		}
		return false
	})
}

func chain(bodies []*Body) string {
	text := ""
	for _, b := range bodies {
		text += fmt.Sprintf(" in %s (called at line %d)", b.Callee, b.At.Line)
	}
	return text
}

// bodiesAt are the calls in the bodies that b may be.
func bodiesAt(list []inline.Inlined, b *Body) []inline.Inlined {
	var inside []inline.Inlined
	for _, in := range list {
		if in.Status == inline.StatusInlined && in.Pos.Line == b.At.Line && sameCallee(in.Callee, b.Callee) {
			inside = append(inside, in.Inlines...)
		}
	}
	return inside
}

// saidAt returns "" where a verdict says that the call remains, and otherwise
// what is said at its line.
func saidAt(list []inline.Inlined, call Instruction) string {
	said := []string{}
	for _, in := range list {
		if in.Pos.Line != call.At.Line {
			continue
		}
		if in.Status != inline.StatusInlined && in.Status != inline.StatusEliminated && calls(in, call.Target) {
			return ""
		}
		said = append(said, fmt.Sprintf("%s of %q", in.Status, in.Callee))
	}
	if len(said) == 0 {
		return "nothing"
	}
	return strings.Join(said, ", ")
}

// What the comparison takes for the CALL of a verdict.
func TestCallOfVerdict(t *testing.T) {
	for _, test := range []struct {
		callee, target string
		want           bool
	}{
		{"g/p.F", "g/p.F", true},
		{"g/p.F", "g/p.G", false},
		{"g/p.G.func1", "g/p.G[go.shape.int].func1", true},
		{"g/p.G.func1.1", "g/p.G[go.shape.int].1.1", true}, // a copy's, since Go 1.27
		{"g/p.G.func1.1", "g/p.G[go.shape.int]", false},
		{"g/p.F", "g/p.F.1", false},
	} {
		if got := calls(inline.Inlined{Callee: test.callee}, test.target); got != test.want {
			t.Errorf("calls(%s, %s) = %v, want %v", test.callee, test.target, got, test.want)
		}
	}
	likely := inline.Inlined{Callee: "g/p.I.M", Status: inline.StatusDynamic, Reason: &inline.Reason{Message: "called directly after a test for (*T).M, the likely callee in the profile"}}
	if !calls(likely, "g/p.(*T).M") || calls(likely, "g/p.(*U).M") {
		t.Error("a call that is made directly behind a test is of the callee tested for alone")
	}
	f := &Function{Name: "g/p.F"}
	statements := []inline.Call{{Via: "go", Pos: inline.Position{Line: 3}}, {Via: "defer", Pos: inline.Position{Line: 5}}}
	for _, test := range []struct {
		target     string
		line       int
		statements []inline.Call
		want       bool
	}{
		{"g/p.F.deferwrap2", 9, statements, true},
		{"g/p.F.deferwrap3", 9, statements, false},     // there are two statements
		{"g/p.F.deferwrap1", 4, statements, false},     // before the defer statement
		{"g/p.F.gowrap1", 9, statements, false},        // started, never called
		{"g/p.G.deferwrap1", 9, statements, false},     // another function's
		{"g/p.F.deferwrap1", 9, statements[:1], false}, // nothing is deferred
	} {
		call := Instruction{Target: test.target, At: Line{Line: test.line}}
		if got := deferred(f, call, test.statements); got != test.want {
			t.Errorf("deferred(%s at %d, %d statements) = %v, want %v", test.target, test.line, len(test.statements), got, test.want)
		}
	}
}
