package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A node is a call in an inlined body while its tree is built.
type node struct {
	site   *Site
	in     *frame // the body in which site stands
	body   *frame // the body that was inlined at it; nil while none was
	target *target
	shape  string // of the instance whose body this is
	// wrapper is the printed name of the wrapper that was inlined, in which an
	// instance of a generic function is called: one that stands for the instance as a
	// value, or as the method of an interface.
	wrapper string
	called  bool // by a wrapper, and not inlined into it
	out     inline.Inlined
	kids    []*node
	order   int
	parent  *node
}

// A tree is what was inlined at one call while its parts are put in place.
type tree struct {
	*linker
	root    *Site
	top     *node
	names   []Printed // what the compiler inlined there and has no place yet
	queue   []*node   // bodies whose calls are yet to be looked at
	waiting []*node   // calls of values that were not inlined so far
	through []*node   // calls through interfaces
}

// tree lists the calls in the body that was inlined at root, each with its own
// status there. nested is what the compiler inlined at the place after the
// callee of root. It comes to the calls of inlined bodies breadth first, and
// then again to those that it could not resolve the first time; that, and the
// functions that values turn out to be, tells to which call each belongs.
func (l *linker) tree(root *Site, nested []Printed) []inline.Inlined {
	t := &tree{linker: l, root: root, names: nested}
	if root.Vague {
		t.names = nil
	}
	t.top = &node{site: root, shape: root.Shape}
	at := &frame{own: l.self, name: l.self.local(root.Caller)}
	if to := l.inlined(root, at); to != nil {
		t.top.body = l.frame(to, root, at)
	}
	if root.Unreached.Name != "" {
		t.queue = append(t.queue, t.unreached(at))
	}
	t.queue = append(t.queue, t.top)
	for {
		for len(t.queue) > 0 {
			n := t.queue[0]
			t.queue = t.queue[1:]
			t.visit(n)
		}
		if len(t.names) == 0 {
			break
		}
		if !t.again() {
			t.unplaced()
		}
	}
	t.bind()
	return collect(t.top)
}

// unreached is a likely callee that was inlined at root, though nothing reaches it:
// what was inlined in its body takes its names away, and is not listed.
func (t *tree) unreached(at *frame) *node {
	p := t.root.Unreached
	s := &Site{}
	s.Pos, s.Caller = t.root.Pos, t.root.Caller
	n := &node{site: s, target: t.named(p.Name)}
	n.body = t.frame(n.target, s, at)
	return n
}

// visit looks at the calls of an inlined body.
func (t *tree) visit(n *node) {
	if n.wrapper != "" {
		t.unwrap(n)
		return
	}
	if n.body == nil {
		return
	}
	body := n.body.own.bodies[n.body.name]
	for i, s := range body {
		if s.Elsewhere != nil {
			s = s.Elsewhere
		}
		kid := &node{site: s, in: n.body, order: i, parent: n}
		kid.out = inInstance(s, n.shape)
		n.kids = append(n.kids, kid)
		if s.Via == "go" || s.Via == "defer" || s.Status == inline.StatusEliminated {
			t.notHere(kid)
			continue
		}
		if s.throughInterface() {
			t.through = append(t.through, kid)
		}
		kid.target = t.callee(s, n.body, 0)
		switch i := t.find(kid, body[i+1:]); {
		case i >= 0:
			p := t.names[i]
			t.names = slices.Concat(t.names[:i], t.names[i+1:])
			t.attach(kid, p)
		case t.root.Vague && s.Status == inline.StatusInlined:
			t.open(kid)
		default:
			t.notHere(kid)
			if s.Func != nil && kid.target != nil {
				t.waiting = append(t.waiting, kid)
			}
		}
	}
}

