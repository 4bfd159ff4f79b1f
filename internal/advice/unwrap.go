package advice

import (
	"go/ast"
	"go/types"
	"strings"
)

// unwraps finds function literals without parameters that are called where they
// stand. What they do can stand there itself: as a block if the call is a
// statement, as an expression if they do nothing but return one.
func (f *function) unwraps() (list []Candidate, refused []Refusal) {
	statements := make(map[*ast.CallExpr]bool)
	enter := func(list ...ast.Stmt) {
		for _, s := range list {
			if x, ok := s.(*ast.ExprStmt); ok {
				if call, ok := x.X.(*ast.CallExpr); ok {
					statements[call] = true
				}
			}
		}
	}
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // what is in it is not a part of the function's cost
		case *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.BlockStmt:
			enter(n.List...)
		case *ast.CaseClause:
			enter(n.Body...)
		case *ast.CommClause:
			enter(n.Body...)
		case *ast.CallExpr:
			lit, ok := n.Fun.(*ast.FuncLit)
			if !ok {
				return true
			}
			text, why := f.unwrapped(n, lit, statements[n])
			if why != "" {
				refused = append(refused, Refusal{Unwrap, f.line(n.Pos()), why})
				return false
			}
			c := f.place(Unwrap, n.Pos(), n.End())
			c.Edits = f.tidied([]Edit{{c.Start, c.End, text}})
			list = append(list, c)
			return false
		}
		return true
	})
	return list, refused
}

// unwrapped returns what stands in the place of a call of a literal.
func (f *function) unwrapped(call *ast.CallExpr, lit *ast.FuncLit, statement bool) (text, why string) {
	if len(call.Args) > 0 || lit.Type.Params.NumFields() > 0 {
		return "", "the function literal has parameters"
	}
	r := region{list: lit.Body.List, start: lit.Body.Lbrace, end: lit.Body.Rbrace}
	if statement {
		switch {
		case anyContains[*ast.ReturnStmt](r.list):
			return "", "the function literal returns"
		case anyContains[*ast.DeferStmt](r.list):
			return "", "the function literal defers a call"
		case anyContains[*ast.LabeledStmt](r.list):
			return "", "the function literal has a label"
		case f.forbidden(&r) != "" && strings.Contains(f.forbidden(&r), "call"):
			return "", f.forbidden(&r)
		}
		return f.ended(f.source(lit.Body)), ""
	}
	if len(lit.Body.List) != 1 || lit.Type.Results.NumFields() != 1 {
		return "", "the function literal does more than return one expression"
	}
	ret, ok := lit.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return "", "the function literal does more than return one expression"
	}
	e := ret.Results[0]
	tv := f.Info.Types[e]
	result := f.Info.TypeOf(lit).(*types.Signature).Results().At(0).Type()
	switch {
	case tv.Value != nil || tv.IsNil() || !types.Identical(tv.Type, result):
		return "", "the function literal converts what it returns"
	case contains[*ast.FuncLit](e):
		return "", "there is another function literal in it"
	}
	for _, group := range f.file.Comments {
		if lit.Pos() <= group.Pos() && group.End() <= lit.End() {
			return "", "there is a comment in it, which would be lost"
		}
	}
	text = f.source(e)
	switch e.(type) {
	case *ast.Ident, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr, *ast.ParenExpr:
	default:
		text = "(" + text + ")"
	}
	return f.ended(text), ""
}
