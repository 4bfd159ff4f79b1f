package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
)

// makers of errors, by import path and name.
var makers = map[string]bool{"fmt.Errorf": true, "errors.New": true, "errors.Join": true}

// enders of the program, or of the goroutine.
var enders = map[string]bool{
	"log.Fatal": true, "log.Fatalf": true, "log.Fatalln": true, "log.Panic": true, "log.Panicf": true, "log.Panicln": true,
	"os.Exit": true, "runtime.Goexit": true,
}

var (
	// errorName matches the name of a function whose result is an error that it makes.
	errorName = regexp.MustCompile(`(?i)err|fail|panic|fatal|invalid|illegal|unexpected|unsupported|mismatch|corrupt|bad`)
	// logName matches the name of a function that logs, whoever has it.
	logName = regexp.MustCompile(`^(?i:(log|debug|trace|info|notice|warn|warning|error|fatal)(f|ln|w|context))$`)
	// logWord matches names that log if it is a logger that has them.
	logWord = regexp.MustCompile(`^(?i:(log|debug|trace|info|notice|warn|warning|error|fatal|print|output)(f|ln|w|context)?)$`)
	logger  = regexp.MustCompile(`(?i)log`)
	// debugName matches what is set, or says so, when somebody looks for mistakes.
	// closedName matches what is set when there is no more to do.
	closedName = regexp.MustCompile(`(?i)^(is)?(closed|closing|stopped|shutdown|done)$`)
	debugName  = regexp.MustCompile(`(?i)debug|trac(e|ing)|verbose`)
)

// coldBranch says what tells that a branch seldom runs: what it ends with, or the
// condition that must hold; "" if nothing does. The text completes "where". The
// condition is nil where it is not one expression.
func (f *function) coldBranch(cond ast.Expr, holds bool, list []ast.Stmt) string {
	if why := f.coldEnd(cond, list); why != "" || cond == nil {
		return why
	}
	return f.coldCondition(cond, holds, list)
}

// coldEnd says what of the end of a branch tells that it seldom runs.
func (f *function) coldEnd(cond ast.Expr, list []ast.Stmt) string {
	if len(list) == 0 {
		return ""
	}
	last := list[len(list)-1]
	if f.panics(last) {
		return "it panics"
	}
	for _, s := range list[max(0, len(list)-2):] {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			if n := len(s.Results); n > 0 && f.failing(s.Results[n-1], cond) {
				return "it returns an error"
			}
		case *ast.AssignStmt:
			if len(list) <= 2 && len(s.Rhs) == 1 && f.makesError(s.Rhs[0]) {
				return "it makes an error"
			}
		case *ast.ExprStmt:
			switch call, ok := s.X.(*ast.CallExpr); {
			case !ok:
			case f.callsOneOf(call, enders):
				return "the program ends"
			case len(list) <= 2 && (s == last || contains[*ast.ReturnStmt](last) || isJump(last)) && f.logs(call):
				return "it logs"
			case f.makesError(call):
				return "it makes an error"
			}
		}
	}
	return ""
}

// failing reports whether the last value of a return is an error for certain: one that
// is made there, a variable of the package, or one that the condition has found.
func (f *function) failing(e ast.Expr, cond ast.Expr) bool {
	if f.makesError(e) {
		return true
	}
	tv := f.Info.Types[e]
	if tv.Type == nil || tv.IsNil() || !types.Implements(tv.Type, errorInterface) {
		return false
	}
	var obj types.Object
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		obj = f.Info.Uses[e]
	case *ast.SelectorExpr:
		obj = f.Info.Uses[e.Sel]
	}
	v, ok := obj.(*types.Var)
	switch {
	case !ok:
		return false
	case !v.IsField() && v.Pkg() != nil && v.Parent() == v.Pkg().Scope():
		return true
	}
	return cond != nil && f.findsError(cond, true)
}

// findsError reports whether an error is not nil where a condition holds, or does not
// hold.
func (f *function) findsError(cond ast.Expr, holds bool) bool {
	found := false
	ast.Inspect(cond, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok {
			return true
		}
		op := token.NEQ
		if !holds {
			op = token.EQL
		}
		if b.Op == op && f.Info.Types[b.Y].IsNil() && types.Identical(f.Info.TypeOf(b.X), errorType) {
			found = true
		}
		return true
	})
	return found
}

