package resolve

import (
	"go/types"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// names reports whether a printed name is one of the site's callee.
func (w *walker) names(s *rawSite, printed string) bool {
	if s.Name == "" {
		return false
	}
	return linkname.Generic(printed) == w.printedName(s, s.Name)
}

// printedName returns the name of the site's callee within its package as the
// compiler prints it in remarks on the unit: unqualified for its own functions,
// and qualified by the package name (not the path) for others.
func (w *walker) printedName(s *rawSite, name string) string {
	if s.Pkg == w.path || s.PkgName == "" { // a function literal has no package here
		return name
	}
	return s.PkgName + "." + name
}

// bind makes f the static callee of a devirtualized call.
func (w *walker) bind(s *rawSite, f *types.Func) {
	w.setMethod(s, f)
	w.place(s)
}

// setMethod makes a method, which may be one of an instance of a generic type, the
// static callee of a call.
func (w *walker) setMethod(s *rawSite, f *types.Func) {
	c := callee{kind: staticCallee, fn: f, args: receiverArgs(f)}
	c.ofReceiver = len(c.args)
	s.Args, s.typeArgs = c.shapes(nil), printedArgs(c)
	w.setCallee(s, c)
}

// withheld says why the compiler did not inline a method that can be inlined, at a call
// that it bound to the method; nil if that is not known. order is which remark tells of
// the binding.
func (w *walker) withheld(s *rawSite, order int) *inline.Reason {
	if len(s.Args) > 0 {
		// What is bound is the wrapper that passes the dictionary.
		if r := w.refusedWrapper(s); r != nil {
			v := reasonOf(*r)
			v.Message = "the compiler's wrapper for the method is not inlined: " + v.Message
			return v
		}
	}
	// Until Go 1.22 the compiler comes to callees first, but only to those that the code
	// names.
	asked, here := w.index.asked[w.printedName(s, s.Name)]
	if here && asked > order && !gorelease.Of(w.source.Go).FindsInlinableFirst() {
		return notYet("the method")
	}
	return nil
}

// methodOf returns the method to which the compiler bound a call through an
// interface, from the type that it printed; nil when that names no type that
// the unit can see.
func (w *walker) methodOf(s *rawSite) *types.Func {
	if s.Devirtualized == "" || s.method == "" || strings.Contains(s.Devirtualized, "[") {
		return nil
	}
	name, ptr := strings.CutPrefix(s.Devirtualized, "*")
	obj := w.lookupType(name)
	if obj == nil {
		return nil
	}
	t := obj.Type()
	if ptr {
		t = types.NewPointer(t)
	}
	m, _, _ := types.LookupFieldOrMethod(t, true, obj.Pkg(), s.method)
	f, _ := m.(*types.Func)
	if f == nil || funcName(f) == "" {
		return nil
	}
	return f
}

// lookupType finds a type by its printed name, T or pkg.T, in the unit's
// package and in all packages that it knows of.
func (w *walker) lookupType(name string) *types.TypeName {
	pkgName, typeName, qualified := strings.Cut(name, ".")
	if !qualified {
		obj, _ := w.pkg.Scope().Lookup(name).(*types.TypeName)
		return obj
	}
	var found *types.TypeName
	w.visible(func(p *types.Package) bool {
		if p.Name() == pkgName {
			if obj, ok := p.Scope().Lookup(typeName).(*types.TypeName); ok {
				found = obj
			}
		}
		return found == nil
	})
	return found
}

// visible calls f for each package that the unit imports, directly or not,
// nearest first, until f returns false.
func (w *walker) visible(f func(*types.Package) bool) {
	seen := map[*types.Package]bool{w.pkg: true}
	queue := []*types.Package{w.pkg}
	for len(queue) > 0 {
		p := queue[0]
		queue = queue[1:]
		if p != w.pkg && !f(p) {
			return
		}
		for _, q := range p.Imports() {
			if !seen[q] {
				seen[q] = true
				queue = append(queue, q)
			}
		}
	}
}

// findPrinted finds the function that a printed name means.
func (w *walker) findPrinted(printed string) (link, pkg, pkgName, name string) {
	base := linkname.Generic(printed)
	if r, ok := w.index.byName[printed]; ok && r.File != "" {
		if w.files[placeOfRemark(r).file] {
			return linkJoin(w.linkPath, base), w.path, w.pkg.Name(), base
		}
	}
	first, rest, ok := strings.Cut(base, ".")
	if ok {
		w.visible(func(p *types.Package) bool {
			if p.Name() == first && hasFunc(p, rest) {
				link, pkg, pkgName, name = linkJoin(p.Path(), rest), p.Path(), p.Name(), rest
				return false
			}
			return true
		})
		if link != "" {
			return link, pkg, pkgName, name
		}
	}
	return linkJoin(w.linkPath, base), "", "", ""
}

// hasFunc reports whether a package declares the function or method that a
// name within it (F, T.M, (*T).M, F.func1) begins with.
func hasFunc(p *types.Package, name string) bool {
	name = strings.TrimPrefix(name, "(*")
	if i := strings.IndexAny(name, ".)"); i >= 0 {
		name = name[:i]
	}
	return p.Scope().Lookup(name) != nil
}
