package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A Known is what is known of a function, of any package of a build.
type Known struct {
	Function   *inline.Function
	Unit       Unit
	Breakdowns []*cost.Breakdown // its cost, or that of each instance
}

// A Lookup finds a function of one side by its link name, as code in a unit calls it. It
// returns nil if there is none. It may take a compile.
type Lookup func(after bool, from Unit, name string) (*Known, error)

// Compared looks functions up among those that were compared. Their costs by part are not
// known.
func (c *Comparison) Compared(after bool, from Unit, name string) (*Known, error) {
	s := c.before
	if after {
		s = c.after
	}
	name = linkname.Generic(name)
	if local, ok := strings.CutPrefix(name, "main."); ok {
		name = from.Path + "." + local
	}
	key := Key{Caller: name}
	for _, variant := range []string{from.Variant, ""} {
		key.Variant = variant
		if f := s.functions[key.String()]; f != nil && f.f != nil {
			return &Known{Function: f.f, Unit: Unit{f.pkg.Path, f.pkg.Variant}}, nil
		}
	}
	return nil, nil
}

// A causeFinder finds why results are worse.
type causeFinder struct {
	*Comparison
	lookup Lookup
	kind   CauseKind // of what differs, if that is not the source: "" or CauseToolchain or CauseProfile
	causes []Cause
	byKey  map[string]int
	roots  map[string]*root // of functions, by their names
}

// A root is why a function costs more, or is not inlinable any more.
type root struct {
	cause Cause
	steps []Place
}

// Judge finds the causes of what is worse, and returns what was found, the worst first.
// kind is "" where the sources differ; otherwise the builds do, and that is the cause where
// the source of a function is the same. The error is lookup's.
func (c *Comparison) Judge(kind CauseKind, lookup Lookup) (*Judgment, error) {
	x := &causeFinder{Comparison: c, lookup: lookup, kind: kind, byKey: make(map[string]int), roots: make(map[string]*root)}
	for i := range c.worse {
		w := &c.worse[i]
		r, err := x.of(w)
		if err != nil {
			return nil, err
		}
		c.findings[w.finding].Cause = x.add(r)
	}
	j := &Judgment{Findings: c.findings, Causes: x.causes, Counts: c.counts}
	j.sortByCause()
	return j, nil
}

// add adds a cause, once, and returns its number.
func (x *causeFinder) add(r *root) int {
	n, ok := x.byKey[r.cause.Key]
	if !ok {
		x.causes = append(x.causes, r.cause)
		n = len(x.causes)
		x.byKey[r.cause.Key] = n
	}
	cause := &x.causes[n-1]
	for _, s := range r.steps {
		if !slices.Contains(cause.Steps, s) && len(cause.Steps) < maxSteps {
			cause.Steps = append(cause.Steps, s)
		}
	}
	return n
}

// maxSteps is how many steps a cause has at most.
const maxSteps = 20