// coldCondition says what of a condition tells that a branch seldom runs.
func (f *function) coldCondition(cond ast.Expr, holds bool, list []ast.Stmt) string {
	cond = ast.Unparen(cond)
	for {
		not, ok := cond.(*ast.UnaryExpr)
		if !ok || not.Op != token.NOT {
			break
		}
		cond, holds = ast.Unparen(not.X), !holds
	}
	if f.findsError(cond, holds) {
		return "there is an error"
	}
	if !holds {
		return ""
	}
	if f.mentions(cond, debugName) {
		return "debugging is on"
	}
	if b, ok := cond.(*ast.BinaryExpr); ok {
		if b.Op == token.EQL && f.Info.Types[b.Y].IsNil() && slices.ContainsFunc(list, func(s ast.Stmt) bool { return f.sets(s, b.X) }) {
			return f.source(b.X) + " is set for the first time"
		}
		if f.asksCap(cond) && (b.Op == token.GTR || b.Op == token.LSS || b.Op == token.GEQ || b.Op == token.LEQ || b.Op == token.EQL) {
			return "there is no room"
		}
	}
	return ""
}

// mentions reports whether a name in an expression matches.
func (f *function) mentions(e ast.Expr, name *regexp.Regexp) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && name.MatchString(id.Name) {
			found = true
		}
		return !found
	})
	return found
}

// sets reports whether a statement, or one in it, assigns to what an expression names.
func (f *function) sets(s ast.Stmt, to ast.Expr) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			found = found || slices.ContainsFunc(a.Lhs, func(l ast.Expr) bool { return f.source(l) == f.source(to) })
		}
		return !found
	})
	return found
}

// asksCap reports whether an expression has a call of cap.
func (f *function) asksCap(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && f.builtin(call) == "cap" {
			found = true
		}
		return !found
	})
	return found
}

// guards reports whether a branch only returns because there is nothing to do: an
// argument is nil, empty or zero, and what is returned is fixed.
func (f *function) guards(cond ast.Expr, list []ast.Stmt) bool {
	if len(list) != 1 {
		return false
	}
	ret, ok := list[0].(*ast.ReturnStmt)
	if !ok {
		return false
	}
	for _, e := range ret.Results {
		if tv := f.Info.Types[e]; tv.Value == nil && !tv.IsNil() && !f.isZeroLiteral(e) {
			return false
		}
	}
	return f.isEmptyCheck(cond)
}

// isEmptyCheck reports whether a condition holds only for what is nil, empty, zero, or
// closed.
func (f *function) isEmptyCheck(cond ast.Expr) bool {
	b, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return f.mentions(cond, closedName)
	}
	if b.Op == token.LOR {
		return f.isEmptyCheck(b.X) && f.isEmptyCheck(b.Y)
	}
	if b.Op != token.EQL && b.Op != token.LEQ && b.Op != token.LSS {
		return false
	}
	y := f.Info.Types[b.Y]
	switch {
	case y.IsNil():
		return true
	case y.Value == nil:
		return false
	case y.Value.String() == `""`:
		return true
	case y.Value.String() != "0":
		return false
	}
	switch x := ast.Unparen(b.X).(type) {
	case *ast.CallExpr:
		return f.builtin(x) == "len"
	case *ast.Ident: // an argument, and not a setting
		v := f.local(x)
		return v != nil && v.Pos() < f.decl.Body.Pos()
	}
	return false
}

// isZeroLiteral reports whether an expression is a composite literal without elements.
func (f *function) isZeroLiteral(e ast.Expr) bool {
	lit, ok := ast.Unparen(e).(*ast.CompositeLit)
	return ok && len(lit.Elts) == 0
}

// makesError reports whether an error is made in an expression.
func (f *function) makesError(e ast.Expr) bool {
	made := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			// A call in the place of an error, as in return 0, syntaxError(s), is one too.
			made = made || f.callsOneOf(n, makers) ||
				n == e && types.Identical(f.Info.TypeOf(n), errorType) && errorName.MatchString(calledName(n))
		case *ast.CompositeLit:
			t := f.Info.TypeOf(n)
			made = made || t != nil && (types.Implements(t, errorInterface) || types.Implements(types.NewPointer(t), errorInterface))
		}
		return !made
	})
	return made
}

// callsOneOf reports whether a call is of a function of a list.
func (f *function) callsOneOf(call *ast.CallExpr, list map[string]bool) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := f.Info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Signature().Recv() == nil && list[fn.Pkg().Path()+"."+fn.Name()]
}

// logs reports whether a call seems to log: nobody needs what it returns, and its name,
// or that of what has it, says so.
func (f *function) logs(call *ast.CallExpr) bool {
	name := calledName(call)
	if logName.MatchString(name) {
		return true
	}
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok || !logWord.MatchString(name) {
		return false
	}
	if fn, ok := f.Info.Uses[sel.Sel].(*types.Func); ok && fn.Pkg() != nil && logger.MatchString(fn.Pkg().Name()) {
		return true
	}
	return f.mentions(sel.X, logger)
}

// calledName is the name of what is called; "" if it has none.
func calledName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		return fun.Name
	case *ast.SelectorExpr:
		return fun.Sel.Name
	}
	return ""
}

var (
	errorType      = types.Universe.Lookup("error").Type()
	errorInterface = errorType.Underlying().(*types.Interface)
)
