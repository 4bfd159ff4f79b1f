package resolve

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A Binding is a call through an interface in an inlined body that the compiler
// bound to a type, as its remark at the outer call tells.
type Binding struct {
	Method string // the method's name alone
	Type   string // as printed
	// Partial is set where the method is that of an interface which the type embeds.
	Partial bool

	Callee, Pkg, PkgName, Name string // of the type's method; empty where that is not known

	Args []Shape // as a site's
	// Withheld is as a site's.
	Withheld *inline.Reason
}

func (b Binding) equal(c Binding) bool {
	return b.Method == c.Method && b.Type == c.Type && b.Partial == c.Partial && b.Callee == c.Callee && codeOf(b.Withheld) == codeOf(c.Withheld)
}

// bindings lists what the compiler bound in the body that it inlined at a call.
func (w *walker) bindings(s *rawSite, ev *callRemarks) []Binding {
	if len(ev.inlined) == 0 {
		return nil
	}
	all, order := ev.bound, ev.order
	if len(all) > 0 && (s.kind == interfaceCallee || s.kind == typeParamCallee) {
		all, order = all[1:], order[1:] // the call itself
	}
	list := slices.Clone(all)
	for i := range list {
		b := &list[i]
		if b.Partial {
			continue
		}
		method := &rawSite{method: b.Method}
		method.Devirtualized = b.Type
		if f := w.methodOf(method); f != nil {
			w.setMethod(method, f)
			b.Callee, b.Pkg, b.PkgName, b.Name = method.Callee, method.Pkg, method.PkgName, method.Name
			b.Args, b.Withheld = method.Args, w.withheld(method, order[i])
		}
	}
	return list
}

// throughInterface reports whether a call finds its method through an interface
// or a type parameter, as far as the front end's first look at it tells.
func (s *Site) throughInterface() bool {
	if s.Devirtualized != "" {
		return !s.Held
	}
	return s.Status == inline.StatusDynamic && s.Func == nil && s.Callee != ""
}

// bind gives the calls through interfaces that were bound in inlined bodies
// their callees. A remark tells the method and the type, not which of several
// calls of that method it is about: the compiler comes to them in order.
func (t *tree) bind() {
	if t.root.Vague {
		return
	}
	calls := make(map[string][]*node)
	for _, kid := range t.through {
		method := lastName(kid.site.Callee)
		calls[method] = append(calls[method], kid)
	}
	for method, kids := range calls {
		var said []Binding
		for _, b := range t.root.Bound {
			if b.Method == method {
				said = append(said, b)
			}
		}
		bound := 0 // those of which it is known
		for _, kid := range kids {
			if kid.bound() {
				bound++
			}
		}
		for i, kid := range kids {
			switch {
			case kid.bound() || len(said) <= bound:
			case len(said) == len(kids):
				t.bindTo(kid, said[i])
			case len(said) > len(kids) && !slices.ContainsFunc(said, func(b Binding) bool { return !b.equal(said[0]) }):
				t.bindTo(kid, said[0])
			default:
				kid.out.Status = inline.StatusUnknown
				kid.out.Reason = reason(inline.CodeOther, "the compiler devirtualized some calls of %s here, but does not report which", method)
			}
		}
	}
}

// bound reports whether the type of a call through an interface is known: in its
// function's own code, or because the method, or a wrapper of it, was inlined.
func (n *node) bound() bool {
	return n.site.Devirtualized != "" || n.out.Status == inline.StatusInlined || n.called
}

// bindTo makes a call that remains in an inlined body one of a type's method.
func (t *tree) bindTo(kid *node, b Binding) {
	switch {
	case b.Partial:
		kid.out.Reason = reason(inline.CodeInterfaceMethod, "devirtualized to %s, but the method belongs to an embedded interface and is found at run time", b.Type)
		return
	case b.Name == "":
		kid.out.Status = inline.StatusNotInlined
		kid.out.Reason = reason(inline.CodeOther, "devirtualized to %s, but not inlined", b.Type)
		return
	}
	s := *kid.site
	s.Callee, s.Pkg, s.PkgName, s.Name, s.Devirtualized = b.Callee, b.Pkg, b.PkgName, b.Name, b.Type
	s.Args, s.Withheld = b.Args, b.Withheld
	kid.site = &s
	kid.out.Callee = b.Callee
	v := t.silent(&s, t.self, "")
	if v.Status == inline.StatusUnknown && t.refused(kid) {
		v.Status, v.Reason = inline.StatusNotInlined, reason(inline.CodeRecursive, "inlining it here would repeat a recursive cycle")
	}
	kid.out.Status, kid.out.Reason, kid.out.Cost, kid.out.Budget = v.Status, v.Reason, v.Cost, v.Budget
}
