package compare

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A Side is one of the two that are compared.
type Side struct {
	Name     string            // "HEAD~1", "the working tree", "go1.27.3"
	Packages []*inline.Package // sorted; the variants of a package come after it
	// Read returns the text of a source file; nil where there are no sources. Then calls
	// are matched by their keys alone.
	Read func(file string) ([]byte, bool)
}

// A side is a Side by functions.
type side struct {
	Side
	texts     texts
	functions map[string]*sideFunction // by key
	order     []*sideFunction
}

// A sideFunction is a declared function with its calls and those of the literals in it, or the
// code of a package outside of functions.
type sideFunction struct {
	key   Key
	pkg   *inline.Package
	f     *inline.Function // nil for code outside of functions
	calls []*sideCall
	other *sideFunction // on the other side; nil if there is none
}

// A sideCall is a call with what it is matched by.
type sideCall struct {
	*inline.Call
	key   Key
	other *sideCall
}

func newSide(s Side) *side {
	d := &side{Side: s, texts: texts{read: s.Read}, functions: make(map[string]*sideFunction)}
	var seen seenFiles
	for _, p := range s.Packages {
		seen.add(p)
		keys := KeysOf(p)
		for i := range p.Functions {
			if f := &p.Functions[i]; !keys.IsLiteral(f) && seen.isNew(p, f.Pos.File) {
				d.function(keys.Function(f), p).f = f
			}
		}
		for i := range p.Calls {
			if c := &p.Calls[i]; seen.isNew(p, c.Pos.File) {
				k := keys.Calls[i]
				fn := d.function(Key{Package: k.Package, Variant: k.Variant, Caller: k.Caller}, p)
				fn.calls = append(fn.calls, &sideCall{Call: c, key: k})
			}
		}
	}
	return d
}

// function returns the function of a key; several may have one: "_".
func (d *side) function(k Key, p *inline.Package) *sideFunction {
	text := k.String()
	f := d.functions[text]
	if f == nil {
		f = &sideFunction{key: k, pkg: p}
		d.functions[text] = f
		d.order = append(d.order, f)
	}
	return f
}

// matchFunctions pairs the functions of both sides: by name, and what then is left by
// what they do. It returns the new names of functions that have others, by their old ones.
func matchFunctions(before, after *side) (renamed map[string]string) {
	for _, b := range before.order {
		if a := after.functions[b.key.String()]; a != nil {
			a.other, b.other = b, a
		}
	}
	renamed = make(map[string]string)
	left, came := unmatchedBodies(before), unmatchedBodies(after)
	for body, list := range left {
		others := came[body]
		// Functions that do the same cannot be told apart, but by a part of their name.
		if len(list) == 1 && len(others) == 1 {
			pair(list[0], others[0], renamed)
			continue
		}
		for _, b := range list {
			if alike := withSame(others, b, shortName); len(alike) == 1 && len(withSame(list, b, shortName)) == 1 {
				pair(b, alike[0], renamed)
			}
		}
	}
	return renamed
}

func pair(b, a *sideFunction, renamed map[string]string) {
	b.other, a.other = a, b
	renamed[b.key.Caller] = a.key.Caller
}

// withSame returns the functions that have no other yet, and the same of something.
func withSame(list []*sideFunction, f *sideFunction, of func(*sideFunction) string) []*sideFunction {
	var same []*sideFunction
	for _, g := range list {
		if (g.other == nil || g == f) && of(g) == of(f) {
			same = append(same, g)
		}
	}
	return same
}

// shortName is the name of a function without its package.
func shortName(f *sideFunction) string { return f.key.local() }

// leastTokens is how long the text of a function must be at least to tell one from another.
const leastTokens = 12

func unmatchedBodies(d *side) map[string][]*sideFunction {
	bodies := make(map[string][]*sideFunction)
	for _, f := range d.order {
		if f.other != nil || f.f == nil {
			continue
		}
		if body := d.texts.body(f.f); strings.Count(body, " ") >= leastTokens {
			bodies[body+f.key.Variant] = append(bodies[body+f.key.Variant], f)
		}
	}
	return bodies
}

// matchCalls pairs the calls of a function that is on both sides.
func matchCalls(before, after *side, b, a *sideFunction, renamed map[string]string) {
	callee := func(c *sideCall) string {
		if name, ok := renamed[c.key.Callee]; ok {
			return name
		}
		return c.key.Callee
	}
	same := func(c *sideCall) string { return c.key.Callee }
	last := func(c *sideCall) string { return linkname.Base(c.key.Callee) }
	if sameCalls(b.calls, a.calls, callee) && (uniform(b.calls) || before.sameText(after, b, a)) {
		for i, c := range b.calls {
			match(c, a.calls[i])
		}
		return
	}
	for _, by := range []struct {
		text          func(*side, *sideCall) string
		before, after func(*sideCall) string
		noText        bool
	}{
		{func(d *side, c *sideCall) string { return d.texts.around(c.Pos.File, c.Pos.Line) }, callee, same, false},
		{func(d *side, c *sideCall) string { return d.texts.onLine(c.Pos.File, c.Pos.Line) }, callee, same, false},
		{func(*side, *sideCall) string { return "" }, callee, same, true},
		// The same text may call another function: a variable has another type.
		{func(d *side, c *sideCall) string { return d.texts.onLine(c.Pos.File, c.Pos.Line) }, last, last, false},
	} {
		groups := make(map[string][]*sideCall)
		var order []string
		for _, c := range b.calls {
			text := by.text(before, c)
			if c.other != nil || text == "" && !by.noText {
				continue
			}
			k := by.before(c) + "\x00" + text
			if groups[k] == nil {
				order = append(order, k)
			}
			groups[k] = append(groups[k], c)
		}
		others := make(map[string][]*sideCall)
		for _, c := range a.calls {
			if c.other == nil {
				k := by.after(c) + "\x00" + by.text(after, c)
				others[k] = append(others[k], c)
			}
		}
		for _, k := range order {
			matchGroup(groups[k], others[k])
		}
	}
}

func match(b, a *sideCall) { b.other, a.other = a, b }

// matchGroup pairs calls that cannot be told apart. If there are as many as before they
// are the same; otherwise those with equal verdicts are.
func matchGroup(before, after []*sideCall) {
	if len(before) != len(after) {
		for _, b := range before {
			i := slices.IndexFunc(after, func(a *sideCall) bool { return a.other == nil && a.Status == b.Status })
			if i >= 0 {
				match(b, after[i])
			}
		}
	}
	for _, b := range before {
		if b.other != nil {
			continue
		}
		if i := slices.IndexFunc(after, func(a *sideCall) bool { return a.other == nil }); i >= 0 {
			match(b, after[i])
		}
	}
}

// sameCalls reports whether the same callees are called in the same order.
func sameCalls(before, after []*sideCall, callee func(*sideCall) string) bool {
	return slices.EqualFunc(before, after, func(b, a *sideCall) bool { return callee(b) == a.key.Callee })
}

// uniform reports whether all calls of each callee have one verdict, so that it does not
// matter which one is which.
func uniform(calls []*sideCall) bool {
	status := make(map[string]inline.Status)
	for _, c := range calls {
		if s, ok := status[c.key.Callee]; ok && (s != c.Status || s == inline.StatusMixed) {
			return false
		}
		status[c.key.Callee] = c.Status
	}
	return true
}

// sameText reports whether a function has the same text on both sides.
func (d *side) sameText(after *side, b, a *sideFunction) bool {
	if b.f == nil || a.f == nil {
		return false
	}
	body := d.texts.body(b.f)
	return body != "" && body == after.texts.body(a.f)
}
