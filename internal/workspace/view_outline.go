package workspace

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// An outline is what of an open file's syntax verdicts are put to. It is
// immutable, and made once for each text.
type outline struct {
	text   []byte
	blocks []position.Span
	calls  []callPlace // in the order in which the compiler comes to them
	funcs  []funcPlace // in the order of the source; those of loops included, whatever they range over
}

// A callPlace is a call expression, or the clause of a range loop. Conversions
// and built-in functions are among them: syntax alone cannot tell.
type callPlace struct {
	at     inline.Position // as verdicts have it, after //line directives
	whole  namedSpan       // the expression that is called
	inner  namedSpan       // the same without the brackets at its end
	index  bool            // there are brackets: type arguments, or an element of something
	last   string          // the name's text; "" for a literal, and where there is no name
	ranges bool
	paren  int
	end    int
	within int // index of the innermost funcPlace, -1 for none
}

type namedSpan struct{ all, name position.Span }

// A funcPlace is a function declaration or literal, or the body of a range loop.
type funcPlace struct {
	at       inline.Position
	name     position.Span
	decl     position.Span
	declared bool
	ident    string // of a declared function
	loop     bool
	outer    int // index of the innermost funcPlace around it, -1 for none
}

// outline makes the outlines of the open files that the unit has, unless they
// are there.
func (r *viewRun) outline(res *result, texts map[string][]byte) map[string]*outline {
	outlines := make(map[string]*outline, len(res.files))
	for name := range res.files {
		if o := r.outlines[name]; o != nil && bytes.Equal(o.text, texts[name]) {
			outlines[name] = o
			continue
		}
		outlines[name] = newOutline(name, texts[name])
	}
	return outlines
}

// newOutline parses a file. What does not parse is left out.
func newOutline(name string, text []byte) *outline {
	o := &outliner{outline: &outline{text: text}, fset: token.NewFileSet(), bodies: make(map[ast.Node]int), within: []int{-1}}
	f, _ := syntax.ParseFile(o.fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if f == nil {
		return o.outline
	}
	for _, d := range f.Decls {
		o.blocks = append(o.blocks, o.block(d))
		ast.Inspect(d, o.visit)
	}
	return o.outline
}

// An outliner walks one file.
type outliner struct {
	*outline
	fset   *token.FileSet
	stack  []ast.Node
	bodies map[ast.Node]int // functions by the node that is inside them
	within []int            // functions around the node, innermost last; -1 for none
}

func (o *outliner) block(d ast.Decl) position.Span {
	span := o.span(d)
	var doc *ast.CommentGroup
	switch d := d.(type) {
	case *ast.FuncDecl:
		doc = d.Doc
	case *ast.GenDecl:
		doc = d.Doc
	}
	if doc != nil {
		span.Start = o.offset(doc.Pos())
	}
	return span
}

// visit is called with each node, and with nil when the node's children are done.
func (o *outliner) visit(n ast.Node) bool {
	if n == nil {
		last := len(o.stack) - 1
		o.leave(o.stack[last])
		o.stack = o.stack[:last]
		return true
	}
	o.stack = append(o.stack, n)
	o.enter(n)
	return true
}

func (o *outliner) enter(n ast.Node) {
	if i, ok := o.bodies[n]; ok {
		o.within = append(o.within, i)
	}
	switch n := n.(type) {
	case *ast.FuncDecl:
		o.function(n, n.Name.Pos(), o.span(n.Name), n.Name.Name)
		o.funcs[len(o.funcs)-1].declared = true
		o.body(n.Body)
	case *ast.FuncLit:
		o.function(n, n.Type.Func, o.keyword(n.Type.Func, "func"), "")
		o.body(n.Body)
	case *ast.RangeStmt:
		o.function(n, n.For, o.keyword(n.For, "for"), "")
		o.funcs[len(o.funcs)-1].loop = true
		o.body(n.Body)
	}
}

func (o *outliner) function(n ast.Node, at token.Pos, name position.Span, ident string) {
	o.funcs = append(o.funcs, funcPlace{
		at: o.place(at), name: name, decl: o.span(n), ident: ident, outer: o.within[len(o.within)-1],
	})
}

// body says that the function entered last is around a block.
func (o *outliner) body(b *ast.BlockStmt) {
	if b != nil {
		o.bodies[b] = len(o.funcs) - 1
	}
}

func (o *outliner) leave(n ast.Node) {
	if _, ok := o.bodies[n]; ok {
		o.within = o.within[:len(o.within)-1]
	}
	within := o.within[len(o.within)-1]
	switch n := n.(type) {
	case *ast.CallExpr:
		c := callPlace{at: o.place(n.Lparen), paren: o.offset(n.Lparen), end: o.offset(n.End()), within: within}
		c.whole, c.last = o.named(n.Fun)
		c.inner = c.whole
		switch x := ast.Unparen(n.Fun).(type) {
		case *ast.IndexExpr:
			c.index = true
			c.inner, c.last = o.named(x.X)
		case *ast.IndexListExpr:
			c.index = true
			c.inner, c.last = o.named(x.X)
		}
		o.calls = append(o.calls, c)
	case *ast.RangeStmt:
		c := callPlace{at: o.place(n.For), paren: o.offset(n.For), end: o.offset(n.X.End()), within: within, ranges: true}
		c.whole, c.last = o.named(n.X)
		if n.Range.IsValid() {
			c.whole.name = o.keyword(n.Range, "range")
		}
		c.inner = c.whole
		o.calls = append(o.calls, c)
	}
}

// named returns where an expression is and where the name at its end, and that
// name; the whole expression where it does not end in one.
func (o *outliner) named(e ast.Expr) (s namedSpan, name string) {
	s.all = o.span(e)
	s.name = s.all
	switch x := ast.Unparen(e).(type) {
	case *ast.Ident:
		s.name, name = o.span(x), x.Name
	case *ast.SelectorExpr:
		s.name, name = o.span(x.Sel), x.Sel.Name
	case *ast.FuncLit:
		s.name = o.keyword(x.Type.Func, "func")
	}
	return s, name
}

func (o *outliner) offset(p token.Pos) int { return o.fset.PositionFor(p, false).Offset }

func (o *outliner) span(n ast.Node) position.Span {
	return position.Span{Start: o.offset(n.Pos()), End: o.offset(n.End())}
}

func (o *outliner) keyword(p token.Pos, word string) position.Span {
	start := o.offset(p)
	return position.Span{Start: start, End: start + len(word)}
}

// place returns the place of p as verdicts have it.
func (o *outliner) place(p token.Pos) inline.Position {
	at := position.Directed(o.fset, p)
	return inline.Position{File: at.Filename, Line: at.Line, Col: at.Column}
}
