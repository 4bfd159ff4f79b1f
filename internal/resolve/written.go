package resolve

import (
	"go/ast"
	"go/token"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// The files that cgo generates keep the user's text and its places, except where
// a C function gets a pointer. There cgo puts a function literal around the call,
// which checks the pointer first:
//
//	C.f(unsafe.Pointer(p))
//	func() { _cgo0 := /*line :3:5*/unsafe.Pointer(p); _cgoCheckPointer(_cgo0, nil); /*line :3:23*/_Cfunc_f(_cgo0); }()
//
// and behind it the columns are wrong up to the end of the line. To tell what the
// user wrote, the syntax of the generated file is held against that of the user's.

// A Writing says what the user wrote where cgo generated text. The zero value
// says that nothing is generated.
type Writing struct {
	// at maps the places of calls and functions in generated text to those in the
	// user's, and those of what was added to the call for which it was.
	at map[token.Pos]token.Pos
	// added has the places of what the user did not write: the parentheses of
	// calls, the func keywords of literals.
	added map[token.Pos]bool
	// checked has the calls of C functions around which cgo put a literal, by
	// their parentheses.
	checked map[token.Pos]checkedCall
}

// A checkedCall is the call of a C function in a literal that checks pointers.
type checkedCall struct {
	via     string    // that of the call as the user wrote it
	wrapper token.Pos // the parenthesis of the call of the literal; none with a via
}

// Pos returns where the call or function at pos is in the text that the user
// wrote, pos itself if that is not known.
func (w *Writing) Pos(pos token.Pos) token.Pos {
	if at, ok := w.at[pos]; ok {
		return at
	}
	return pos
}

// Added reports whether the call or literal at pos was added to the user's text.
func (w *Writing) Added(pos token.Pos) bool { return w.added[pos] }

// AllAdded returns the places of all that was added.
func (w *Writing) AllAdded() iter.Seq[token.Pos] { return maps.Keys(w.added) }

// position returns pos for a reader, in the text that the user wrote.
func (w *unit) position(pos token.Pos) inline.Position {
	return directed(w.fset, w.written.Pos(pos))
}

// CompareWritten finds out what the user wrote of generated files. It goes by
// declarations: one that is not as cgo would have made it is taken as it is.
func CompareWritten(user map[*ast.File]*ast.File) Writing {
	w := Writing{at: map[token.Pos]token.Pos{}, added: map[token.Pos]bool{}, checked: map[token.Pos]checkedCall{}}
	for generated, written := range user {
		decls, users := withoutImports(generated.Decls), withoutImports(written.Decls)
		if len(decls) != len(users) {
			continue
		}
		for i, decl := range decls {
			theirs := outline{}
			theirs.walk(users[i])
			ours := outline{
				generated: true, via: map[*ast.CallExpr]string{},
				added: map[token.Pos]token.Pos{}, checked: map[token.Pos]checkedCall{},
			}
			ours.walk(decl)
			w.join(&ours, &theirs)
		}
	}
	return w
}

// withoutImports leaves out the imports, to which cgo adds some.
func withoutImports(decls []ast.Decl) []ast.Decl {
	return slices.DeleteFunc(slices.Clone(decls), func(d ast.Decl) bool {
		g, ok := d.(*ast.GenDecl)
		return ok && g.Tok == token.IMPORT
	})
}

func (w *Writing) join(generated, user *outline) {
	if len(generated.nodes) != len(user.nodes) {
		return
	}
	for i, n := range generated.nodes {
		if m := user.nodes[i]; n.kind != m.kind || n.size != m.size {
			return
		}
	}
	for i, n := range generated.nodes {
		for j, pos := range n.places {
			w.at[pos] = user.nodes[i].places[j]
		}
	}
	for pos, c := range generated.checked {
		w.checked[pos] = c
	}
	for pos, call := range generated.added {
		w.added[pos] = true
		if at, ok := w.at[call]; ok {
			w.at[pos] = at
		}
	}
}

// An outline lists the calls and functions of a declaration as the user wrote
// it, in the order of the syntax tree.
type outline struct {
	generated bool
	nodes     []outlineNode
	added     map[token.Pos]token.Pos // and the call for which it was
	checked   map[token.Pos]checkedCall
	via       map[*ast.CallExpr]string
}

type outlineNode struct {
	kind   byte // 'c' a call, 'l' a literal, 'r' a range clause, 'f' a declared function
	size   int  // the number of arguments or statements
	places []token.Pos
}

func (o *outline) add(kind byte, size int, places ...token.Pos) {
	o.nodes = append(o.nodes, outlineNode{kind, size, places})
}

func (o *outline) walk(n ast.Node) { o.walkWith(n, nil) }

// walkWith walks a part of the tree. Values has the expressions that stand for
// names of cgo.
func (o *outline) walkWith(n ast.Node, values map[string]ast.Expr) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			at := n.Name.Pos()
			if n.Recv != nil {
				at = n.Recv.Opening
			}
			o.add('f', 0, at, n.Name.Pos(), n.End())
		case *ast.FuncLit:
			o.add('l', len(n.Body.List), n.Type.Func, n.End())
		case *ast.RangeStmt:
			o.add('r', len(n.Body.List), n.For, n.Body.End())
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && x.Name == "C" {
				return false // generated: one name
			}
		case *ast.GoStmt:
			o.setVia(n.Call, "go")
		case *ast.DeferStmt:
			o.setVia(n.Call, "defer")
		case *ast.Ident:
			if value := values[n.Name]; value != nil {
				delete(values, n.Name) // each counts once
				o.walkWith(value, values)
			}
		case *ast.CallExpr:
			if o.generated && o.addedCall(n) {
				return false
			}
			o.add('c', len(n.Args), n.Lparen)
		}
		return true
	})
}

