package resolve

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A call of a function value is inlined where the compiler can tell which
// function the value is (cmd/compile/internal/inline: inlCallee, and
// ir.StaticValue): a function or method by name, a function literal, a variable
// that is defined with such a value and never changed, the parameter of an
// inlined function, or the result of one that returns once. Remarks name what
// was inlined, but not at which call inside an inlined body. So the same is
// worked out here, from syntax and types.

// A Flow says which function a value is, as seen from one function's body. The
// zero Flow is a value of which that is not known.
type Flow struct {
	Kind FlowKind
	// Depth counts the functions outward from the function literal in which
	// the value is seen to the one that it belongs to.
	Depth int
	// Index is that of the parameter, the receiver counted first, or of the call
	// in the body; of a literal its place, until its name is known.
	Index int

	Pkg, PkgName, Name string // of a function; the name alone of a literal
}

// A FlowKind says what a Flow is.
type FlowKind uint8

// The kinds of a Flow.
const (
	FlowUnknown  FlowKind = iota
	FlowFunction          // a function or method by name
	FlowLiteral           // a function literal
	FlowParam             // a parameter
	FlowResult            // the only result of a call in the body
)

// A Body is what is known of a function's body beside its calls.
type Body struct {
	Name   string // of the function, within the package
	Outer  string // of the function around a function literal
	Result Flow   // the only result, if the function returns at one place
}

// A definition is what a variable is defined with, and where.
type definition struct {
	in      *caller
	flow    Flow
	literal bool // it is a function literal itself
}

// define notes what variables of function types are defined with.
func (w *finder) define(names []ast.Expr, values []ast.Expr) {
	if len(names) != len(values) {
		return
	}
	for i, e := range names {
		id, ok := e.(*ast.Ident)
		if !ok {
			continue
		}
		v, ok := w.info.Defs[id].(*types.Var)
		if !ok || w.changed[v] || v.Parent() == w.pkg.Scope() || !isFunc(v.Type()) {
			continue
		}
		if f := w.flow(values[i]); f.Kind != FlowUnknown {
			_, literal := ast.Unparen(values[i]).(*ast.FuncLit)
			w.defined[v] = definition{w.current, f, literal}
		}
	}
}

// parameters notes the parameters of a function, counted from first on.
func (w *finder) parameters(c *caller, sig *types.Signature) {
	i := 0
	add := func(v *types.Var) {
		if !w.changed[v] && isFunc(v.Type()) {
			w.defined[v] = definition{in: c, flow: Flow{Kind: FlowParam, Index: i}}
		}
		i++
	}
	if r := sig.Recv(); r != nil {
		add(r)
	}
	for v := range sig.Params().Variables() {
		add(v)
	}
}

// loopVars notes the parameters of the body of a range-over-func loop.
func (w *finder) loopVars(body *caller, names ...ast.Expr) {
	for i, e := range names {
		id, ok := e.(*ast.Ident)
		if !ok {
			continue
		}
		if v, ok := w.info.Defs[id].(*types.Var); ok && !w.changed[v] && isFunc(v.Type()) {
			w.defined[v] = definition{in: body, flow: Flow{Kind: FlowParam, Index: i}}
		}
	}
}

// flow tells which function the value of e is, as seen from the current function.
func (w *finder) flow(e ast.Expr) Flow {
	e = ast.Unparen(e)
	switch x := e.(type) {
	case *ast.FuncLit:
		return Flow{Kind: FlowLiteral, Index: int(x.Pos())}
	case *ast.CallExpr:
		if w.info.Types[x.Fun].IsType() {
			if len(x.Args) == 1 && isFunc(w.info.TypeOf(x.Args[0])) {
				return w.flow(x.Args[0])
			}
			return Flow{}
		}
		if i, ok := w.results[x]; ok && i.in == w.current {
			return i.flow
		}
		return Flow{}
	case *ast.IndexExpr:
		if !instantiated(w.info, x.X) {
			return Flow{}
		}
		e = ast.Unparen(x.X)
	case *ast.IndexListExpr:
		e = ast.Unparen(x.X)
	}
	switch x := e.(type) {
	case *ast.Ident:
		return w.flowOfName(x)
	case *ast.SelectorExpr:
		sel := w.info.Selections[x]
		if sel == nil {
			return w.flowOfName(x.Sel)
		}
		if sel.Kind() != types.MethodExpr {
			return Flow{} // a field, or a method value, which is a closure of its own
		}
		if c := w.method(x, sel); c.kind == staticCallee && !c.wrapper {
			return w.flowOfFunction(c.fn)
		}
	}
	return Flow{}
}

func (w *finder) flowOfName(id *ast.Ident) Flow {
	switch obj := w.info.Uses[id].(type) {
	case *types.Func:
		return w.flowOfFunction(obj)
	case *types.Var:
		d, ok := w.defined[obj]
		if !ok {
			return Flow{}
		}
		f := d.flow
		for c := w.current; c != d.in; c = c.parent {
			if c == nil {
				return Flow{}
			}
			f.Depth++
		}
		return f
	}
	return Flow{}
}

