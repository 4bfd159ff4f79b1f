package resolve

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// Facts is what linking needs to know of packages. Paths are import paths as
// the unit's compile resolves them.
type Facts interface {
	// Package returns what the package's own compile tells. It returns nil and
	// a sentence when that is not to be had.
	Package(path string) (*Linkable, string)
	// Intrinsic reports whether the back end replaces calls of the function by
	// instructions; name is the function's within its package. It returns a sentence
	// when that is not known.
	Intrinsic(path, name string) (is bool, unknown string)
}

// A Linkable is a Local with its functions and sites by name.
type Linkable struct {
	*Local
	linkPath string
	funcs    map[string]*inline.Function // by name within the package
	// The instances of generic functions that the unit compiled, its own and others',
	// by printed name, and those of each function.
	instances   map[string]instanceFact
	instancesOf map[string][]instanceFact
	bodies      map[string][]*Site // by caller's name within the package
	outer       map[string]string  // of function literals, the function around
	results     map[string]Flow    // of functions that return one known function
}

// NewLinkable indexes a Local for linking.
func NewLinkable(l *Local) *Linkable {
	k := &Linkable{
		Local:    l,
		linkPath: l.Package.Path,
		funcs:    make(map[string]*inline.Function, len(l.Package.Functions)),
		bodies:   make(map[string][]*Site),
		outer:    make(map[string]string),
		results:  make(map[string]Flow),
	}
	if l.Package.Name == "main" && l.Package.Variant == "" {
		k.linkPath = "main"
	}
	for i := range l.Package.Functions {
		f := &l.Package.Functions[i]
		k.funcs[k.local(f.Name)] = f
	}
	for _, b := range l.Bodies {
		if b.Outer != "" {
			k.outer[b.Name] = b.Outer
		}
		if b.Result.Kind != FlowUnknown {
			k.results[b.Name] = b.Result
		}
	}
	for i := range l.Sites {
		s := &l.Sites[i]
		name := k.local(s.Caller)
		k.bodies[name] = append(k.bodies[name], s)
	}
	k.indexInstances()
	return k
}

// local cuts the package's path off a link name.
func (k *Linkable) local(link string) string {
	if len(link) > len(k.linkPath) {
		return link[len(k.linkPath)+1:]
	}
	return link
}

// imports reports whether the unit's source imports a package.
func (k *Linkable) imports(path string) bool {
	_, found := slices.BinarySearch(k.Imports, path)
	return found
}

// Link decides what the unit's own compile left open, and returns the package
// with all its verdicts.
func (k *Linkable) Link(facts Facts) *inline.Package {
	p := k.Package
	l := &linker{self: k, facts: facts}
	p.Calls = make([]inline.Call, 0, len(k.Sites))
	for i := range k.Sites {
		if k.Sites[i].Added {
			continue
		}
		c := l.call(&k.Sites[i])
		if around, ok := k.Added[c.Caller]; ok {
			c.Caller = around
		}
		p.Calls = append(p.Calls, c)
	}
	if len(k.Added) > 0 {
		p.Functions = slices.DeleteFunc(slices.Clone(p.Functions), func(f inline.Function) bool { return k.Added[f.Name] != "" })
	}
	slices.SortStableFunc(p.Calls, func(a, b inline.Call) int { return a.Pos.Compare(b.Pos) })
	return &p
}

type linker struct {
	self  *Linkable
	facts Facts
}

func (l *linker) call(s *Site) inline.Call {
	c := s.Call
	if s.Pending {
		l.decide(&c, s)
	}
	silentGeneric := s.Pending && len(s.Args) > 0 && c.Status != inline.StatusUnknown
	if silentGeneric && c.Reason != nil && c.Reason.At.IsValid() {
		c.CalleePos = c.Reason.At
	}
	if s.Func != nil && s.Func.Inlined.Name != "" {
		l.nameValue(&c, s)
	} else if s.Pkg != "" && !silentGeneric && (s.Pending || c.Status == inline.StatusInlined || c.Wrapped) {
		l.describeCallee(&c, s)
	}
	if c.Status != inline.StatusNotInlined && c.Status != inline.StatusDynamic {
		c.Doubt = ""
	}
	if c.Status == inline.StatusInlined || c.Wrapped {
		c.Copied = l.self.copied(c.Caller)
	}
	switch {
	case c.Status == inline.StatusInlined:
		c.Inlines = l.tree(s, s.Nested)
	case c.Wrapped:
		inner := inline.Inlined{Callee: c.Callee, Pos: c.Pos, Status: inline.StatusInlined, Cost: c.Cost, Budget: c.Budget}
		inner.Inlines = l.tree(s, s.Nested[1:])
		c.Inlines = []inline.Inlined{inner}
	}
	return c
}

// decide gives a call, or each of its instances, the verdict on which the compiler was
// silent.
func (l *linker) decide(c *inline.Call, s *Site) {
	if len(c.Instances) == 0 {
		v := l.silent(s, l.self, "")
		c.Status, c.Reason, c.Cost, c.Budget = v.Status, v.Reason, v.Cost, v.Budget
		return
	}
	c.Instances = slices.Clone(c.Instances)
	for i := range c.Instances {
		if in := &c.Instances[i]; in.Status == 0 {
			v := l.silent(s, l.self, in.Shape)
			in.Status, in.Reason, in.Cost, in.Budget = v.Status, v.Reason, v.Cost, v.Budget
		}
	}
	in := c.Instances[0]
	c.Status, c.Reason, c.Cost, c.Budget = in.Status, in.Reason, in.Cost, in.Budget
	if !agree(c.Instances) {
		setMixed(c)
	}
}

