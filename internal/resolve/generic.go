package resolve

import (
	"strings"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// decideGenericCallee decides a silent call of an instance of a generic
// function. Its remark is one of this unit, which compiles the instance.
func (w *walker) decideGenericCallee(s *rawSite, inst *instance) {
	r, ok := w.instanceRemark(s, inst)
	if !ok {
		s.Pending = true // perhaps an intrinsic, or compiled where it is declared
		return
	}
	s.Cost = r.Cost
	if r.Kind == gc.CannotInline {
		s.Status, s.Budget, s.Reason = inline.StatusNotInlined, r.Budget, reasonOf(r)
		s.Reason.At = inline.Position{File: r.File, Line: r.Line, Col: r.Col}
		return
	}
	s.Pending = true
}

// instanceRemark finds what the compiler said of the callee's instance: by its
// exact name if the shapes of its type arguments are known, otherwise if all
// instances of it agree.
func (w *walker) instanceRemark(s *rawSite, inst *instance) (gc.Remark, bool) {
	base := w.printedName(s, s.Name)
	if shapes, ok := w.shapesOf(s, inst); ok {
		if r, ok := w.index.byName[w.shapedName(s, shapes)]; ok {
			return r, true
		}
	}
	var first gc.Remark
	for _, r := range w.index.byBase[base] {
		if !isShaped(r.Name) {
			continue
		}
		if first.Kind != 0 && (first.Kind != r.Kind || first.Text != r.Text && stripNumbers(first.Text) != stripNumbers(r.Text)) {
			return gc.Remark{}, false
		}
		if first.Kind == 0 {
			first = r
		}
	}
	return first, first.Kind != 0
}

func stripNumbers(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// shapesOf returns the shapes of the callee's type arguments in one instance of
// the caller.
func (w *walker) shapesOf(s *rawSite, inst *instance) ([]string, bool) {
	var around []string
	if inst != nil {
		around = inst.shapes
	}
	var shapes []string
	for _, a := range s.args {
		name, ok := a.in(around, w.source.Go)
		if !ok {
			return nil, false
		}
		shapes = append(shapes, name)
	}
	return shapes, true
}

func (w *walker) shapedName(s *rawSite, shapes []string) string {
	name := insertArgs(s.Name, strings.Join(shapes, ","))
	return w.printedName(s, name)
}
