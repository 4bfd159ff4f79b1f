package advice

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A region is a list of statements that might move.
type region struct {
	kind       Kind
	list       []ast.Stmt
	start, end token.Pos // what moves: the statements, with the comments among them
	tail       bool      // nothing of the function is left behind it
	alone      bool      // it is the body of an if without else: what follows goes on from its end
	inLoop     bool      // it may run again
}

// regions lists what might move out of the function, in the order of the source.
func (f *function) regions() []region {
	var list []region
	body := f.decl.Body
	add := func(r region, open, closed token.Pos) {
		if len(r.list) == 0 {
			return
		}
		r.start, r.end = f.extent(r.list, open, closed)
		list = append(list, r)
	}
	// What follows a fast path.
	for i := 1; i < len(body.List); i++ {
		if fast := body.List[i-1]; contains[*ast.ReturnStmt](fast) {
			add(region{kind: SlowPath, list: body.List[i:], tail: true}, fast.End(), body.Rbrace)
		}
	}
	var visit func(n ast.Node, inLoop bool)
	visitAll := func(stmts []ast.Stmt, inLoop bool) {
		for _, s := range stmts {
			visit(s, inLoop)
		}
	}
	branch := func(stmts []ast.Stmt, inLoop bool) region {
		r := region{kind: Branch, list: stmts, inLoop: inLoop}
		if f.cold(stmts) {
			r.kind = ColdPath
		}
		return r
	}
	loop := func(s ast.Stmt, inLoop bool) {
		if f.mainly(s) {
			return
		}
		list = append(list, region{kind: Loop, list: []ast.Stmt{s}, start: s.Pos(), end: s.End(), inLoop: inLoop})
	}
	visit = func(n ast.Node, inLoop bool) {
		switch n := n.(type) {
		case *ast.BlockStmt:
			visitAll(n.List, inLoop)
		case *ast.IfStmt:
			r := branch(n.Body.List, inLoop)
			r.alone = n.Else == nil
			add(r, n.Body.Lbrace+1, n.Body.Rbrace)
			visitAll(n.Body.List, inLoop)
			if e, ok := n.Else.(*ast.BlockStmt); ok {
				add(branch(e.List, inLoop), e.Lbrace+1, e.Rbrace)
			}
			if n.Else != nil {
				visit(n.Else, inLoop)
			}
		case *ast.ForStmt:
			loop(n, inLoop)
			visitAll(n.Body.List, true)
		case *ast.RangeStmt:
			loop(n, inLoop)
			visitAll(n.Body.List, true)
		case *ast.LabeledStmt:
			switch s := n.Stmt.(type) {
			case *ast.ForStmt:
				loop(n, inLoop)
				visitAll(s.Body.List, true)
			case *ast.RangeStmt:
				loop(n, inLoop)
				visitAll(s.Body.List, true)
			default:
				visit(s, inLoop)
			}
		case *ast.SwitchStmt:
			visit(n.Body, inLoop)
		case *ast.TypeSwitchStmt:
			visit(n.Body, inLoop)
		case *ast.SelectStmt:
			visit(n.Body, inLoop)
		case *ast.CaseClause:
			add(branch(n.Body, inLoop), n.Colon+1, token.NoPos)
			visitAll(n.Body, inLoop)
		case *ast.CommClause:
			add(branch(n.Body, inLoop), n.Colon+1, token.NoPos)
			visitAll(n.Body, inLoop)
		}
	}
	visitAll(body.List, false)
	return list
}

// mainly reports whether the function does little but one statement: inlining what
// is left of it then saves nothing.
func (f *function) mainly(s ast.Stmt) bool {
	for _, other := range f.decl.Body.List {
		switch other.(type) {
		case *ast.ReturnStmt, *ast.DeclStmt, *ast.AssignStmt:
			if contains[*ast.CallExpr](other) {
				return false
			}
		default:
			if other != s {
				return false
			}
		}
	}
	return true
}

// extent returns what moves with statements: the comments between open and the
// first of them, unless they stand on the line of what is before, and those up
// to closed, or to the end of the last line if that is not given.
func (f *function) extent(list []ast.Stmt, open, closed token.Pos) (start, end token.Pos) {
	start, end = list[0].Pos(), list[len(list)-1].End()
	last := f.line(end)
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			switch {
			case open <= c.Pos() && c.Pos() < start && f.line(c.Pos()) > f.line(open):
				start = c.Pos()
			case c.Pos() >= end && (closed.IsValid() && c.End() <= closed || !closed.IsValid() && f.line(c.Pos()) == last && f.line(c.End()) == last):
				end = c.End()
			}
		}
	}
	return start, end
}

// contains reports whether there is a node of a type in another one, function
// literals left out.
func contains[T ast.Node](n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if _, ok := n.(T); ok {
			found = true
		}
		_, literal := n.(*ast.FuncLit)
		return !found && !literal
	})
	return found
}

