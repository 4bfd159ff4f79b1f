package resolve

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// ProbePrefix begins the name of a probe's file.
const ProbePrefix = "inlinelens_probe"

// Generic code is compiled only where it is instantiated, so a package that
// offers generic functions and does not use them has no verdicts on them. A
// probe is one more file of the package, for one compile, that names an
// instance of each such function, with type arguments that its constraints
// allow. It adds code and changes none.

// Probe returns the source of the probe that a package needs, and the generic
// functions that it instantiates by their names within the package. It returns
// nil if the package needs none. A function whose constraints are met by no
// type that is tried is left out.
func (c *Calls) Probe() (src []byte, names map[string]Probed) {
	p := &prober{pkg: c.pkg, imports: make(map[string]string), importable: make(map[string]bool)}
	for _, imp := range c.pkg.Imports() {
		p.importable[imp.Path()] = true
	}
	reached := reachedGenerics(c.files)
	names = make(map[string]Probed)
	var body bytes.Buffer
	for _, f := range c.files {
		for _, name := range f.generics {
			fn := lookupFunc(c.pkg, name)
			if fn == nil || reached[name] {
				continue
			}
			if expr, args := p.instance(fn); expr != "" {
				fmt.Fprintf(&body, "var _ = %s\n", expr)
				names[name] = Probed{args: p.readable(&c.unit, args), shape: strings.Join(shapesOf(typeParams(fn), args, c.source.Go), ",")}
			}
		}
	}
	if len(names) == 0 {
		return nil, nil
	}
	p.writeMadeUp(&body)
	var out bytes.Buffer
	fmt.Fprintf(&out, "package %s\n", c.pkg.Name())
	for _, path := range slices.Sorted(keys(p.imports)) {
		fmt.Fprintf(&out, "import %s %s\n", p.imports[path], strconv.Quote(path))
	}
	out.Write(body.Bytes())
	return out.Bytes(), names
}

// A Probed is an instance of a generic function that only a probe asks for.
type Probed struct {
	args  []string // the type arguments, as a reader sees them
	shape string   // what the compiler makes of them
}

func keys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// A genericUse is the use of one of a package's generic functions.
type genericUse struct {
	around string // the generic function that has the use, "" for other code
	name   string // the function that is used, by its name within the package
}

// genericUses finds the uses of the package's own generic functions in a file, as
// far as the compiler makes code of them. A function that is used only in code
// that it drops has no instance.
func (w *finder) genericUses(file *ast.File) []genericUse {
	seen := make(map[genericUse]bool)
	var uses []genericUse
	for _, d := range file.Decls {
		around := ""
		if fd, ok := d.(*ast.FuncDecl); ok {
			if f, _ := w.info.Defs[fd.Name].(*types.Func); f != nil && isGeneric(f) {
				around = funcName(f)
			}
		}
		ast.Inspect(d, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if f := instantiates(w.info, id); f != nil && f.Pkg() == w.pkg && !w.inDeadCode(id) {
					for _, name := range compiledWith(f) {
						use := genericUse{around, name}
						if !seen[use] {
							seen[use] = true
							uses = append(uses, use)
						}
					}
				}
			}
			return true
		})
	}
	return uses
}

// compiledWith lists the functions that the compiler compiles for an instance of f: f,
// and with a method all others of its type that have no type parameters of their own.
func compiledWith(f *types.Func) []string {
	names := []string{funcName(f)}
	if named := receiverType(f); named != nil && named.TypeArgs().Len() > 0 {
		for m := range named.Origin().Methods() {
			if m != f && m.Signature().TypeParams().Len() == 0 {
				names = append(names, funcName(m))
			}
		}
	}
	return names
}

// inDeadCode reports whether the compiler drops n. All dead code must be known.
func (w *finder) inDeadCode(n ast.Node) bool {
	i, at := slices.BinarySearchFunc(w.deadCode, n.Pos(), func(e codeRange, pos token.Pos) int { return cmp.Compare(e.from, pos) })
	return at || i > 0 && n.Pos() < w.deadCode[i-1].to
}

// declaredGenerics returns the generic functions with a body that a file declares,
// by their names within the package.
func declaredGenerics(info *types.Info, file *ast.File) []string {
	var names []string
	for _, d := range file.Decls {
		d, ok := d.(*ast.FuncDecl)
		if !ok || d.Body == nil || d.Name.Name == "_" {
			continue
		}
		if f, _ := info.Defs[d.Name].(*types.Func); f != nil && isGeneric(f) {
			names = append(names, funcName(f))
		}
	}
	return names
}

// reachedGenerics finds the generic functions of a package that its own code
// instantiates, directly or through others, by their names within the package.
func reachedGenerics(files []*fileCalls) map[string]bool {
	uses := make(map[string][]string) // by the generic function around the use
	for _, f := range files {
		for _, u := range f.uses {
			uses[u.around] = append(uses[u.around], u.name)
		}
	}
	reached := make(map[string]bool)
	queue := []string{""}
	for len(queue) > 0 {
		around := queue[0]
		queue = queue[1:]
		for _, name := range uses[around] {
			if !reached[name] {
				reached[name] = true
				queue = append(queue, name)
			}
		}
	}
	return reached
}

