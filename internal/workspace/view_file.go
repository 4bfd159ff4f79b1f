package workspace

import (
	"cmp"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// file puts a unit's verdicts to the places of a file.
func (o *outline) file(name string, r *result, from map[inline.Declaration][]*inline.Call) *File {
	f := &File{Name: name, Unit: r.unit, result: r, Text: o.text, Blocks: o.blocks}
	functions := o.functions(r)
	index := make([]int, len(o.funcs)) // of each place in f.Funcs, -1 if it is no function
	for i := range o.funcs {
		p := &o.funcs[i]
		index[i] = -1
		if functions[i] == nil {
			continue
		}
		index[i] = len(f.Funcs)
		f.Funcs = append(f.Funcs, FileFunction{
			Function: functions[i], Name: p.name, Decl: p.decl, Declared: p.declared,
			CalledFrom: from[inline.Declaration{File: functions[i].Pos.File, Line: functions[i].Pos.Line, Name: linkname.Base(functions[i].Name)}],
		})
	}
	for i, c := range o.verdicts(r) {
		if c == nil {
			continue
		}
		p := &o.calls[i]
		callee := p.whole
		if p.index && c.Callee != "" {
			callee = p.inner // what was in the brackets were types
		}
		call := FileCall{Call: c, Callee: callee.all, Name: callee.name, Paren: p.paren, End: p.end, Func: -1}
		in := p.within
		for in >= 0 && index[in] < 0 && o.funcs[in].loop {
			in = o.funcs[in].outer // a loop over anything but a function
		}
		if in >= 0 {
			if call.Func = index[in]; call.Func < 0 {
				continue
			}
		}
		f.Calls = append(f.Calls, call)
	}
	slices.SortStableFunc(f.Calls, func(a, b FileCall) int { return cmp.Compare(a.Paren, b.Paren) })
	return f
}

// functions returns the function of each place, nil where there is none. Where
// //line directives put several to one place, their names and their order tell
// them apart, or they are left out.
func (o *outline) functions(r *result) []*inline.Function {
	type kind struct {
		at    inline.Position
		ident string // of a declared function
		loop  bool
	}
	places := make(map[kind][]int, len(o.funcs))
	for i := range o.funcs {
		p := &o.funcs[i]
		k := kind{p.at, p.ident, p.loop}
		places[k] = append(places[k], i)
	}
	all := make([]*inline.Function, len(o.funcs))
	for k, here := range places {
		var found []*inline.Function
		for _, f := range r.funcs[k.at] {
			name := linkname.Base(f.Name)
			loop := strings.Contains(name, "-range")
			switch {
			case k.ident == "init", k.ident == name, k.loop && loop,
				k.ident == "" && !k.loop && !loop && strings.Contains(f.Name, ".func"):
				found = append(found, f)
			}
		}
		if len(found) == len(here) {
			for n, i := range here {
				all[i] = found[n]
			}
		}
	}
	return all
}

// verdicts returns the call of each place, nil where there is none. Where //line
// directives put several to one place, their order and names tell them apart, or
// they are left out.
func (o *outline) verdicts(r *result) []*inline.Call {
	places := make(map[inline.Position][]int, len(o.calls))
	for i := range o.calls {
		places[o.calls[i].at] = append(places[o.calls[i].at], i)
	}
	all := make([]*inline.Call, len(o.calls))
	for at, here := range places {
		calls := r.calls[at]
		if len(here) == 1 && len(calls) == 1 {
			all[here[0]] = calls[0]
			continue
		}
		for i, c := range o.pair(here, calls) {
			all[i] = c
		}
	}
	return all
}

// pair pairs places with the calls that share their position, both in the
// compiler's order: nil if names contradict that, or leave a choice.
func (o *outline) pair(places []int, calls []*inline.Call) map[int]*inline.Call {
	pairs := make(map[int]*inline.Call, len(calls))
	next := 0
	for _, c := range calls {
		for next < len(places) && !o.calls[places[next]].mayBe(c) {
			next++
		}
		if next == len(places) {
			return nil
		}
		pairs[places[next]] = c
		next++
	}
	if len(places) == len(calls) {
		return pairs
	}
	// Of the places that are left, none may be one that a call could have had.
	for _, i := range places {
		if pairs[i] != nil {
			continue
		}
		if slices.ContainsFunc(calls, func(c *inline.Call) bool { return o.calls[i].mayBe(c) }) {
			return nil
		}
	}
	return pairs
}

// mayBe reports whether a call could be the one at p, by its name.
func (p *callPlace) mayBe(c *inline.Call) bool {
	if p.ranges || c.Via == "range" {
		return p.ranges && c.Via == "range"
	}
	if c.Callee == "" {
		return true
	}
	name := linkname.Base(c.Callee)
	return name == p.last || p.last == "" && strings.Contains(c.Callee, ".func")
}
