package resolve

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
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