// instantiates returns the generic function of which a use of id makes an
// instance: the function that it names, or the method that it selects; nil for
// other uses.
func instantiates(info *types.Info, id *ast.Ident) *types.Func {
	if f, ok := info.Uses[id].(*types.Func); ok && f.Origin() != nil && isGeneric(f.Origin()) {
		return f.Origin()
	}
	return nil
}

func isGeneric(f *types.Func) bool {
	sig := f.Signature()
	return sig.TypeParams().Len() > 0 || sig.RecvTypeParams().Len() > 0
}

type prober struct {
	pkg        *types.Package
	imports    map[string]string // path to name, of packages that the probe names
	importable map[string]bool
	own        []types.Type // of ownTypes, once it was asked
	made       []syntheticType
}

// instance returns an expression that instantiates a generic function or
// method, and the type arguments; "" if none are found for it.
func (p *prober) instance(f *types.Func) (string, []types.Type) {
	sig := f.Signature()
	recv := sig.Recv()
	if recv == nil {
		args := p.arguments(sig, sig.TypeParams())
		if args == nil {
			return "", nil
		}
		return p.write(f.Name(), args), args
	}
	t := types.Unalias(recv.Type())
	ptr, isPtr := t.(*types.Pointer)
	if isPtr {
		t = types.Unalias(ptr.Elem())
	}
	named, ok := t.(*types.Named)
	if !ok {
		return "", nil
	}
	origin := named.Origin()
	ofType := origin.TypeParams().Len()
	var args []types.Type
	if sig.TypeParams().Len() == 0 {
		args = p.arguments(origin, origin.TypeParams())
	} else if like := likeMethod(f); like != nil {
		args = p.arguments(like, like.TypeParams())
	}
	if args == nil {
		return "", nil
	}
	expr := p.write(origin.Obj().Name(), args[:ofType])
	if isPtr && expr != "" {
		expr = "(*" + expr + ")"
	}
	method := p.write(f.Name(), args[ofType:])
	if expr == "" || method == "" {
		return "", nil
	}
	return expr + "." + method, args
}

// likeMethod returns the type of a function that has the type parameters of a
// method, its receiver's first; nil if it cannot be made.
func likeMethod(f *types.Func) *types.Signature {
	params := typeParams(f)
	to := make(map[*types.TypeParam]types.Type, len(params))
	list := make([]*types.TypeParam, 0, len(params))
	for _, tp := range params {
		old := tp.Obj()
		q := types.NewTypeParam(types.NewTypeName(old.Pos(), old.Pkg(), old.Name(), nil), nil)
		to[tp] = q
		list = append(list, q)
	}
	for i, tp := range params {
		constraint := substitute(tp.Constraint(), to)
		if constraint == nil {
			return nil
		}
		list[i].SetConstraint(constraint)
	}
	return types.NewSignatureType(nil, nil, list, nil, nil, false)
}

// write writes a name with type arguments, "" if the probe cannot name one of them.
func (p *prober) write(name string, args []types.Type) string {
	list := make([]string, 0, len(args))
	for _, t := range args {
		if !p.writable(t) {
			return ""
		}
		list = append(list, p.text(t))
	}
	if len(list) == 0 {
		return name
	}
	return name + "[" + strings.Join(list, ", ") + "]"
}

// text writes a type that the probe can name.
func (p *prober) text(t types.Type) string { return types.TypeString(t, p.qualify) }

// writable reports whether the probe can name a type: no other package's
// unexported one, and no package that the probe cannot import.
func (p *prober) writable(t types.Type) bool {
	own := func(obj types.Object) bool {
		q := obj.Pkg()
		return q == nil || q == p.pkg || obj.Exported() && p.importable[q.Path()]
	}
	return !contains(t, func(t types.Type) bool {
		switch t := t.(type) {
		case *types.Named:
			return !own(t.Obj()) || strings.HasPrefix(t.Obj().Name(), "_C") // cgo's
		case *types.Struct:
			for f := range t.Fields() {
				if !f.Exported() && f.Pkg() != p.pkg {
					return true
				}
			}
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				if !m.Exported() && m.Pkg() != p.pkg {
					return true
				}
			}
		}
		return false
	})
}

func (p *prober) qualify(q *types.Package) string {
	if q == p.pkg {
		return ""
	}
	name := p.imports[q.Path()]
	if name == "" {
		name = fmt.Sprintf("probe%d", len(p.imports))
		p.imports[q.Path()] = name
	}
	return name
}