func (o *outline) setVia(c *ast.CallExpr, via string) {
	if o.generated {
		o.via[c] = via
	}
}

// addedCall reports whether the user did not write a call, and adds what of it
// the user did write.
func (o *outline) addedCall(c *ast.CallExpr) bool {
	if f, ok := c.Fun.(*ast.Ident); ok && f.Name == "_Cgo_ptr" {
		o.added[c.Lparen] = c.Lparen // the value of a C function
		return true
	}
	via := o.via[c]
	outer, inner := c, c
	if via == "defer" {
		inner, _ = c.Fun.(*ast.CallExpr)
		if inner == nil {
			return false
		}
	}
	lit, ok := inner.Fun.(*ast.FuncLit)
	if !ok || len(inner.Args) > 0 || lit.Type.Params.NumFields() > 0 {
		return false
	}
	check := pointerCheck{values: map[string]ast.Expr{}}
	check.read(lit)
	if check.call == nil || check.deferred != (via == "defer") {
		return false
	}
	for _, pos := range append(check.added, outer.Lparen, inner.Lparen, lit.Type.Func) {
		o.added[pos] = check.call.Lparen
	}
	call := checkedCall{via: via}
	if via == "" {
		call.wrapper = outer.Lparen
	}
	o.checked[check.call.Lparen] = call
	o.add('c', len(check.call.Args), check.call.Lparen)
	for _, arg := range check.call.Args {
		o.walkWith(arg, check.values)
	}
	return true
}

// A pointerCheck is what a literal consists of that cgo puts around a call.
type pointerCheck struct {
	values   map[string]ast.Expr // of the names _cgo0, _cgoIndex0, ...
	call     *ast.CallExpr       // of the C function; nil if the literal is another
	added    []token.Pos
	deferred bool
}

// read reads the statements of the literal: definitions, checks, and the call.
// Where the call is deferred, the last two are in another literal.
func (p *pointerCheck) read(lit *ast.FuncLit) {
	for i, s := range lit.Body.List {
		last := i == len(lit.Body.List)-1
		if name, value := syntax.Definition(s); name != nil && !last {
			p.values[name.Name] = value
			continue
		}
		var x ast.Expr
		switch s := s.(type) {
		case *ast.ExprStmt:
			x = s.X
		case *ast.ReturnStmt:
			if len(s.Results) == 1 && last {
				x = s.Results[0]
			}
		}
		switch x := x.(type) {
		case *ast.FuncLit:
			if last && !p.deferred {
				p.deferred = true
				p.added = append(p.added, x.Type.Func)
				p.read(x)
			}
			return
		case *ast.CallExpr:
			f, ok := x.Fun.(*ast.Ident)
			switch {
			case ok && f.Name == "_cgoCheckPointer" && !last:
				p.added = append(p.added, x.Lparen)
			case ok && last && (strings.HasPrefix(f.Name, "_Cfunc_") || strings.HasPrefix(f.Name, "_C2func_")):
				if p.passesValues(x) {
					p.call = x
				}
				return
			default:
				return
			}
		default:
			return
		}
	}
}

// passesValues reports whether the arguments of a call are names that the
// literal defines.
func (p *pointerCheck) passesValues(call *ast.CallExpr) bool {
	for _, arg := range call.Args {
		name, ok := arg.(*ast.Ident)
		if !ok || !strings.HasPrefix(name.Name, "_cgo") || p.values[name.Name] == nil {
			return false
		}
	}
	return len(call.Args) > 0
}

// addedFunctions maps the literals that cgo added to the functions around them.
func (w *walker) addedFunctions() map[string]string {
	var added map[string]string
	for _, c := range w.callers { // outer ones come first
		if !w.written.added[c.at] {
			continue
		}
		if added == nil {
			added = make(map[string]string)
		}
		around := linkJoin(w.linkPath, c.parent.name)
		if outer, ok := added[around]; ok {
			around = outer
		}
		added[linkJoin(w.linkPath, c.name)] = around
	}
	return added
}

// decideChecked decides the call of a C function that was inlined into the
// literal that cgo put around it.
func (w *walker) decideChecked(s *rawSite) {
	if s.Status != inline.StatusInlined || s.wrapped == (place{}) {
		return
	}
	literal := func(name string) bool { return linkname.Generic(name) == s.caller.name }
	if ev := w.index.calls[s.wrapped]; ev == nil || !slices.ContainsFunc(ev.inlined, literal) {
		s.Status = inline.StatusNotInlined
		s.Reason = reason(inline.CodeOther, "cgo checks its pointers in a function literal, and the call of that literal is not inlined")
		s.Nested, s.Bound = nil, nil
	}
}
