package resolve

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A node is an inlined call while its tree is built.
type node struct {
	site   *Site
	shape  string    // of the instance whose body this is
	name   string    // as the compiler printed it, "" for the root
	own    *Linkable // the package in which site stands
	out    inline.Inlined
	kids   []*node
	order  int
	parent *node
}

// tree lists the calls in the body that was inlined at root, each with its own
// status there. nested are the names that the compiler printed at the place
// after the callee of root: it comes to the calls of inlined bodies breadth
// first, which is how they are told apart here.
func (l *linker) tree(root *Site, nested []string) []inline.Inlined {
	top := &node{site: root, own: l.self, shape: root.Shape}
	if root.Vague {
		nested = nil
	}
	queue := []*node{top}
	names := slices.Clone(nested)
	for len(queue) > 0 || len(names) > 0 {
		if len(queue) == 0 {
			// Inlined, and no known body has the call: a function that was
			// passed in, or the body of a loop over an iterator.
			kid := l.unplaced(names[0], top)
			names = names[1:]
			top.kids = append(top.kids, kid)
			queue = append(queue, kid)
		}
		n := queue[0]
		queue = queue[1:]
		body, own := l.body(n.site, n.own)
		if body == nil {
			continue
		}
		for i, s := range body {
			kid := &node{site: s, own: own, order: i, parent: n}
			kid.out = inInstance(s, n.shape)
			n.kids = append(n.kids, kid)
			if s.Via == "go" || s.Via == "defer" {
				continue
			}
			taken := false
			if s.Status != inline.StatusEliminated {
				names, taken = l.take(names, kid, body[i+1:])
			}
			switch {
			case taken:
				kid.out.Status, kid.out.Reason = inline.StatusInlined, nil
				l.costOf(kid)
				queue = append(queue, kid)
			case root.Vague && s.Status == inline.StatusInlined:
				queue = append(queue, kid)
			default:
				l.notHere(kid, root)
			}
		}
	}
	return collect(top)
}

// unplaced is the node of a function of which only the printed name is known.
func (l *linker) unplaced(name string, parent *node) *node {
	s := &Site{Call: inline.Call{Callee: name, Status: inline.StatusInlined}}
	base := stripTypeArgs(name)
	if l.self.declares(base) {
		s.Pkg, s.PkgName, s.Name = l.self.Package.Path, l.self.Package.Name, base
		s.Callee = linkJoin(l.self.linkPath, base)
	} else if pkgName, rest, ok := strings.Cut(base, "."); ok {
		top := parent
		for top.parent != nil {
			top = top.parent
		}
		if path := l.pathOf(pkgName, rest, top.site.Caller); path != "" {
			s.Pkg, s.PkgName, s.Name = path, pkgName, rest
			s.Callee = linkJoin(path, rest)
		}
	}
	kid := &node{site: s, own: l.self, parent: parent, order: len(parent.kids), name: name}
	if isShaped(name) {
		kid.shape = typeArgs(name)
	}
	kid.out = inline.Inlined{Callee: s.Callee, Status: inline.StatusInlined}
	l.costOf(kid)
	return kid
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

// body returns the calls of the function that s calls, and the package they
// stand in.
func (l *linker) body(s *Site, own *Linkable) ([]*Site, *Linkable) {
	path := s.Pkg
	if path == "" && s.Name != "" {
		path = own.Package.Path // a function literal
	}
	if path == "" || s.Name == "" {
		return nil, nil
	}
	k := own
	if path != own.Package.Path {
		k, _ = l.pkg(path)
	}
	if k == nil {
		return nil, nil
	}
	return k.bodies[s.Name], k
}

// take consumes the first name if it can be the one of kid's callee. later are
// the calls that follow in the same body.
func (l *linker) take(names []string, kid *node, later []*Site) ([]string, bool) {
	if len(names) == 0 {
		return names, false
	}
	if want := l.printed(kid); want != "" {
		for i, name := range names {
			if stripTypeArgs(name) == want {
				if i > 0 && kid.site.Status != inline.StatusInlined {
					return names, false // its turn would have come first
				}
				kid.name = name
				if isShaped(name) {
					kid.shape = typeArgs(name)
				}
				return slices.Delete(names, i, i+1), true
			}
		}
		return names, false
	}
	if kid.site.Status != inline.StatusDynamic {
		return names, false
	}
	// A call of a function value or through an interface, which became a static
	// one in the body's new surroundings, unless the name is awaited elsewhere.
	for _, s := range later {
		if l.printed(&node{site: s, own: kid.own}) == stripTypeArgs(names[0]) {
			return names, false
		}
	}
	if kid.site.CalleePos.IsValid() && !strings.HasSuffix(names[0], "."+lastName(kid.site.Callee)) {
		return names, false // an interface method keeps its name
	}
	if !kid.site.CalleePos.IsValid() && !isLiteralName(names[0]) {
		return names, false
	}
	found := l.unplaced(names[0], kid.parent)
	found.site.Pos = kid.site.Pos
	kid.site, kid.own, kid.out.Callee = found.site, l.self, found.site.Callee
	kid.name, kid.shape = found.name, found.shape
	return names[1:], true
}

func lastName(link string) string { return link[strings.LastIndexByte(link, '.')+1:] }

// printed is the callee's name, without type arguments, in remarks on the unit
// that is linked; "" for a dynamic call.
func (l *linker) printed(n *node) string {
	s := n.site
	switch {
	case s.Name == "":
		return ""
	case s.Pkg == "": // a function literal of the body's package
		if n.own == l.self {
			return s.Name
		}
		return n.own.Package.Name + "." + s.Name
	case s.Pkg == l.self.Package.Path:
		return s.Name
	}
	return s.PkgName + "." + s.Name
}

// costOf fills in the cost of a callee that was inlined.
func (l *linker) costOf(kid *node) {
	if isShaped(kid.name) {
		f := l.self.instances[keyOf(kid.name)]
		if f.FunctionInstance != nil {
			kid.out.Cost, kid.out.Budget = f.Cost, f.Budget
		}
		return
	}
	if kid.out.Cost != 0 || kid.site.Pkg == "" {
		return
	}
	if f := l.function(kid.site.Pkg, kid.site.Name); f != nil {
		kid.out.Cost, kid.out.Budget = f.Cost, f.Budget
	}
}

// notHere gives the status of a call that was not inlined in the inlined body.
func (l *linker) notHere(kid *node, root *Site) {
	s := kid.site
	switch {
	case kid.out.Status == 0:
		v := l.silent(s, kid.own, kid.parent.shape)
		kid.out.Status, kid.out.Reason, kid.out.Cost, kid.out.Budget = v.Status, v.Reason, v.Cost, v.Budget
	case kid.out.Status == inline.StatusInlined, kid.out.Status == inline.StatusMixed:
		kid.out.Status = inline.StatusNotInlined
		switch {
		case root.BigCaller:
			kid.out.Reason = reason(inline.CodeBigCaller, "the caller is big, which leaves a budget of %d", bigCallerBudget)
		case slices.Contains(root.Cycles, l.printed(kid)), repeats(kid, root):
			kid.out.Reason = reason(inline.CodeRecursive, "inlining it here would repeat a recursive cycle")
		default:
			kid.out.Status = inline.StatusUnknown
			kid.out.Reason = reason(inline.CodeOther, "inlined in the callee's own code, but not reported here")
		}
	}
}

// repeats reports whether kid calls a function that is already being inlined
// around it, or the one that root stands in.
func repeats(kid *node, root *Site) bool {
	if kid.site.Callee == root.Caller {
		return true
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