// candidates are tried for a type parameter, in this order.
var candidates = []types.Type{
	types.Typ[types.Int],
	types.Typ[types.String],
	types.Typ[types.Float64],
	types.NewSlice(types.Typ[types.Byte]),
	types.Universe.Lookup("error").Type(),
}

// ownTypes returns the package's own types that are no interfaces and have no
// parameters, sorted by name.
func (p *prober) ownTypes() []types.Type {
	if p.own == nil {
		p.own = []types.Type{}
		scope := p.pkg.Scope()
		for _, name := range scope.Names() {
			obj, ok := scope.Lookup(name).(*types.TypeName)
			if !ok || obj.IsAlias() || strings.HasPrefix(name, "_C") { // cgo's cannot be named
				continue
			}
			if t, ok := obj.Type().(*types.Named); ok && t.TypeParams().Len() == 0 && !types.IsInterface(t) {
				p.own = append(p.own, t)
			}
		}
	}
	return p.own
}

// arguments finds type arguments for the parameters of a generic function or
// type, nil if none of those tried satisfies the constraints.
func (p *prober) arguments(generic types.Type, params *types.TypeParamList) []types.Type {
	choose := func(pinned *types.TypeParam, t types.Type) []types.Type {
		args := p.choose(params, pinned, t)
		if args == nil {
			return nil
		}
		if _, err := types.Instantiate(nil, generic, args, true); err != nil {
			return nil
		}
		return args
	}
	if args := choose(nil, nil); args != nil {
		return args
	}
	// A constraint that names another parameter can ask for methods of it
	// (P interface{ *T; Set() }), which that one's own constraint does not tell, or
	// for methods that speak of the type itself (T interface{ Less(T) bool }).
	related := false
	for tp := range params.TypeParams() {
		related = related || hasTypeParam(tp.Constraint())
	}
	if related {
		for tp := range params.TypeParams() {
			for _, t := range p.ownTypes() {
				if args := choose(tp, t); args != nil {
					return args
				}
			}
		}
	}
	return p.synthesize(generic, params)
}

// choose finds type arguments for a list of type parameters, nil if none of those
// tried satisfies the constraints. One parameter may be given; its type is tried
// for those, too, of which the constraint gives no type.
func (p *prober) choose(params *types.TypeParamList, given *types.TypeParam, t types.Type) []types.Type {
	chosen := make(map[*types.TypeParam]types.Type)
	if given != nil {
		chosen[given] = t
	}
	// Constraints may name parameters further right (S ~[]E, E any).
	for range params.Len() {
		for tp := range params.TypeParams() {
			if chosen[tp] == nil {
				if t := p.chooseOne(tp, chosen); t != nil {
					chosen[tp] = t
				}
			}
		}
	}
	args := make([]types.Type, 0, params.Len())
	for tp := range params.TypeParams() {
		arg := chosen[tp]
		if arg == nil {
			arg = t
		}
		if arg == nil {
			return nil
		}
		args = append(args, arg)
	}
	return args
}

func (p *prober) chooseOne(tp *types.TypeParam, chosen map[*types.TypeParam]types.Type) types.Type {
	constraint := tp.Constraint()
	iface, ok := constraint.Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	if hasTypeParam(constraint) {
		for term := range terms(iface) {
			if t := substitute(term, chosen); t != nil {
				return t
			}
		}
		return nil
	}
	for _, t := range candidates {
		if types.Satisfies(t, iface) {
			return t
		}
	}
	if iface.IsMethodSet() {
		return constraint // an interface of methods satisfies itself
	}
	for term := range terms(iface) {
		if types.Satisfies(term, iface) {
			return term
		}
	}
	for _, t := range p.ownTypes() {
		for _, t := range []types.Type{t, types.NewPointer(t)} {
			if types.Satisfies(t, iface) {
				return t
			}
		}
	}
	if methods := p.methodsOf(iface); methods != nil && types.Satisfies(methods, iface) {
		return methods // of an interface that asks for methods and comparable
	}
	return nil
}

// terms are the types that a constraint lists itself: int and string of
// interface{ int | ~string; M() }.
func terms(iface *types.Interface) iter.Seq[types.Type] {
	return func(yield func(types.Type) bool) {
		for e := range iface.EmbeddedTypes() {
			u, ok := types.Unalias(e).(*types.Union)
			if !ok { // a single term
				if !types.IsInterface(e) && !yield(e) {
					return
				}
				continue
			}
			for t := range u.Terms() {
				if !yield(t.Type()) {
					return
				}
			}
		}
	}
}

// methodsOf returns an interface with the methods of another and nothing else,
// nil if the package cannot write it down.
func (p *prober) methodsOf(iface *types.Interface) *types.Interface {
	var methods []*types.Func
	for m := range iface.Methods() {
		if !m.Exported() && m.Pkg() != p.pkg {
			return nil
		}
		methods = append(methods, types.NewFunc(m.Pos(), p.pkg, m.Name(), m.Signature()))
	}
	return types.NewInterfaceType(methods, nil).Complete()
}