// find returns which of the names is that of the kid's callee, -1 for none.
// later are the calls that follow in the same body.
func (t *tree) find(kid *node, later []*Site) int {
	if len(t.names) == 0 {
		return -1
	}
	if t.repeats(kid) {
		return -1
	}
	if kid.target == nil {
		if t.bound(kid, later) {
			return 0
		}
		return -1
	}
	if t.is(t.names[0], kid.target) {
		return 0
	}
	// Its turn would have come first, unless the function before it is one that
	// has no place here.
	if kid.site.Status != inline.StatusInlined || t.refused(kid) {
		return -1
	}
	return slices.IndexFunc(t.names, func(p Printed) bool { return t.is(p, kid.target) })
}

// bound reports whether the next name can be that of a method which is called
// through an interface in the callee's own code, and whose type is known here.
func (t *tree) bound(kid *node, later []*Site) bool {
	s := kid.site
	if s.Status != inline.StatusDynamic || s.Func != nil || !strings.HasSuffix(t.names[0].Name, "."+lastName(s.Callee)) {
		return false
	}
	for _, s := range later { // unless the name is awaited elsewhere
		if to := t.callee(s, kid.in, 0); to != nil && t.is(t.names[0], to) {
			return false
		}
	}
	kid.target = t.named(t.names[0].Name)
	return true
}

// attach makes p what was inlined at a call.
func (t *tree) attach(kid *node, p Printed) {
	kid.out.Status, kid.out.Reason = inline.StatusInlined, nil
	if kid.site.Status == inline.StatusDynamic {
		kid.out.Callee, kid.out.Cost = t.linkName(kid.target, p), 0
	}
	if isShaped(p.Name) {
		kid.shape = linkname.TypeArgs(p.Name)
		if f := t.self.instances[keyOf(p.Name)]; f.FunctionInstance != nil {
			kid.out.Cost, kid.out.Budget = f.Cost, f.Budget
		}
	} else if f := t.record(kid.target); f != nil && kid.out.Cost == 0 {
		kid.out.Cost, kid.out.Budget = f.Cost, f.Budget
	}
	if isWrapper(p.Name) {
		kid.wrapper = p.Name
	}
	t.open(kid)
}

// open has the calls of an inlined body looked at in their turn.
func (t *tree) open(kid *node) {
	if kid.target != nil {
		kid.body = t.frame(kid.target, kid.site, kid.in)
	}
	t.queue = append(t.queue, kid)
}

// unwrap looks at the call of an instance in the wrapper that stands for it.
func (t *tree) unwrap(n *node) {
	wrapper := n.wrapper
	n.wrapper = ""
	if len(t.names) > 0 && isShaped(t.names[0].Name) && t.is(t.names[0], n.target) {
		n.shape = linkname.TypeArgs(t.names[0].Name)
		if f := t.self.instances[keyOf(t.names[0].Name)]; f.FunctionInstance != nil {
			n.out.Cost, n.out.Budget = f.Cost, f.Budget
		}
		t.names = t.names[1:]
		t.queue = append(t.queue, n)
		return
	}
	n.called = true
	n.out.Status = inline.StatusNotInlined
	n.out.Reason, n.out.Cost, n.out.Budget = onlyWrapper(), 0, 0
	if f, ok := t.self.refused(linkname.Generic(wrapper)); ok {
		r := *f.Reason
		r.At = f.pos
		n.out.Reason, n.out.Cost, n.out.Budget = &r, f.Cost, f.Budget
	}
}

// onlyWrapper is the reason at a call where the instance that remains to be called is
// not known.
func onlyWrapper() *inline.Reason {
	return reason(inline.CodeOther, "only the compiler's wrapper for the instance was inlined; it calls the instance")
}

// again comes back to the calls of values that were not inlined so far, and
// reports whether one was inlined now.
func (t *tree) again() bool {
	taken := false
	rest := t.waiting[:0]
	for _, kid := range t.waiting {
		if len(t.names) > 0 && t.is(t.names[0], kid.target) {
			p := t.names[0]
			t.names = t.names[1:]
			t.attach(kid, p)
			taken = true
			continue
		}
		rest = append(rest, kid)
	}
	t.waiting = rest
	return taken
}

