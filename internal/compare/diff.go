package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A Comparison is what differs between two sides. Its causes are found afterwards, as
// they take more than verdicts.
type Comparison struct {
	before, after *side
	renamed       map[string]string // new names of functions, by the old ones
	findings      []Finding
	worse         []worse // of findings
	counts        Counts
}

// A worse is a finding of which there is a cause.
type worse struct {
	finding int
	// The function that has the cause: what is called, or what is not inlinable any more.
	// "" for a value or a method that is known only at run time.
	before, after string
	caller        *sideFunction // after; with before as its other
	b, a          *outcome
	isCall        bool
	otherCallee   bool // the same text calls another function now
}

// An outcome is one of a call or of a function, in one instance.
type outcome struct {
	status       inline.Status // of a call
	inlinable    bool          // of a function
	known        bool
	cost, budget int
	reason       *inline.Reason
	hot          bool
	wrapped      bool // see inline.Call
	callee       string
	pos          inline.Position
	instance     string
}

// Compare compares two sides.
func Compare(before, after Side) *Comparison {
	c := &Comparison{before: newSide(before), after: newSide(after)}
	c.renamed = matchFunctions(c.before, c.after)
	broken := c.unjudged()
	for _, b := range c.before.order {
		a := b.other
		if a == nil {
			if !broken[b.key.Package] {
				c.oneSided(b, RuleGone, "there before")
			}
			continue
		}
		c.counts.Functions++
		c.functions(b, a)
		matchCalls(c.before, c.after, b, a, c.renamed)
		for _, call := range b.calls {
			if call.other != nil {
				c.counts.Calls++
				c.calls(a, call, call.other)
			}
		}
	}
	for _, a := range c.after.order {
		if a.other == nil && !broken[a.key.Package] {
			c.oneSided(a, RuleNew, "new")
		}
	}
	if c.counts.Functions == 0 && len(c.before.order) > 0 && len(c.after.order) > 0 {
		c.findings = append(c.findings, Finding{
			Rule: RuleUnknown, Level: LevelUnjudged, Key: "nothing compared", Subject: Subject{Text: "the comparison"},
			Is: "no function is on both sides, so that nothing could be compared",
		})
	}
	return c
}

