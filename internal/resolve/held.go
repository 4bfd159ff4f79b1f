package resolve

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// An interface in a struct that is written down as a literal, and stays as it is,
// holds one type for certain: w := wrap{&robot{}}; w.act(). The inliner does not
// see that and the call is never inlined, but the back end calls (*robot).act
// directly: it takes a small struct apart and knows the method table.

// onlyStructs finds the local variables that hold one struct literal all their
// life: defined with it, not assigned to, not pointed at, and not used in another
// function.
func onlyStructs(f *ast.File, info *types.Info) map[*types.Var]*ast.CompositeLit {
	s := &structs{info: info, values: make(map[*types.Var]*ast.CompositeLit), in: make(map[*types.Var]ast.Node)}
	s.walk(f, f)
	return s.values
}

type structs struct {
	info   *types.Info
	values map[*types.Var]*ast.CompositeLit
	in     map[*types.Var]ast.Node // the function that defines it
}

// walk looks at what stands in a function and not in one inside it. Definitions
// come before uses in a file.
func (s *structs) walk(body, function ast.Node) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil && n != function {
				s.walk(n, n)
				return false
			}
		case *ast.FuncLit:
			if n != function {
				s.walk(n, n)
				return false
			}
		case *ast.Ident:
			if v, ok := s.info.Uses[n].(*types.Var); ok && s.values[v] != nil && s.in[v] != function {
				delete(s.values, v)
			}
		case *ast.ValueSpec:
			if len(n.Names) == len(n.Values) {
				for i, id := range n.Names {
					s.define(id, n.Values[i], function)
				}
			}
		case *ast.AssignStmt:
			s.assign(n, function)
		default:
			s.dropChanged(n)
		}
		return true
	})
}

// assign forgets what a statement assigns to, unless it defines it.
func (s *structs) assign(n *ast.AssignStmt, function ast.Node) {
	for _, e := range n.Lhs {
		s.drop(e)
	}
	if len(n.Lhs) == len(n.Rhs) {
		for i, e := range n.Lhs {
			s.define(e, n.Rhs[i], function)
		}
	}
}

// dropChanged forgets the variables that a node changes, or points at.
func (s *structs) dropChanged(n ast.Node) {
	switch n := n.(type) {
	case *ast.IncDecStmt:
		s.drop(n.X)
	case *ast.RangeStmt:
		s.drop(n.Key)
		s.drop(n.Value)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			s.drop(n.X)
		}
	case *ast.SliceExpr:
		s.drop(n.X)
	case *ast.SelectorExpr:
		if sel := s.info.Selections[n]; sel != nil && sel.Kind() == types.MethodVal && pointerMethod(sel) {
			s.drop(n.X) // &n.X is what it is called with
		}
	}
}

func pointerMethod(sel *types.Selection) bool {
	f, ok := sel.Obj().(*types.Func)
	if !ok || f.Signature().Recv() == nil {
		return false
	}
	_, ptr := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	return ptr
}

func (s *structs) define(name, value ast.Expr, function ast.Node) {
	id, ok := name.(*ast.Ident)
	if !ok {
		return
	}
	v, ok := s.info.Defs[id].(*types.Var)
	lit, isLit := ast.Unparen(value).(*ast.CompositeLit)
	if ok && isLit && v.Parent() != nil && v.Pkg() != nil && v.Parent() != v.Pkg().Scope() &&
		types.Identical(v.Type(), s.info.TypeOf(lit)) {
		s.values[v], s.in[v] = lit, function
	}
}

// drop forgets the variable in which a place lies.
func (s *structs) drop(e ast.Expr) {
	for e != nil {
		switch x := ast.Unparen(e).(type) {
		case *ast.Ident:
			if v, ok := s.info.Uses[x].(*types.Var); ok {
				delete(s.values, v)
			}
			return
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		default:
			return
		}
	}
}

