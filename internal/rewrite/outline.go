package rewrite

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// Limits on what a new function takes and gives. What goes beyond them would keep
// what the program does, but make it slower, or nothing that one wants to read.
const (
	maxParams  = 7
	maxResults = 3
	maxSize    = 128 // bytes of one value
)

// An outlined is a region as a function of its own.
type outlined struct {
	region
	name string
	call Edit   // of the region
	decl string // of the new function, with its comment
	// cheaper is the same without the return that says that the function ends with the
	// call; nil if there is none.
	cheaper *outlined
}

// outline works out what the region becomes; why says why it cannot be.
func (f *function) outline(r region) (o *outlined, why string) {
	returns := anyContains[*ast.ReturnStmt](r.list)
	ends := f.terminates(r.list) || len(r.checks) > 0
	if ret, ok := r.list[0].(*ast.ReturnStmt); ok && len(ret.Results) == 0 {
		return nil, "it is empty"
	}
	switch {
	case f.jumpsOut(&r) != "":
		return nil, f.jumpsOut(&r)
	case returns && !ends && (!r.tail || f.sig.Results().Len() > 0):
		return nil, "it returns on some paths only"
	case f.forbidden(&r) != "":
		return nil, f.forbidden(&r)
	case anyContains[*ast.DeferStmt](r.list) && !ends && !r.tail:
		return nil, "its deferred calls would run earlier"
	}
	for _, d := range f.defers {
		if d.Pos() > r.end || d.Pos() < r.start && r.inLoop {
			if anyContains[*ast.DeferStmt](r.list) {
				return nil, "its deferred calls would run in another order"
			}
		}
	}
	free, why := f.free(&r)
	if why != "" {
		return nil, why
	}
	w := writer{f: f, r: &r, ends: ends, returns: returns, free: free}
	if len(r.checks) > 0 {
		if _, _, ok := w.lastCheck(0); !ok {
			return nil, "a comment in it would be lost"
		}
	}
	w.stops = ends && !returns && (f.sig.Results().Len() > 0 && r.noElse || f.sig.Results().Len() == 0 && !f.isLast(&r))
	if !w.stops {
		return w.write()
	}
	loose := w
	loose.stops = false
	cheaper, why := loose.write()
	if o, _ := w.write(); o != nil {
		o.cheaper = cheaper
		return o, ""
	}
	return cheaper, why
}

// forbidden says what in the region cannot be anywhere else.
func (f *function) forbidden(r *region) (why string) {
	for _, s := range r.list {
		depth := 0
		var visit func(n ast.Node) bool
		visit = func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				depth++
				ast.Inspect(n.Body, visit)
				depth--
				return false
			case *ast.CallExpr:
				if depth == 0 && f.builtin(n) == "recover" {
					why = "it calls recover"
				}
			case *ast.Ident:
				switch obj := f.Info.Uses[n].(type) {
				case *types.Func:
					if looksAtCaller(obj) {
						why = fmt.Sprintf("it calls %s, which inspects its caller", obj.Name())
					}
				case *types.Const, *types.TypeName:
					if _, param := obj.Type().(*types.TypeParam); !param && f.within(obj.Pos()) && !r.has(obj.Pos()) {
						why = fmt.Sprintf("it needs %s, which is declared in the function", obj.Name())
					}
				}
			}
			return true
		}
		ast.Inspect(s, visit)
	}
	return why
}

func (f *function) within(pos token.Pos) bool {
	return f.decl.Body.Pos() <= pos && pos < f.decl.Body.End()
}

func (r *region) has(pos token.Pos) bool { return r.start <= pos && pos < r.end }

// A variable is one that the region uses and does not declare.
type variable struct {
	*types.Var
	assigned bool // in the region
	result   bool // it is a named result of the function
}

// free lists the variables that the region uses and does not declare, in the order
// of their declarations.
func (f *function) free(r *region) (list []variable, why string) {
	seen := make(map[*types.Var]bool)
	for _, s := range r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			v := f.local(id)
			if v == nil || seen[v] || r.has(v.Pos()) {
				return true
			}
			seen[v] = true
			u := f.use[v]
			x := variable{Var: v, result: f.isResult(v)}
			for _, at := range u.assigned {
				x.assigned = x.assigned || r.has(at)
			}
			switch {
			case why != "":
			case u.addressed:
				why = fmt.Sprintf("the address of %s is taken, so it cannot be passed as an argument", v.Name())
			case u.captured && len(u.assigned) > 0:
				why = fmt.Sprintf("a function literal shares the variable %s, which changes", v.Name())
			case x.result && x.assigned && len(f.defers) > 0:
				why = fmt.Sprintf("a deferred call may see the result %s", v.Name())
			case f.nameless(v.Type()) != "":
				why = fmt.Sprintf("the type of %s cannot be written there: %s", v.Name(), f.nameless(v.Type()))
			case locks(v.Type()):
				why = fmt.Sprintf("%s must not be copied", v.Name())
			case !hasTypeParam(v.Type()) && f.Sizes.Sizeof(v.Type()) > maxSize:
				why = fmt.Sprintf("%s is too large to copy", v.Name())
			}
			list = append(list, x)
			return true
		})
	}
	if why != "" {
		return nil, why
	}
	slices.SortFunc(list, func(a, b variable) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return list, ""
}

func (f *function) isResult(v *types.Var) bool {
	for r := range f.sig.Results().Variables() {
		if r == v {
			return true
		}
	}
	return false
}
