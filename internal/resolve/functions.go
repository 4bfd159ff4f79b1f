package resolve

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// An instance is one compiled instance of a generic function.
type instance struct {
	shape  string     // "go.shape.int,go.shape.string"
	shapes []string   // the same, apart
	users  [][]string // the type arguments that share the shape, as users write them
	remark remark.Remark
}

// declare enters a declared function.
func (w *finder) declare(d *ast.FuncDecl) *caller {
	c := &caller{name: declName(d, w.info), parent: nil}
	if obj, ok := w.info.Defs[d.Name].(*types.Func); ok {
		sig := obj.Signature()
		for _, list := range []*types.TypeParamList{sig.RecvTypeParams(), sig.TypeParams()} {
			for p := range list.TypeParams() {
				c.params = append(c.params, p)
				c.generic = true
			}
		}
	}
	if d.Recv == nil && d.Name.Name == "init" {
		c.isInit = true
	}
	if d.Name.Name == "_" {
		c.dead = "a function without a name is never compiled"
	}
	// The compiler speaks of a method at the parenthesis of its receiver.
	at := d.Name.Pos()
	if d.Recv != nil {
		at = d.Recv.Opening
	}
	c.at, c.end, c.namePos = at, d.End(), d.Name.Pos()
	w.found.callers = append(w.found.callers, c)
	return c
}

// enter begins a function inside another: a literal or the body of a range
// loop over a function.
func (w *finder) enter(pos, end token.Pos, kind string) *caller {
	outer := w.current
	c := &caller{parent: outer, generic: outer.generic, params: outer.params, dead: outer.dead}
	if w.dead > 0 {
		c.dead = w.why
	}
	if c.dead == "" {
		outer.literals++
		c.number = outer.literals
	}
	sep := ".func"
	switch {
	case kind == "range":
		sep = "-range"
	case outer.parent != nil:
		sep = "."
	}
	c.sep = sep
	c.at, c.end = pos, end
	w.found.callers = append(w.found.callers, c)
	w.stack = append(w.stack, scope{w.current, w.dead, w.why, w.guard})
	w.current, w.dead, w.guard = c, 0, nil
	if c.dead != "" {
		w.dead, w.why = 1, c.dead
	}
	return c
}

func (w *finder) leave(*caller) {
	s := w.stack[len(w.stack)-1]
	w.stack = w.stack[:len(w.stack)-1]
	w.current, w.dead, w.why, w.guard = s.current, s.dead, s.why, s.guard
}

// describeAll makes the records of all functions. The compiler neither compiles nor
// numbers the function literals in code that it drops: these get names that no other
// function has.
func (w *walker) describeAll() {
	taken := make(map[string]bool, len(w.callers))
	for _, c := range w.callers {
		if c.dead == "" {
			w.describe(c)
			taken[c.name] = true
		}
	}
	for _, c := range w.callers {
		if c.dead == "" {
			continue
		}
		for ok := c.parent != nil; ok; ok = taken[literalName(c)] {
			c.parent.dropped++
			c.number = c.parent.literals + c.parent.dropped
		}
		w.describe(c)
	}
}

// literalName is the name of a function literal, if the compiler tells no other.
func literalName(c *caller) string { return fmt.Sprintf("%s%s%d", c.parent.name, c.sep, c.number) }

