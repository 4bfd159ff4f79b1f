package resolve

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
)

// The compiler drops dead code while it writes its intermediate form, before
// it looks at any call, and says nothing about it. The rules are few and plain
// (cmd/compile/internal/noder/writer.go: stmts, ifStmt, forStmt, switchStmt,
// staticBool, terminates); they are the same from Go 1.22 on. They are followed
// here, on syntax and constant values, and nothing is added to them: what only
// a later pass could prove dead is a call like others.

// staticBool tells whether a condition is always true (+1), always false (-1)
// or neither, and calls drop for each operand that the compiler leaves out.
func staticBool(info *types.Info, e ast.Expr, drop func(ast.Expr)) int {
	// Parentheses hide an operation from the compiler here, as they do below.
	if v := info.Types[e].Value; v != nil && v.Kind() == constant.Bool {
		if constant.BoolVal(v) {
			return +1
		}
		return -1
	}
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return staticBool(info, e.X, drop)
		}
	case *ast.BinaryExpr:
		switch e.Op {
		case token.LAND:
			return staticOperation(info, e, -1, drop)
		case token.LOR:
			return staticOperation(info, e, +1, drop)
		}
	}
	return 0
}

// staticOperation is staticBool for && and ||. Decisive is the value of an operand that
// decides alone: false for &&, true for ||.
func staticOperation(info *types.Info, e *ast.BinaryExpr, decisive int, drop func(ast.Expr)) int {
	x := staticBool(info, e.X, drop)
	if x == decisive {
		drop(e.Y)
		return x
	}
	y := staticBool(info, e.Y, drop)
	if x != -decisive && y != decisive {
		return 0
	}
	if info.Types[e.X].Value != nil {
		drop(e.X)
	}
	return y
}

func keep(ast.Expr) {}

// terminates reports whether no statement behind s in its list is reached.
func terminates(info *types.Info, s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.BranchStmt:
		return s.Tok == token.GOTO
	case *ast.ReturnStmt:
		return true
	case *ast.ExprStmt:
		if call, ok := ast.Unparen(s.X).(*ast.CallExpr); ok {
			if id, ok := ast.Unparen(call.Fun).(*ast.Ident); ok && id.Name == "panic" {
				_, builtin := info.Uses[id].(*types.Builtin)
				return builtin
			}
		}
	case *ast.IfStmt:
		cond := staticBool(info, s.Cond, keep)
		return (cond < 0 || terminates(info, s.Body)) && (cond > 0 || terminates(info, s.Else))
	case *ast.BlockStmt:
		for i := len(s.List) - 1; i >= 0; i-- {
			if _, empty := s.List[i].(*ast.EmptyStmt); !empty {
				return terminates(info, s.List[i])
			}
		}
	}
	return false
}

// liveCase returns the only clause of a switch that the compiler keeps when the
// tag and all cases up to the match are constant. known is false where the
// compiler keeps all clauses; live is nil where it keeps none.
func liveCase(info *types.Info, s *ast.SwitchStmt) (live *ast.CaseClause, known bool) {
	tag := constant.MakeBool(true)
	if s.Tag != nil {
		if tag = info.Types[s.Tag].Value; tag == nil {
			return nil, false
		}
	}
	var target *ast.CaseClause
search:
	for _, c := range s.Body.List {
		clause := c.(*ast.CaseClause)
		if clause.List == nil {
			target = clause
		}
		for _, e := range clause.List {
			v := info.Types[e].Value
			if v == nil {
				return nil, false
			}
			if constant.Compare(tag, token.EQL, v) {
				target = clause
				break search
			}
		}
	}
	if target != nil && hasFallthrough(target.Body) {
		return nil, false
	}
	return target, true
}

func hasFallthrough(list []ast.Stmt) bool {
	for i := len(list) - 1; i >= 0; i-- {
		switch s := list[i].(type) {
		case *ast.EmptyStmt:
			continue
		case *ast.BranchStmt:
			return s.Tok == token.FALLTHROUGH
		}
		return false
	}
	return false
}
