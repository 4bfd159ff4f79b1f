package resolve

import (
	"go/types"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// decide gives each call the verdict that the remarks hold for it.
func (w *walker) decide() {
	at := make(map[place][]*rawSite)
	for _, s := range w.sites {
		at[s.place] = append(at[s.place], s)
	}
	none := new(events)
	for _, s := range w.sites {
		ev := w.index.calls[s.place]
		if ev == nil {
			ev = none
		}
		switch {
		case s.dead != "":
			s.Status, s.Reason = inline.StatusEliminated, reason(inline.CodeDeadCode, "%s", s.dead)
		case s.caller.unseen:
			s.Status = inline.StatusUnknown
			s.Reason = reason(inline.CodeOther, "no instance of the generic function around it is compiled in this package")
		case len(at[s.place]) > 1:
			w.decideShared(s, at[s.place], ev)
		case s.caller.generic:
			w.decideInstances(s, ev)
		default:
			w.decideOne(s, ev, nil)
		}
	}
}

// decideOne decides a call in one function or instance; inst is nil for a
// caller that is not generic. ev holds what the compiler said for just that.
func (w *walker) decideOne(s *rawSite, ev *events, inst *instance) {
	s.Cycles = ev.cycles
	// The remark at a static call is about a call in the body inlined there.
	if len(ev.types) > 0 && (s.callee.kind == interfaceCallee || s.callee.kind == typeParamCallee) {
		s.Devirtualized = ev.types[0]
	}
	s.Hot = len(ev.hot) > 0
	switch {
	case s.Via == "go" || s.Via == "defer":
		w.decideStatement(s, ev)
	case len(ev.inlined) > 0:
		s.Status, s.Reason = inline.StatusInlined, nil
		s.Nested = ev.inlined[1:]
		w.nameInlined(s, ev.inlined[0])
		if len(ev.likely) > 0 {
			s.Reason = reason(inline.CodeFuncValue, "inlined behind a test for %s, which the profile makes the likely callee; others are called through the value", ev.likely[0])
			if s.callee.kind != valueCallee {
				s.Reason.Code = inline.CodeInterfaceMethod
			}
		}
	case len(ev.partial) > 0 && s.callee.kind == interfaceCallee:
		w.decideDynamic(s)
		s.Devirtualized = ev.partial[0]
		s.Reason.Message = "bound to " + ev.partial[0] + " by the compiler, whose method is that of an interface it embeds, found at run time"
	case len(ev.likely) > 0:
		w.decideDynamic(s)
		s.Reason.Message = "called directly behind a test for " + ev.likely[0] + ", which the profile makes the likely callee"
	default:
		w.decideSilent(s, inst)
	}
}

// decideStatement decides the call of a go or defer statement. The compiler
// wraps it in a function of its own, into which the callee may be inlined; the
// statement calls the wrapper.
func (w *walker) decideStatement(s *rawSite, ev *events) {
	if f := w.methodOf(s); f != nil && len(ev.inlined) > 0 {
		w.bind(s, f)
	}
	switch s.callee.kind {
	case interfaceCallee, typeParamCallee, valueCallee:
		w.decideDynamic(s)
		return
	}
	s.Status = inline.StatusNotInlined
	code, word := inline.CodeDeferStatement, "deferred"
	if s.Via == "go" {
		code, word = inline.CodeGoStatement, "started"
	}
	s.Reason = reason(code, "%s calls are never inlined", word)
	if len(ev.inlined) > 0 && (s.callee.kind != staticCallee || w.names(s, ev.inlined[0])) {
		s.Wrapped = true
		s.Nested = ev.inlined
		s.Reason.Message = word + " calls are never inlined; the callee was inlined into the wrapper that the compiler makes for the statement"
		if r, ok := w.index.byName[ev.inlined[0]]; ok {
			s.Cost = r.Cost
		}
	}
}

// names reports whether a printed name is one of the site's callee.
func (w *walker) names(s *rawSite, printed string) bool {
	if s.Name == "" {
		return false
	}
	want := s.Name
	if s.Pkg != w.path && s.PkgName != "" {
		want = s.PkgName + "." + want
	}
	return stripTypeArgs(printed) == want
}

// nameInlined fills in what the compiler says of a callee that it inlined.
func (w *walker) nameInlined(s *rawSite, printed string) {
	if len(s.Nested) > 0 && !isShaped(printed) && isShaped(s.Nested[0]) && stripTypeArgs(printed) == stripTypeArgs(s.Nested[0]) {
		// The wrapper that stands for an instance as a value, and the instance.
		printed, s.Nested = s.Nested[0], s.Nested[1:]
	}
	if isShaped(printed) {
		s.Shape = typeArgs(printed)
	}
	if r, ok := w.index.byName[printed]; ok {
		s.Cost = r.Cost
		s.Budget = w.limit(s, r)
	}
	if s.callee.kind == staticCallee || s.callee.kind == literalCallee && s.Callee != "" {
		return
	}
	// A dynamic call that turned out to have one callee.
	if f := w.methodOf(s); f != nil {
		w.bind(s, f)
		return
	}
	s.Callee, s.Pkg, s.PkgName, s.Name = w.findPrinted(printed)
}

// limit is the budget that a call of an inlinable function had.
func (w *walker) limit(s *rawSite, r gc.Remark) int {
	limit := defaultBudget
	if s.BigCaller {
		limit = bigCallerBudget
	}
	if s.callee.kind == literalCallee && w.closureLimits {
		limit *= 2
	}
	if r.Cost > limit && w.closureLimits && isLiteralName(r.Name) {
		limit = onceClosureBudget
	}
	if r.Cost > limit {
		limit = hotBudget
	}
	return limit
}

func isLiteralName(name string) bool {
	return strings.Contains(name, ".func") || strings.Contains(name, "-range")
}

// bind makes f the static callee of a devirtualized call.
func (w *walker) bind(s *rawSite, f *types.Func) {
	s.callee = callee{kind: staticCallee, fn: f}
	w.nameCallee(s)
}

// methodOf returns the method to which the compiler bound a call through an
// interface, from the type that it printed; nil when that names no type that
// the unit can see.
func (w *walker) methodOf(s *rawSite) *types.Func {
	if s.Devirtualized == "" || s.callee.fn == nil || strings.Contains(s.Devirtualized, "[") {
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
	m, _, _ := types.LookupFieldOrMethod(t, true, obj.Pkg(), s.callee.fn.Name())
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
	base := stripTypeArgs(printed)
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

// decideSilent decides a call at which the compiler inlined nothing.
func (w *walker) decideSilent(s *rawSite, inst *instance) {
	if s.Devirtualized != "" {
		if f := w.methodOf(s); f != nil {
			w.bind(s, f)
		}
	}
	switch s.callee.kind {
	case staticCallee:
		switch {
		case s.callee.wrapper:
			s.Status = inline.StatusNotInlined
			s.Reason = reason(inline.CodeOther, "the method expression calls a wrapper that the compiler makes, as the receiver has another type")
		case s.KeptLoop:
			s.Status = inline.StatusNotInlined
			s.Reason = reason(inline.CodeOther, "this Go release inlines nothing in the body of a b.Loop loop")
		case len(s.callee.args) > 0:
			w.decideGenericCallee(s, inst)
		default:
			s.Pending = true
		}
	case literalCallee:
		w.decideLiteral(s)
	default:
		w.decideDynamic(s)
	}
}

func (w *walker) decideDynamic(s *rawSite) {
	s.Status = inline.StatusDynamic
	switch s.callee.kind {
	case interfaceCallee:
		s.Reason = reason(inline.CodeInterfaceMethod, "the method is found through the interface at run time")
		if s.Devirtualized != "" {
			s.Reason.Message = "bound to " + s.Devirtualized + " by the compiler, but still a call"
			s.Status = inline.StatusNotInlined
			s.Reason.Code = inline.CodeOther
		}
	case typeParamCallee:
		s.Reason = reason(inline.CodeTypeParameter, "the method is found through the dictionary of the type parameter at run time")
	default:
		s.Reason = reason(inline.CodeFuncValue, "the function is a value, known at run time only")
		if s.Via == "range" {
			s.Reason.Message = "the iterator is a value, known at run time only"
		}
	}
}

// decideLiteral decides the call of a function literal on which the compiler
// was silent.
func (w *walker) decideLiteral(s *rawSite) {
	lit := w.lits[s.callee.lit]
	if lit == nil || lit.parent != s.caller {
		// Kept in a variable of another function: called through the variable.
		s.Status = inline.StatusDynamic
		s.Reason = reason(inline.CodeFuncValue, "the function literal is captured in a variable")
		return
	}
	f := w.functions[lit.fn]
	s.Status, s.Cost, s.Budget = inline.StatusNotInlined, f.Cost, f.Budget
	limit := closureBudget
	if s.BigCaller {
		limit = 2 * bigCallerBudget
	}
	switch {
	case s.KeptLoop:
		s.Reason = reason(inline.CodeOther, "this Go release inlines nothing in the body of a b.Loop loop")
	case !f.Known:
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the compiler said nothing about the function literal")
	case !f.Inlinable:
		s.Reason = f.Reason
	case f.Cost > limit && s.BigCaller:
		s.Budget = limit
		s.Reason = reason(inline.CodeBigCaller, "the caller is big, which leaves a budget of %d for a function literal; this one costs %d", limit, f.Cost)
	case f.Cost > limit:
		s.Budget = limit
		s.Reason = reason(inline.CodeClosureLimit, "the function literal costs %d; called more than once it may cost %d", f.Cost, limit)
	default:
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the function literal can be inlined (cost %d), and the compiler does not say why it was not here", f.Cost)
	}
	if s.Reason != nil && !s.Reason.At.IsValid() {
		r := *s.Reason
		r.At = f.Pos
		s.Reason = &r
	}
}

// decideGenericCallee decides a silent call of an instance of a generic
// function. Its remark is one of this unit, which compiles the instance.
func (w *walker) decideGenericCallee(s *rawSite, inst *instance) {
	r, ok := w.instanceRemark(s, inst)
	if !ok {
		s.Pending = true // perhaps an intrinsic, or compiled where it is declared
		return
	}
	s.Cost = r.Cost
	if r.Kind == gc.CannotInline {
		s.Status, s.Budget, s.Reason = inline.StatusNotInlined, r.Budget, reasonOf(r)
		s.Reason.At = inline.Position{File: r.File, Line: r.Line, Col: r.Col}
		return
	}
	s.Pending = true
}

// instanceRemark finds what the compiler said of the callee's instance: by its
// exact name if the shapes of its type arguments are known, otherwise if all
// instances of it agree.
func (w *walker) instanceRemark(s *rawSite, inst *instance) (gc.Remark, bool) {
	base := printedName(s.callee.fn.Pkg(), w.pkg, s.Name)
	if shapes, ok := w.shapesOf(s, inst); ok {
		if r, ok := w.index.byName[w.shapedName(s, shapes)]; ok {
			return r, true
		}
	}
	var first gc.Remark
	for _, r := range w.index.byBase[base] {
		if !isShaped(r.Name) {
			continue
		}
		if first.Kind != 0 && (first.Kind != r.Kind || first.Text != r.Text && stripNumbers(first.Text) != stripNumbers(r.Text)) {
			return gc.Remark{}, false
		}
		if first.Kind == 0 {
			first = r
		}
	}
	return first, first.Kind != 0
}

func stripNumbers(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return -1
		}
		return r
	}, s)
}

// shapesOf returns the shapes of the callee's type arguments in one instance of
// the caller.
func (w *walker) shapesOf(s *rawSite, inst *instance) ([]string, bool) {
	var shapes []string
	for _, t := range s.callee.args {
		if tp, ok := types.Unalias(t).(*types.TypeParam); ok {
			i := indexParam(s.caller.params, tp)
			if inst == nil || i < 0 || i >= len(inst.shapes) {
				return nil, false
			}
			shapes = append(shapes, inst.shapes[i])
			continue
		}
		if hasTypeParam(t) {
			return nil, false
		}
		shapes = append(shapes, shapeOf(t))
	}
	return shapes, true
}

func indexParam(params []*types.TypeParam, tp *types.TypeParam) int {
	for i, p := range params {
		if p == tp {
			return i
		}
	}
	return -1
}

func (w *walker) shapedName(s *rawSite, shapes []string) string {
	name := insertArgs(s.Name, strings.Join(shapes, ","))
	return printedName(s.callee.fn.Pkg(), w.pkg, name)
}
