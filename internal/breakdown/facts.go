package breakdown

import (
	"errors"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// Function implements cost.Facts.
func (f *costFacts) Function(pkg, name string, at remark.TreePos, from string) (cost.Function, bool) {
	found, units := f.declared(pkg, name, at, from)
	if len(found) == 0 || !agree(found) {
		return cost.Function{}, false
	}
	fn := found[0]
	c := cost.Function{Name: fn.Name, Pos: fn.Pos, Inlinable: fn.Inlinable, Cost: fn.Cost, Imported: slices.ContainsFunc(units, func(u *load.Unit) bool { return imports(f.unit, u) })}
	if fn.Reason != nil {
		c.Reason = fn.Reason.Message
	}
	return c, true
}

// declared returns the functions of a name in packages of a name, with the
// packages. Where several have one, those are meant that are imported by the
// package in the directory from, where the call is.
func (f *costFacts) declared(pkg, name string, at remark.TreePos, from string) (list []*inline.Function, units []*load.Unit) {
	var near []*inline.Function
	var nearUnits []*load.Unit
	home := f.in(from)
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
		list, units = append(list, fn), append(units, u)
		if u == home || imports(home, u) {
			near, nearUnits = append(near, fn), append(nearUnits, u)
		}
	}
	if len(list) > 1 && len(near) > 0 {
		return near, nearUnits
	}
	return list, units
}

// in returns the package whose sources are in a directory, as generic functions
// of other packages are compiled with the unit; the unit itself if there is none.
func (f *costFacts) in(dir string) *load.Unit {
	if dir == f.unit.Dir {
		return f.unit
	}
	f.index()
	if u := f.byDir[dir]; u != nil {
		return u
	}
	return f.unit
}

// Path implements cost.Facts.
func (f *costFacts) Path(pkg, name string, at remark.TreePos, from string) string {
	list := f.named(pkg)
	if len(list) > 1 {
		_, list = f.declared(pkg, name, at, from)
	}
	if len(list) != 1 {
		return ""
	}
	return list[0].Path
}

func isAt(p inline.Position, at remark.TreePos) bool {
	return p.Line == at.Line && filepath.Base(p.File) == at.File
}

// agree reports whether functions cost the same.
func agree(list []*inline.Function) bool {
	return !slices.ContainsFunc(list, func(f *inline.Function) bool {
		return f.Inlinable != list[0].Inlinable || f.Cost != list[0].Cost
	})
}

func imports(u, dep *load.Unit) bool {
	for _, u := range u.Imports {
		if u == dep {
			return true
		}
	}
	return false
}

// Intrinsic implements cost.Facts.
func (f *costFacts) Intrinsic(pkg, name string) bool {
	return slices.ContainsFunc(f.named(pkg), func(u *load.Unit) bool {
		is, unknown := f.Facts.Intrinsic(u.Path, name)
		if unknown != "" {
			f.Err = errors.Join(f.Err, errors.New(unknown))
		}
		return is
	})
}

// FieldAtStart implements cost.Facts.
func (f *costFacts) FieldAtStart(typ, field string) bool {
	<-f.typed
	return f.layout.leads(typ, field)
}

var _ cost.Facts = (*costFacts)(nil)
