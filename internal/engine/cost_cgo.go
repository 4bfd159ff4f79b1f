package engine

import (
	"go/token"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// A translation leads from the files that cgo generated to those that the user
// wrote.
type translation struct {
	fset  *token.FileSet
	files map[string]*token.File
	user  resolve.Writing
	lines map[token.Pos]bool // the beginnings of lines to which cgo added something
}

// asWritten moves positions to the files that the user wrote, and leaves out the
// functions that cgo added. What those cost stands at the calls for which they
// were.
func (src *source) asWritten(list []*cost.Breakdown) []*cost.Breakdown {
	t := translation{
		fset: src.fset, files: make(map[string]*token.File),
		user: resolve.CompareWritten(src.asUserWrote()), lines: make(map[token.Pos]bool),
	}
	src.fset.Iterate(func(f *token.File) bool {
		t.files[f.Name()] = f
		return true
	})
	for at := range t.user.AllAdded() {
		f := t.fset.File(at)
		t.lines[f.LineStart(f.PositionFor(at, false).Line)] = true
	}
	list = slices.DeleteFunc(list, func(b *cost.Breakdown) bool { return t.user.Added(t.pos(b.Pos)) })
	for _, b := range list {
		t.move(&b.Pos)
		b.Parts = t.parts(b.Parts)
		for i := range b.Blockers {
			t.move(&b.Blockers[i].Pos)
		}
	}
	return list
}

// pos returns the place of p in a file of the unit, as it was compiled.
func (t *translation) pos(p inline.Position) token.Pos {
	f := t.files[filepath.Clean(p.File)]
	if f == nil || p.Line < 1 || p.Line > f.LineCount() {
		return token.NoPos
	}
	at := f.LineStart(p.Line) + token.Pos(max(p.Col, 1)-1)
	if int(at) > f.Base()+f.Size() {
		return token.NoPos
	}
	return at
}

func (t *translation) move(p *inline.Position) {
	at := t.pos(*p)
	if !at.IsValid() {
		return
	}
	user := t.user.Pos(at)
	written := t.fset.PositionFor(user, true)
	if user == at && t.lines[t.fset.File(at).LineStart(p.Line)] {
		written.Column = 0 // what cgo added has moved it
	}
	*p = inline.Position{File: written.Filename, Line: written.Line, Col: written.Column}
}

// parts moves parts, and makes one of those that cgo added for one call.
func (t *translation) parts(parts []cost.Part) []cost.Part {
	checks := make(map[inline.Position]int)
	moved := parts[:0]
	for _, p := range parts {
		added := false
		switch p.What {
		case cost.Call, cost.InlinedCall, cost.Closure:
			if t.user.Added(t.pos(p.CalleePos)) {
				p.Pos = p.CalleePos // a call far to the right has no column
			}
			added = t.user.Added(t.pos(p.Pos))
		}
		t.move(&p.Pos)
		t.move(&p.CalleePos)
		if !added {
			moved = append(moved, p)
			continue
		}
		i, ok := checks[p.Pos]
		if !ok {
			i = len(moved)
			checks[p.Pos] = i
			moved = append(moved, cost.Part{Pos: p.Pos, What: cost.PointerCheck, Count: 1})
		}
		moved[i].Cost += p.Cost
	}
	return moved
}
