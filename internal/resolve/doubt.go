package resolve

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// Since Go 1.22 the front end drops dead code only while it writes its
// intermediate form, by the rules in dead.go. What becomes dead by inlining, as
// the body of "if enabled()" where enabled returns false, goes in the back end,
// of which remarks tell nothing. A call that this may happen to is still what
// inlining made of it, and has a doubt.

// A guard is what decides whether the statements under it are reached.
type guard struct {
	up       *guard
	from, to int    // the calls in a condition, by their numbers in the file
	why      string // another doubt; "" for a condition's calls
}

// under walks what is reached only if a condition says so. The calls in that have
// the numbers from on, up to to.
func (w *finder) under(cond ast.Expr, from, to int, walk func()) {
	g := &guard{up: w.guard, from: from, to: to}
	if id := constantName(cond); id != nil && w.constant[w.info.Uses[id]] {
		g.why = "the condition is a variable with one constant value"
	}
	if g.from == g.to && g.why == "" {
		walk()
		return
	}
	old := w.guard
	w.guard = g
	walk()
	w.guard = old
}

// constantName returns the name of which a condition consists, nil for others.
func constantName(cond ast.Expr) *ast.Ident {
	switch e := cond.(type) {
	case *ast.Ident:
		return e
	case *ast.ParenExpr:
		return constantName(e.X)
	case *ast.UnaryExpr:
		if e.Op == token.NOT {
			return constantName(e.X)
		}
	}
	return nil
}

// constants notes local variables that have a constant value all their life.
func (w *finder) constants(names, values []ast.Expr) {
	if len(names) != len(values) {
		return
	}
	for i, e := range names {
		if id, ok := e.(*ast.Ident); ok && w.info.Types[values[i]].Value != nil {
			if v, ok := w.info.Defs[id].(*types.Var); ok && !w.changed[v] && v.Parent() != w.pkg.Scope() {
				w.constant[v] = true
			}
		}
	}
}

// doubts says of the calls that inlining left which of them a later pass may drop.
func (w *walker) doubts() {
	known := make(map[*guard]string)
	for _, s := range w.sites {
		if s.guard != nil && s.dead == "" {
			s.Doubt = w.doubt(s, known)
		}
	}
}

func (w *walker) doubt(s *rawSite, known map[*guard]string) string {
	var met []*guard
	doubt := ""
	for g := s.guard; g != nil && doubt == ""; g = g.up {
		if d, ok := known[g]; ok {
			doubt = d
			break
		}
		met = append(met, g)
		doubt = g.why
		for i := g.from; i < g.to && doubt == ""; i++ {
			c := w.sites[s.first+i]
			if c.caller != s.caller || c.Status != inline.StatusInlined && c.Status != inline.StatusMixed {
				continue
			}
			name := "a function"
			if c.Name != "" {
				name = w.printedName(c, c.Name)
			}
			doubt = "the condition calls " + name + ", which is inlined"
		}
	}
	for _, g := range met {
		known[g] = doubt
	}
	return doubt
}

// neverEnds reports whether no statement behind s in its list is reached, by the
// rules of the language. The front end knows fewer cases, see terminates.
func neverEnds(info *types.Info, s ast.Stmt, label string) bool {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return neverEnds(info, s.Stmt, s.Label.Name)
	case *ast.BlockStmt:
		return lastNeverEnds(info, s.List)
	case *ast.IfStmt:
		return s.Else != nil && neverEnds(info, s.Body, "") && neverEnds(info, s.Else, "")
	case *ast.ForStmt:
		return s.Cond == nil && !breaks(s.Body, label, true)
	case *ast.SwitchStmt:
		return clausesNeverEnd(info, s.Body, label, true)
	case *ast.TypeSwitchStmt:
		return clausesNeverEnd(info, s.Body, label, true)
	case *ast.SelectStmt:
		return clausesNeverEnd(info, s.Body, label, false)
	}
	return terminates(info, s)
}

func lastNeverEnds(info *types.Info, list []ast.Stmt) bool {
	for i := len(list) - 1; i >= 0; i-- {
		if _, empty := list[i].(*ast.EmptyStmt); !empty {
			return neverEnds(info, list[i], "")
		}
	}
	return false
}

func clausesNeverEnd(info *types.Info, body *ast.BlockStmt, label string, needsDefault bool) bool {
	if breaks(body, label, true) {
		return false
	}
	hasDefault := false
	for _, c := range body.List {
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			list = c.Body
			hasDefault = hasDefault || c.List == nil
		case *ast.CommClause:
			list = c.Body
		}
		if !lastNeverEnds(info, list) && !hasFallthrough(list) {
			return false
		}
	}
	return hasDefault || !needsDefault
}

// breaks reports whether a break in body leaves the statement around it, which
// has the given label. own is set where a break without a label does.
func breaks(body ast.Node, label string, own bool) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BranchStmt:
			if n.Tok == token.BREAK && (n.Label == nil && own || n.Label != nil && n.Label.Name == label) {
				found = true
			}
		case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			if own { // a break without a label inside is of that statement
				found = found || label != "" && breaks(n, label, false)
				return false
			}
		case *ast.FuncLit, ast.Expr:
			return false
		}
		return !found
	})
	return found
}
