package breakdown

import (
	"go/types"
	"strings"

	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// A layout tells where the fields of structs lie, by the names of types in the
// compiler's trees.
type layout struct {
	pkg      *types.Package
	local    map[string][]types.Type // types declared in functions, by name
	packages map[string][]*types.Package
}

func newLayout(src *typecheck.Source) *layout {
	l := &layout{pkg: src.Pkg, local: make(map[string][]types.Type), packages: make(map[string][]*types.Package)}
	for _, obj := range src.Info.Defs {
		if t, ok := obj.(*types.TypeName); ok && t.Parent() != src.Pkg.Scope() {
			l.local[t.Name()] = append(l.local[t.Name()], t.Type())
		}
	}
	l.packages[""] = []*types.Package{src.Pkg}
	l.packages[src.Pkg.Name()] = []*types.Package{src.Pkg}
	for _, p := range src.Packages.ByPath {
		l.packages[p.Name()] = append(l.packages[p.Name()], p)
	}
	return l
}

// leads reports whether a field lies at the beginning of a struct. typ is the
// struct's type, or a pointer to it, in the compiler's debugging form:
// PTR-*T, sync.Mutex, atomic.Pointer[go.shape.int], STRUCT-struct { a int }. Where
// several types have the name, they have to agree.
func (l *layout) leads(typ, field string) bool {
	typ, pointer := strings.CutPrefix(typ, "PTR-*")
	typ = strings.TrimPrefix(typ, "STRUCT-")
	if rest, ok := strings.CutPrefix(typ, "struct {"); ok {
		first, _, _ := strings.Cut(strings.TrimSpace(rest), " ")
		first = strings.TrimPrefix(strings.TrimSuffix(first, ";"), "*") // of an embedded field there is only the type
		return first[strings.LastIndexByte(first, '.')+1:] == field
	}
	if i := strings.IndexByte(typ, '['); i >= 0 {
		typ = typ[:i]
	}
	pkg, name, qualified := strings.Cut(typ, ".")
	if !qualified {
		pkg, name = "", typ
	}
	name, _, _ = strings.Cut(name, "·") // a number tells types of functions apart
	leads := false
	for _, t := range l.named(pkg, name, pointer) {
		here, has := leadsIn(t, field)
		if has && !here {
			return false
		}
		leads = leads || has
	}
	return leads
}

// named returns the types of a name. Those that are qualified may still be the
// package's own, but not behind a pointer.
func (l *layout) named(pkg, name string, pointer bool) []types.Type {
	var list []types.Type
	for _, p := range l.packages[pkg] {
		if p == l.pkg && pointer && pkg != "" {
			continue
		}
		if obj, ok := p.Scope().Lookup(name).(*types.TypeName); ok {
			list = append(list, obj.Type())
		}
	}
	if len(list) > 0 || pkg != "" && pkg != l.pkg.Name() {
		return list
	}
	return l.local[name]
}

// leadsIn reports whether a struct has a field, and whether nothing that takes
// space comes before it.
func leadsIn(t types.Type, field string) (leads, has bool) {
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false, false
	}
	leads = true
	for f := range s.Fields() {
		if f.Name() == field {
			return leads, true
		}
		leads = leads && isEmpty(f.Type())
	}
	return false, false
}

// isEmpty reports whether values of a type take no space.
func isEmpty(t types.Type) bool {
	switch t := t.Underlying().(type) {
	case *types.Struct:
		for f := range t.Fields() {
			if !isEmpty(f.Type()) {
				return false
			}
		}
		return true
	case *types.Array:
		return t.Len() == 0 || isEmpty(t.Elem())
	}
	return false
}
