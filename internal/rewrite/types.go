package rewrite

import (
	"fmt"
	"go/types"
)

// write writes a type as the file does.
func (f *function) write(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p == f.Types {
			return ""
		}
		return f.packages[p]
	})
}

// nameless says why a type cannot be written at the top of the file, "" if it can.
func (f *function) nameless(t types.Type) string {
	why := ""
	walkType(t, func(t types.Type) bool {
		var obj *types.TypeName
		switch t := t.(type) {
		case *types.Named:
			obj = t.Obj()
		case *types.Alias:
			obj = t.Obj()
		case *types.Struct:
			for field := range t.Fields() {
				if !field.Exported() && field.Pkg() != f.Types {
					why = "it has a field that is not exported"
				}
			}
		case *types.Interface:
			for m := range t.ExplicitMethods() {
				if !m.Exported() && m.Pkg() != f.Types {
					why = "it has a method that is not exported"
				}
			}
		case *types.Basic:
			if t.Info()&types.IsUntyped != 0 || t.Kind() == types.Invalid {
				why = "it is not known"
			}
		}
		if obj == nil || obj.Pkg() == nil {
			return why == ""
		}
		switch {
		case obj.Pkg() == f.Types:
			if obj.Parent() != f.Types.Scope() {
				why = fmt.Sprintf("%s is declared in a function", obj.Name())
			}
		case !obj.Exported():
			why = fmt.Sprintf("%s.%s is not exported", obj.Pkg().Name(), obj.Name())
		case f.packages[obj.Pkg()] == "":
			why = fmt.Sprintf("the file does not import %s", obj.Pkg().Path())
		}
		return why == ""
	})
	return why
}

// hasTypeParam reports whether a type mentions a type parameter.
func hasTypeParam(t types.Type) bool {
	found := false
	walkType(t, func(t types.Type) bool {
		_, ok := t.(*types.TypeParam)
		found = found || ok
		return !found
	})
	return found
}

// locks reports whether a value of the type holds something that must not be
// copied: what has the methods Lock and Unlock.
func locks(t types.Type) bool {
	switch u := t.Underlying().(type) {
	case *types.Array:
		return locks(u.Elem())
	case *types.Struct:
		if named, ok := types.Unalias(t).(*types.Named); ok {
			methods := types.NewMethodSet(types.NewPointer(named))
			if methods.Lookup(nil, "Lock") != nil && methods.Lookup(nil, "Unlock") != nil {
				return true
			}
		}
		for field := range u.Fields() {
			if locks(field.Type()) {
				return true
			}
		}
	}
	return false
}

// walkType calls visit for a type and for what it is written with, as long as
// visit returns true.
func walkType(t types.Type, visit func(types.Type) bool) {
	if t == nil || !visit(t) {
		return
	}
	args := func(list *types.TypeList) {
		for a := range list.Types() {
			walkType(a, visit)
		}
	}
	tuple := func(list *types.Tuple) {
		for v := range list.Variables() {
			walkType(v.Type(), visit)
		}
	}
	switch t := t.(type) {
	case *types.Named:
		args(t.TypeArgs())
	case *types.Alias:
		args(t.TypeArgs())
	case *types.Pointer:
		walkType(t.Elem(), visit)
	case *types.Slice:
		walkType(t.Elem(), visit)
	case *types.Array:
		walkType(t.Elem(), visit)
	case *types.Chan:
		walkType(t.Elem(), visit)
	case *types.Map:
		walkType(t.Key(), visit)
		walkType(t.Elem(), visit)
	case *types.Tuple:
		tuple(t)
	case *types.Signature:
		tuple(t.Params())
		tuple(t.Results())
	case *types.Struct:
		for field := range t.Fields() {
			walkType(field.Type(), visit)
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			walkType(m.Type(), visit)
		}
		for e := range t.EmbeddedTypes() {
			walkType(e, visit)
		}
	case *types.Union:
		for term := range t.Terms() {
			walkType(term.Type(), visit)
		}
	}
}
