package rewrite

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A literalCall is the only call of a function literal.
type literalCall struct {
	call *ast.CallExpr
	lit  *ast.FuncLit
	held *holding // the variable that has the literal; nil if it is called where it stands
	// statement says that the call is one of a list of statements, alone that it is all
	// that a block within the function has.
	statement, alone bool
	// above are the nodes that the call is in, up to the list or to the header of a
	// statement, the innermost one last.
	above []ast.Node
}

// unwraps finds function literals without parameters that are called once: where
// they stand, or through a variable that is used for nothing else. What they do can
// stand in the place of the call: as statements if it is one, as an expression if
// they do nothing but return one.
func (f *function) unwraps() (list []Candidate, refused []Refusal) {
	for _, c := range f.literalCalls() {
		text, why := f.unwrapped(&c)
		if why != "" {
			refused = append(refused, Refusal{Unwrap, f.line(c.call.Pos()), f.line(c.call.End()), why})
			continue
		}
		replaced := Edit{f.offset(c.call.Pos()), f.offset(c.call.End()), text}
		if c.held == nil {
			u := f.place(Unwrap, c.call.Pos(), c.call.End())
			u.Runs = Never
			u.Edits = f.tidied([]Edit{replaced})
			list = append(list, u)
			continue
		}
		u := f.place(Unwrap, c.held.stmt.Pos(), c.held.stmt.End())
		u.Runs = Never
		u.Call, u.CallLine = replaced.Start, f.line(c.call.Pos())
		u.Edits = f.tidied([]Edit{f.withoutLines(c.held), replaced})
		list = append(list, u)
	}
	return list, refused
}

// literalCalls finds the calls, in the order of the source. What is in function
// literals is not a part of the function's cost.
func (f *function) literalCalls() (list []literalCall) {
	held := f.held()
	ast.PreorderStack(f.decl.Body, nil, func(n ast.Node, stack []ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt:
			return false
		case *ast.CallExpr:
			c := literalCall{call: n}
			switch fun := n.Fun.(type) {
			case *ast.FuncLit:
				c.lit = fun
			case *ast.Ident:
				if c.held = held[f.local(fun)]; c.held != nil {
					c.lit = c.held.lit
				}
			}
			if c.lit == nil {
				return true
			}
			c.stands(slices.Clone(stack)) // the walk goes on to use it
			list = append(list, c)
			return false
		}
		return true
	})
	return list
}

// stands finds out how a call stands that a stack of nodes leads to.
func (c *literalCall) stands(stack []ast.Node) {
	for i := len(stack) - 1; i >= 0; i-- {
		switch n := stack[i].(type) {
		case *ast.BlockStmt, *ast.CaseClause, *ast.CommClause:
			c.above = stack[i+1:]
			c.statement = len(c.above) == 1 && isExprStmt(c.above[0])
			b, ok := n.(*ast.BlockStmt)
			c.alone = c.statement && ok && len(b.List) == 1 && i > 0
			return
		case *ast.IfStmt, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.LabeledStmt:
			c.above = stack[i+1:] // in the header of one, or behind a label
			return
		}
	}
}

// unwrapped returns what stands in the place of a call of a literal.
func (f *function) unwrapped(c *literalCall) (text, why string) {
	switch {
	case len(c.call.Args) > 0 || c.lit.Type.Params.NumFields() > 0:
		return "", "the function literal has parameters"
	case c.held != nil && c.held.shares(f):
		return "", "the lines of the function literal have other code"
	case c.held != nil && f.loses(c.held):
		return "", "a comment beside the function literal would be lost"
	case c.held != nil && f.meansElse(c.lit, c.call) != "":
		return "", f.meansElse(c.lit, c.call) + " means something else at the call"
	case c.statement:
		return f.statements(c)
	}
	return f.expression(c)
}