func anyContains[T ast.Node](list []ast.Stmt) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool { return contains[T](s) })
}

// makers of errors and of last words, by import path and name.
var makers = map[string]bool{
	"fmt.Errorf": true, "errors.New": true, "errors.Join": true,
	"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true,
	"log.Print": true, "log.Printf": true, "log.Println": true, "os.Exit": true,
}

// cold reports whether statements are of a kind that seldom runs: they end in a
// panic, or their last one or the one before makes an error.
func (f *function) cold(list []ast.Stmt) bool {
	if len(list) == 0 {
		return false
	}
	last := list[len(list)-1]
	if f.panics(last) {
		return true
	}
	isError := func(e ast.Expr) bool {
		made := false
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok {
					if fn, ok := f.Info.Uses[sel.Sel].(*types.Func); ok && fn.Pkg() != nil && fn.Signature().Recv() == nil {
						made = made || makers[fn.Pkg().Path()+"."+fn.Name()]
					}
				}
				// A call in the place of an error, as in return 0, syntaxError(s).
				made = made || n == e && types.Identical(f.Info.TypeOf(n), errorType)
			case *ast.CompositeLit:
				t := f.Info.TypeOf(n)
				made = made || t != nil && (types.Implements(t, errorInterface) || types.Implements(types.NewPointer(t), errorInterface))
			}
			return !made
		})
		return made
	}
	for _, s := range list[max(0, len(list)-2):] {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			if n := len(s.Results); n > 0 && isError(s.Results[n-1]) {
				return true
			}
		case *ast.AssignStmt:
			if len(list) <= 2 && len(s.Rhs) == 1 && isError(s.Rhs[0]) {
				return true
			}
		case *ast.ExprStmt:
			if isError(s.X) {
				return true
			}
		}
	}
	return false
}

var (
	errorType      = types.Universe.Lookup("error").Type()
	errorInterface = errorType.Underlying().(*types.Interface)
)

// panics reports whether a statement is a call of panic.
func (f *function) panics(s ast.Stmt) bool {
	x, ok := s.(*ast.ExprStmt)
	if !ok {
		return false
	}
	call, ok := x.X.(*ast.CallExpr)
	return ok && f.builtin(call) == "panic"
}

// builtin returns the name of the built-in function that is called, "" for others.
func (f *function) builtin(call *ast.CallExpr) string {
	if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok {
		if b, ok := f.Info.Uses[id].(*types.Builtin); ok {
			return b.Name()
		}
	}
	return ""
}

// looksAtCaller reports whether a function looks at who calls it: moving a call of
// it gives it another answer.
func looksAtCaller(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "runtime", "internal/runtime/sys", "internal/runtime/atomic":
		switch fn.Name() {
		case "Caller", "Callers", "GetCallerPC", "GetCallerSP", "GetClosurePtr", "getcallerpc", "getcallersp", "getcallerfp":
			return true
		}
	case "log":
		return fn.Name() == "Output"
	case "testing":
		return fn.Name() == "Helper"
	}
	return false
}

// jumpsOut says which statement of the region leads out of it, or into it, other
// than by its end or a return; "" for none.
func (f *function) jumpsOut(r *region) string {
	if f.jumps && (anyContains[*ast.LabeledStmt](r.list) || slices.ContainsFunc(r.list, hasGoto)) {
		return "it has a goto or its label"
	}
	why := ""
	labels := make(map[string]bool)
	for _, s := range r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok {
				labels[l.Label.Name] = true
			}
			return true
		})
	}
	var visit func(n ast.Node, breaks, continues, falls bool)
	visit = func(n ast.Node, breaks, continues, falls bool) {
		if n == nil {
			return
		}
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n {
				return true
			}
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt:
				visit(m.Body, true, true, false)
				return false
			case *ast.RangeStmt:
				visit(m.Body, true, true, false)
				return false
			case *ast.SwitchStmt:
				visit(m.Body, true, continues, true)
				return false
			case *ast.TypeSwitchStmt:
				visit(m.Body, true, continues, false)
				return false
			case *ast.SelectStmt:
				visit(m.Body, true, continues, false)
				return false
			case *ast.BranchStmt:
				inside := false
				switch {
				case m.Label != nil:
					inside = labels[m.Label.Name]
				case m.Tok == token.BREAK:
					inside = breaks
				case m.Tok == token.CONTINUE:
					inside = continues
				case m.Tok == token.FALLTHROUGH:
					inside = falls
				}
				if !inside && why == "" {
					why = fmt.Sprintf("it has a %s that leads out of it", m.Tok)
				}
			}
			return true
		})
	}
	visit(&ast.BlockStmt{List: r.list}, false, false, false)
	return why
}

func hasGoto(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}
