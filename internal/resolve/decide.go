package resolve

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// decide gives each call the verdict that the remarks hold for it.
func (w *walker) decide() {
	shared := w.sharedPlaces()
	none := new(callRemarks)
	for _, s := range w.sites {
		ev := w.index.calls[s.place]
		if ev == nil {
			ev = none
		}
		switch {
		case s.dead != "":
			s.Status, s.Reason = inline.StatusEliminated, reason(inline.CodeDeadCode, "%s", s.dead)
		case s.caller.unseen:
			s.Status = inline.StatusUnknown
			s.Reason = reason(inline.CodeOther, "no instance of the generic function around it is compiled in this package")
			s.Silent = w.silence(s)
		case shared[s.place] != nil:
			w.decideShared(s, shared[s.place], ev)
		case s.caller.generic:
			w.decideInstances(s, ev)
		default:
			w.decideOne(s, ev, nil)
		}
		w.decideChecked(s)
	}
}

// silence returns the verdict on a call in an instance on which there is no remark.
func (w *walker) silence(s *rawSite) *Silence {
	one := *s
	one.Status, one.Reason = 0, nil
	if s.kind == literalCallee {
		return &Silence{inline.StatusUnknown, reason(inline.CodeOther, "the compiler does not report on the function literal in this instance")}
	}
	w.decideOne(&one, new(callRemarks), nil)
	return &Silence{one.Status, one.Reason}
}

// decideOne decides a call in one function or instance; inst is nil for a
// caller that is not generic. ev holds what the compiler said for just that.
func (w *walker) decideOne(s *rawSite, ev *callRemarks, inst *instance) {
	s.Cycles = ev.cycles
	// The remark at a static call is about a call in the body inlined there.
	if len(ev.types) > 0 && (s.kind == interfaceCallee || s.kind == typeParamCallee) {
		s.Devirtualized, s.bound = ev.types[0], ev.order[0]
	}
	s.Bound = w.bindings(s, ev)
	s.Hot = len(ev.hot) > 0
	if len(ev.likely) > 0 {
		w.decideLikely(s, ev, inst)
		return
	}
	switch {
	case s.Via == "go" || s.Via == "defer":
		w.decideStatement(s, ev)
	case s.wrapper && s.kind == interfaceCallee:
		// In generic code the expression is a function literal of the compiler's,
		// which it may inline: the call of the wrapper remains.
		w.decideSilent(s, inst)
	case w.expressionLiteral(s, ev):
		w.decideExpression(s, inst)
	case w.wrapperAlone(s, ev.inlined):
		s.Pending = true // what remains is a call of the instance
	case len(ev.inlined) > 0:
		w.decideInlined(s, ev)
	case len(ev.partial) > 0 && s.kind == interfaceCallee:
		w.decideDynamic(s)
		s.Devirtualized = ev.partial[0]
		s.Reason.Message = "devirtualized to " + ev.partial[0] + ", but the method belongs to an embedded interface and is found at run time"
	default:
		w.decideSilent(s, inst)
	}
}

// decideInlined decides a call at which the compiler inlined something.
func (w *walker) decideInlined(s *rawSite, ev *callRemarks) {
	s.Status, s.Reason = inline.StatusInlined, nil
	s.Nested = w.printedList(ev.inlined[1:])
	w.nameInlined(s, ev.inlined[0])
}

// wrapperAlone reports whether what was inlined at a static call is the wrapper that
// calls an instance of the callee, and not the instance. A method expression of a
// generic type calls the wrapper.
func (w *walker) wrapperAlone(s *rawSite, inlined []string) bool {
	if s.kind != staticCallee || len(s.Args) == 0 || len(inlined) == 0 || !isWrapper(inlined[0]) || !w.names(s, inlined[0]) {
		return false
	}
	return len(inlined) == 1 || !isShaped(inlined[1]) || !w.names(s, inlined[1])
}

