package syntax

import (
	"go/ast"
	"go/token"
)

// Definition returns the one variable that a statement declares with a value, by := or
// by var; nil for other statements.
func Definition(s ast.Stmt) (name *ast.Ident, value ast.Expr) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		if name, ok := s.Lhs[0].(*ast.Ident); ok && s.Tok == token.DEFINE && len(s.Lhs) == 1 && len(s.Rhs) == 1 {
			return name, s.Rhs[0]
		}
	case *ast.DeclStmt:
		d, ok := s.Decl.(*ast.GenDecl)
		if !ok || d.Tok != token.VAR || len(d.Specs) != 1 {
			return nil, nil
		}
		if v := d.Specs[0].(*ast.ValueSpec); len(v.Names) == 1 && len(v.Values) == 1 {
			return v.Names[0], v.Values[0]
		}
	}
	return nil, nil
}