// unjudged adds findings on packages that cannot be compared, and returns them.
func (c *Comparison) unjudged() (broken map[string]bool) {
	broken = make(map[string]bool)
	for _, s := range []*side{c.before, c.after} {
		for _, p := range s.Packages {
			name := p.Path
			if p.Variant == "test" {
				name += " (test)"
			}
			if len(p.Errors) > 0 {
				broken[p.Path] = true
				c.findings = append(c.findings, Finding{
					Rule: RulePackage, Level: LevelUnjudged, Key: "package " + name, Pos: p.Errors[0].Pos, Subject: Subject{Text: name},
					Is: fmt.Sprintf("it does not compile in %s: %s", s.Name, firstLine(p.Errors[0].Message)),
				})
				continue
			}
			if s == c.after {
				c.counts.Packages++
			}
			for _, problem := range p.Problems {
				c.findings = append(c.findings, Finding{
					Rule: RuleRemark, Level: LevelUnjudged, Key: "remark " + name + " " + problem.Text, Subject: Subject{Text: name},
					Is: fmt.Sprintf("the compiler of %s printed a line that is not understood: %s", s.Name, problem.Text),
				})
			}
		}
	}
	return broken
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

// oneSided notes a function that is on one side only.
func (c *Comparison) oneSided(f *sideFunction, rule Rule, is string) {
	if f.f == nil || shortName(f) == "_" {
		return
	}
	c.findings = append(c.findings, Finding{Rule: rule, Level: LevelNote, Key: f.key.String(), Pos: f.f.Pos, Subject: functionSubject(f.f.Name, ""), Is: is})
}

// functions compares a function, instance by instance.
func (c *Comparison) functions(b, a *sideFunction) {
	if b.f == nil || a.f == nil {
		return
	}
	for _, pair := range pairOutcomes(functionOutcomes(b.f), functionOutcomes(a.f)) {
		c.function(b, a, pair[0], pair[1])
	}
}

func functionOutcomes(f *inline.Function) []outcome {
	if len(f.Instances) == 0 {
		return []outcome{{inlinable: f.Inlinable, known: f.Known, cost: f.Cost, budget: f.Budget, reason: f.Reason, hot: f.Hot, pos: f.Pos}}
	}
	var list []outcome
	for _, in := range f.Instances {
		list = append(list, outcome{
			inlinable: in.Inlinable, known: true, cost: in.Cost, budget: in.Budget, reason: in.Reason, hot: f.Hot, pos: f.Pos,
			instance: instanceText(in.TypeArgs, in.Shape),
		})
	}
	return list
}

func callOutcomes(c *sideCall) []outcome {
	v := outcome{status: c.Status, known: c.Status != inline.StatusUnknown, cost: c.Cost, budget: c.Budget, reason: c.Reason, hot: c.Hot, wrapped: c.Wrapped, callee: c.Callee, pos: c.Pos}
	if len(c.Instances) == 0 {
		return []outcome{v}
	}
	var list []outcome
	for _, in := range c.Instances {
		v.status, v.known, v.cost, v.budget, v.reason = in.Status, in.Status != inline.StatusUnknown, in.Cost, in.Budget, in.Reason
		v.callee, v.instance = cmp.Or(in.Callee, c.Callee), instanceText(in.TypeArgs, in.Shape)
		list = append(list, v)
	}
	return list
}

// pairOutcomes pairs instances. Where one side was compiled for no instance, its verdict
// stands for all of them.
func pairOutcomes(before, after []outcome) (pairs [][2]*outcome) {
	for i := range before {
		for j := range after {
			b, a := &before[i], &after[j]
			if b.instance == a.instance || b.instance == "" || a.instance == "" {
				pairs = append(pairs, [2]*outcome{b, a})
			}
		}
	}
	// An outcome that all instances have in common is told once.
	if len(pairs) > 1 {
		same := func(p [2]*outcome) bool {
			return equalOutcomes(p[0], pairs[0][0]) && equalOutcomes(p[1], pairs[0][1])
		}
		if !slices.ContainsFunc(pairs, func(p [2]*outcome) bool { return !same(p) }) && len(pairs) == len(before) && len(pairs) == len(after) {
			b, a := *pairs[0][0], *pairs[0][1]
			b.instance, a.instance = "", ""
			return [][2]*outcome{{&b, &a}}
		}
	}
	return pairs
}

func equalOutcomes(a, b *outcome) bool {
	return a.status == b.status && a.inlinable == b.inlinable && a.known == b.known && a.cost == b.cost && a.budget == b.budget
}

func (c *Comparison) function(b, a *sideFunction, was, is *outcome) {
	key := a.key
	key.Instance = is.instance
	f := Finding{Key: key.String(), Pos: is.pos, Subject: functionSubject(a.f.Name, is.instance), Reason: is.reason, Was: was.functionText(), Is: is.functionText()}
	switch {
	case was.known && !is.known && was.inlinable:
		f.Rule, f.Level = RuleUnknown, LevelUnjudged
	case was.inlinable && !is.inlinable:
		f.Rule = RuleNotInlinable
		c.worse = append(c.worse, worse{finding: len(c.findings), before: b.f.Name, after: a.f.Name, caller: a, b: was, a: is})
	case was.known && !was.inlinable && is.inlinable:
		f.Rule, f.Level = RuleImproved, LevelNote
	default:
		return
	}
	c.findings = append(c.findings, f)
}

// functionText says whether a function is inlinable.
func (v *outcome) functionText() string {
	switch {
	case !v.known:
		return withReason("it is not known whether it is inlinable", v.reason)
	case v.inlinable:
		return fmt.Sprintf("inlinable: cost %d/%d", v.cost, v.budget)
	}
	return withReason("not inlinable", v.reason)
}

func (v *outcome) noCall() bool {
	return v.status == inline.StatusInlined || v.status == inline.StatusIntrinsic
}

// calls compares a call, instance by instance.
func (c *Comparison) calls(caller *sideFunction, b, a *sideCall) {
	for _, pair := range pairOutcomes(callOutcomes(b), callOutcomes(a)) {
		c.call(caller, b, a, pair[0], pair[1])
	}
}

func (c *Comparison) call(caller *sideFunction, b, a *sideCall, was, is *outcome) {
	if was.status == is.status && was.wrapped == is.wrapped {
		return
	}
	key := a.key
	key.Instance = is.instance
	f := Finding{
		Key: key.String(), Pos: a.Pos, Subject: callSubject(a.Caller, a.Callee, is.instance), Reason: is.reason,
		Was: withReason(statusText(was.status), was.reason), Is: withReason(statusText(is.status), is.reason),
	}
	switch {
	case was.noCall() && is.status == inline.StatusUnknown:
		f.Rule, f.Level = RuleUnknown, LevelUnjudged
	case was.noCall() && (is.status == inline.StatusNotInlined || is.status == inline.StatusDynamic):
		f.Rule = RuleCallNotInlined
		old := b.key.Callee
		if name, ok := c.renamed[old]; ok {
			old = name
		}
		c.worse = append(c.worse, worse{
			finding: len(c.findings), before: b.Callee, after: a.Callee, caller: caller, b: was, a: is,
			isCall: true, otherCallee: old != a.key.Callee,
		})
	case !was.noCall() && is.noCall() && was.status != inline.StatusEliminated && was.known:
		f.Rule, f.Level = RuleImproved, LevelNote
	default:
		f.Rule, f.Level = RuleChanged, LevelNote
	}
	c.findings = append(c.findings, f)
}
