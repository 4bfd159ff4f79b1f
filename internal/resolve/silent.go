package resolve

import (
	"go/version"
	"runtime"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// decideSilent decides a call at which the compiler inlined nothing.
func (w *walker) decideSilent(s *rawSite, inst *instance) {
	if s.Devirtualized != "" {
		if f := w.methodOf(s); f != nil {
			w.bind(s, f)
			s.Withheld = w.withheld(s, s.bound)
		}
	}
	switch {
	case s.kind == interfaceCallee && s.wrapper:
		s.Status = inline.StatusNotInlined
		s.Reason = reason(inline.CodeOther, "the method expression calls a wrapper of the compiler, which finds the method through the interface")
		return
	case s.kind == interfaceCallee && s.held != "":
		w.decideHeld(s)
		return
	}
	switch s.kind {
	case staticCallee:
		switch {
		case s.wrapper:
			s.Status = inline.StatusNotInlined
			s.Reason = reason(inline.CodeOther, "the method expression calls a wrapper of the compiler, because the receiver has another type")
		case s.KeptLoop:
			s.Status = inline.StatusNotInlined
			s.Reason = reason(inline.CodeOther, "this Go release inlines nothing in the body of a b.Loop loop")
		case !w.decideRefused(s, inst):
			s.Pending = true
		}
	case literalCallee:
		w.decideLiteral(s, inst)
	default:
		w.decideDynamic(s)
	}
}

// decideHeld decides a call through an interface that holds one type for certain.
func (w *walker) decideHeld(s *rawSite) {
	s.Devirtualized, s.Held = s.held, true
	if f := w.methodOf(s); f != nil {
		w.bind(s, f)
	}
	s.Status = inline.StatusNotInlined
	s.Reason = reason(inline.CodeOther, "the interface holds a %s here, so its method is called directly, but the compiler finds this only after inlining", s.held)
}

func (w *walker) decideDynamic(s *rawSite) {
	if s.untyped {
		s.Status, s.Reason = inline.StatusUnknown, w.noType()
		return
	}
	s.Status = inline.StatusDynamic
	switch s.kind {
	case interfaceCallee:
		s.Reason = reason(inline.CodeInterfaceMethod, "the method is found through the interface at run time")
		if s.Devirtualized != "" {
			s.Reason.Message = "devirtualized to " + s.Devirtualized + ", but not inlined"
			s.Status = inline.StatusNotInlined
			s.Reason.Code = inline.CodeOther
		}
	case typeParamCallee:
		s.Reason = reason(inline.CodeTypeParameter, "the method is found through the dictionary of the type parameter at run time")
	default:
		s.Reason = reason(inline.CodeFuncValue, "the function is a value, known only at run time")
		if s.Via == "range" {
			s.Reason.Message = "the iterator is a value, known only at run time"
		}
	}
}

// decideLiteral decides the call of a function literal on which the compiler
// was silent.
func (w *walker) decideLiteral(s *rawSite, inst *instance) {
	lit := w.lits[s.lit]
	if lit == nil || lit.parent != s.caller {
		// Kept in a variable of another function: called through the variable.
		s.Status = inline.StatusDynamic
		s.Reason = reason(inline.CodeFuncValue, "the function literal is captured in a variable")
		return
	}
	f := w.functions[lit.fn]
	if inst != nil && len(f.Instances) > 0 {
		f.Known = false
		for _, in := range f.Instances {
			if in.Shape == inst.shape {
				f.Known, f.Inlinable, f.Cost, f.Budget, f.Reason = true, in.Inlinable, in.Cost, in.Budget, in.Reason
			}
		}
	}
	s.Status, s.Cost, s.Budget = inline.StatusNotInlined, f.Cost, f.Budget
	limit := gorelease.ClosureFactor * gorelease.Budget
	if s.BigCaller {
		limit = gorelease.ClosureFactor * gorelease.BigCallerBudget
	}
	switch {
	case w.source.InliningOff:
		s.Reason = inliningOff(w.path)
		return
	case s.KeptLoop:
		s.Reason = reason(inline.CodeOther, "this Go release inlines nothing in the body of a b.Loop loop")
	case !f.Known:
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the compiler reported nothing about the function literal")
	case !f.Inlinable:
		s.Reason = f.Reason
	case f.Cost > limit && s.BigCaller:
		s.Budget = limit
		s.Reason = reason(inline.CodeBigCaller, "the caller is big, so the budget of a function literal is only %d; this one costs %d", limit, f.Cost)
	case f.Cost > limit:
		s.Budget = limit
		s.Reason = reason(inline.CodeClosureLimit, "the function literal costs %d; called more than once it may cost %d", f.Cost, limit)
	default:
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the function literal can be inlined (cost %d), but the compiler does not report why it was not inlined here", f.Cost)
	}
	if s.Reason != nil && !s.Reason.At.IsValid() {
		r := *s.Reason
		r.At = f.Pos
		s.Reason = &r
	}
}

// noType is why nothing is known of a call that go/types could not type, in a
// package that the compiler accepts.
func (w *walker) noType() *inline.Reason {
	built := runtime.Version()
	if !gorelease.Newer(w.source.Go, built) {
		return reason(inline.CodeOther, "the called expression has no type: go/types reports an error here that the compiler does not")
	}
	lang := version.Lang(w.source.Go)
	return reason(inline.CodeOther, "the called expression has no type: this program was built with %s, which does not support all of %s; build it with %s", version.Lang(built), lang, lang)
}
