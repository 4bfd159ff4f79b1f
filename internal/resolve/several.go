package resolve

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A sharedPlace is what the compiler's positions do not tell apart: the calls of a
// line beyond column 255, or after a //line directive without columns. Lines of
// many thousand calls exist in generated code, so each list is walked once.
type sharedPlace struct {
	sites     []*rawSite
	calls     map[string]int    // how many calls the line has, by the callee's printed name
	inlined   map[string]int    // how many the compiler inlined, by the same
	first     map[string]string // the first of these, as it was printed
	explained bool              // each inlined name is that of a static call of the line
}

// sharedPlaces finds the places that several calls share.
func (w *walker) sharedPlaces() map[place]*sharedPlace {
	first := make(map[place]*rawSite, len(w.sites))
	all := make(map[place]*sharedPlace)
	for _, s := range w.sites {
		other := first[s.place]
		if other == nil {
			first[s.place] = s
			continue
		}
		c := all[s.place]
		if c == nil {
			c = &sharedPlace{
				sites: []*rawSite{other},
				calls: make(map[string]int), inlined: make(map[string]int), first: make(map[string]string),
			}
			all[s.place] = c
		}
		c.sites = append(c.sites, s)
	}
	for at, c := range all {
		c.count(w, w.index.calls[at])
	}
	return all
}

func (c *sharedPlace) count(w *walker, ev *callRemarks) {
	named := make(map[string]bool)
	for _, s := range c.sites {
		if !s.named() || s.Name == "" {
			continue
		}
		name := w.printedName(s, s.Name)
		named[name] = true
		if s.dead == "" {
			c.calls[name]++
		}
	}
	c.explained = true
	if ev == nil {
		return
	}
	for _, printed := range ev.inlined {
		name := linkname.Generic(printed)
		if c.inlined[name]++; c.inlined[name] == 1 {
			c.first[name] = printed
		}
		c.explained = c.explained && named[name]
	}
}

// decideShared decides a call that shares its place.
func (w *walker) decideShared(s *rawSite, c *sharedPlace, ev *callRemarks) {
	if s.caller.generic {
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the compiler gives no column here, and the line has several calls in generic code")
		return
	}
	if !s.named() {
		// What is inlined at a dynamic call has a name that the source does not tell.
		if c.explained {
			w.decideOne(s, new(callRemarks), nil)
			return
		}
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the compiler gives no column here, and the line has several calls")
		return
	}
	name := w.printedName(s, s.Name)
	calls, inlined := c.calls[name], c.inlined[name]
	switch {
	case inlined == 0:
		w.decideOne(s, &callRemarks{cycles: ev.cycles}, nil)
	case inlined >= calls:
		w.decideOne(s, &callRemarks{inlined: []string{c.first[name]}}, nil)
		s.Vague = true
	default:
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "the compiler gives no column here, and inlined %d of the %d calls of %s on the line", inlined, calls, s.Name)
	}
}

// named reports whether the source tells the callee's name.
func (s *rawSite) named() bool {
	return s.kind == staticCallee || s.kind == literalCallee
}

// decideInstances decides a call in a generic function, for each instance of
// the function by itself.
func (w *walker) decideInstances(s *rawSite, ev *callRemarks) {
	insts := s.caller.instances
	if len(insts) == 0 {
		w.decideOne(s, ev, nil)
		return
	}
	silent := w.silence(s)
	defer func() { s.Silent = silent }()
	parts, ok := w.split(s, ev, insts)
	if !ok {
		s.Status = inline.StatusUnknown
		s.Reason = reason(inline.CodeOther, "inlined in some of %d instances; the compiler does not report in which", len(insts))
		return
	}
	var first *rawSite
	pending := false
	for i := range insts {
		one := *s
		w.decideOne(&one, parts[i], &insts[i])
		if first == nil {
			first = &one
		}
		pending = pending || one.Pending
		for _, u := range insts[i].users {
			s.Instances = append(s.Instances, inline.CallInstance{
				TypeArgs: u, Shape: insts[i].shape, Callee: one.Callee,
				Status: one.Status, Reason: one.Reason, Cost: one.Cost, Budget: one.Budget,
			})
		}
	}
	list := s.Instances
	s.Site = first.Site
	s.Instances = list
	s.Pending = pending
	if !pending && !agree(list) {
		setMixed(&s.Call)
	}
}

