package rewrite

import (
	"go/ast"
	"go/types"
	"slices"
)

// A narrowing says that all returns of a region give the same values but one, which
// alone is what the new function gives then:
//
//	return 0, fail(a)
//
// That is cheaper than return fail(a), where several values have to be taken apart.
type narrowing struct {
	at    int      // the one that differs
	fixed []string // what the others are, as written; "" at at
}

// narrow returns what all returns of the region have in common, nil if that is too
// little.
func (w *writer) narrow() *narrowing {
	f := w.f
	n := f.sig.Results().Len()
	returns := w.returnsOf()
	if n < 2 || len(returns) == 0 {
		return nil
	}
	at := -1
	fixed := make([]string, n)
	for _, ret := range returns {
		if len(ret.Results) != n || f.commented(ret) {
			return nil
		}
	}
	for i, e := range returns[0].Results {
		fixed[i] = f.source(e)
		differs := func(r *ast.ReturnStmt) bool { return f.source(r.Results[i]) != fixed[i] }
		switch {
		case w.stays(e) && !slices.ContainsFunc(returns, differs):
		case at >= 0:
			return nil
		default:
			at = i
		}
	}
	if at < 0 {
		at = n - 1
	}
	fixed[at] = ""
	return &narrowing{at, fixed}
}

// needed returns the variables that the new function uses: not those that are only in
// the condition of the last check, or in values that it does not give.
func (w *writer) needed(n *narrowing) []variable {
	used := make(map[*types.Var]bool)
	returns := w.returnsOf()
	var last ast.Node
	if len(w.r.checks) > 0 {
		last = w.r.checks[len(w.r.checks)-1].Cond
	}
	var visit func(ast.Node) bool
	visit = func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ReturnStmt:
			if n != nil && slices.Contains(returns, node) {
				ast.Inspect(node.Results[n.at], visit)
				return false
			}
		case *ast.Ident:
			if v := w.f.local(node); v != nil {
				used[v] = true
			}
		}
		return node == nil || node != last
	}
	for _, s := range w.r.list {
		ast.Inspect(s, visit)
	}
	return slices.DeleteFunc(slices.Clone(w.free), func(v variable) bool { return !used[v.Var] })
}

// stays reports whether an expression means the same where the region begins: a
// constant, nil, or a variable that the region does not change.
func (w *writer) stays(e ast.Expr) bool {
	outside := true
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if obj := w.f.Info.Uses[id]; obj != nil && w.r.has(obj.Pos()) {
				outside = false
			}
		}
		return outside
	})
	if !outside {
		return false
	}
	tv := w.f.Info.Types[e]
	if tv.Value != nil || tv.IsNil() {
		return true
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return false
	}
	v := w.f.local(id)
	return v != nil && slices.ContainsFunc(w.free, func(x variable) bool { return x.Var == v && !x.assigned })
}

// returnsOf lists the region's returns, function literals left out.
func (w *writer) returnsOf() (list []*ast.ReturnStmt) {
	for _, s := range w.r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if ret, ok := n.(*ast.ReturnStmt); ok {
				list = append(list, ret)
			}
			_, literal := n.(*ast.FuncLit)
			return !literal
		})
	}
	return list
}

// commented reports whether there is a comment within a node.
func (f *function) commented(n ast.Node) bool {
	return slices.ContainsFunc(f.file.Comments, func(g *ast.CommentGroup) bool { return n.Pos() <= g.Pos() && g.Pos() < n.End() })
}

// edits leave of each return what the new function gives, for offsets from start.
func (n *narrowing) edits(f *function, returns []*ast.ReturnStmt, start int) []Edit {
	var list []Edit
	for _, ret := range returns {
		e, last := ret.Results[n.at], ret.Results[len(ret.Results)-1]
		if n.at > 0 {
			list = append(list, Edit{f.offset(ret.Results[0].Pos()) - start, f.offset(e.Pos()) - start, ""})
		}
		if e != last {
			list = append(list, Edit{f.offset(e.End()) - start, f.offset(last.End()) - start, ""})
		}
	}
	return list
}

// result returns the variable that the new function gives.
func (n *narrowing) result(f *function) *types.Var { return f.sig.Results().At(n.at) }
