package engine

import (
	"go/token"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// asWritten moves positions from the files that cgo generated to those that the
// user wrote. Line directives in them tell where the text comes from.
func (src *source) asWritten(list []*cost.Breakdown) {
	files := make(map[string]*token.File)
	src.fset.Iterate(func(f *token.File) bool {
		files[f.Name()] = f
		return true
	})
	move := func(p *inline.Position) {
		f := files[p.File]
		if f == nil || p.Line < 1 || p.Line > f.LineCount() {
			return
		}
		at := f.LineStart(p.Line) + token.Pos(max(p.Col, 1)-1)
		if int(at) > f.Base()+f.Size() {
			return
		}
		written := f.PositionFor(at, true)
		*p = inline.Position{File: written.Filename, Line: written.Line, Col: written.Column}
	}
	for _, b := range list {
		move(&b.Pos)
		for i := range b.Parts {
			move(&b.Parts[i].Pos)
			move(&b.Parts[i].CalleePos)
		}
		for i := range b.Blockers {
			move(&b.Blockers[i].Pos)
		}
	}
}
