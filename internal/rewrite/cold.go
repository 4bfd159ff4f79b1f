package rewrite

import (
	"go/ast"
	"go/types"
)

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
	for _, s := range list[max(0, len(list)-2):] {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			if n := len(s.Results); n > 0 && f.makesError(s.Results[n-1]) {
				return true
			}
		case *ast.AssignStmt:
			if len(list) <= 2 && len(s.Rhs) == 1 && f.makesError(s.Rhs[0]) {
				return true
			}
		case *ast.ExprStmt:
			if f.makesError(s.X) {
				return true
			}
		}
	}
	return false
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
			made = made || f.callsMaker(n) || n == e && types.Identical(f.Info.TypeOf(n), errorType)
		case *ast.CompositeLit:
			t := f.Info.TypeOf(n)
			made = made || t != nil && (types.Implements(t, errorInterface) || types.Implements(types.NewPointer(t), errorInterface))
		}
		return !made
	})
	return made
}

// callsMaker reports whether a call is of one of the makers.
func (f *function) callsMaker(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	fn, ok := f.Info.Uses[sel.Sel].(*types.Func)
	return ok && fn.Pkg() != nil && fn.Signature().Recv() == nil && makers[fn.Pkg().Path()+"."+fn.Name()]
}

var (
	errorType      = types.Universe.Lookup("error").Type()
	errorInterface = errorType.Underlying().(*types.Interface)
)
