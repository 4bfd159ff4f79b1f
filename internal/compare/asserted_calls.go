package compare

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// callsOf returns the calls that an assertion is about, dynamic ones too.
func (a *asserted) callsOf(as *assertion.Assertion) []*call {
	if as.At != nil && !as.At.Function.IsValid() {
		var found []*call
		for _, p := range as.At.Lines {
			found = append(found, a.lines[lineAt(p)].calls...)
		}
		return found
	}
	found := ofCallees(a, as, a.byCallee())
	if as.Caller != nil {
		found = slices.DeleteFunc(found, func(c *call) bool { return !as.Caller.Match(c.key.Caller) })
	}
	slices.SortFunc(found, func(c, d *call) int { return c.Pos.Compare(d.Pos) })
	return found
}

// byCallee returns the calls by the plain name of the callee.
func (a *asserted) byCallee() map[string][]*call {
	if a.callees == nil {
		a.callees = make(map[string][]*call)
		for _, c := range a.calls {
			if c.Callee != "" {
				name := linkname.Plain(c.callee)
				a.callees[name] = append(a.callees[name], c)
			}
		}
	}
	return a.callees
}

// functionsNamed returns the functions of which every call is to be inlined.
func (a *asserted) functionsNamed(as *assertion.Assertion) []*function {
	if as.Caller != nil || as.At != nil && !as.At.Function.IsValid() {
		return nil
	}
	return a.functionsOf(as)
}

// ofCallees returns, out of what there is for each plain name of a callee, what is there
// for those that an assertion is about.
func ofCallees[T any](a *asserted, as *assertion.Assertion, by map[string][]T) []T {
	var found []T
	switch {
	case as.At != nil:
		for _, f := range a.functionsAt(as.At) {
			found = append(found, by[f.plain]...)
		}
	case as.Callee.Exact() != "":
		return slices.Clone(by[as.Callee.Exact()])
	default:
		for name, list := range by {
			if as.Callee.Match(name) {
				found = append(found, list...)
			}
		}
	}
	return found
}

// judgeCalls judges an assertion that calls are inlined.
func (a *asserted) judgeCalls(as *assertion.Assertion) {
	var static, dynamic []*call
	for _, c := range a.callsOf(as) {
		if c.Status == inline.StatusDynamic {
			dynamic = append(dynamic, c)
		} else {
			static = append(static, c)
		}
	}
	anyway := a.AnyCall && as.GCAssert && !as.At.Function.IsValid() &&
		slices.ContainsFunc(static, func(c *call) bool { return c.Status == inline.StatusInlined || c.Wrapped })
	for _, f := range a.functionsNamed(as) {
		a.tell(as, f.Pos)
	}
	for _, c := range static {
		a.tell(as, c.Pos)
		if !anyway {
			a.judgeCall(as, c)
			a.tellCopies(as, c)
		}
	}
	matched := len(static) > 0
	if functions := a.functionsNamed(as); functions != nil || as.Caller == nil && as.At == nil {
		matched = a.judgeCopies(as) || matched || a.Partly && len(functions) > 0
	}
	switch {
	case matched:
	case len(dynamic) > 0:
		a.unmatchedWhy(as, "there are only dynamic calls, which cannot be inlined: "+reasonText(dynamic[0].Reason))
	default:
		a.unmatched(as)
	}
}

// A copiedCall is a call in a body that was inlined at a call.
type copiedCall struct {
	*inline.Inlined
	at     *call
	callee string
	in     string // the function that has the body
}

// findCopies finds all calls in bodies that were inlined, once.
func (a *asserted) findCopies() {
	if a.copies != nil {
		return
	}
	a.copies = make(map[string][]*copiedCall)
	for _, c := range a.calls {
		var walk func(in string, list []inline.Inlined)
		walk = func(in string, list []inline.Inlined) {
			for i := range list {
				d := &copiedCall{Inlined: &list[i], at: c, callee: c.keys.qualified(list[i].Callee), in: in}
				if d.callee != "" {
					name := linkname.Plain(d.callee)
					a.copies[name] = append(a.copies[name], d)
				}
				walk(d.callee, d.Inlines)
			}
		}
		walk(c.callee, c.Inlines)
	}
}

