package resolve

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A callee is what syntax and types say of the function that is called.
type callee struct {
	kind calleeKind
	// fn is the function or method; for an interface or type parameter method,
	// the method of the interface. nil for function values and literals.
	fn *types.Func
	// args are the type arguments of a generic callee: those of a method's
	// receiver, of which there are ofReceiver, and then its own. They may name
	// type parameters of the caller.
	args       []types.Type
	ofReceiver int
	// wrapper is set for a method expression whose type is not that of the
	// method's receiver: (*T).M where M has a value receiver or is promoted.
	// What is called is a wrapper that the compiler makes. So it is for a method
	// of an interface, or of one that is embedded.
	wrapper bool
	// dot is the end of a method expression's type, where its dot stands.
	dot token.Pos
	// name is the link name of such a wrapper, "" where it has none.
	name string
	// held is the type that the interface holds for certain, "" if that is not
	// known.
	held string
	lit  token.Pos // a literal that is the only value that the callee can have
}

// shapes returns the shapes of a generic callee's type arguments, which may speak
// of the type parameters around the call.
func (c callee) shapes(around []*types.TypeParam) []Shape {
	if len(c.args) == 0 {
		return nil
	}
	params := typeParams(c.fn)
	list := make([]Shape, len(c.args))
	if len(params) == len(c.args) {
		for i, t := range c.args {
			if t != types.Typ[types.Invalid] {
				list[i] = shapeOf(t, params[i], around)
			}
		}
	}
	return list
}

type calleeKind uint8

const (
	staticCallee calleeKind = iota
	literalCallee
	interfaceCallee
	typeParamCallee
	valueCallee
)

// classify tells what the expression fun, which is called, denotes.
func (w *finder) classify(fun ast.Expr) callee {
	fun = ast.Unparen(fun)
	switch f := fun.(type) {
	case *ast.IndexExpr:
		if instantiated(w.info, f.X) {
			fun = ast.Unparen(f.X)
		}
	case *ast.IndexListExpr:
		fun = ast.Unparen(f.X)
	}
	switch f := fun.(type) {
	case *ast.FuncLit:
		return callee{kind: literalCallee, lit: f.Pos()}
	case *ast.Ident:
		return w.object(f)
	case *ast.SelectorExpr:
		sel := w.info.Selections[f]
		if sel == nil {
			return w.object(f.Sel) // package.Function
		}
		if sel.Kind() == types.FieldVal {
			return callee{kind: valueCallee}
		}
		return w.method(f, sel)
	}
	return callee{kind: valueCallee}
}

// instantiated reports whether fun names a generic function.
func instantiated(info *types.Info, fun ast.Expr) bool {
	_, ok := info.Uses[nameOf(fun)].(*types.Func)
	return ok
}

// nameOf returns the identifier that an expression is or selects, nil for others.
func nameOf(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	}
	return nil
}

func (w *finder) object(id *ast.Ident) callee {
	switch obj := w.info.Uses[id].(type) {
	case *types.Func:
		return callee{kind: staticCallee, fn: obj, args: w.typeArgsOf(id, obj)}
	case *types.Var:
		// A literal that is all that the variable ever holds is called as a
		// function would be.
		if d, ok := w.defined[obj]; ok && d.literal {
			return callee{kind: literalCallee, lit: token.Pos(d.flow.Index)}
		}
	}
	return callee{kind: valueCallee}
}

func (w *finder) method(fun *ast.SelectorExpr, sel *types.Selection) callee {
	f, ok := sel.Obj().(*types.Func)
	if !ok {
		return callee{kind: valueCallee}
	}
	recv := f.Signature().Recv()
	if recv == nil {
		return callee{kind: valueCallee}
	}
	t := types.Unalias(recv.Type())
	if types.IsInterface(t) {
		from := types.Unalias(sel.Recv())
		if p, ok := from.(*types.Pointer); ok {
			from = types.Unalias(p.Elem())
		}
		if _, ok := from.(*types.TypeParam); ok && len(sel.Index()) == 1 {
			return callee{kind: typeParamCallee, fn: f}
		}
		c := callee{kind: interfaceCallee, fn: f, held: w.held(fun, sel)}
		if sel.Kind() == types.MethodExpr {
			c.wrapper, c.name = true, w.wrapperName(sel.Recv(), f.Name())
		}
		return c
	}
	c := callee{kind: staticCallee, fn: f, args: receiverArgs(f)}
	c.ofReceiver = len(c.args)
	c.wrapper = sel.Kind() == types.MethodExpr && !types.Identical(sel.Recv(), recv.Type())
	c.args = append(c.args, w.typeArgsOf(fun.Sel, f)...)
	if sel.Kind() == types.MethodExpr {
		c.dot = fun.X.End()
	}
	if c.wrapper && len(c.args) == c.ofReceiver {
		c.name = w.wrapperName(sel.Recv(), f.Name())
	}
	return c
}

// typeArgsOf returns the type arguments, other than its receiver's, of the function
// that id names. They are invalid where go/types has found none: it may be older than
// the source.
func (w *finder) typeArgsOf(id *ast.Ident, f *types.Func) []types.Type {
	if inst, ok := w.info.Instances[id]; ok {
		return typeList(inst.TypeArgs)
	}
	unknown := make([]types.Type, f.Signature().TypeParams().Len())
	for i := range unknown {
		unknown[i] = types.Typ[types.Invalid]
	}
	return unknown
}

func typeList(l *types.TypeList) []types.Type {
	if l == nil {
		return nil
	}
	ts := make([]types.Type, 0, l.Len())
	for t := range l.Types() {
		ts = append(ts, t)
	}
	return ts
}
