package typecheck

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// newerGo leaves out the errors that go/types finds only because it is older than
// the Go of the source: this program was built with Go 1.26, say, and the module
// says "go 1.27". What the compiler accepts has no other errors, so what is left
// out of what it does not accept is of no interest.
//
// It sees to it that info, if there is one, has what it would have without them.
func newerGo(errs []types.Error, pkg *types.Package, files []*ast.File, info *types.Info) []types.Error {
	var list []types.Error
	for _, e := range errs {
		switch {
		case strings.HasPrefix(e.Msg, "package requires newer Go version "),
			strings.HasPrefix(e.Msg, "file requires newer Go version "),
			e.Msg == "methods cannot have type parameters",
			strings.HasPrefix(e.Msg, "cannot use generic function ") && strings.HasSuffix(e.Msg, " without instantiation"):
		default:
			list = append(list, e)
		}
	}
	if len(list) == 0 || info == nil {
		return list
	}
	fields := promotedKeys(list, pkg, files, info)
	return slices.DeleteFunc(list, func(e types.Error) bool { return fields[e.Pos] })
}

// promotedKeys finds the keys of struct literals, among the places of errors, that
// name a field of an embedded struct (Go 1.27).
func promotedKeys(errs []types.Error, pkg *types.Package, files []*ast.File, info *types.Info) map[token.Pos]bool {
	at := make(map[token.Pos]bool)
	for _, e := range errs {
		if strings.HasPrefix(e.Msg, "unknown field ") {
			at[e.Pos] = true
		}
	}
	if len(at) == 0 {
		return nil
	}
	found := make(map[token.Pos]bool)
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			lit, ok := n.(*ast.CompositeLit)
			if !ok {
				return true
			}
			for _, elt := range lit.Elts {
				kv, ok := elt.(*ast.KeyValueExpr)
				if !ok || !at[kv.Key.Pos()] {
					continue
				}
				if key, ok := kv.Key.(*ast.Ident); ok {
					if v := promotedField(info.TypeOf(lit), pkg, key.Name); v != nil {
						info.Uses[key] = v
						found[key.Pos()] = true
					}
				}
			}
			return true
		})
	}
	return found
}

// promotedField returns the field of a struct embedded in t, nil if there is none
// of that name.
func promotedField(t types.Type, pkg *types.Package, name string) *types.Var {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem() // []*T{{x: 1}}
	}
	obj, index, _ := types.LookupFieldOrMethod(t, true, pkg, name)
	if v, ok := obj.(*types.Var); ok && len(index) > 1 {
		return v
	}
	return nil
}