// describeCallee says where the function is that a call names, and what an inlined one
// costs.
func (l *linker) describeCallee(c *inline.Call, s *Site) {
	f := l.function(s.Pkg, s.Name)
	if f == nil {
		return
	}
	c.CalleePos = f.Pos
	if (c.Status == inline.StatusInlined || c.Wrapped) && c.Cost == 0 && f.Inlinable && len(s.Args) == 0 {
		c.Cost, c.Budget = f.Cost, max(c.Budget, f.Budget)
		if s.BigCaller {
			c.Budget = gorelease.BigCallerBudget
		}
	}
}

// nameValue says of which function an inlined call of a value is.
func (l *linker) nameValue(c *inline.Call, s *Site) {
	to := l.inlined(s, &frame{own: l.self, name: l.self.local(s.Caller)})
	if to == nil {
		return
	}
	c.Callee = l.linkName(to, s.Func.Inlined)
	f := l.record(to)
	if f == nil {
		return
	}
	c.CalleePos = f.Pos
	if c.Cost == 0 && f.Inlinable {
		c.Cost, c.Budget = f.Cost, max(c.Budget, f.Budget)
	}
}

// function returns what is known of a function, nil if nothing is.
func (l *linker) function(path, name string) *inline.Function {
	k, _ := l.pkg(path)
	if k == nil {
		return nil
	}
	return k.funcs[name]
}

func (l *linker) pkg(path string) (*Linkable, string) {
	if path == l.self.Package.Path {
		return l.self, ""
	}
	return l.facts.Package(path)
}

// silent decides a static call in the package own on which the compiler was
// silent. shape is that of the instance around the call, "" for other code.
func (l *linker) silent(s *Site, own *Linkable, shape string) inline.Inlined {
	if len(s.Args) > 0 && !own.InliningOff {
		return l.silentInstance(s, own, shape)
	}
	v := inline.Inlined{Status: inline.StatusNotInlined}
	switch is, unknown := l.facts.Intrinsic(s.Pkg, s.Name); {
	case is:
		v.Status = inline.StatusIntrinsic
		return v
	case unknown != "":
		v.Status = inline.StatusUnknown
		v.Reason = reason(inline.CodeOther, "%s", unknown)
		return v
	}
	if own.InliningOff {
		v.Reason = inliningOff(own.Package.Path)
		return v
	}
	k, missing := l.pkg(s.Pkg)
	if k == nil {
		v.Status = inline.StatusUnknown
		v.Reason = reason(inline.CodeOther, "%s", missing)
		return v
	}
	f := k.funcs[s.Name]
	if f == nil || !f.Known {
		v.Status = inline.StatusUnknown
		v.Reason = reason(inline.CodeOther, "the compile of package %s reported nothing about %s", s.Pkg, s.Name)
		if f != nil && len(k.Package.Errors) == 0 {
			v.Reason.At = f.Pos
		}
		return v
	}
	v.Cost, v.Budget = f.Cost, f.Budget
	if !f.Inlinable {
		r := *f.Reason
		r.At = f.Pos
		v.Reason = &r
		return v
	}
	return l.withheldOr(v, s, own)
}

// withheldOr completes the verdict on a call of a function that can be inlined.
func (l *linker) withheldOr(v inline.Inlined, s *Site, own *Linkable) inline.Inlined {
	v.Reason = withheld(s, v.Cost, own)
	if v.Reason == nil {
		v.Status = inline.StatusUnknown
		v.Reason = reason(inline.CodeOther, "the callee can be inlined (cost %d), but the compiler does not report why it was not inlined here", v.Cost)
	}
	if v.Reason.Code == inline.CodeBigCaller {
		v.Budget = gorelease.BigCallerBudget
	}
	return v
}

// notYet is the reason at a call of what the compiler had not come to.
func notYet(what string) *inline.Reason {
	return reason(inline.CodeOther, "this Go release did not know yet whether %s can be inlined when it reached the call", what)
}

// withheld says why a function that can be inlined was not inlined at s; nil
// if nothing known forbids it.
func withheld(s *Site, cost int, own *Linkable) *inline.Reason {
	switch {
	case len(s.Cycles) > 0:
		return reason(inline.CodeRecursive, "inlining it here would repeat a recursive cycle")
	case s.Caller == s.Callee:
		return reason(inline.CodeRecursive, "the function calls itself")
	case s.BigCaller && cost > gorelease.BigCallerBudget:
		return reason(inline.CodeBigCaller, "the caller is big, so the budget is only %d; the callee costs %d", gorelease.BigCallerBudget, cost)
	case own.Race:
		return reason(inline.CodeRaceBuild, "an instrumented build does not inline it")
	case cost > gorelease.Budget:
		return cold(cost)
	case s.Withheld != nil:
		return s.Withheld
	case s.Pkg != own.Package.Path && !own.imports(s.Pkg):
		// The compiler writes the body of another package's function into its
		// export data only if it inlined it there [noder/linker.go, exportBody].
		return reason(inline.CodeOther, "the callee can be inlined (cost %d), but its package %s is not imported here, and no import provides its body; a blank import would", cost, s.Pkg)
	}
	return nil
}
