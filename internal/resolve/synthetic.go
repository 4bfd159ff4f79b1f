package resolve

import (
	"bytes"
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Where no existing type meets the constraints of a generic function, a probe
// declares types of its own: with the underlying type that a constraint lists,
// and with the methods that it asks for. Nothing ever calls these methods, so
// their bodies do not matter. The compiler finds methods of type parameters in a
// dictionary: which type stands behind one has no effect on a cost.

// A syntheticType is a type that a probe declares.
type syntheticType struct {
	named *types.Named
	says  string // what a reader sees in its place
}

// maxSyntheticRounds is how many combinations of underlying types are tried.
const maxSyntheticRounds = 12

// synthesize finds type arguments for the parameters of a generic function or type
// with the help of types that it declares, nil if it finds none.
func (p *prober) synthesize(generic types.Type, params *types.TypeParamList) []types.Type {
	for round := range maxSyntheticRounds {
		m := &typeBuilder{prober: p, params: params, round: round, chosen: make(map[*types.TypeParam]types.Type)}
		args := m.arguments()
		if args == nil {
			continue
		}
		if _, err := types.Instantiate(nil, generic, args, true); err == nil {
			p.made = append(p.made, m.made...)
			return args
		}
	}
	return nil
}

// A typeBuilder makes one attempt to meet the constraints of a parameter list.
type typeBuilder struct {
	*prober
	params *types.TypeParamList
	round  int // says which of several possible underlying types is tried
	chosen map[*types.TypeParam]types.Type
	made   []syntheticType
}

func (m *typeBuilder) arguments() []types.Type {
	// Methods speak of parameters, so that each made-up type exists before the
	// first method does.
	madeFor := make(map[*types.TypeParam]*types.Named)
	for tp := range m.params.TypeParams() {
		holder, iface := m.holder(tp)
		if iface == nil || iface.NumMethods() == 0 || madeFor[holder] != nil {
			continue
		}
		madeFor[holder] = m.declare(tp.Constraint())
		m.chosen[holder] = madeFor[holder]
	}
	if len(madeFor) == 0 {
		return nil
	}
	for range m.params.Len() { // constraints may name parameters further right
		for tp := range m.params.TypeParams() {
			if m.chosen[tp] == nil {
				if t := m.chooseOne(tp, m.chosen); t != nil {
					m.chosen[tp] = t
				}
			}
		}
	}
	var args []types.Type
	for tp := range m.params.TypeParams() {
		if m.chosen[tp] == nil {
			m.chosen[tp] = types.Typ[types.Int]
		}
		args = append(args, m.chosen[tp])
	}
	for tp := range m.params.TypeParams() {
		if named := madeFor[tp]; named != nil && !m.setUnderlying(named, tp) {
			return nil
		}
	}
	for tp := range m.params.TypeParams() {
		holder, iface := m.holder(tp)
		if named := madeFor[holder]; named != nil && !m.addMethods(named, iface, holder != tp) {
			return nil
		}
	}
	return args
}

// holder returns the parameter whose type has the methods that the constraint of
// tp asks for: T for P in [T any, P interface{ *T; Set(string) }].
func (m *typeBuilder) holder(tp *types.TypeParam) (*types.TypeParam, *types.Interface) {
	iface, _ := tp.Constraint().Underlying().(*types.Interface)
	if iface == nil {
		return tp, nil
	}
	for _, term := range allTerms(iface) {
		if ptr, ok := term.(*types.Pointer); ok {
			if elem, ok := types.Unalias(ptr.Elem()).(*types.TypeParam); ok {
				return elem, iface
			}
		}
	}
	return tp, iface
}

// declare makes a type for a constraint. It has nothing but a name yet.
func (m *typeBuilder) declare(constraint types.Type) *types.Named {
	name := ""
	for n := len(m.prober.made) + len(m.made) + 1; ; n++ {
		name = fmt.Sprintf("%s%d", madeUpName, n)
		if m.pkg.Scope().Lookup(name) == nil {
			break
		}
	}
	says := "made-up type"
	if named, ok := types.Unalias(constraint).(*types.Named); ok {
		says = "made-up " + named.Obj().Name()
	}
	t := types.NewNamed(types.NewTypeName(token.NoPos, m.pkg, name, nil), nil, nil)
	m.made = append(m.made, syntheticType{t, says})
	return t
}

const madeUpName = "inlinelensMadeUp"

// setUnderlying completes the type that was made up for tp.
func (m *typeBuilder) setUnderlying(named *types.Named, tp *types.TypeParam) bool {
	iface, ok := tp.Constraint().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	terms := allTerms(iface)
	if len(terms) > 0 {
		t := substitute(terms[m.round%len(terms)], m.chosen)
		if t == nil || t.Underlying() == nil {
			return false
		}
		named.SetUnderlying(t.Underlying())
		return m.round < len(terms)
	}
	if m.round > 1 {
		return false
	}
	if m.round == 0 {
		named.SetUnderlying(types.Typ[types.Int])
		return true
	}
	// Methods that cannot be declared here come with the interface that has them.
	var fields []*types.Var
	var tags []string
	for _, e := range plainInterfaces(iface) {
		if e.Obj().Pkg() != nil && e.Obj().Pkg() != m.pkg && (!m.importable[e.Obj().Pkg().Path()] || !e.Obj().Exported()) {
			continue
		}
		fields = append(fields, types.NewField(token.NoPos, m.pkg, e.Obj().Name(), e, true))
		tags = append(tags, "")
	}
	named.SetUnderlying(types.NewStruct(fields, tags))
	return len(fields) > 0
}

// addMethods gives a made-up type the methods that a constraint asks for.
func (m *typeBuilder) addMethods(named *types.Named, iface *types.Interface, pointer bool) bool {
	var recv types.Type = named
	if pointer {
		recv = types.NewPointer(named)
	}
	for f := range iface.Methods() {
		if obj, _, _ := types.LookupFieldOrMethod(recv, true, f.Pkg(), f.Name()); obj != nil {
			continue // it came with an embedded interface, or is asked for twice
		}
		sig, ok := substitute(f.Signature(), m.chosen).(*types.Signature)
		if !ok || !f.Exported() && f.Pkg() != m.pkg {
			return false
		}
		if !m.writable(sig) {
			return false
		}
		v := types.NewParam(token.NoPos, m.pkg, "", recv)
		sig = types.NewSignatureType(v, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
		named.AddMethod(types.NewFunc(token.NoPos, m.pkg, f.Name(), sig))
	}
	return true
}

// writeMadeUp writes the declarations of the types that were made up.
func (p *prober) writeMadeUp(out *bytes.Buffer) {
	for _, m := range p.made {
		under := p.text(m.named.Underlying())
		fmt.Fprintf(out, "type %s %s\n", m.named.Obj().Name(), under)
		for f := range m.named.Methods() {
			sig := f.Signature()
			recv := p.text(sig.Recv().Type())
			text := p.text(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
			fmt.Fprintf(out, "func (%s) %s%s { panic(0) }\n", recv, f.Name(), strings.TrimPrefix(text, "func"))
		}
	}
}

// readable writes type arguments for a reader.
func (p *prober) readable(w *unit, args []types.Type) []string {
	list := make([]string, 0, len(args))
	for _, t := range args {
		list = append(list, w.typeString(t))
	}
	for _, m := range slices.Backward(p.made) { // a longer number first
		for i := range list {
			list[i] = strings.ReplaceAll(list[i], m.named.Obj().Name(), m.says)
		}
	}
	return list
}

// allTerms are the types that a constraint lists, also through the interfaces
// that it embeds: int and string of interface{ cmp.Ordered; int | ~string }.
// Not all of them need to be in its type set.
func allTerms(iface *types.Interface) []types.Type {
	var list []types.Type
	for e := range iface.EmbeddedTypes() {
		if u, ok := types.Unalias(e).(*types.Union); ok {
			for t := range u.Terms() {
				list = append(list, termsOf(t.Type())...)
			}
			continue
		}
		list = append(list, termsOf(e)...)
	}
	return list
}

func termsOf(t types.Type) []types.Type {
	if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
		return []types.Type{tp}
	}
	if inner, ok := t.Underlying().(*types.Interface); ok {
		return allTerms(inner)
	}
	return []types.Type{types.Unalias(t)}
}

// plainInterfaces returns the named interfaces without type parameters that a
// constraint embeds and that have methods.
func plainInterfaces(iface *types.Interface) []*types.Named {
	var list []*types.Named
	for e := range iface.EmbeddedTypes() {
		inner, ok := e.Underlying().(*types.Interface)
		if !ok || inner.NumMethods() == 0 {
			continue
		}
		if named, ok := types.Unalias(e).(*types.Named); ok && inner.IsMethodSet() && !hasTypeParam(named) {
			list = append(list, named)
			continue
		}
		list = append(list, plainInterfaces(inner)...)
	}
	return list
}