// describe makes the function's record from what the compiler said at its place.
func (w *walker) describe(c *caller) {
	if c.parent != nil {
		c.name = literalName(c) // the compiler's own name replaces it
	}
	at := placeOf(w.fset, c.at)
	remarks := w.index.funcs[at]
	f := inline.Function{
		Pos: w.position(c.at),
		End: w.position(c.end),
	}
	if c.namePos.IsValid() {
		f.Pos = w.position(c.namePos)
	}
	shaped, plain := divided(remarks, c)
	own := plain
	if c.generic {
		own = shaped
		c.instances = w.instancesOf(shaped, plain, c)
	}
	switch {
	case len(own) > 0:
		first := own[0]
		if c.parent != nil || !c.generic {
			c.name = linkname.Generic(first.Name)
		}
		w.fill(&f, first, c)
		for _, in := range c.instances {
			f.Instances = append(f.Instances, w.functionInstances(in, c)...)
		}
	case c.dead != "":
		f.Reason = reason(inline.CodeDeadCode, "%s", c.dead)
	case w.skipped(c):
		f.Known = true
		f.Reason = reason(inline.CodeRecursive, "it is in a recursive function; there, this Go release considers only function literals that it finds called")
		if c.generic {
			c.instances = rootOf(c).instances
		}
		for _, in := range c.instances {
			f.Instances = append(f.Instances, w.functionInstances(in, c)...)
		}
		for i := range f.Instances {
			f.Instances[i].Reason = f.Reason
		}
	case c.generic:
		c.unseen = true
		f.Reason = reason(inline.CodeOther, "no instance of it is compiled in this package")
	case c.parent != nil && c.parent.unseen:
		c.unseen = true
	default:
		f.Reason = reason(inline.CodeOther, "the compiler reported nothing about it")
	}
	if w.source.InliningOff && c.dead == "" && len(own) == 0 {
		// The compiler says nothing, as there is no question.
		f.Known, c.unseen = true, false
		f.Reason = inliningOff(w.path)
	}
	if c.parent != nil && c.parent.unseen && !w.source.InliningOff {
		c.unseen = true
	}
	for name := range w.index.big[at] {
		if len(own) == 0 || hasName(own, name) {
			c.big = true
		}
	}
	f.Name = linkJoin(w.linkPath, c.name)
	_, probed := w.probes[rootOf(c).name]
	f.Probe = f.Known && probed
	c.fn = len(w.functions)
	w.functions = append(w.functions, f)
}

// divided returns the remarks at a function's place that are of its shaped instances, and
// those of itself or of its plain ones.
func divided(remarks []remark.Remark, c *caller) (shaped, plain []remark.Remark) {
	for _, r := range remarks {
		switch {
		case !isShaped(r.Name):
			if strings.Contains(r.Name, "[") == c.generic {
				plain = append(plain, r)
			}
		case c.parent != nil && !isOwnLiteral(r.Name, rootOf(c).name): // of a copy that inlining made
		case hasTypeArgs(shaped, r): // of a copy that was made within the same function
		default:
			shaped = append(shaped, r)
		}
	}
	return shaped, plain
}

// skipped reports whether c is a function literal, without a remark, that the compiler
// did not look at as the function around it is recursive.
func (w *walker) skipped(c *caller) bool {
	if c.parent == nil || !gorelease.Of(w.source.Go).SkipsLiteralsOfRecursive() {
		return false
	}
	f := w.functions[rootOf(c).fn]
	return f.Known && codeOf(f.Reason) == inline.CodeRecursive
}

// hasTypeArgs reports whether one of the remarks is on the same instance as r.
func hasTypeArgs(remarks []remark.Remark, r remark.Remark) bool {
	args := linkname.TypeArgs(r.Name)
	return slices.ContainsFunc(remarks, func(old remark.Remark) bool { return linkname.TypeArgs(old.Name) == args })
}

// fill puts one remark into a function's record.
func (w *walker) fill(f *inline.Function, r remark.Remark, c *caller) {
	f.Known = true
	f.Inlinable = r.Kind == remark.CanInline
	f.Cost = r.Cost
	f.Budget, f.Hot = w.budget(r, c)
	f.Reason = nil
	if !f.Inlinable {
		f.Reason = reasonOf(r)
	}
}

// budget tells what a function's cost was measured against.
func (w *walker) budget(r remark.Remark, c *caller) (budget int, hot bool) {
	if b, ok := w.index.hot[linkJoin(w.linkPath, r.Name)]; ok {
		return b, true
	}
	if r.Budget > 0 {
		return r.Budget, false
	}
	if r.Kind == remark.CannotInline {
		return 0, false
	}
	if c.parent != nil && w.closureLimits {
		return gorelease.ClosureOnceBudget, false
	}
	return gorelease.Budget, false
}

func (w *walker) functionInstances(in instance, c *caller) []inline.FunctionInstance {
	budget, _ := w.budget(in.remark, c)
	fi := inline.FunctionInstance{
		Shape:     in.shape,
		Inlinable: in.remark.Kind == remark.CanInline,
		Cost:      in.remark.Cost,
		Budget:    budget,
	}
	if !fi.Inlinable {
		fi.Reason = reasonOf(in.remark)
	}
	var all []inline.FunctionInstance
	for _, u := range in.users {
		fi.TypeArgs = u
		all = append(all, fi)
	}
	return all
}
