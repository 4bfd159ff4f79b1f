package resolve

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// shapesIn returns the shapes of the callee's type arguments in an instance of
// the caller that has the shapes around.
func (s *Site) shapesIn(around []string, release string) ([]string, bool) {
	var shapes []string
	for _, a := range s.Args {
		name, ok := a.in(around, release)
		if !ok {
			return nil, false
		}
		shapes = append(shapes, name)
	}
	return shapes, true
}

// shapesOf returns the shapes of the callee's type arguments in one instance of
// the caller.
func (w *walker) shapesOf(s *rawSite, inst *instance) ([]string, bool) {
	if inst == nil {
		return s.shapesIn(nil, w.source.Go)
	}
	return s.shapesIn(inst.shapes, w.source.Go)
}

// foreign lists the instances of other packages' generic functions.
func (w *walker) foreign() []ForeignInstance {
	var list []ForeignInstance
	for name, r := range w.index.byName {
		if !isShaped(name) || w.files[placeOfRemark(r).file] {
			continue
		}
		in := ForeignInstance{Name: name, Pos: inline.Position{File: r.File, Line: r.Line, Col: r.Col}}
		in.Shape, in.Inlinable, in.Cost = linkname.TypeArgs(name), r.Kind == remark.CanInline, r.Cost
		in.Budget = r.Budget
		switch {
		case !in.Inlinable:
			in.Reason = reasonOf(r)
		case isLiteralName(name) && w.closureLimits:
			in.Budget = gorelease.ClosureOnceBudget
		default:
			in.Budget = gorelease.Budget
		}
		list = append(list, in)
	}
	slices.SortFunc(list, func(a, b ForeignInstance) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// An instanceFact is what a unit's compile told of an instance of a generic function.
type instanceFact struct {
	*inline.FunctionInstance
	pos inline.Position
}

// indexInstances indexes the instances that a unit compiled by their keys, and
// those of each function by its name.
func (k *Linkable) indexInstances() {
	k.instances = make(map[string]instanceFact)
	k.instancesOf = make(map[string][]instanceFact)
	add := func(base, key string, f instanceFact) {
		if _, seen := k.instances[key]; !seen {
			k.instances[key] = f
			k.instancesOf[base] = append(k.instancesOf[base], f)
		}
	}
	for name, f := range k.funcs {
		for i := range f.Instances {
			in := &f.Instances[i]
			add(name, instanceKey(name, in.Shape), instanceFact{in, f.Pos})
		}
	}
	for i := range k.Foreign {
		in := &k.Foreign[i]
		add(linkname.Generic(in.Name), keyOf(in.Name), instanceFact{&in.FunctionInstance, in.Pos})
	}
}

// instance finds the instance that s calls, in the body of an instance of the
// function around it that has the given shape. Which it is, is known from the
// type arguments; where these are not, all instances must be alike. What a body
// from another package calls may have been compiled there only.
func (l *linker) instance(s *Site, own *Linkable, shape string) (instanceFact, bool) {
	f, ok := l.self.instance(s, shape)
	if !ok && own != l.self {
		f, ok = own.instance(s, shape)
	}
	return f, ok
}

// instance is the linker's, among the instances that one unit compiled.
func (k *Linkable) instance(s *Site, shape string) (instanceFact, bool) {
	base := s.Name
	if s.Pkg != k.Package.Path {
		base = s.PkgName + "." + base
	}
	if shapes, ok := s.shapesIn(linkname.SplitTypeArgs(shape), k.Package.Go); ok {
		f, ok := k.instances[instanceKey(base, strings.Join(shapes, ","))]
		return f, ok
	}
	all := k.instancesOf[base]
	if len(all) == 0 {
		return instanceFact{}, false
	}
	for _, f := range all[1:] {
		if f.Inlinable != all[0].Inlinable || f.Cost != all[0].Cost || codeOf(f.Reason) != codeOf(all[0].Reason) {
			return instanceFact{}, false
		}
	}
	return all[0], true
}

// refused returns why the instances of a function that cannot be inlined cannot be, if
// they are alike.
func (k *Linkable) refused(base string) (instanceFact, bool) {
	var found instanceFact
	for _, f := range k.instancesOf[base] {
		switch {
		case f.Inlinable || f.Reason == nil:
		case found.FunctionInstance == nil:
			found = f
		case f.Cost != found.Cost || f.Reason.Message != found.Reason.Message:
			return instanceFact{}, false
		}
	}
	return found, found.FunctionInstance != nil
}

// silentInstance decides a static call of a generic function on which the
// compiler was silent. The unit that has the call compiles the instance.
func (l *linker) silentInstance(s *Site, own *Linkable, shape string) inline.Inlined {
	v := inline.Inlined{Status: inline.StatusNotInlined}
	f, ok := l.instance(s, own, shape)
	if !ok {
		v.Status = inline.StatusUnknown
		v.Reason = reason(inline.CodeOther, "the compiler does not report on this instance of %s", s.Name)
		if is, _ := l.facts.Intrinsic(s.Pkg, s.Name); is {
			v.Status, v.Reason = inline.StatusIntrinsic, nil
		}
		return v
	}
	v.Cost, v.Budget = f.Cost, f.Budget
	if !f.Inlinable {
		r := *f.Reason
		r.At = f.pos
		v.Reason = &r
		return v
	}
	if is, _ := l.facts.Intrinsic(s.Pkg, s.Name); is {
		return inline.Inlined{Status: inline.StatusIntrinsic}
	}
	return l.withheldOr(v, s, own)
}