// decideStatement decides the call of a go or defer statement. The compiler
// wraps it in a function of its own, into which the callee may be inlined; the
// statement calls the wrapper.
func (w *walker) decideStatement(s *rawSite, ev *callRemarks) {
	if f := w.methodOf(s); f != nil && len(ev.inlined) > 0 {
		w.bind(s, f)
	}
	switch s.kind {
	case interfaceCallee, typeParamCallee, valueCallee:
		if !s.wrapper && len(ev.inlined) == 0 {
			w.decideDynamic(s)
			return
		}
		if !s.wrapper {
			s.Nested = w.printedList(ev.inlined[1:])
			w.nameInlined(s, ev.inlined[0])
			if s.Status == inline.StatusNotInlined { // into the wrapper it was not
				ev = new(callRemarks)
			}
		}
	}
	s.Status = inline.StatusNotInlined
	code, word := inline.CodeDeferStatement, "deferred calls"
	if s.Via == "go" {
		code, word = inline.CodeGoStatement, "calls of go statements"
	}
	s.Reason = reason(code, "%s are never inlined", word)
	if len(ev.inlined) > 0 && (s.kind != staticCallee || w.names(s, ev.inlined[0])) && !w.wrapperAlone(s, ev.inlined) {
		s.Wrapped = true
		names := ev.inlined
		if len(names) > 1 && standsFor(names[0], names[1]) {
			names = names[1:]
		}
		s.Nested = w.printedList(names)
		if isShaped(names[0]) {
			s.Shape = linkname.TypeArgs(names[0])
		}
		s.Reason.Message = word + " are never inlined; the callee was inlined into the compiler's wrapper for the statement"
		if r, ok := w.index.byName[names[0]]; ok {
			s.Cost = r.Cost
		}
	}
}

// standsFor reports whether a function is the wrapper that stands for an instance as a
// value, or in a method expression.
func standsFor(wrapper, instance string) bool {
	return !isShaped(wrapper) && isShaped(instance) && linkname.Generic(wrapper) == linkname.Generic(instance)
}

// nameInlined fills in what the compiler says of a callee that it inlined.
func (w *walker) nameInlined(s *rawSite, printed string) {
	if len(s.Nested) > 0 && standsFor(printed, s.Nested[0].Name) {
		printed, s.Nested = s.Nested[0].Name, s.Nested[1:]
	}
	if isShaped(printed) {
		s.Shape = linkname.TypeArgs(printed)
	}
	if r, ok := w.index.byName[printed]; ok {
		s.Cost = r.Cost
		s.Budget = w.limit(s, r)
	}
	if s.kind == staticCallee || s.kind == literalCallee && s.Callee != "" {
		return
	}
	if isWrapper(printed) {
		w.calledByWrapper(s, printed)
	}
	// A dynamic call that turned out to have one callee.
	if f := w.methodOf(s); f != nil {
		w.bind(s, f)
		return
	}
	s.Callee, s.Pkg, s.PkgName, s.Name = w.findPrinted(printed)
	if s.Func != nil {
		s.Func = &FuncValue{Flow: s.Func.Flow, Inlined: w.printed(printed)}
	}
}

// calledByWrapper gives the verdict on a call at which the compiler inlined the
// wrapper that stands for an instance, and not the instance: what remains is a call of
// the instance.
func (w *walker) calledByWrapper(s *rawSite, printed string) {
	s.Status, s.Cost, s.Budget = inline.StatusNotInlined, 0, 0
	s.Reason = onlyWrapper()
	var refused []remark.Remark
	for _, r := range w.index.byBase[linkname.Generic(printed)] {
		if r.Kind == remark.CannotInline && isShaped(r.Name) {
			refused = append(refused, r)
		}
	}
	if len(refused) == 0 || slices.ContainsFunc(refused, func(r remark.Remark) bool { return r.Text != refused[0].Text }) {
		return // which of them is called is not known
	}
	r := refused[0]
	s.Reason = reasonOf(r)
	s.Reason.At = inline.Position{File: cleanName(r.File), Line: r.Line, Col: r.Col}
	s.Cost, s.Budget = r.Cost, r.Budget
}

func (w *walker) printedList(names []string) []Printed {
	if len(names) == 0 {
		return nil
	}
	list := make([]Printed, 0, len(names))
	for _, name := range names {
		list = append(list, w.printed(name))
	}
	return list
}

func (w *walker) printed(name string) Printed {
	p := Printed{Name: name}
	if r, ok := w.index.byName[name]; ok && literalNumber(name) {
		p.At = inline.Position{File: cleanName(r.File), Line: r.Line, Col: r.Col}
	}
	return p
}

// limit is the budget that a call of an inlinable function had.
func (w *walker) limit(s *rawSite, r remark.Remark) int {
	limit := gorelease.Budget
	if s.BigCaller {
		limit = gorelease.BigCallerBudget
	}
	if s.kind == literalCallee && w.closureLimits {
		limit *= gorelease.ClosureFactor
	}
	if r.Cost > limit && w.closureLimits && isLiteralName(r.Name) {
		limit = gorelease.ClosureOnceBudget
	}
	if r.Cost > limit {
		limit = gorelease.HotBudget
	}
	return limit
}

func isLiteralName(name string) bool {
	return strings.Contains(name, ".func") || strings.Contains(name, "-range")
}
