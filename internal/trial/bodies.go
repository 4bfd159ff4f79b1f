package trial

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"sync"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// What a function costs depends on its own body, and on the bodies of the functions
// that it mentions and that can be inlined: their cost counts in place of a call's. All
// other bodies can be left out of a compile that is to tell the cost: a call of a
// function without a body costs what a call does.
//
// The compiler finds the cost of a callee before the cost of its caller, except where
// functions call each other in a circle: then it depends on where the compiler enters
// the circle, and so on bodies that have nothing to do with the cost.

// A bodies tells which bodies matter to which functions of a unit.
type bodies struct {
	files []*fileBodies
	decls []*declaration // in the order of the source
	of    map[*types.Func]*declaration
	// byName has them by the places of their names, as remarks have those.
	byName map[inline.Position]*declaration
}

// A fileBodies is one file of a unit.
type fileBodies struct {
	name    string
	text    []byte
	syntax  *ast.File
	imports map[token.Pos]bool // what the declarations other than functions use
	whole   bool               // no body can be left out
	decls   []*declaration
	lines   func() []int // the offsets at which lines begin
}

// A declaration is a function that is declared with a body.
type declaration struct {
	*ast.FuncDecl
	file       *fileBodies
	start, end int              // of the body, as offsets in the file
	stays      bool             // the body cannot be left out
	generic    bool             // the compiler makes instances of it
	function   *inline.Function // nil if there is no verdict on it
	mentions   []*declaration
	signature  map[token.Pos]bool // the imports that it uses outside of its body
	imports    map[token.Pos]bool // and in its body
	circle     int                // the same for functions that call each other in a circle

	index, low int // of the search for circles
	onStack    bool
}

// inlinable reports whether the body may count in the costs of callers.
func (d *declaration) inlinable() bool {
	f := d.function
	return f == nil || !f.Known || f.Inlinable || slices.ContainsFunc(f.Instances, func(i inline.FunctionInstance) bool { return i.Inlinable })
}

// newBodies looks at all functions of a unit with the verdicts k.
func newBodies(src *typecheck.Source, texts [][]byte, k *resolve.Linkable) *bodies {
	functions := make(map[inline.Position]*inline.Function, len(k.Package.Functions))
	for i := range k.Package.Functions {
		f := &k.Package.Functions[i]
		functions[f.Pos] = f
	}
	b := &bodies{of: make(map[*types.Func]*declaration), byName: make(map[inline.Position]*declaration)}
	for i, f := range src.Files {
		file := &fileBodies{name: src.Names[i], text: texts[i], syntax: f, imports: make(map[token.Pos]bool)}
		file.lines = sync.OnceValue(file.findLines)
		b.files = append(b.files, file)
		for _, imp := range f.Imports {
			file.whole = file.whole || imp.Name != nil && imp.Name.Name == "."
		}
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || fn.Body == nil {
				importsIn(src.Info, d, file.imports)
				continue
			}
			pos := position.Directed(src.Fset, fn.Name.Pos())
			d := &declaration{
				FuncDecl: fn, file: file,
				start: src.Fset.PositionFor(fn.Body.Lbrace, false).Offset, end: src.Fset.PositionFor(fn.Body.Rbrace, false).Offset + 1,
				signature: make(map[token.Pos]bool), imports: make(map[token.Pos]bool),
			}
			at := inline.Position{File: pos.Filename, Line: pos.Line, Col: pos.Column}
			b.byName[at] = d
			if function := functions[at]; function != nil && linkname.Base(function.Name) == fn.Name.Name {
				d.function = function
			}
			obj, _ := src.Info.Defs[fn.Name].(*types.Func)
			d.generic = obj == nil || obj.Signature().TypeParams().Len()+obj.Signature().RecvTypeParams().Len() > 0
			d.stays = d.generic || file.whole || fn.Recv != nil && fn.Name.Name == "init" // the compiler wants one there
			if obj != nil {
				b.of[obj] = d
			}
			if fn.Recv != nil {
				importsIn(src.Info, fn.Recv, d.signature)
			}
			importsIn(src.Info, fn.Type, d.signature)
			b.decls, file.decls = append(b.decls, d), append(file.decls, d)
		}
	}
	for _, d := range b.decls {
		b.look(src.Info, d)
	}
	b.findCircles()
	return b
}