// judgeCopies judges the calls in bodies that were inlined, for an assertion about every
// call of functions, and reports whether there are some.
func (a *asserted) judgeCopies(as *assertion.Assertion) (matched bool) {
	a.findCopies()
	found := ofCallees(a, as, a.copies)
	slices.SortStableFunc(found, func(c, d *copiedCall) int { return c.at.Pos.Compare(d.at.Pos) })
	for _, d := range found {
		a.judgeStatus(as, d.at, verdict{
			status: d.Status, reason: d.Reason, copied: true,
			key:     d.at.key.String() + " > " + linkname.Plain(d.callee),
			subject: Subject{Function: d.at.key.Caller, Call: true, Callee: d.callee, Inlined: d.in},
		})
	}
	return len(found) > 0
}

// A verdict is the status of a call, or of one instance of it.
type verdict struct {
	status  inline.Status
	reason  *inline.Reason
	key     string
	subject Subject
	doubt   string
	copied  bool // it is in a body that was inlined
}

// judgeCall judges a call in all instances of its caller.
func (a *asserted) judgeCall(as *assertion.Assertion, c *call) {
	if len(c.Instances) == 0 || c.Status != inline.StatusMixed && c.Status != inline.StatusUnknown {
		a.judgeStatus(as, c, verdict{status: c.Status, reason: c.Reason, key: c.key.String(), subject: callSubject(c.key.Caller, c.callee, ""), doubt: c.Doubt})
		return
	}
	for i := range c.Instances {
		in := &c.Instances[i]
		key := c.key.In(in.TypeArgs, in.Shape)
		a.judgeStatus(as, c, verdict{
			status: in.Status, reason: in.Reason, key: key.String(), doubt: c.Doubt,
			subject: callSubject(c.key.Caller, linkname.Generic(c.callee), key.Instance),
		})
	}
}

// judgeStatus judges one verdict on a call that is to be inlined.
func (a *asserted) judgeStatus(as *assertion.Assertion, c *call, v verdict) {
	f := Finding{
		Rule: RuleCallNotInlined, Level: LevelFailed, Key: v.key, Pos: c.Pos,
		Subject: v.subject, Was: as.What(), Reason: v.reason,
	}
	switch v.status {
	case inline.StatusInlined, inline.StatusIntrinsic:
		return
	case inline.StatusEliminated:
		if as.OrEliminated || v.copied {
			return
		}
		f.Rule, f.Level = RuleEliminated, LevelUnjudged
		f.Is = "eliminated: " + reasonText(v.reason) + "; \"or eliminated\" allows that"
	case inline.StatusDynamic:
		if v.copied {
			return
		}
		f.Is = "dynamic: " + reasonText(v.reason)
	case inline.StatusNotInlined:
		f.Is = "not inlined: " + reasonText(v.reason)
		if v.doubt != "" {
			f.Is += "; " + v.doubt
		}
	default:
		f.Rule, f.Level = RuleUnknown, LevelUnjudged
		f.Is = "not known: " + reasonText(v.reason)
	}
	if c.exempt != nil {
		a.used[c.exempt] = true
		return
	}
	a.add(as, f)
}

// reasonText is the sentence of a reason.
func reasonText(r *inline.Reason) string {
	if r == nil || r.Message == "" {
		return "the compiler gives no reason"
	}
	return r.Message
}

// tellCopies notes that a call which is inlined in a function literal may not be so in a copy
// of the literal: the compiler makes one where it inlines the function around it, and inlines
// nothing in it.
func (a *asserted) tellCopies(as *assertion.Assertion, c *call) {
	if c.Copied == "" || c.exempt != nil || c.Status != inline.StatusInlined {
		return
	}
	if a.inlined == nil {
		a.findCopies()
		a.inlined = make(map[string]inline.Position)
		note := func(callee string, pos inline.Position) {
			if name := linkname.Plain(callee); callee != "" && !a.inlined[name].IsValid() {
				a.inlined[name] = pos
			}
		}
		for _, d := range a.calls {
			if d.Status == inline.StatusInlined {
				note(d.callee, d.Pos)
			}
		}
		for _, list := range a.copies {
			for _, d := range list {
				if d.Status == inline.StatusInlined {
					note(d.callee, d.at.Pos)
				}
			}
		}
	}
	around := c.keys.qualified(c.Copied)
	at, ok := a.inlined[linkname.Plain(around)]
	if !ok {
		return
	}
	a.add(as, Finding{
		Rule: RuleUnknown, Level: LevelNote, Key: c.key.String() + " (copied)", Pos: c.Pos, Was: as.What(),
		Subject: callSubject(c.key.Caller, c.callee, ""),
		Is:      "inlined in the function literal, but " + around + " is inlined as well, and a copy of the literal may still make the call",
		Reason:  &inline.Reason{Code: inline.CodeOther, Message: around + " is inlined here", At: at},
	})
}
