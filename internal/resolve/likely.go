package resolve

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// Where a profile tells the likely callee of a dynamic call, the compiler puts a test
// for it there, with a direct call of it, before it looks what it can inline. Three
// things follow.
//
// The test is decided where the type in the interface is known: by the compiler, which
// binds the other call to it, or by the back end (see held.go). Then only one of the two
// calls is ever reached.
//
// Both calls have the same place. What is inlined in the direct call's body and what is
// inlined in the other's are told apart by following both.
//
// And the test is in the function's own code only: where the function is inlined, the
// compiler takes its body as it was before.

// decideLikely decides a call of which a profile tells the likely callee.
func (w *walker) decideLikely(s *rawSite, ev *callRemarks, inst *instance) {
	other := *s // without the profile
	rest := *ev
	rest.likely = nil
	rest.inlined = nil
	inlined := len(ev.inlined) > 0 && ev.inlined[0] == ev.likely[0]
	bound := s.Devirtualized != ""
	if bound {
		rest.inlined = w.boundFirst(&other, ev, inlined)
	} else {
		rest.bound = nil
	}
	w.decideOne(&other, &rest, inst)
	same := other.Name != "" && w.names(&other, ev.likely[0])
	switch {
	case bound:
		*s = other
		if inlined {
			s.Unreached = w.printed(ev.likely[0])
		}
		return
	case other.Held && !(same && inlined):
		*s = other
		if !same {
			s.Reason.Message += "; the test for " + ev.likely[0] + ", which the profile makes the likely callee, never holds"
		}
		return
	}
	elsewhere := other.Site
	if inlined {
		w.decideInlined(s, ev)
	} else {
		w.decideDynamic(s)
	}
	s.Elsewhere = &elsewhere
	switch {
	case other.Held:
		s.Devirtualized, s.Held = s.held, true
	case inlined:
		s.Reason = reason(inline.CodeFuncValue, "inlined after a test for %s, the likely callee in the profile; other callees are called through the value", ev.likely[0])
		if s.kind != valueCallee && s.method != "" {
			s.Reason.Code = inline.CodeInterfaceMethod
		}
	default:
		s.Reason.Message = "called directly after a test for " + ev.likely[0] + ", the likely callee in the profile"
	}
}

// boundFirst lists what was inlined at a call that the compiler bound to a type, the
// method of that type first, without the likely callee; nil if the method was not
// inlined.
func (w *walker) boundFirst(s *rawSite, ev *callRemarks, likely bool) []string {
	names := ev.inlined
	if likely {
		names = names[1:]
	}
	f := w.methodOf(s)
	if f == nil {
		return names
	}
	method := *s
	w.bind(&method, f)
	i := slices.IndexFunc(names, func(name string) bool { return w.names(&method, name) })
	if i < 0 {
		return nil
	}
	return slices.Concat(names[i:i+1], names[:i], names[i+1:])
}