// of returns the cause of one finding.
func (x *causeFinder) of(w *worse) (*root, error) {
	caller := w.caller.key.Caller
	atCall := func(kind CauseKind, text string) (*root, error) {
		return &root{cause: Cause{Kind: kind, Text: text, Key: string(kind) + " " + caller + " " + text, Pos: w.a.pos}}, nil
	}
	code := inline.ReasonCode("")
	if w.a.reason != nil {
		code = w.a.reason.Code
	}
	switch {
	case w.otherCallee:
		text := fmt.Sprintf("the same text calls %s now, and not %s", cmp.Or(short(w.after), "a function value"), cmp.Or(short(w.before), "a function value"))
		return &root{cause: Cause{Kind: CauseCaller, Text: text, Key: "callee " + w.after + " " + w.before, Pos: w.a.pos}}, nil
	case w.isCall && (w.b.hot && !w.a.hot && w.a.cost > gorelease.Budget || x.kind == CauseProfile && w.b.budget > w.a.budget && w.a.budget > 0):
		return atCall(CauseProfile, fmt.Sprintf("the profile does not make the call of %s in %s hot any more", short(w.after), short(caller)))
	case code == inline.CodeGoStatement, code == inline.CodeDeferStatement,
		code == inline.CodeInterfaceMethod, code == inline.CodeFuncValue, code == inline.CodeTypeParameter:
		kind := CauseCaller
		if x.kind != "" && w.caller.f != nil && w.caller.other.f != nil {
			kind = x.builds(CauseCaller, &Known{Function: w.caller.other.f}, &Known{Function: w.caller.f})
		}
		return atCall(kind, fmt.Sprintf("%s makes the call in another way: %s", short(caller), w.a.reason.Message))
	case code == inline.CodeBigCaller && w.b.budget != gorelease.BigCallerBudget:
		r := &root{cause: Cause{
			Kind: CauseCaller, Key: "caller " + caller, Pos: w.a.pos,
			Text: fmt.Sprintf("%s is big now: it has 5,000 nodes or more, so it inlines only what costs up to %d", short(caller), gorelease.BigCallerBudget),
		}}
		if w.caller.f != nil {
			r.cause.Pos = w.caller.f.Pos
		}
		return r, nil
	case code == inline.CodeRaceBuild, code == inline.CodeInliningOff:
		return &root{cause: Cause{Kind: CauseToolchain, Key: "build " + string(code), Text: "the build is another: " + w.a.reason.Message}}, nil
	}
	if w.before == "" || w.after == "" {
		return atCall(CauseOther, fmt.Sprintf("why %s is not inlined is not known", cmp.Or(short(w.after), "the callee")))
	}
	from := Unit{w.caller.pkg.Path, w.caller.pkg.Variant}
	fromBefore := Unit{w.caller.other.pkg.Path, w.caller.other.pkg.Variant}
	r, err := x.function(fromBefore, w.before, from, w.after, w.a.cost, 0)
	if err != nil || r != nil {
		return r, err
	}
	is := "not inlinable any more"
	if w.isCall {
		is = "not inlined any more"
	}
	return atCall(cmp.Or(x.kind, CauseOther), fmt.Sprintf("%s is %s", short(w.after), withReason(is, w.a.reason)))
}

// maxDepth is how many functions a cause is followed through.
const maxDepth = 12

// function returns why a function is worse than before; nil where that cannot be shown.
func (x *causeFinder) function(fromBefore Unit, before string, from Unit, after string, wanted, depth int) (*root, error) {
	memo := fmt.Sprintln(fromBefore, before, from, after, wanted) // several commands have a main.F
	if r, ok := x.roots[memo]; ok || depth > maxDepth {
		return r, nil
	}
	x.roots[memo] = nil // against circles
	b, err := x.lookup(false, fromBefore, before)
	if err != nil {
		return nil, err
	}
	a, err := x.lookup(true, from, after)
	if err != nil || a == nil {
		return nil, err
	}
	r, err := x.worse(b, a, wanted, depth)
	x.roots[memo] = r
	return r, err
}