// importsIn enters the imports that a part of the source uses, by their places.
func importsIn(info *types.Info, n ast.Node, into map[token.Pos]bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if name, ok := info.Uses[id].(*types.PkgName); ok {
				into[name.Pos()] = true
			}
		}
		return true
	})
}

// look enters what a body mentions.
func (b *bodies) look(info *types.Info, d *declaration) {
	seen := make(map[*declaration]bool)
	ast.Inspect(d.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		switch obj := info.Uses[id].(type) {
		case *types.PkgName:
			d.imports[obj.Pos()] = true
		case *types.Func:
			if m := b.of[obj.Origin()]; m != nil && !seen[m] {
				seen[m] = true
				d.mentions = append(d.mentions, m)
			}
		}
		return true
	})
}

// findCircles gives the functions of each circle a number of their own.
func (b *bodies) findCircles() {
	s := circleSearch{}
	for _, d := range b.decls {
		if d.index == 0 {
			s.visit(d)
		}
	}
}

// A circleSearch is Tarjan's search for strongly connected components.
type circleSearch struct {
	index, circles int
	stack          []*declaration
}

func (s *circleSearch) visit(d *declaration) {
	s.index++
	d.index, d.low, d.onStack = s.index, s.index, true
	s.stack = append(s.stack, d)
	for _, m := range d.mentions {
		switch {
		case m.index == 0:
			s.visit(m)
			d.low = min(d.low, m.low)
		case m.onStack:
			d.low = min(d.low, m.index)
		}
	}
	if d.low != d.index {
		return
	}
	s.circles++
	for {
		last := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		last.onStack, last.circle = false, s.circles
		if last == d {
			return
		}
	}
}

// A bodySet is a set of functions whose bodies are compiled.
type bodySet map[*declaration]bool

// keep adds a function, and those whose bodies count in its cost. It reports whether
// that tells the cost for certain: no two of them are in a circle.
func (s bodySet) keep(d *declaration) (certain bool) {
	certain = true
	s[d] = true
	seen := bodySet{d: true}
	work := []*declaration{d}
	for len(work) > 0 {
		x := work[len(work)-1]
		work = work[:len(work)-1]
		for _, m := range x.mentions {
			if !m.inlinable() {
				continue
			}
			certain = certain && (m == x || m.circle != x.circle)
			if !seen[m] {
				seen[m], s[m] = true, true
				work = append(work, m)
			}
		}
	}
	return certain
}

// without returns the edits of a file that leave out all bodies but those of a set, and
// the imports that only they need. Copied are functions that a copy is made of in the
// file.
func (f *fileBodies) without(fset *token.FileSet, kept bodySet, copied []*declaration) []rewrite.Edit {
	if f.whole {
		return nil
	}
	var edits []rewrite.Edit
	used := make(map[token.Pos]bool)
	use := func(imports map[token.Pos]bool) {
		for pos := range imports {
			used[pos] = true
		}
	}
	use(f.imports)
	for _, d := range f.decls {
		use(d.signature)
		if kept[d] || d.stays {
			use(d.imports)
			continue
		}
		edits = append(edits, rewrite.Edit{Start: d.start, End: d.end, New: emptyBody(d, f.text[d.start:d.end])})
	}
	for _, d := range copied {
		use(d.imports)
	}
	for _, imp := range f.syntax.Imports {
		if used[imp.Pos()] || imp.Name != nil && imp.Name.Name == "_" {
			continue
		}
		start, end := fset.PositionFor(imp.Pos(), false).Offset, fset.PositionFor(imp.Path.Pos(), false).Offset
		edits = append(edits, rewrite.Edit{Start: start, End: end, New: "_ "})
	}
	slices.SortFunc(edits, func(a, b rewrite.Edit) int { return a.Start - b.Start })
	return edits
}

// emptyBody is what stands for a body: nothing, but where there must be one. Lines stay
// as many as they were.
func emptyBody(d *declaration, body []byte) string {
	text := make([]byte, 0, 16)
	if d.Recv == nil && (d.Name.Name == "init" || d.Name.Name == "main") {
		text = append(text, "{}"...)
	}
	for _, c := range body {
		if c == '\n' {
			text = append(text, '\n')
		}
	}
	return string(text)
}
