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
	tuple := func(tu *types.Tuple) bool {
		for v := range tu.Variables() {
			if has(v.Type()) {
				return true
			}
		}
		return false
	}
	has = func(t types.Type) bool {
		if t == nil || seen[t] {
			return false
		}
		seen[t] = true
		if is(t) {
			return true
		}
		switch t := t.(type) {
		case *types.Alias:
			return has(types.Unalias(t))
		case *types.Named:
			return slices.ContainsFunc(typeList(t.TypeArgs()), has)
		case *types.Pointer:
			return has(t.Elem())
		case *types.Slice:
			return has(t.Elem())
		case *types.Array:
			return has(t.Elem())
		case *types.Chan:
			return has(t.Elem())
		case *types.Map:
			return has(t.Key()) || has(t.Elem())
		case *types.Signature:
			return tuple(t.Params()) || tuple(t.Results())
		case *types.Struct:
			for f := range t.Fields() {
				if has(f.Type()) {
					return true
				}
			}
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				if has(m.Type()) {
					return true
				}
			}
			for e := range t.EmbeddedTypes() {
				if has(e) {
					return true
				}
			}
		case *types.Union:
			for term := range t.Terms() {
				if has(term.Type()) {
					return true
				}
			}
		}
		return false
	}
	return has(t)
}