// held returns the type that the interface holds through which a method is
// called, as the unit's source writes it; "" if that is not certain.
func (w *finder) held(fun *ast.SelectorExpr, sel *types.Selection) string {
	if sel.Kind() != types.MethodVal {
		return ""
	}
	path := sel.Index()[:len(sel.Index())-1]
	lit := w.literal(fun.X, &path)
	// What depends on type parameters is put into the interface through a dictionary.
	if lit == nil || len(path) == 0 || hasTypeParam(w.info.TypeOf(lit)) || !w.apart(w.info.TypeOf(lit)) {
		return ""
	}
	for i, index := range path {
		value := w.fieldValue(lit, index)
		if value == nil {
			return ""
		}
		if i < len(path)-1 {
			if lit, _ = value.(*ast.CompositeLit); lit == nil {
				return ""
			}
			continue
		}
		t := w.info.TypeOf(value)
		if t == nil || types.IsInterface(t) || hasTypeParam(t) || isUntypedNil(t) {
			return ""
		}
		return w.typeString(t)
	}
	return ""
}

func isUntypedNil(t types.Type) bool {
	b, ok := t.(*types.Basic)
	return ok && b.Info()&types.IsUntyped != 0
}

// literal returns the struct literal in which an expression is a field, and puts
// the way there before path.
func (w *finder) literal(e ast.Expr, path *[]int) *ast.CompositeLit {
	switch x := ast.Unparen(e).(type) {
	case *ast.CompositeLit:
		return x
	case *ast.Ident:
		if v, ok := w.info.Uses[x].(*types.Var); ok {
			return w.onlyStruct[v]
		}
	case *ast.SelectorExpr:
		sel := w.info.Selections[x]
		if sel != nil && sel.Kind() == types.FieldVal {
			*path = append(append([]int(nil), sel.Index()...), *path...)
			return w.literal(x.X, path)
		}
	}
	return nil
}

// fieldValue is what a struct literal gives to a field, nil if nothing.
func (w *finder) fieldValue(lit *ast.CompositeLit, index int) ast.Expr {
	t := w.info.TypeOf(lit)
	if t == nil {
		return nil
	}
	st, ok := t.Underlying().(*types.Struct)
	if !ok || index >= st.NumFields() {
		return nil
	}
	for i, e := range lit.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		switch {
		case !keyed && i == index:
			return ast.Unparen(e)
		case keyed:
			if id, ok := kv.Key.(*ast.Ident); ok && id.Name == st.Field(index).Name() {
				return ast.Unparen(kv.Value)
			}
		}
	}
	return nil
}

// apart reports whether the back end takes a struct apart in all releases
// [cmd/compile/internal/ssa, CanSSA].
func (w *finder) apart(t types.Type) bool {
	sizes := types.SizesFor("gc", w.source.GOARCH)
	if sizes == nil || t == nil || sizes.Sizeof(t) > 4*sizes.Sizeof(types.Typ[types.Uintptr]) {
		return false
	}
	return fewParts(t)
}

func fewParts(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return false
	case *types.Struct:
		if u.NumFields() > 4 {
			return false
		}
		for f := range u.Fields() {
			if !fewParts(f.Type()) {
				return false
			}
		}
	}
	return true
}

// wrapperName is the link name of the function that the compiler makes for a
// method expression of type t, "" where that has no name of its own. In generic
// code it has none if t has type parameters: the expression is a function literal
// that calls the method.
func (w *unit) wrapperName(t types.Type, method string) string {
	t = types.Unalias(t)
	form := "%."
	if p, ok := t.(*types.Pointer); ok {
		t, form = types.Unalias(p.Elem()), "(*%)."
	}
	named, ok := t.(*types.Named)
	if !ok || hasTypeParam(named) {
		return ""
	}
	path := w.linkPath
	if p := named.Obj().Pkg(); p == nil {
		return named.Obj().Name() + "." + method // error.Error
	} else if p != w.pkg {
		path = p.Path()
	}
	var args []string
	for t := range named.TypeArgs().Types() {
		args = append(args, w.typeString(t))
	}
	return linkJoin(path, insertArgs(strings.Replace(form, "%", named.Obj().Name(), 1)+method, args, nil))
}
