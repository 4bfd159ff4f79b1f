package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// looksAtCaller reports whether a function looks at who calls it: moving a call of
// it gives it another answer.
func looksAtCaller(fn *types.Func) bool {
	if fn.Pkg() == nil {
		return false
	}
	switch fn.Pkg().Path() {
	case "runtime", "internal/runtime/sys", "internal/runtime/atomic":
		switch fn.Name() {
		case "Caller", "Callers", "GetCallerPC", "GetCallerSP", "GetClosurePtr", "getcallerpc", "getcallersp", "getcallerfp":
			return true
		}
	case "log":
		return fn.Name() == "Output"
	case "testing":
		return fn.Name() == "Helper"
	}
	return false
}

// jumpsOut says which statement of the region leads out of it, or into it, other
// than by its end or a return; "" for none.
func (f *function) jumpsOut(r *region) string {
	if f.jumps && (anyContains[*ast.LabeledStmt](r.list) || slices.ContainsFunc(r.list, hasGoto)) {
		return "it has a goto, or the label of one"
	}
	why := ""
	labels := make(map[string]bool)
	for _, s := range r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if l, ok := n.(*ast.LabeledStmt); ok {
				labels[l.Label.Name] = true
			}
			return true
		})
	}
	var visit func(n ast.Node, breaks, continues, falls bool)
	visit = func(n ast.Node, breaks, continues, falls bool) {
		if n == nil {
			return
		}
		ast.Inspect(n, func(m ast.Node) bool {
			if m == n {
				return true
			}
			switch m := m.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt:
				visit(m.Body, true, true, false)
				return false
			case *ast.RangeStmt:
				visit(m.Body, true, true, false)
				return false
			case *ast.SwitchStmt:
				visit(m.Body, true, continues, true)
				return false
			case *ast.TypeSwitchStmt:
				visit(m.Body, true, continues, false)
				return false
			case *ast.SelectStmt:
				visit(m.Body, true, continues, false)
				return false
			case *ast.BranchStmt:
				inside := false
				switch {
				case m.Label != nil:
					inside = labels[m.Label.Name]
				case m.Tok == token.BREAK:
					inside = breaks
				case m.Tok == token.CONTINUE:
					inside = continues
				case m.Tok == token.FALLTHROUGH:
					inside = falls
				}
				if !inside && why == "" {
					why = fmt.Sprintf("it has a %s that leaves it", m.Tok)
				}
			}
			return true
		})
	}
	visit(&ast.BlockStmt{List: r.list}, false, false, false)
	return why
}

func hasGoto(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		b, ok := n.(*ast.BranchStmt)
		found = found || ok && b.Tok == token.GOTO
		return !found
	})
	return found
}