// setMixed makes a call's verdict the summary of its instances.
func setMixed(c *inline.Call) {
	c.Status, c.Reason = inline.StatusMixed, reason(inline.CodeOther, "%s", mixture(c.Instances))
}

func agree(list []inline.CallInstance) bool {
	for _, in := range list[1:] {
		if in.Status != list[0].Status || !reflect.DeepEqual(codeOf(in.Reason), codeOf(list[0].Reason)) {
			return false
		}
	}
	return true
}

func codeOf(r *inline.Reason) inline.ReasonCode {
	if r == nil {
		return ""
	}
	return r.Code
}

func mixture(list []inline.CallInstance) string {
	counts := make(map[inline.Status]int)
	for _, in := range list {
		counts[in.Status]++
	}
	text := ""
	for _, st := range inline.Statuses() {
		if n := counts[st]; n > 0 {
			if text != "" {
				text += ", "
			}
			text += fmt.Sprintf("%s in %d", st, n)
		}
	}
	return text + fmt.Sprintf(" of %d instances", len(list))
}

// split divides what the compiler said at a call in generic code among the
// instances of the caller: it comes to them one after another. It fails where
// only some of them have something and nothing tells which.
func (w *walker) split(s *rawSite, ev *callRemarks, insts []instance) ([]*callRemarks, bool) {
	parts := make([]*callRemarks, len(insts))
	for i := range parts {
		parts[i] = &callRemarks{}
		if len(ev.types) == len(insts) {
			parts[i].types = ev.types[i : i+1]
		} else if len(ev.types) > 0 {
			parts[i].types = ev.types[:1]
		}
		parts[i].cycles = ev.cycles
		if n := len(ev.bound) / len(insts); n > 0 && n*len(insts) == len(ev.bound) {
			parts[i].bound, parts[i].order = ev.bound[i*n:(i+1)*n], ev.order[i*n:(i+1)*n]
		} else if len(ev.bound) > 0 {
			parts[i].order = ev.order[:1] // that of the type
		}
	}
	if len(ev.inlined) == 0 {
		return parts, true
	}
	runs := w.chunks(s, ev.inlined, len(insts))
	if runs == nil {
		runs = w.runs(s, ev.inlined)
	}
	switch {
	case len(runs) == len(insts):
		for i, run := range runs {
			parts[i].inlined = run
		}
		return parts, true
	case s.kind == staticCallee && len(s.Args) > 0:
		return parts, w.assign(s, parts, runs, insts)
	}
	return nil, false
}

// chunks cuts the names at a call into as many equal pieces as there are
// instances; nil if the pieces differ in more than type arguments.
func (w *walker) chunks(s *rawSite, names []string, instances int) [][]string {
	if len(names)%instances != 0 || s.kind == staticCallee && !w.names(s, names[0]) && !w.expressionLiteral(s, &callRemarks{inlined: names}) {
		return nil
	}
	n := len(names) / instances
	for i := range names {
		if linkname.Generic(names[i]) != linkname.Generic(names[i%n]) {
			return nil
		}
	}
	return slices.Collect(slices.Chunk(names, n))
}

// runs cuts the names at a call where the callee of the call itself comes again.
func (w *walker) runs(s *rawSite, names []string) [][]string {
	var runs [][]string
	for _, name := range names {
		if w.names(s, name) || len(runs) == 0 {
			runs = append(runs, nil)
		}
		runs[len(runs)-1] = append(runs[len(runs)-1], name)
	}
	return runs
}

// assign gives runs to instances by the shape that the callee's name tells.
func (w *walker) assign(s *rawSite, parts []*callRemarks, runs [][]string, insts []instance) bool {
	given := 0
	for i := range insts {
		shapes, ok := w.shapesOf(s, &insts[i])
		if !ok {
			return false
		}
		key := instanceKey(w.printedName(s, s.Name), strings.Join(shapes, ","))
		for _, run := range runs {
			if keyOf(run[0]) == key {
				parts[i].inlined = run
				given++
				break
			}
		}
	}
	return given >= len(runs)
}
