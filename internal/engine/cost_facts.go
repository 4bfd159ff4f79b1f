package engine

import (
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Function implements cost.Facts.
func (f *costFacts) Function(pkg, name string, at gc.TreePos) (cost.Function, bool) {
	var found []*inline.Function
	var imported []*inline.Function // in packages that the unit itself imports
	for _, u := range f.named(pkg) {
		if u == f.unit {
			continue
		}
		k, _ := f.Package(u.Path)
		if k == nil {
			continue
		}
		fn := k.Function(name)
		if fn == nil || !fn.Known || at.Line > 0 && !isAt(fn.Pos, at) {
			continue
		}
		found = append(found, fn)
		if f.imports(u) {
			imported = append(imported, fn)
		}
	}
	if len(found) > 1 && !agree(found) {
		found = imported
	}
	if len(found) == 0 || !agree(found) {
		return cost.Function{}, false
	}
	fn := found[0]
	c := cost.Function{Name: fn.Name, Pos: fn.Pos, Inlinable: fn.Inlinable, Cost: fn.Cost}
	if fn.Reason != nil {
		c.Reason = fn.Reason.Message
	}
	return c, true
}

func isAt(p inline.Position, at gc.TreePos) bool {
	return p.Line == at.Line && filepath.Base(p.File) == at.File
}

// agree reports whether functions cost the same.
func agree(list []*inline.Function) bool {
	return !slices.ContainsFunc(list, func(f *inline.Function) bool {
		return f.Inlinable != list[0].Inlinable || f.Cost != list[0].Cost
	})
}

func (f *costFacts) imports(dep *load.Unit) bool {
	for _, u := range f.unit.Imports {
		if u == dep {
			return true
		}
	}
	return false
}

// Intrinsic implements cost.Facts.
func (f *costFacts) Intrinsic(pkg, name string) bool {
	return slices.ContainsFunc(f.named(pkg), func(u *load.Unit) bool { return f.facts.Intrinsic(u.Path, name) })
}

// Leads implements cost.Facts.
func (f *costFacts) Leads(typ, field string) bool {
	<-f.typed
	return f.layout.leads(typ, field)
}

var _ cost.Facts = (*costFacts)(nil)