// unplaced adds the next function without a place: it was inlined, and no known
// body has the call.
func (t *tree) unplaced() {
	p := t.names[0]
	t.names = t.names[1:]
	kid := &node{site: &Site{}, parent: t.top, order: len(t.top.kids), target: t.named(p.Name)}
	kid.site.Status = inline.StatusDynamic
	t.top.kids = append(t.top.kids, kid)
	t.attach(kid, p)
}

// named finds the function of which only the printed name is known.
func (t *tree) named(name string) *target {
	base := linkname.Generic(name)
	if t.self.declares(base) {
		return &target{pkg: t.self.Package.Path, pkgName: t.self.Package.Name, name: base}
	}
	if pkgName, rest, ok := strings.Cut(base, "."); ok {
		if path := t.pathOf(pkgName, rest, t.root.Caller); path != "" {
			return &target{pkg: path, pkgName: pkgName, name: rest}
		}
	}
	return &target{pkg: t.self.Package.Path, pkgName: t.self.Package.Name, name: base}
}

// declares reports whether a printed name is that of a function of the package,
// or of a copy that the compiler made of one of its function literals: F.func1,
// T.M, (*T).M, F-range1, F.G.func2. Names of other packages' functions begin
// with the package's name, which no function or type of this one can have.
func (k *Linkable) declares(name string) bool {
	if k.funcs[name] != nil || strings.HasPrefix(name, "(") {
		return true
	}
	head, _, qualified := strings.Cut(name, ".")
	if !qualified {
		return true
	}
	head, _, _ = strings.Cut(head, "-range")
	if k.funcs[head] != nil {
		return true
	}
	for f := range k.funcs {
		if strings.HasPrefix(f, head+".") {
			return true
		}
	}
	return false
}

// pathOf finds the package that has a function, by the package's name: among
// those that the unit calls, then among those that the packages called by the
// function caller call, whose literals it may have got.
func (l *linker) pathOf(pkgName, function, caller string) string {
	has := func(sites []Site) string {
		for i := range sites {
			s := &sites[i]
			if s.PkgName == pkgName && s.Pkg != "" && l.function(s.Pkg, function) != nil {
				return s.Pkg
			}
		}
		return ""
	}
	if path := has(l.self.Sites); path != "" {
		return path
	}
	seen := make(map[string]bool)
	for _, s := range l.self.bodies[l.self.local(caller)] {
		if s.Pkg == "" || seen[s.Pkg] || s.Pkg == l.self.Package.Path {
			continue
		}
		seen[s.Pkg] = true
		if k, _ := l.pkg(s.Pkg); k != nil {
			if path := has(k.Sites); path != "" {
				return path
			}
		}
	}
	return ""
}

// inInstance is the verdict on s in one instance of the function around it.
func inInstance(s *Site, shape string) inline.Inlined {
	for _, in := range s.Instances {
		if in.Shape == shape && in.Status != 0 {
			return inline.Inlined{Callee: s.Callee, Pos: s.Pos, Status: in.Status, Reason: in.Reason, Cost: in.Cost, Budget: in.Budget}
		}
	}
	if s.Silent != nil && shape != "" {
		return inline.Inlined{Callee: s.Callee, Pos: s.Pos, Status: s.Silent.Status, Reason: s.Silent.Reason}
	}
	return inline.Inlined{Callee: s.Callee, Pos: s.Pos, Status: s.Status, Reason: s.Reason, Cost: s.Cost, Budget: s.Budget}
}

func lastName(link string) string { return link[strings.LastIndexByte(link, '.')+1:] }