func (w *finder) flowOfFunction(f *types.Func) Flow {
	fl := Flow{Kind: FlowFunction, Pkg: w.path, PkgName: w.pkg.Name(), Name: funcName(f)}
	if p := f.Pkg(); p != nil && p != w.pkg {
		fl.Pkg, fl.PkgName = p.Path(), p.Name()
	}
	if fl.Name == "" {
		return Flow{}
	}
	return fl
}

// arguments returns what the arguments of a call of fun are, the receiver of a
// method first; nil if none of them is a known function.
func (w *finder) arguments(fun ast.Expr, args []ast.Expr, spread bool) []Flow {
	sig, ok := signatureOf(w.info.TypeOf(fun))
	if !ok {
		return nil
	}
	var list []Flow
	add := func(i int, e ast.Expr) {
		if f := w.flow(e); f.Kind != FlowUnknown {
			for len(list) <= i {
				list = append(list, Flow{})
			}
			list[i] = f
		}
	}
	i := 0
	if sel, ok := ast.Unparen(fun).(*ast.SelectorExpr); ok {
		if s := w.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			if len(s.Index()) == 1 && isFunc(w.info.TypeOf(sel.X)) {
				add(0, sel.X)
			}
			i = 1
		}
	}
	if len(args) == 1 && sig.Params().Len() != 1 {
		if _, several := w.info.TypeOf(args[0]).(*types.Tuple); several {
			return list
		}
	}
	for n, e := range args {
		if n >= sig.Params().Len() || sig.Variadic() && n == sig.Params().Len()-1 && !spread {
			break
		}
		// An argument that becomes an interface value is no function any more.
		if isFunc(sig.Params().At(n).Type()) {
			add(i+n, e)
		}
	}
	return list
}

func signatureOf(t types.Type) (*types.Signature, bool) {
	if t == nil {
		return nil, false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return sig, ok
}

// returns notes what a return statement gives. In the body of a range-over-func
// loop it is one of the function around the loop.
func (w *finder) returns(s *ast.ReturnStmt) {
	if w.dead > 0 {
		return
	}
	c := w.current
	if c.sep == "-range" {
		for c.sep == "-range" {
			c = c.parent
		}
		c.returned += 2
		return
	}
	c.returned++
	if len(s.Results) == 1 {
		c.result = w.flow(s.Results[0])
	} else {
		c.returned++ // of named results, or of several
	}
}

// settle leaves a function without a result where that is not one value for certain.
func (c *caller) settle(sig *types.Signature) {
	if c.returned == 1 && sig.Results().Len() == 1 {
		if name := sig.Results().At(0).Name(); name == "" || name == "_" {
			return
		}
	}
	c.result = Flow{}
}

// countFrom adds to the numbers of calls in a site's values, which are calls of
// initializers in one file: all files together make one function.
func (s *rawSite) countFrom(n int) {
	add := func(f *Flow) {
		if f.Kind == FlowResult && f.Depth == 0 {
			f.Index += n
		}
	}
	if s.Func != nil {
		f := *s.Func
		add(&f.Flow)
		s.Func = &f
	}
	s.Funcs = slices.Clone(s.Funcs)
	for i := range s.Funcs {
		add(&s.Funcs[i])
	}
}

// nameFlow gives the literal in a Flow its name.
func (w *walker) nameFlow(f *Flow) {
	if f.Kind != FlowLiteral {
		return
	}
	if lit := w.lits[token.Pos(f.Index)]; lit != nil {
		f.Name, f.Index = lit.name, 0
	} else {
		*f = Flow{}
	}
}

// bodies lists what is known of bodies, for linking.
func (w *walker) bodies() []Body {
	var list []Body
	for _, c := range w.callers {
		b := Body{Name: c.name, Result: c.result}
		w.nameFlow(&b.Result)
		if c.parent != nil {
			b.Outer = c.parent.name
		}
		if b.Outer != "" || b.Result.Kind != FlowUnknown {
			list = append(list, b)
		}
	}
	return list
}

// changedVars finds the variables of a file that are assigned to after their
// definition, or pointed at. The compiler does not follow their values.
func changedVars(f *ast.File, info *types.Info) map[*types.Var]bool {
	changed := make(map[*types.Var]bool)
	change := func(e ast.Expr) {
		if e == nil {
			return
		}
		// A field or element of a variable is a part of it; such a variable is
		// no function.
		if id, ok := ast.Unparen(e).(*ast.Ident); ok {
			if v, ok := info.Uses[id].(*types.Var); ok {
				changed[v] = true
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				change(e)
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				change(n.X)
			}
		case *ast.SelectorExpr:
			// A method with a pointer receiver points at the variable.
			if s := info.Selections[n]; s != nil && s.Kind() == types.MethodVal {
				if m, ok := s.Obj().(*types.Func); ok && m.Signature().Recv() != nil {
					_, pointer := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
					_, already := s.Recv().Underlying().(*types.Pointer)
					if pointer && !already {
						change(n.X)
					}
				}
			}
		case *ast.RangeStmt:
			change(n.Key)
			change(n.Value)
		}
		return true
	})
	return changed
}
