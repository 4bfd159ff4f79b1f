package resolve

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A caller is a function of the unit's source while its body is walked.
type caller struct {
	name      string // within the package, without type arguments: F, (*T).M, F.func1
	fn        int    // index into walker.functions
	generic   bool   // it, or a function around it, has type parameters
	params    []*types.TypeParam
	instances []instance
	big       bool
	dead      string    // why no code is made of it; "" if some is
	unseen    bool      // generic, and no instance of it was compiled
	isInit    bool      // one of the package's init functions, which are numbered
	parent    *caller   // nil for a declared function and for the initializer
	literals  int       // function literals met so far directly inside, without dropped ones
	dropped   int       // numbers given to literals in code that the compiler drops, see describeAll
	calls     int       // calls met so far directly inside
	returned  int       // return statements met so far, see finder.returns
	result    Flow      // what it returns
	sep       string    // its name is the parent's, this and
	number    int       // its number, where the compiler does not tell another
	at, end   token.Pos // where the compiler speaks of it; just behind it
	namePos   token.Pos // of the name of a declared function
}

// A rawSite is a call as the walk finds it.
type rawSite struct {
	Site
	place    place
	caller   *caller
	kind     calleeKind
	wrapper  bool      // see callee
	dot      place     // of the selector, for a call of a method expression; zero for others
	typeArgs string    // of the callee of a method expression or a bound call, as the compiler prints them
	untyped  bool      // go/types does not tell what is called
	held     string    // see callee
	bound    int       // which of the unit's remarks tells of Devirtualized
	method   string    // name of the method, for one of an interface or type parameter
	lit      token.Pos // of the literal that is called
	decl     token.Pos // where the callee is declared, if that is in the unit
	dead     string    // why the compiler dropped it; "" if it did not
	loop     place     // the benchmark's loop that it stands in; zero for none
	guard    *guard    // what decides whether it is reached; nil if nothing does
	first    int       // the number of the first call of its file
	wrapped  place     // where a literal of cgo is called that has this call; zero for none
}

// stmts walks a list of statements. Bodies and initializers are walked in the
// order in which the compiler visits calls: operands before the call, init and condition before
// the body, and the post statement of a loop before its body.
func (w *finder) stmts(list []ast.Stmt) {
	lastLabel := -1
	for i, s := range list {
		if _, ok := s.(*ast.LabeledStmt); ok {
			lastLabel = i
		}
	}
	ended := false
	old := w.guard
	defer func() { w.guard = old }()
	for i, s := range list {
		_, labeled := s.(*ast.LabeledStmt)
		if ended && i > lastLabel && !labeled {
			w.inDead("no path leads to this statement", func() { w.stmt(s) }, s)
			continue
		}
		if labeled {
			w.guard = old
		}
		w.stmt(s)
		ended = terminates(w.info, s)
		if !ended && i < len(list)-1 && neverEnds(w.info, s, "") {
			w.guard = &guard{up: old, why: "the statements before it never end"}
		}
	}
}

