package breakdown

import (
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// A translation leads from the files that were compiled to those that the user
// wrote: cgo generates others, and //line directives name others.
type translation struct {
	fset      *token.FileSet
	files     map[string]*token.File
	user      resolve.Writing
	generated map[*token.File]bool    // by cgo
	lines     map[token.Pos]bool      // the beginnings of lines to which cgo added something
	ends      map[token.Pos]token.Pos // of functions
}

func newTranslation(src *typecheck.Source) *translation {
	user := src.AsUserWrote()
	t := &translation{
		fset: src.Fset, files: make(map[string]*token.File), user: resolve.CompareWritten(user),
		generated: make(map[*token.File]bool), lines: make(map[token.Pos]bool), ends: make(map[token.Pos]token.Pos),
	}
	src.Fset.Iterate(func(f *token.File) bool {
		t.files[f.Name()] = f
		return true
	})
	for at := range t.user.AllAdded() {
		f := t.fset.File(at)
		t.lines[f.LineStart(f.PositionFor(at, false).Line)] = true
	}
	for _, f := range src.Files {
		if user[f] != nil {
			t.generated[t.fset.File(f.FileStart)] = true
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				t.ends[n.Name.Pos()] = n.End()
				if n.Recv != nil {
					t.ends[n.Recv.Opening] = n.End()
				}
			case *ast.FuncLit:
				t.ends[n.Type.Func] = n.End()
			case *ast.RangeStmt:
				t.ends[n.For] = n.Body.End()
			}
			return true
		})
	}
	return t
}

// asWritten moves positions to the files that the user wrote, and leaves out the
// functions that cgo added. What those cost stands at the calls for which they
// were.
func asWritten(src *typecheck.Source, list []*cost.Breakdown) []*cost.Breakdown {
	t := newTranslation(src)
	list = slices.DeleteFunc(list, func(b *cost.Breakdown) bool { return t.user.Added(t.pos(b.Pos)) })
	for _, b := range list {
		if at := t.pos(b.Pos); at.IsValid() {
			b.Declared = t.directed(at)
			b.Pos = t.written(at, b.Pos.Line)
			if end := t.ends[at]; end.IsValid() {
				b.End = t.written(end, t.fset.PositionFor(end, false).Line)
			}
		}
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

// directed returns the place as verdicts have it.
func (t *translation) directed(at token.Pos) inline.Position {
	p := position.Directed(t.fset, t.user.Pos(at))
	return inline.Position{File: p.Filename, Line: p.Line, Col: p.Column}
}

// written returns the place in the file that the user wrote. line is that of at in
// the file that was compiled.
func (t *translation) written(at token.Pos, line int) inline.Position {
	user, f := t.user.Pos(at), t.fset.File(at)
	// Directives in what cgo generated lead to the user's file.
	p := t.fset.PositionFor(user, user == at && t.generated[f])
	if user == at && t.lines[f.LineStart(line)] {
		p.Column = 0 // what cgo added has moved it
	}
	return inline.Position{File: filepath.Clean(p.Filename), Line: p.Line, Col: p.Column}
}

func (t *translation) move(p *inline.Position) {
	if at := t.pos(*p); at.IsValid() {
		*p = t.written(at, p.Line)
	}
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
