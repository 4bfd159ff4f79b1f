package rewrite

import (
	"go/ast"
	"go/token"
)

// terminates reports whether control never leaves a list of statements by its
// end, in the sense of the language's specification.
func (f *function) terminates(list []ast.Stmt) bool {
	for i := len(list) - 1; i >= 0; i-- {
		if _, ok := list[i].(*ast.EmptyStmt); !ok {
			return f.terminating(list[i], "")
		}
	}
	return false
}

func (f *function) terminating(s ast.Stmt, label string) bool {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return true
	case *ast.BranchStmt:
		return s.Tok == token.GOTO || s.Tok == token.FALLTHROUGH
	case *ast.ExprStmt:
		return f.panics(s)
	case *ast.BlockStmt:
		return f.terminates(s.List)
	case *ast.IfStmt:
		return s.Else != nil && f.terminates(s.Body.List) && f.terminating(s.Else, "")
	case *ast.LabeledStmt:
		return f.terminating(s.Stmt, s.Label.Name)
	case *ast.ForStmt:
		return s.Cond == nil && !breaksOut(s.Body, label, true)
	case *ast.SwitchStmt:
		return f.clauses(s.Body, label)
	case *ast.TypeSwitchStmt:
		return f.clauses(s.Body, label)
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			if c := c.(*ast.CommClause); !f.terminates(c.Body) || breaksOut(&ast.BlockStmt{List: c.Body}, label, true) {
				return false
			}
		}
		return true
	}
	return false
}

// clauses reports whether all cases of a switch terminate, one of them default.
func (f *function) clauses(body *ast.BlockStmt, label string) bool {
	rest := false
	for _, c := range body.List {
		c := c.(*ast.CaseClause)
		rest = rest || c.List == nil
		if !f.terminates(c.Body) || breaksOut(&ast.BlockStmt{List: c.Body}, label, true) {
			return false
		}
	}
	return rest
}

// breaksOut reports whether a break in n ends the statement whose body it is, which
// has a label or "". Implicit says whether a break without label would.
func breaksOut(n ast.Node, label string, implicit bool) bool {
	found := false
	ast.Inspect(n, func(m ast.Node) bool {
		if m == n || found {
			return !found
		}
		switch m := m.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			found = m.Tok == token.BREAK && (m.Label == nil && implicit || m.Label != nil && m.Label.Name == label)
		case *ast.ForStmt:
			found = breaksOut(m.Body, label, false)
			return false
		case *ast.RangeStmt:
			found = breaksOut(m.Body, label, false)
			return false
		case *ast.SwitchStmt:
			found = breaksOut(m.Body, label, false)
			return false
		case *ast.TypeSwitchStmt:
			found = breaksOut(m.Body, label, false)
			return false
		case *ast.SelectStmt:
			found = breaksOut(m.Body, label, false)
			return false
		}
		return true
	})
	return found
}