func (w *finder) stmt(s ast.Stmt) {
	switch s := s.(type) {
	case nil:
	case *ast.BlockStmt:
		if s != nil {
			w.stmts(s.List)
		}
	case *ast.LabeledStmt:
		w.stmt(s.Stmt)
	case *ast.ExprStmt:
		w.expr(s.X)
	case *ast.GoStmt:
		w.call(s.Call, "go")
	case *ast.DeferStmt:
		w.call(s.Call, "defer")
	case *ast.IfStmt:
		w.stmt(s.Init)
		from := len(w.found.sites)
		cond := w.cond(s.Cond)
		w.under(s.Cond, from, len(w.found.sites), func() {
			w.branch(cond < 0, "the condition is always false", s.Body)
			w.branch(cond > 0, "the condition is always true", s.Else)
		})
	case *ast.ForStmt:
		w.forStmt(s)
	case *ast.RangeStmt:
		w.rangeStmt(s)
	case *ast.SwitchStmt:
		w.switchStmt(s)
	case *ast.TypeSwitchStmt:
		w.stmt(s.Init)
		w.stmt(s.Assign)
		for _, c := range s.Body.List {
			w.stmts(c.(*ast.CaseClause).Body)
		}
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			comm := c.(*ast.CommClause)
			w.stmt(comm.Comm)
			w.stmts(comm.Body)
		}
	case *ast.AssignStmt:
		for _, e := range s.Lhs {
			w.expr(e)
		}
		for _, e := range s.Rhs {
			w.expr(e)
		}
		if s.Tok == token.DEFINE {
			w.define(s.Lhs, s.Rhs)
			w.constants(s.Lhs, s.Rhs)
		}
	case *ast.ReturnStmt:
		for _, e := range s.Results {
			w.expr(e)
		}
		w.returns(s)
	case *ast.SendStmt:
		w.expr(s.Chan)
		w.expr(s.Value)
	case *ast.IncDecStmt:
		w.expr(s.X)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			w.varSpecs(d)
		}
	}
}

func (w *finder) forStmt(s *ast.ForStmt) {
	w.stmt(s.Init)
	from := len(w.found.sites)
	if s.Cond != nil && w.cond(s.Cond) < 0 {
		w.inDead("the condition is always false", func() { w.stmt(s.Post); w.stmt(s.Body) }, s.Post, s.Body)
		return
	}
	w.under(s.Cond, from, len(w.found.sites), func() {
		w.stmt(s.Post)
		w.loopBody(s)
	})
}

// cond walks a condition, of which the compiler may leave out operands.
func (w *finder) cond(e ast.Expr) int {
	dropped := make(map[ast.Expr]bool)
	result := staticBool(w.info, e, func(x ast.Expr) { dropped[x] = true })
	if len(dropped) == 0 {
		w.expr(e)
		return result
	}
	old := w.dropped
	w.dropped = dropped
	w.expr(e)
	w.dropped = old
	return result
}

func (w *finder) branch(dead bool, why string, s ast.Stmt) {
	if dead {
		w.inDead(why, func() { w.stmt(s) }, s)
		return
	}
	w.stmt(s)
}

func (w *finder) switchStmt(s *ast.SwitchStmt) {
	w.stmt(s.Init)
	from := len(w.found.sites)
	if s.Tag != nil {
		w.expr(s.Tag)
	}
	live, known := liveCase(w.info, s)
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if known && clause != live {
			w.inDead("the switch never takes this case", func() { w.stmts(clause.Body) }, clause)
			continue
		}
		for _, e := range clause.List {
			w.expr(e)
		}
	}
	to := len(w.found.sites)
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if !known || clause == live {
			w.under(s.Tag, from, to, func() { w.stmts(clause.Body) })
		}
	}
}

// rangeStmt walks a range loop. A loop over a function is a call of that
// function with the loop's body as a function literal.
func (w *finder) rangeStmt(s *ast.RangeStmt) {
	w.expr(s.X)
	t := w.info.TypeOf(s.X)
	if t == nil || !isFunc(t) {
		if s.Key != nil {
			w.expr(s.Key)
		}
		if s.Value != nil {
			w.expr(s.Value)
		}
		w.stmt(s.Body)
		return
	}
	body := w.enter(s.For, s.Body.End(), "range")
	if s.Tok == token.DEFINE {
		w.loopVars(body, s.Key, s.Value)
	}
	w.stmt(s.Body)
	w.leave(body)
	w.record(s.For, s.X, "range", []Flow{{Kind: FlowLiteral, Index: int(s.For)}})
	w.found.lits[s.For] = body
}

