package resolve

import (
	"go/token"
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A place is a position in a file that was compiled, before //line directives:
// the compiler tells it beside the one that a directive makes of it. Lines and
// columns are 1-based, columns count bytes.
type place struct {
	file string
	line int
	col  int // 0 from noCol on
}

// noCol is the first column that the compiler cannot tell.
const noCol = 255

// placeOf returns the place of pos as remarks have it.
func placeOf(fset *token.FileSet, pos token.Pos) place {
	p := fset.PositionFor(pos, false)
	if p.Column >= noCol {
		p.Column = 0
	}
	return place{cleanName(p.Filename), p.Line, p.Column}
}

// placeOfRemark returns the place of which a remark speaks.
func placeOfRemark(r remark.Remark) place {
	if r.Orig != nil {
		return place{cleanName(r.Orig.File), r.Orig.Line, r.Orig.Col}
	}
	return place{cleanName(r.File), r.Line, r.Col}
}

// directed returns pos for a reader, after //line directives, which may leave
// it without a column. Columns beyond the compiler's reach are kept.
func directed(fset *token.FileSet, pos token.Pos) inline.Position {
	p := position.Directed(fset, pos)
	return inline.Position{File: p.Filename, Line: p.Line, Col: p.Column}
}

func cleanName(name string) string {
	if name == "" {
		return ""
	}
	return filepath.Clean(name)
}

// callRemarks are the remarks at one place of a call, in the compiler's order.
type callRemarks struct {
	inlined []string // callees of "inlining call to"
	types   []string // types to which the call was bound
	likely  []string // callees that the profile put a direct call of beside the dynamic one
	bound   []Binding
	order   []int    // of each of bound, which of the unit's remarks tells of it
	partial []string // types of "partially devirtualizing ... to": the method is an embedded interface's
	cycles  []string // callees of "cannot inline ... into ...: repeated recursive cycle"
	hot     []string // callees that the profile let in
}

// An index finds remarks by place.
type index struct {
	calls  map[place]*callRemarks
	funcs  map[place][]remark.Remark // CanInline and CannotInline, one for each name
	big    map[place]map[string]bool
	byName map[string]remark.Remark // CanInline and CannotInline by printed name
	hot    map[string]int           // budgets of functions that a profile made hot, by link name
	byBase map[string][]remark.Remark
	// asked has which of the remarks is the first that says whether a function, or a
	// wrapper of an instance, can be inlined, by printed name without type arguments.
	asked map[string]int
	loops map[place]bool // for statements in whose bodies nothing is inlined
}

func indexRemarks(remarks []remark.Remark) *index {
	x := &index{
		calls:  make(map[place]*callRemarks),
		funcs:  make(map[place][]remark.Remark),
		big:    make(map[place]map[string]bool),
		byName: make(map[string]remark.Remark),
		byBase: make(map[string][]remark.Remark),
		asked:  make(map[string]int),
		hot:    make(map[string]int),
		loops:  make(map[place]bool),
	}
	at := func(p place) *callRemarks {
		e := x.calls[p]
		if e == nil {
			e = new(callRemarks)
			x.calls[p] = e
		}
		return e
	}
	for i, r := range remarks {
		p := placeOfRemark(r)
		switch r.Kind {
		case remark.CanInline, remark.CannotInline:
			// The compiler asks again about a function literal at each of its
			// calls, and repeats the answer where it did not keep it.
			if _, seen := x.byName[r.Name]; seen && hasName(x.funcs[p], r.Name) {
				continue
			}
			x.funcs[p] = append(x.funcs[p], r)
			x.byName[r.Name] = r
			base := linkname.Generic(r.Name)
			if base != r.Name {
				x.byBase[base] = append(x.byBase[base], r)
			}
			if _, seen := x.asked[base]; !seen && !isShaped(r.Name) {
				x.asked[base] = i
			}
		case remark.InliningCall:
			e := at(p)
			e.inlined = append(e.inlined, r.Name)
		case remark.Devirtualizing:
			e := at(p)
			switch r.How {
			case remark.HowStatic:
				e.types = append(e.types, r.Text)
				e.bound = append(e.bound, Binding{Method: lastName(r.Name), Type: r.Text})
				e.order = append(e.order, i)
			case remark.HowPartial:
				e.bound = append(e.bound, Binding{Method: lastName(r.Name), Type: r.Text, Partial: true})
				e.order = append(e.order, i)
				e.partial = append(e.partial, r.Text)
			case remark.HowPGOInterface, remark.HowPGOFunc:
				e.likely = append(e.likely, r.Text)
			}
		case remark.RecursiveCycle:
			e := at(p)
			e.cycles = append(e.cycles, r.Name)
		case remark.BigCaller:
			if x.big[p] == nil {
				x.big[p] = make(map[string]bool)
			}
			x.big[p][r.Name] = true
		case remark.BenchLoop:
			x.loops[p] = true
		case remark.HotCallee:
			x.hot[r.Name] = r.Budget
		case remark.HotCall:
			e := at(p)
			e.hot = append(e.hot, r.Name)
		}
	}
	return x
}

func hasName(rs []remark.Remark, name string) bool {
	for _, r := range rs {
		if r.Name == name {
			return true
		}
	}
	return false
}