// worse compares what is known of a function on both sides. b may be nil.
func (x *causeFinder) worse(b, a *Known, wanted, depth int) (*root, error) {
	name := a.Function.Name
	named := short(name)
	reason := a.Function.Reason
	for i := range a.Function.Instances {
		if in := &a.Function.Instances[i]; in.Cost == wanted && in.Reason != nil {
			reason = in.Reason
		}
	}
	r := &root{cause: Cause{Key: name, Pos: a.Function.Pos}}
	code := inline.ReasonCode("")
	if reason != nil {
		code = reason.Code
		r.cause.Key = string(code) + " " + name
	}
	switch {
	case code == inline.CodeNoinlineDirective:
		r.cause.Kind = CauseDirective
		r.cause.Text = fmt.Sprintf("%s is not inlinable any more: %s", named, reason.Message)
		if line, text := x.directive(b, a); line > 0 {
			r.cause.Pos = inline.Position{File: a.Function.Pos.File, Line: line, Col: 1}
			r.cause.Text = fmt.Sprintf("%s has the directive %s now", named, text)
		}
		return r, nil
	case code != "" && code != inline.CodeTooExpensive && code != inline.CodeClosureLimit:
		r.cause.Kind = x.builds(CauseReason, b, a)
		r.cause.Text = fmt.Sprintf("%s is not inlinable any more: %s", named, reason.Message)
		for _, d := range a.Breakdowns {
			if len(d.Blockers) > 0 {
				r.cause.Pos = d.Blockers[0].Pos
			}
		}
		if r.cause.Kind == CauseToolchain && x.kind != "" {
			r.cause.Text += fmt.Sprintf(" with %s", x.after.Name)
		}
		return r, nil
	case b == nil:
		return nil, nil
	case b.Function.Hot && !a.Function.Hot:
		r.cause.Kind, r.cause.Key = CauseProfile, "profile "+name
		r.cause.Text = fmt.Sprintf("the profile does not make %s hot any more: its budget is %d, and was %d", named, a.Function.Budget, b.Function.Budget)
		return r, nil
	}
	return x.cost(r, b, a, wanted, depth)
}

// builds returns the kind of a cause: that of the builds where the source is the same.
func (x *causeFinder) builds(kind CauseKind, b, a *Known) CauseKind {
	if x.kind == "" || b == nil {
		return kind
	}
	if was, is := x.before.texts.body(b.Function), x.after.texts.body(a.Function); was != is && was != "" && is != "" {
		return kind
	}
	return x.kind
}

// cost finds out what makes a function cost more. It follows calls of functions that cost
// more themselves.
func (x *causeFinder) cost(r *root, b, a *Known, wanted, depth int) (*root, error) {
	name := a.Function.Name
	named := short(name)
	was, is := breakdownOf(b, 0), breakdownOf(a, wanted)
	if was == nil || is == nil {
		if b.Function.Cost == 0 || a.Function.Cost <= b.Function.Cost {
			return nil, nil
		}
		r.cause.Kind, r.cause.Key = x.builds(CauseCost, b, a), "cost "+name
		r.cause.Text = fmt.Sprintf("%s costs %d instead of %d", named, a.Function.Cost, b.Function.Cost)
		return r, nil
	}
	if is.Cost <= was.Cost {
		return nil, nil
	}
	more := x.lineDeltas(was, is)
	if len(more) > 0 {
		deeper, err := x.deeper(b, a, &more[0], depth)
		if err != nil || deeper != nil {
			return deeper, err
		}
	}
	r.cause.Kind, r.cause.Key = x.builds(CauseCost, b, a), "cost "+name
	r.cause.Text = fmt.Sprintf("%s costs %d instead of %d", named, is.Cost, was.Cost)
	if r.cause.Kind != CauseCost && x.kind != "" {
		r.cause.Text = fmt.Sprintf("%s costs %d with %s, and %d with %s", named, is.Cost, x.after.Name, was.Cost, x.before.Name)
	}
	if line, others := sayLines(more); line != "" {
		r.cause.Text += ": " + line
		r.cause.Pos = more[0].pos
		r.steps = others
	}
	return r, nil
}

// deeper follows a call that is on both sides and costs more; nil where the cause is the
// line itself.
func (x *causeFinder) deeper(b, a *Known, line *lineDelta, depth int) (*root, error) {
	p, was := &line.part, line.before
	if was == nil || p.Callee == "" || was.Callee == "" || line.gain < line.delta/2 {
		return nil, nil
	}
	switch p.What {
	case cost.InlinedCall, cost.Call:
	default:
		return nil, nil
	}
	wanted := 0
	if p.What == cost.InlinedCall {
		wanted = p.Cost/max(p.Count, 1) - 1
	}
	if p.What == cost.InlinedCall && was.What == cost.Call {
		return x.inlinableNow(b, a, line, wanted)
	}
	found, err := x.function(b.Unit, was.Callee, a.Unit, p.Callee, wanted, depth+1)
	if err != nil || found == nil {
		return nil, err
	}
	step := Place{Pos: p.Pos, Text: fmt.Sprintf("%s calls %s here: %+d", short(a.Function.Name), short(linkname.Generic(p.Callee)), line.gain)}
	return &root{cause: found.cause, steps: append(slices.Clip(found.steps), step)}, nil
}

