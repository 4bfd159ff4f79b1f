package resolve

import "go/types"

// substitute replaces the type parameters in t by the types that were chosen for
// them; nil if one is not chosen yet.
func substitute(t types.Type, chosen map[*types.TypeParam]types.Type) types.Type {
	switch t := types.Unalias(t).(type) {
	case *types.TypeParam:
		if c := chosen[t]; c != nil {
			return c
		}
	case *types.Basic:
		return t
	case *types.Slice:
		if e := substitute(t.Elem(), chosen); e != nil {
			return types.NewSlice(e)
		}
	case *types.Pointer:
		if e := substitute(t.Elem(), chosen); e != nil {
			return types.NewPointer(e)
		}
	case *types.Array:
		if e := substitute(t.Elem(), chosen); e != nil {
			return types.NewArray(e, t.Len())
		}
	case *types.Chan:
		if e := substitute(t.Elem(), chosen); e != nil {
			return types.NewChan(t.Dir(), e)
		}
	case *types.Map:
		k, e := substitute(t.Key(), chosen), substitute(t.Elem(), chosen)
		if k != nil && e != nil {
			return types.NewMap(k, e)
		}
	case *types.Named:
		return substituteArgs(t, chosen)
	case *types.Signature:
		ps, rs := substituteVars(t.Params(), chosen), substituteVars(t.Results(), chosen)
		if ps != nil && rs != nil {
			return types.NewSignatureType(nil, nil, nil, ps, rs, t.Variadic())
		}
	case *types.Union:
		terms := make([]*types.Term, 0, t.Len())
		for term := range t.Terms() {
			e := substitute(term.Type(), chosen)
			if e == nil {
				return nil
			}
			terms = append(terms, types.NewTerm(term.Tilde(), e))
		}
		return types.NewUnion(terms)
	case *types.Struct, *types.Interface:
		if !hasTypeParam(t) {
			return t
		}
		return substituteLiteral(t, chosen)
	}
	return nil
}

func substituteArgs(t *types.Named, chosen map[*types.TypeParam]types.Type) types.Type {
	if !hasTypeParam(t) {
		return t
	}
	var args []types.Type
	for _, a := range typeList(t.TypeArgs()) {
		if a = substitute(a, chosen); a == nil {
			return nil
		}
		args = append(args, a)
	}
	inst, err := types.Instantiate(nil, t.Origin(), args, false)
	if err != nil {
		return nil
	}
	return inst
}

func substituteVars(vars *types.Tuple, chosen map[*types.TypeParam]types.Type) *types.Tuple {
	list := make([]*types.Var, 0, vars.Len())
	for v := range vars.Variables() {
		t := substitute(v.Type(), chosen)
		if t == nil {
			return nil
		}
		list = append(list, types.NewParam(0, nil, "", t))
	}
	// NewTuple of nothing is nil, which stands for failure here.
	if len(list) == 0 {
		return new(types.Tuple)
	}
	return types.NewTuple(list...)
}

// substituteLiteral replaces the type parameters in a struct or an interface.
func substituteLiteral(t types.Type, chosen map[*types.TypeParam]types.Type) types.Type {
	switch t := t.(type) {
	case *types.Struct:
		var fields []*types.Var
		var tags []string
		for i := range t.NumFields() {
			f := t.Field(i)
			ft := substitute(f.Type(), chosen)
			if ft == nil {
				return nil
			}
			fields = append(fields, types.NewField(f.Pos(), f.Pkg(), f.Name(), ft, f.Embedded()))
			tags = append(tags, t.Tag(i))
		}
		return types.NewStruct(fields, tags)
	case *types.Interface:
		var methods []*types.Func
		for m := range t.ExplicitMethods() {
			sig, ok := substitute(m.Signature(), chosen).(*types.Signature)
			if !ok {
				return nil
			}
			methods = append(methods, types.NewFunc(m.Pos(), m.Pkg(), m.Name(), sig))
		}
		var embedded []types.Type
		for e := range t.EmbeddedTypes() {
			et := substitute(e, chosen)
			if et == nil {
				return nil
			}
			embedded = append(embedded, et)
		}
		return types.NewInterfaceType(methods, embedded).Complete()
	}
	return nil
}