func isFunc(t types.Type) bool {
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		// Every type in the set of a type parameter has the same signature.
		if iface, ok := tp.Underlying().(*types.Interface); ok && iface.NumEmbeddeds() > 0 {
			t = iface.EmbeddedType(0)
			if u, ok := t.(*types.Union); ok && u.Len() > 0 {
				t = u.Term(0).Type()
			}
		}
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

func (w *finder) varSpecs(d *ast.GenDecl) {
	for _, spec := range d.Specs {
		if v, ok := spec.(*ast.ValueSpec); ok {
			for _, e := range v.Values {
				w.expr(e)
			}
			names := make([]ast.Expr, 0, len(v.Names))
			for _, id := range v.Names {
				names = append(names, id)
			}
			w.define(names, v.Values)
			w.constants(names, v.Values)
		}
	}
}

// expr walks an expression for the calls and function literals in it.
func (w *finder) expr(e ast.Expr) {
	ast.Inspect(e, func(n ast.Node) bool {
		x, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		if w.dropped[x] {
			delete(w.dropped, x)
			w.inDead("another operand decides the condition", func() { w.expr(x) }, x)
			return false
		}
		switch x := x.(type) {
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				from := len(w.found.sites)
				w.expr(x.X)
				w.under(x.X, from, len(w.found.sites), func() { w.expr(x.Y) })
				return false
			}
		case *ast.FuncLit:
			w.funcLit(x)
			return false
		case *ast.CallExpr:
			w.call(x, "")
			return false
		case *ast.ArrayType, *ast.StructType, *ast.FuncType, *ast.InterfaceType, *ast.MapType, *ast.ChanType:
			return false // a type; calls in an array's length are constant
		}
		return true
	})
}

func (w *finder) funcLit(lit *ast.FuncLit) *caller {
	body := w.enter(lit.Type.Func, lit.End(), "func")
	w.found.lits[lit.Pos()] = body
	sig, ok := signatureOf(w.info.TypeOf(lit))
	if ok {
		w.parameters(body, sig)
	}
	w.stmts(lit.Body.List)
	if ok {
		body.settle(sig)
	}
	w.leave(body)
	return body
}

// call walks a call expression. Conversions and built-in functions are not
// calls, and a constant expression never calls its operands.
func (w *finder) call(c *ast.CallExpr, via string) {
	operands := func() {
		w.expr(c.Fun)
		for _, a := range c.Args {
			w.expr(a)
		}
	}
	tv := w.info.Types[c.Fun]
	switch {
	case w.info.Types[c].Value != nil:
		w.inDead("the value is constant, so its operands are never evaluated", operands, c)
	case tv.IsType(), tv.IsBuiltin(), isBuiltin(w.info, c.Fun):
		operands()
	default:
		operands()
		i := w.current.calls
		w.record(c.Lparen, c.Fun, via, w.arguments(c.Fun, c.Args, c.Ellipsis.IsValid()))
		if t := w.info.TypeOf(c); via == "" && t != nil && isFunc(t) {
			w.results[c] = definition{in: w.current, flow: Flow{Kind: FlowResult, Index: i}}
		}
	}
}

// isBuiltin recognizes the built-in functions that a fault elsewhere in the
// package left without a recorded type, and unsafe's.
func isBuiltin(info *types.Info, fun ast.Expr) bool {
	_, ok := info.Uses[nameOf(fun)].(*types.Builtin)
	return ok
}

// loopBody walks the body of a for loop. Some releases inline nothing in the
// body of "for b.Loop()", and say so at the loop.
func (w *finder) loopBody(s *ast.ForStmt) {
	if !callsLoop(s.Cond) {
		w.stmt(s.Body)
		return
	}
	old := w.loop
	w.loop = benchLoop{w.current, placeOf(w.fset, s.For)}
	w.stmt(s.Body)
	w.loop = old
}

// A benchLoop is a loop that may be one of a benchmark, and the function it
// stands in.
type benchLoop struct {
	in *caller
	at place
}

func callsLoop(cond ast.Expr) bool {
	call, ok := cond.(*ast.CallExpr)
	if !ok {
		return false
	}
	sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && sel.Sel.Name == "Loop"
}
