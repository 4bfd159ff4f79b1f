package resolve

import (
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A frame is one body of a function while the calls in it are looked at: that of
// the function itself, or a copy that was inlined at a call.
type frame struct {
	own    *Linkable
	name   string // of the function, within its package
	site   *Site  // where it was inlined; nil for the function itself
	caller *frame // the body in which site stands
	outer  *frame // of a function literal, the body in which it was made
}

// A target is a function that a value turns out to be.
type target struct {
	pkg, pkgName, name string
	own                *Linkable // of a function literal, the package in which it stands
	outer              *frame    // of a function literal
}

// maxFlow bounds how far a value is followed: calls that pass on their own
// parameters have no end.
const maxFlow = 100

// follow tells which function a value is in one body; nil if that is not known.
func (l *linker) follow(f Flow, at *frame, steps int) *target {
	if steps > maxFlow {
		return nil
	}
	for range f.Depth {
		if at = at.around(); at == nil {
			return nil
		}
	}
	switch f.Kind {
	case FlowFunction:
		return &target{pkg: f.Pkg, pkgName: f.PkgName, name: f.Name}
	case FlowLiteral:
		return &target{own: at.own, name: f.Name, outer: at}
	case FlowParam:
		if at.site == nil || f.Index >= len(at.site.Funcs) {
			return nil
		}
		return l.follow(at.site.Funcs[f.Index], at.caller, steps+1)
	case FlowResult:
		body := at.own.bodies[at.name]
		if f.Index >= len(body) || body[f.Index].Via != "" {
			return nil
		}
		s := body[f.Index]
		if s.Elsewhere != nil {
			s = s.Elsewhere // one of several callees
		}
		t := l.callee(s, at, steps+1)
		if t == nil {
			return nil
		}
		in := l.frame(t, s, at)
		if in == nil {
			return nil
		}
		return l.follow(in.own.results[in.name], in, steps+1)
	}
	return nil
}

// around is the body of the function in which a function literal stands.
func (at *frame) around() *frame {
	if at.outer != nil {
		return at.outer
	}
	if name, ok := at.own.outer[at.name]; ok {
		return &frame{own: at.own, name: name}
	}
	return nil
}

// callee tells which function a call in one body calls; nil if that is not known.
func (l *linker) callee(s *Site, at *frame, steps int) *target {
	if s.Func != nil {
		if t := l.follow(s.Func.Flow, at, steps); t != nil {
			return t
		}
	}
	switch {
	case s.Name == "":
		return nil
	case s.Pkg == "":
		return &target{own: at.own, name: s.Name}
	}
	return &target{pkg: s.Pkg, pkgName: s.PkgName, name: s.Name}
}

// inlined tells which function was inlined at a call; nil if that is not known.
func (l *linker) inlined(s *Site, at *frame) *target {
	to := l.callee(s, at, 0)
	if to != nil && s.Func != nil && s.Func.Inlined.Name != "" && !l.is(s.Func.Inlined, to) {
		return nil
	}
	return to
}

// frame is the body of a function as inlined at a call; nil if nothing is known
// of its package.
func (l *linker) frame(t *target, s *Site, caller *frame) *frame {
	own := t.own
	if own == nil {
		if own, _ = l.pkg(t.pkg); own == nil {
			return nil
		}
	}
	return &frame{own: own, name: t.name, site: s, caller: caller, outer: t.outer}
}

// printed is a function's name, without type arguments, in remarks on the unit
// that is linked.
func (l *linker) printed(t *target) string {
	switch {
	case t.own == l.self, t.own == nil && t.pkg == l.self.Package.Path:
		return t.name
	case t.own != nil:
		return t.own.Package.Name + "." + t.name
	}
	return t.pkgName + "." + t.name
}

// is reports whether what a remark names is the target. The copies of a function
// literal that inlining makes have other names, and its place.
func (l *linker) is(p Printed, t *target) bool {
	if t.own == nil || !p.At.IsValid() {
		return linkname.Generic(p.Name) == l.printed(t)
	}
	f := t.own.funcs[t.name]
	return f != nil && samePlace(p.At, f.Pos)
}

// samePlace compares the place of a function in two compiles. Columns may be
// missing, and directories differ: a package may be compiled in more than one.
func samePlace(a, b inline.Position) bool {
	if a.Line != b.Line || a.Col != b.Col && a.Col != 0 && a.Col < noCol && b.Col != 0 && b.Col < noCol {
		return false
	}
	return filepath.Base(a.File) == filepath.Base(b.File)
}

// record returns what is known of a target's function; nil if nothing is.
func (l *linker) record(t *target) *inline.Function {
	if t.own != nil {
		return t.own.funcs[t.name]
	}
	return l.function(t.pkg, t.name)
}

// linkName is the link name of a target that a remark names.
func (l *linker) linkName(t *target, p Printed) string {
	name := linkname.Generic(p.Name)
	if name != l.printed(t) {
		return linkJoin(l.self.linkPath, name) // a copy of a literal
	}
	own := t.own
	if own == nil {
		own, _ = l.pkg(t.pkg)
	}
	if own == nil {
		return linkJoin(t.pkg, t.name)
	}
	return linkJoin(own.linkPath, t.name)
}