// inlinableNow is the cause where a callee is inlinable, and was not: a call costs less than
// its body.
func (x *causeFinder) inlinableNow(b, a *Known, line *lineDelta, cost int) (*root, error) {
	was, err := x.lookup(false, b.Unit, line.before.Callee)
	if err != nil {
		return nil, err
	}
	is, err := x.lookup(true, a.Unit, line.part.Callee)
	if err != nil || is == nil {
		return nil, err
	}
	name := is.Function.Name
	return &root{
		cause: Cause{
			Kind: x.builds(CauseCost, was, is), Key: "inlinable " + name, Pos: is.Function.Pos,
			Text: fmt.Sprintf("%s is inlinable now: its body costs %d, and a call of it cost %d", short(name), cost, line.before.Cost/max(line.before.Count, 1)),
		},
		steps: []Place{{Pos: line.part.Pos, Text: fmt.Sprintf("%s calls %s here: %+d", short(a.Function.Name), short(name), line.gain)}},
	}, nil
}

// breakdownOf picks the breakdown of an instance by its cost; the first where there is no
// such one.
func breakdownOf(k *Known, wanted int) *cost.Breakdown {
	if len(k.Breakdowns) == 0 {
		return nil
	}
	for _, b := range k.Breakdowns {
		if wanted > 0 && b.Cost == wanted {
			return b
		}
	}
	return k.Breakdowns[0]
}

// directive finds a directive above a function that was not there before.
func (x *causeFinder) directive(b, a *Known) (line int, text string) {
	var before []string
	if b != nil {
		for _, d := range x.before.texts.directives(b.Function.Pos) {
			before = append(before, d.text)
		}
	}
	for _, d := range x.after.texts.directives(a.Function.Pos) {
		if !slices.Contains(before, d.text) {
			return d.line, d.text
		}
	}
	return 0, ""
}

type directiveLine struct {
	line int
	text string
}

// directives lists the //go: lines in the comment above a function.
func (t *texts) directives(at inline.Position) (list []directiveLine) {
	f := t.file(at.File)
	if f == nil || at.Line > len(f.lines) {
		return nil
	}
	for line := at.Line - 1; line >= 1; line-- {
		text := strings.TrimSpace(f.lines[line-1])
		if !strings.HasPrefix(text, "//") {
			break
		}
		if strings.HasPrefix(text, "//go:") {
			list = append(list, directiveLine{line, text})
		}
	}
	slices.Reverse(list)
	return list
}

// sortByCause puts the worst first: causes with most lost calls, and their findings together.
func (j *Judgment) sortByCause() {
	lost := make([]int, len(j.Causes)+1)
	for i := range j.Findings {
		if j.Findings[i].Level == LevelFailed {
			lost[j.Findings[i].Cause]++
		}
	}
	order := make([]int, len(j.Causes))
	for i := range order {
		order[i] = i + 1
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(lost[b], lost[a]), cmp.Compare(j.Causes[a-1].Key, j.Causes[b-1].Key))
	})
	causes := make([]Cause, 0, len(j.Causes))
	number := make([]int, len(j.Causes)+1)
	for i, old := range order {
		causes = append(causes, j.Causes[old-1])
		number[old] = i + 1
	}
	j.Causes = causes
	for i := range j.Findings {
		j.Findings[i].Cause = number[j.Findings[i].Cause]
	}
	rank := func(f *Finding) int {
		if f.Cause == 0 {
			return len(causes) + 1
		}
		return f.Cause
	}
	slices.SortStableFunc(j.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Level, b.Level), cmp.Compare(rank(&a), rank(&b)), a.Pos.Compare(b.Pos), cmp.Compare(a.Subject.String(), b.Subject.String()))
	})
}
