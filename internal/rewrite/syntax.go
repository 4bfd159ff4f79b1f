package rewrite

import (
	"go/ast"
	"go/types"
	"slices"
)

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
