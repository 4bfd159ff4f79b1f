package cost

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A builder makes the breakdown of one function: it looks up what the callees cost.
type builder struct {
	collected *Collector
	facts     Facts
	self      int // index of the function's entry
	tree      *TreeCost
	dir       string // of the function's file
}

func (b *builder) build() *Breakdown {
	e := &b.collected.entries[b.self]
	out := &Breakdown{
		Function: e.name, Pos: e.pos,
		Printed: e.printed, Inlinable: e.inlinable, Cost: e.cost, Budget: e.budget,
		Cut: b.tree.cut,
	}
	if !e.inlinable {
		out.Reason = e.reason
	}
	for _, it := range b.tree.items {
		out.Parts = append(out.Parts, Part{Pos: b.position(it.pos), What: it.what, Cost: it.cost, Count: it.count})
	}
	for i := range b.tree.calls {
		out.Parts = append(out.Parts, b.callPart(&b.tree.calls[i]))
	}
	out.Parts = append(out.Parts, b.likelyParts()...)
	slices.SortStableFunc(out.Parts, func(x, y Part) int { return x.Pos.Compare(y.Pos) })
	for _, bl := range b.tree.blockers {
		out.Blockers = append(out.Blockers, Blocker{Pos: b.position(bl.pos), Op: bl.op})
	}
	if !out.Printed {
		out.Cost = out.Sum()
	}
	out.Unexplained = out.Cost - out.Sum()
	return out
}

// position gives a place of a tree its directory.
func (b *builder) position(p remark.TreePos) inline.Position {
	if p.Line == 0 {
		return b.collected.entries[b.self].pos
	}
	return inline.Position{File: filepath.Join(b.dir, p.File), Line: p.Line, Col: p.Col}
}

// callPart works out what a call costs.
func (b *builder) callPart(c *call) Part {
	p := Part{Pos: b.position(c.pos), What: Call, Cost: 1 + b.collected.rules.callCost(), Count: 1}
	if c.param {
		p.What, p.Cost = ParamCall, 1+min(gorelease.ParamCallCost, b.collected.rules.callCost())
	}
	r := c.callee
	if r.kind == refCaptured {
		r = b.captured(r)
	}
	if r.direct {
		switch {
		case b.isFree(r):
			p.What, p.Cost = CheapCall, 1
		case b.isIntrinsic(r):
			p.What, p.Cost = IntrinsicCall, 1
		}
		if p.What != Call && p.What != ParamCall {
			p.Callee = qualified(r)
			return p
		}
	}
	f, before, ok := b.function(r)
	if !ok {
		if r.kind != refNone && r.kind != refCaptured {
			p.Callee, p.Note = qualified(r), "the compiler's verdict on the callee is not known"
		}
		return p
	}
	p.Callee, p.CalleePos = f.Name, f.Pos
	limit := b.limit(f, c.pos)
	switch {
	case !f.Inlinable:
		p.Note = f.Reason
	case !before:
		p.Note = "its cost is counted later"
	case !f.Imported && !b.collected.inlined[r.pkg+"."+r.name]:
		p.Note = "inlinable, but its package is not imported here, and no import provides its body"
	case f.Cost > limit:
		p.Note = fmt.Sprintf("inlinable, but its cost %d exceeds %d, the limit at this call", f.Cost, limit)
	default:
		p.What, p.Cost = InlinedCall, 1+f.Cost
		p.Note = fmt.Sprintf("inlined: its body costs %d", f.Cost)
	}
	return p
}

func qualified(r ref) string {
	if r.pkg == "" {
		return r.name
	}
	return r.pkg + "." + r.name
}

// captured looks up what a variable of an outer function holds.
func (b *builder) captured(r ref) ref {
	place, ok := b.collected.literals[b.tree.Name]
	if !ok {
		return ref{}
	}
	v, ok := place.literal.outer[r.name]
	if !ok {
		return ref{}
	}
	held := place.funcValues.holds(v, 0)
	if held.captures {
		return ref{} // its variables are not those of this function
	}
	return held
}

// isFree reports whether the function counts as free.
func (b *builder) isFree(r ref) bool {
	if r.kind != refFunc && r.kind != refMethod {
		return false
	}
	path := b.collected.rules.Release.FreeFunction(b.collected.rules.qualified(r), b.collected.rules.GOARCH)
	if path == "" {
		return false
	}
	if path == "runtime" {
		return true // the name is the compiler's own
	}
	if r.pkg == "" || r.pkg == b.collected.rules.Name && !r.foreign {
		if _, own := b.collected.find(r); own {
			return path == b.collected.rules.Package
		}
	}
	return b.facts.Path(r.pkg, r.name, r.pos, b.dir) == path
}

func (b *builder) isIntrinsic(r ref) bool {
	switch r.kind {
	case refFunc:
	case refMethod:
		if !b.collected.rules.Release.CountsIntrinsicMethods() {
			return false
		}
	default:
		return false
	}
	return b.facts.Intrinsic(r.pkg, r.name)
}

// function returns what is known of a callee. before says that it was known
// when the cost of the caller was counted.
func (b *builder) function(r ref) (f Function, before, ok bool) {
	switch r.kind {
	case refNone, refCaptured:
		return Function{}, false, false
	}
	if i, ok := b.collected.find(r); ok {
		e := &b.collected.entries[i]
		f := Function{Name: e.name, Pos: e.pos, Inlinable: e.inlinable, Cost: e.cost, Reason: e.reason, Imported: true, Closure: r.kind == refClosure}
		return f, i < b.self, true
	}
	f, ok = b.facts.Function(r.pkg, r.name, r.pos, b.dir)
	return f, true, ok
}

// limit is the cost up to which a callee is inlined at a call.
func (b *builder) limit(f Function, at remark.TreePos) int {
	limit := gorelease.Budget
	if b.collected.big[b.collected.entries[b.self].name] {
		limit = gorelease.BigCallerBudget
	} else if b.collected.hot[at] {
		return max(limit, f.Cost)
	}
	if f.Closure && b.collected.rules.Release.HasClosureBudgets() {
		limit *= gorelease.ClosureFactor
	}
	return limit
}
