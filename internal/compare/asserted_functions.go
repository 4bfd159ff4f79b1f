package compare

import (
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// functionsOf returns the functions that an assertion is about.
func (a *asserted) functionsOf(as *assertion.Assertion) []*function {
	switch {
	case as.At != nil:
		return a.functionsAt(as.At)
	case as.Callee.Exact() != "":
		return a.names[as.Callee.Exact()]
	}
	var found []*function
	for _, f := range a.functions {
		if !f.literal && as.Callee.Match(f.name) {
			found = append(found, f)
		}
	}
	return found
}

// functionsAt returns the functions that a directive is about: the one that is declared
// there, or the literals that begin on its lines.
func (a *asserted) functionsAt(at *assertion.Target) []*function {
	var found []*function
	add := func(p inline.Position, literal bool) {
		for _, f := range a.lines[lineAt(p)].functions {
			if f.literal == literal {
				found = append(found, f)
			}
		}
	}
	if at.Function.IsValid() {
		add(at.Function, false)
	}
	for _, p := range at.Lines {
		add(p, true)
	}
	return found
}

// judgeFunction judges a function, in all its instances.
func (a *asserted) judgeFunction(as *assertion.Assertion, f *function) {
	base := Finding{Pos: f.Pos, Subject: functionSubject(f.name, ""), Was: as.What()}
	if a.judgeElsewhere(as, f, base) && (f.Probe || !f.Known) {
		return // of its own package there is no instance
	}
	if len(f.Instances) == 0 || !f.Known {
		base.Key, base.Reason = f.key.String(), f.Reason
		a.judgeVerdict(as, f, base, functionVerdict{f.Known, f.Inlinable, f.Cost})
		return
	}
	// Instances of one verdict are told together.
	type group struct {
		functionVerdict
		reason string
	}
	var order []group
	instances := make(map[group][]int)
	for i := range f.Instances {
		in := &f.Instances[i]
		g := group{functionVerdict{true, in.Inlinable, in.Cost}, reasonText(in.Reason)}
		if instances[g] == nil {
			order = append(order, g)
		}
		instances[g] = append(instances[g], i)
	}
	for _, g := range order {
		found := base
		in := &f.Instances[instances[g][0]]
		key := f.key.In(in.TypeArgs, in.Shape)
		if len(order) == 1 {
			key.Instance = ""
		} else {
			var names []string
			for _, i := range instances[g] {
				names = append(names, "["+f.key.In(f.Instances[i].TypeArgs, f.Instances[i].Shape).Instance+"]")
			}
			found.Subject.Where = "in instance " + strings.Join(names, ", ")
		}
		if f.Probe {
			found.Subject.Where = "tried as [" + f.key.In(in.TypeArgs, in.Shape).Instance + "], as nothing instantiates it"
		}
		found.Key, found.Reason = key.String(), in.Reason
		a.judgeVerdict(as, f, found, g.functionVerdict)
	}
}

// judgeElsewhere judges the instances of a generic function that other packages make: calls
// tell of them. It reports whether there are some of which that is known.
func (a *asserted) judgeElsewhere(as *assertion.Assertion, f *function, base Finding) (known bool) {
	tell := func(c *call, instance string, status inline.Status, reason *inline.Reason, cost int) {
		v := functionVerdict{known: true, inlinable: status == inline.StatusInlined, cost: cost}
		if !v.inlinable && (status != inline.StatusNotInlined || reason == nil || !reason.At.IsValid() || lineAt(reason.At) != lineAt(f.Pos)) {
			return // the reason is not in the function
		}
		known = true
		found := base
		found.Subject.Where = inInstance(instance) + " of package " + c.key.Package
		key := f.key
		key.Instance = instance
		found.Key, found.Reason = key.String(), reason
		if as.Kind == assertion.Cost && cost == 0 && v.inlinable {
			return // what it costs is not told
		}
		a.judgeVerdict(as, f, found, v)
	}
	for _, c := range a.byCallee()[f.plain] {
		args := linkname.TypeArgs(c.callee)
		if c.key.Package == f.key.Package || args == "" {
			continue
		}
		if len(c.Instances) == 0 {
			tell(c, args, c.Status, c.Reason, c.Cost)
		}
		for i := range c.Instances {
			in := &c.Instances[i]
			tell(c, args+" of "+c.key.In(in.TypeArgs, in.Shape).Instance, in.Status, in.Reason, in.Cost)
		}
	}
	return known
}

// A functionVerdict is what the compiler says of a function, or of instances of one.
type functionVerdict struct {
	known, inlinable bool
	cost             int
}

// judgeVerdict judges one verdict on a function. The finding has all but the rule, the
// level and what is.
func (a *asserted) judgeVerdict(as *assertion.Assertion, f *function, found Finding, v functionVerdict) {
	switch {
	case !v.known:
		found.Rule, found.Level = RuleUnknown, LevelUnjudged
		found.Is = "not known: " + reasonText(found.Reason)
	case as.Kind == assertion.Inlinable:
		if v.inlinable {
			return
		}
		found.Rule, found.Is = RuleNotInlinable, "not inlinable: "+reasonText(found.Reason)
	case v.cost == 0:
		found.Rule, found.Level = RuleUnknown, LevelUnjudged
		found.Is = "the compiler names no cost: " + reasonText(found.Reason)
	case v.cost <= as.Max:
		return
	default:
		found.Rule, found.Is = RuleCost, fmt.Sprintf("cost %d", v.cost)
	}
	if f.literal {
		found.Key += " " + f.plain
	}
	if f.exempt != nil {
		a.used[f.exempt] = true
		return
	}
	a.add(as, found)
}
