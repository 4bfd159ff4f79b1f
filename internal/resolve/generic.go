package resolve

import (
	"go/types"
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
	base := printedName(s.callee.fn.Pkg(), w.pkg, s.Name)
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
	var shapes []string
	for _, t := range s.callee.args {
		if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
			i := indexParam(s.caller.params, tp)
			if inst == nil || i < 0 || i >= len(inst.shapes) {
				return nil, false
			}
			shapes = append(shapes, inst.shapes[i])
			continue
		}
		if hasTypeParam(t) {
			return nil, false
		}
		shapes = append(shapes, shapeOf(t))
	}
	return shapes, true
}

func indexParam(params []*types.TypeParam, tp *types.TypeParam) int {
	for i, p := range params {
		if p == tp {
			return i
		}
	}
	return -1
}

func (w *walker) shapedName(s *rawSite, shapes []string) string {
	name := insertArgs(s.Name, strings.Join(shapes, ","))
	return printedName(s.callee.fn.Pkg(), w.pkg, name)
}
