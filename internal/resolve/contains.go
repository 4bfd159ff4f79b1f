package resolve

import (
	"go/types"
	"slices"
)

// hasTypeParam reports whether a type parameter occurs in t.
func hasTypeParam(t types.Type) bool {
	return contains(t, func(t types.Type) bool {
		_, ok := t.(*types.TypeParam)
		return ok
	})
}

// contains reports whether is holds for t or for a type of which t is made.
func contains(t types.Type, is func(types.Type) bool) bool {
	seen := make(map[types.Type]bool)
	var has func(types.Type) bool
	has = func(t types.Type) bool {
		if t == nil || seen[t] {
			return false
		}
		seen[t] = true
		return is(t) || slices.ContainsFunc(parts(t), has)
	}
	return has(t)
}

// parts returns the types of which t is made.
func parts(t types.Type) (list []types.Type) {
	switch t := t.(type) {
	case *types.Alias:
		return []types.Type{types.Unalias(t)}
	case *types.Named:
		return typeList(t.TypeArgs())
	case *types.Map:
		return []types.Type{t.Key(), t.Elem()}
	case interface{ Elem() types.Type }: // a pointer, slice, array or channel
		return []types.Type{t.Elem()}
	case *types.Signature:
		return slices.Concat(typesOf(t.Params()), typesOf(t.Results()))
	case *types.Struct:
		for f := range t.Fields() {
			list = append(list, f.Type())
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			list = append(list, m.Type())
		}
		for e := range t.EmbeddedTypes() {
			list = append(list, e)
		}
	case *types.Union:
		for term := range t.Terms() {
			list = append(list, term.Type())
		}
	}
	return list
}

func typesOf(tuple *types.Tuple) []types.Type {
	list := make([]types.Type, 0, tuple.Len())
	for v := range tuple.Variables() {
		list = append(list, v.Type())
	}
	return list
}