// notHere gives the status of a call that was not inlined in the inlined body.
func (t *tree) notHere(kid *node) {
	s := kid.site
	switch {
	case kid.out.Status == 0:
		v := t.silent(s, kid.in.own, kid.parent.shape)
		kid.out.Status, kid.out.Reason, kid.out.Cost, kid.out.Budget = v.Status, v.Reason, v.Cost, v.Budget
	case kid.out.Status == inline.StatusInlined, kid.out.Status == inline.StatusMixed:
		kid.out.Status = inline.StatusNotInlined
		switch {
		case s.Func != nil && kid.target == nil:
			kid.out.Status = inline.StatusDynamic
			kid.out.Reason = reason(inline.CodeFuncValue, "the function is a value, known only at run time")
		case t.root.BigCaller:
			kid.out.Reason = reason(inline.CodeBigCaller, "the caller is big, so the budget is only %d", gorelease.BigCallerBudget)
		case t.refused(kid):
			kid.out.Reason = reason(inline.CodeRecursive, "inlining it here would repeat a recursive cycle")
		case t.hotElsewhere(kid):
			kid.out.Reason = cold(kid.out.Cost)
			kid.out.Budget = gorelease.Budget
		case t.late(kid):
			kid.out.Reason = notYet("this instance")
		default:
			kid.out.Status = inline.StatusUnknown
			kid.out.Reason = reason(inline.CodeOther, "inlined in the callee's own code, but not reported here")
		}
	}
}

// hotElsewhere reports whether a call was inlined in its function's own code only
// because a profile calls it hot there: the callee costs more than others may. A
// profile says so of a line of the caller, which is another here.
func (t *tree) hotElsewhere(kid *node) bool {
	s := kid.site
	if s.Pkg == "" || isLiteralName(s.Name) {
		return false
	}
	if kid.out.Cost == 0 {
		if f := t.function(s.Pkg, s.Name); f != nil {
			kid.out.Cost = f.Cost
		}
	}
	return kid.out.Cost > gorelease.Budget
}

// late reports whether a call in an inlined body is of an instance that the unit
// compiles itself, in a release that works out function by function what can be
// inlined: it does not know then of an instance that it comes to later.
func (t *tree) late(kid *node) bool {
	s := kid.site
	if gorelease.Of(t.self.Package.Go).FindsInlinableFirst() || len(s.Args) == 0 {
		return false
	}
	_, here := t.self.instance(s, kid.parent.shape)
	return here
}

// cold is the reason at a call of a function that only hot calls may inline.
func cold(cost int) *inline.Reason {
	return reason(inline.CodeTooExpensive, "cost %d exceeds the budget of %d for calls that are not hot in the profile", cost, gorelease.Budget)
}

// repeats reports whether a call is one of those into which it would be inlined:
// most releases refuse that without a remark.
func (t *tree) repeats(kid *node) bool {
	if !gorelease.Of(t.self.Package.Go).RefusesRepeatedCalls() {
		return false
	}
	for n := kid.parent; n != nil; n = n.parent {
		if n.site.Pos == kid.site.Pos && n.site.Pos.IsValid() {
			return true
		}
	}
	return false
}

// refused reports whether a call would repeat a recursive cycle: the compiler
// said so, or the callee is already being inlined around it, or is the function
// that the root stands in.
func (t *tree) refused(kid *node) bool {
	if t.repeats(kid) {
		return true
	}
	if kid.target != nil && slices.Contains(t.root.Cycles, t.printed(kid.target)) || kid.site.Callee == t.root.Caller {
		return true
	}
	if kid.site.Callee == "" {
		return false
	}
	for n := kid.parent; n != nil; n = n.parent {
		if n.site.Callee == kid.site.Callee {
			return true
		}
	}
	return false
}

// collect turns the nodes into values, in source order.
func collect(n *node) []inline.Inlined {
	if len(n.kids) == 0 {
		return nil
	}
	list := make([]inline.Inlined, 0, len(n.kids))
	slices.SortStableFunc(n.kids, func(a, b *node) int {
		return cmp.Or(a.out.Pos.Compare(b.out.Pos), cmp.Compare(a.order, b.order))
	})
	for _, kid := range n.kids {
		kid.out.Inlines = collect(kid)
		if kid.site.Added {
			list = append(list, kid.out.Inlines...)
			continue
		}
		list = append(list, kid.out)
	}
	return list
}
