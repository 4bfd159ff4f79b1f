package rewrite

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
)

// A writer writes one outlined region.
type writer struct {
	f             *function
	r             *region
	ends, returns bool
	// stops says that the region only panics, and that a return is to stand where it
	// was: otherwise the compiler would reckon with what is behind it, and, to name one
	// thing, check an index again that the region is the answer to.
	stops bool
	free  []variable
}

func (w *writer) write() (*outlined, string) {
	f, r := w.f, w.r
	// What the new function gives back: what the old one does, if it ends with the
	// call; otherwise the variables that change.
	whole := w.ends && f.sig.Results().Len() > 0 && (w.returns || w.stops || !r.noElse) || r.tail
	bare := whole && w.bareReturn()
	var narrow *narrowing
	var kept map[*types.Var]bool
	if whole && !bare {
		narrow = w.narrow()
	}
	w.free = w.needed(narrow)
	if whole {
		kept = w.kept(bare)
		if narrow != nil {
			maps.DeleteFunc(kept, func(v *types.Var, _ bool) bool { return v != narrow.result(f) })
		}
	}
	generic := w.mentionsTypeParam()
	method, refusal := w.method(generic)
	if refusal != "" {
		return nil, refusal
	}
	var changed []variable
	if !whole && !w.ends {
		changed = slices.DeleteFunc(slices.Clone(w.free), func(v variable) bool { return !v.assigned })
	}
	if len(changed) > maxResults {
		return nil, fmt.Sprintf("it changes %d variables", len(changed))
	}
	params, refusal := w.params(method, bare, kept)
	if refusal != "" {
		return nil, refusal
	}
	if twice := w.twice(params, kept); twice != "" {
		return nil, fmt.Sprintf("two variables are named %s", twice)
	}
	o := &outlined{region: *r, name: f.fresh(r.kind, w.ends, method)}
	sh := shape{method, generic, bare, whole, kept, narrow}
	o.decl = w.declare(o.name, sh, params, changed)
	o.call = Edit{f.offset(r.start), f.offset(r.end), f.ended(w.call(o.name, sh, params, changed))}
	if o.decl == "" {
		return nil, "it is not formatted by gofmt"
	}
	return o, ""
}

// method reports whether the new function is a method, as the old one then is, or why
// it cannot be written.
func (w *writer) method(generic bool) (is bool, refusal string) {
	recv := w.f.sig.Recv()
	if slices.ContainsFunc(w.free, func(v variable) bool { return v.Var == recv }) {
		return true, ""
	}
	if !generic || w.f.sig.RecvTypeParams().Len() == 0 {
		return false, ""
	}
	if recv.Name() == "" || recv.Name() == "_" {
		return false, "it needs the type parameters of a receiver without a name"
	}
	return true, ""
}

// params returns the parameters of the new function, or why it cannot have them.
func (w *writer) params(method, bare bool, kept map[*types.Var]bool) (params []variable, refusal string) {
	f := w.f
	for _, v := range w.free {
		if v.Var == f.sig.Recv() && method || kept[v.Var] {
			continue
		}
		params = append(params, v)
	}
	if bare {
		for v := range f.sig.Results().Variables() {
			if v.Name() == "_" {
				return nil, "it returns a result without a name"
			}
			if kept[v] || containsVar(params, v) {
				continue
			}
			if u := f.use[v]; u.addressed || u.captured {
				return nil, fmt.Sprintf("the result %s is shared", v.Name())
			}
			params = append(params, variable{Var: v, result: true})
		}
	}
	if len(params) > maxParams {
		return nil, fmt.Sprintf("it needs %d variables", len(params))
	}
	return params, ""
}

// twice returns a name that two of the new function's variables would have.
func (w *writer) twice(params []variable, kept map[*types.Var]bool) string {
	names := make(map[string]bool)
	for v := range kept {
		names[v.Name()] = true
	}
	for _, v := range params {
		if names[v.Name()] {
			return v.Name()
		}
		names[v.Name()] = true
	}
	return ""
}

func containsVar(list []variable, v *types.Var) bool {
	for i := range list {
		if list[i].Var == v {
			return true
		}
	}
	return false
}

// bareReturn reports whether the region has a return without results of a function
// that has some.
func (w *writer) bareReturn() bool {
	return w.f.sig.Results().Len() > 0 && len(w.bareReturns()) > 0
}

func (w *writer) bareReturns() []*ast.ReturnStmt {
	return slices.DeleteFunc(w.returnsOf(), func(r *ast.ReturnStmt) bool { return len(r.Results) > 0 })
}

// kept returns the results that the new function has under their names: they are
// needed, and still zero where the region begins.
func (w *writer) kept(bare bool) map[*types.Var]bool {
	kept := make(map[*types.Var]bool)
	for v := range w.f.sig.Results().Variables() {
		u := w.f.use[v]
		needed := bare || slices.ContainsFunc(w.free, func(x variable) bool { return x.Var == v })
		if needed && v.Name() != "_" && !u.addressed && !u.captured && !slices.ContainsFunc(u.assigned, w.reaches) {
			kept[v] = true
		}
	}
	return kept
}

// reaches reports whether what is assigned at a position may be seen where the
// region begins.
func (w *writer) reaches(at token.Pos) bool {
	r := w.r
	if r.has(at) || at > r.start {
		return r.inLoop
	}
	return !slices.ContainsFunc(w.f.endings, func(b ending) bool {
		return b.start <= at && at < b.end && !(b.start <= r.start && r.start < b.end)
	})
}

// mentionsTypeParam reports whether anything in the region has to do with the
// function's type parameters.
func (w *writer) mentionsTypeParam() bool {
	f := w.f
	if f.sig.TypeParams().Len()+f.sig.RecvTypeParams().Len() == 0 {
		return false
	}
	for v := range f.sig.Results().Variables() {
		if hasTypeParam(v.Type()) {
			return true
		}
	}
	found := false
	for _, s := range w.r.list {
		ast.Inspect(s, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok && !found {
				if t := f.Info.TypeOf(e); t != nil {
					found = hasTypeParam(t)
				}
			}
			return !found
		})
	}
	return found
}