// statements returns what stands in the place of a call that is a statement.
func (f *function) statements(c *literalCall) (text, why string) {
	body := c.lit.Body
	r := region{list: body.List, start: body.Lbrace, end: body.Rbrace}
	switch {
	case anyContains[*ast.ReturnStmt](r.list) || c.lit.Type.Results.NumFields() > 0:
		return "", "the function literal returns"
	case anyContains[*ast.DeferStmt](r.list):
		return "", "the function literal defers a call"
	case anyContains[*ast.LabeledStmt](r.list):
		return "", "the function literal has a label"
	case strings.Contains(f.forbidden(&r), "call"):
		return "", f.forbidden(&r)
	}
	if c.held != nil {
		text = c.held.comment(f)
	}
	if len(r.list) == 0 || declares(r.list) && !c.alone || f.commentedAfter(body) {
		return f.ended(text + f.source(body)), ""
	}
	inner := string(f.text[f.offset(body.Lbrace)+1 : f.offset(body.Rbrace)])
	return f.ended(text + strings.ReplaceAll(strings.TrimSpace(inner), "\r\n", "\n")), ""
}

// declares reports whether a list has names of its own.
func declares(list []ast.Stmt) bool {
	for _, s := range list {
		switch s := s.(type) {
		case *ast.DeclStmt:
			return true
		case *ast.AssignStmt:
			if s.Tok == token.DEFINE {
				return true
			}
		}
	}
	return false
}

// commentedAfter reports whether there is a comment behind the last statement of a
// block. Without the brace, it could take in what stands behind that.
func (f *function) commentedAfter(b *ast.BlockStmt) bool {
	end := b.List[len(b.List)-1].End()
	for _, group := range f.file.Comments {
		if end <= group.Pos() && group.Pos() < b.Rbrace {
			return true
		}
	}
	return false
}

// expression returns what stands in the place of a call that is an expression.
func (f *function) expression(c *literalCall) (text, why string) {
	const more = "the function literal does more than return one expression"
	if len(c.lit.Body.List) != 1 || c.lit.Type.Results.NumFields() != 1 {
		return "", more
	}
	ret, ok := c.lit.Body.List[0].(*ast.ReturnStmt)
	if !ok || len(ret.Results) != 1 {
		return "", more
	}
	e := ret.Results[0]
	tv := f.Info.Types[e]
	result := f.Info.TypeOf(c.lit).(*types.Signature).Results().At(0).Type()
	switch {
	case tv.Value != nil || tv.IsNil() || !types.Identical(tv.Type, result):
		return "", "the function literal converts what it returns"
	case f.shiftsConstant(e):
		return "", "the function literal gives a shifted constant its type"
	case contains[*ast.FuncLit](e):
		return "", "it contains another function literal"
	case f.commented(c.lit):
		return "", "a comment in it would be lost"
	case c.held != nil && c.held.comment(f) != "":
		return "", "a comment above the function literal would be lost"
	case len(c.above) > 0 && isExprStmt(c.above[len(c.above)-1]):
		return "", "an expression cannot replace the call there"
	case !f.onlyCall(c):
		return "", "other calls beside it may run before its variables are read"
	}
	text = f.source(e)
	switch e.(type) {
	case *ast.Ident, *ast.CallExpr, *ast.SelectorExpr, *ast.IndexExpr, *ast.ParenExpr:
		if contains[*ast.CompositeLit](e) { // its brace could be that of an if
			text = "(" + text + ")"
		}
	default:
		text = "(" + text + ")"
	}
	return f.ended(text), ""
}

func isExprStmt(n ast.Node) bool {
	_, ok := n.(*ast.ExprStmt)
	return ok
}

// shiftsConstant reports whether an expression has a shift whose type depends on
// what stands around it.
func (f *function) shiftsConstant(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.SHL || b.Op == token.SHR) {
			found = found || f.Info.Types[b.X].Value != nil && f.Info.Types[b].Value == nil
		}
		return !found
	})
	return found
}

// onlyCall reports whether nothing is called beside a call. The order of calls is
// that of the source; but when variables are read between them, which is what
// becomes of the call, the language leaves open.
func (f *function) onlyCall(c *literalCall) bool {
	if len(c.above) == 0 {
		return true
	}
	around := make(map[ast.Node]bool)
	for _, n := range c.above {
		around[n] = true // what is called with the result is called later
	}
	only := true
	ast.Inspect(c.above[0], func(n ast.Node) bool {
		switch {
		case n == c.call:
			return false
		case around[n]:
			return true
		}
		if e, ok := n.(ast.Expr); ok && !f.repeatable(e) {
			only = false
		}
		return only
	})
	return only
}
