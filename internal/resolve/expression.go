package resolve

import (
	"go/types"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A method expression whose method needs a dictionary is a function literal that
// the compiler makes. It calls the method at the place of the selector's dot, and
// is inlined where the expression is called. The verdict is that on the method.

// expressionLiteral reports whether what was inlined at a call of a method
// expression is such a literal.
func (w *walker) expressionLiteral(s *rawSite, ev *callRemarks) bool {
	return s.kind == staticCallee && s.dot != (place{}) && len(ev.inlined) > 0 &&
		!w.names(s, ev.inlined[0]) && isLiteralName(ev.inlined[0])
}

// decideExpression decides the call of a method in such a literal.
func (w *walker) decideExpression(s *rawSite, inst *instance) {
	var inlined []string
	if ev := w.index.calls[s.dot]; ev != nil {
		inlined = ev.inlined
	}
	shapes, known := w.shapesOf(s, inst)
	own := instanceKey(w.printedName(s, s.Name), strings.Join(shapes, ","))
	is := func(name string) bool {
		if known && len(shapes) > 0 {
			return keyOf(name) == own
		}
		return w.names(s, name)
	}
	i := slices.IndexFunc(inlined, is)
	if i < 0 {
		s.Pending = true
		return
	}
	s.Status, s.Reason = inline.StatusInlined, nil
	nested := inlined[i+1:]
	// The compiler tells it again for each copy of the literal.
	if j := slices.IndexFunc(nested, func(name string) bool { return w.names(s, name) }); j >= 0 {
		nested = nested[:j]
	}
	s.Nested = w.printedList(nested)
	w.nameInlined(s, inlined[i])
}

// Elsewhere the expression is the wrapper that passes the dictionary. Both cost a
// little more than the method: the compiler may refuse them where it would inline that.

// decideRefused decides the call of a method expression at which nothing was inlined,
// and reports whether the compiler refuses the literal or wrapper.
func (w *walker) decideRefused(s *rawSite, inst *instance) bool {
	if s.dot == (place{}) || len(s.Args) == 0 {
		return false
	}
	r, what := w.refusedLiteral(s, inst), "a function literal"
	if r == nil {
		r, what = w.refusedWrapper(s), "a wrapper"
	}
	if r == nil {
		return false
	}
	s.Status, s.Cost, s.Budget = inline.StatusNotInlined, r.Cost, r.Budget
	s.Reason = reasonOf(*r)
	s.Reason.Message = "the method expression is " + what + " that the compiler makes, which it does not inline: " + s.Reason.Message
	s.Reason.At = inline.Position{File: cleanName(r.File), Line: r.Line, Col: r.Col}
	return true
}

// refusedLiteral returns what the compiler said of the expression's literal, nil if it
// did not refuse it.
func (w *walker) refusedLiteral(s *rawSite, inst *instance) *remark.Remark {
	for _, r := range w.index.funcs[s.dot] {
		if r.Kind == remark.CannotInline && isLiteralName(r.Name) && (inst == nil || linkname.TypeArgs(r.Name) == inst.shape) {
			return &r
		}
	}
	return nil
}

// refusedWrapper returns what the compiler said of the wrapper of the instance that is
// called, nil if it did not refuse it. Where the instance's name is not known, all
// wrappers must be alike.
func (w *walker) refusedWrapper(s *rawSite) *remark.Remark {
	var wrappers []remark.Remark
	for _, r := range w.index.byBase[w.printedName(s, s.Name)] {
		switch {
		case !isWrapper(r.Name):
		case linkname.TypeArgs(r.Name) == s.typeArgs:
			return refusedAll([]remark.Remark{r})
		default:
			wrappers = append(wrappers, r)
		}
	}
	return refusedAll(wrappers)
}

// refusedAll returns one of the remarks if they refuse to inline for the same reason,
// nil otherwise.
func refusedAll(list []remark.Remark) *remark.Remark {
	if len(list) == 0 || slices.ContainsFunc(list, func(r remark.Remark) bool { return r.Kind != remark.CannotInline || r.Text != list[0].Text }) {
		return nil
	}
	return &list[0]
}

// printedArgs writes the type arguments of a callee as the compiler prints them.
func printedArgs(c callee) string {
	list := make([]string, 0, len(c.args))
	for _, t := range c.args {
		list = append(list, types.TypeString(t, nil))
	}
	return strings.Join(list, ",")
}
