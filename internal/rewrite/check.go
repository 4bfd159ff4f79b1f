package rewrite

import (
	"go/ast"
	"go/token"
)

// Checks that follow each other can fail in one place:
//
//	if a == "" {
//		return errA
//	}
//	if b == "" {
//		return errB
//	}
//
// is what this is, if fail has the checks as they were:
//
//	if a == "" || b == "" {
//		return fail(a, b)
//	}
//
// One call is all that a budget has room for.

// checks returns the statements at the beginning of a list that are such checks. What
// they look at must be the same when it is looked at again.
func (f *function) checks(list []ast.Stmt) (found []*ast.IfStmt) {
	for _, s := range list {
		cond, ok := s.(*ast.IfStmt)
		if !ok || cond.Init != nil || !f.check(s) || !f.repeatable(cond.Cond) {
			break
		}
		found = append(found, cond)
	}
	return found
}

// check reports whether a statement returns only with an error, or a panic.
func (f *function) check(s ast.Stmt) bool {
	cond, ok := s.(*ast.IfStmt)
	if !ok || cond.Else != nil || !f.terminates(cond.Body.List) {
		return false
	}
	return f.coldEnd(cond.Cond, cond.Body.List) != ""
}

// repeatable reports whether an expression does nothing but look.
func (f *function) repeatable(e ast.Expr) bool {
	ok := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			switch f.builtin(n) {
			case "len", "cap", "min", "max", "real", "imag":
			default:
				ok = ok && f.Info.Types[n.Fun].IsType()
			}
		case *ast.UnaryExpr:
			ok = ok && n.Op != token.ARROW
		case *ast.FuncLit:
			ok = false
		}
		return ok
	})
	return ok
}

// lastCheck returns the edits that leave of the last check what it does, for
// offsets from start; ok is false if a comment would be lost.
func (w *writer) lastCheck(start int) (open, closed Edit, ok bool) {
	f := w.f
	last := w.r.checks[len(w.r.checks)-1]
	from, to := f.extent(last.Body.List, last.Body.Lbrace+1, last.Body.Rbrace)
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			if last.Pos() <= c.Pos() && c.Pos() < from || to <= c.Pos() && c.Pos() < last.End() {
				return Edit{}, Edit{}, false
			}
		}
	}
	return Edit{f.offset(last.Pos()) - start, f.offset(from) - start, ""}, Edit{f.offset(to) - start, f.offset(last.End()) - start, ""}, true
}
