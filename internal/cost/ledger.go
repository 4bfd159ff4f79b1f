package cost

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A Ledger has what the compiler said of the functions of the package, in the
// order in which it found their costs. A callee's cost counts for a caller only
// if it was found before.
type Ledger struct {
	rules   Rules
	entries []entry
	byName  map[string][]int
	big     map[string]bool // callers that are considered big
	hot     map[remark.TreePos]bool
	likely  map[remark.TreePos]string // callees that the profile tells
	inlined map[string]bool           // functions that are inlined somewhere
	sheets  []*Sheet
	// literals has the function literals by their trees' names.
	literals map[string]literalPlace
}

// A literalPlace is a function literal in the function that it stands in.
type literalPlace struct {
	literal literal
	statics *statics
}

// An entry is what the compiler said of one function.
type entry struct {
	name      string
	pos       inline.Position
	tree      remark.TreePos // the same, as trees have it
	inlinable bool
	printed   bool // a cost was
	cost      int
	budget    int
	reason    string
}

// NewLedger returns an empty ledger.
func NewLedger(rules Rules) *Ledger {
	return &Ledger{rules: rules, byName: make(map[string][]int), big: make(map[string]bool), hot: make(map[remark.TreePos]bool), likely: make(map[remark.TreePos]string), inlined: make(map[string]bool), literals: make(map[string]literalPlace)}
}

// Remark enters a remark. Remarks come in the compiler's order.
func (l *Ledger) Remark(r remark.Remark) {
	place := remark.Place{File: r.File, Line: r.Line, Col: r.Col}
	if r.Orig != nil {
		place = *r.Orig
	}
	switch r.Kind {
	case remark.BigCaller:
		l.big[r.Name] = true
		return
	case remark.HotCall:
		l.hot[treePos(place)] = true
		return
	case remark.Devirtualizing:
		if r.How == remark.HowPGOInterface || r.How == remark.HowPGOFunc {
			l.likely[treePos(place)] = r.Text
		}
		return
	case remark.InliningCall:
		l.inlined[r.Name] = true
		return
	case remark.CanInline, remark.CannotInline:
	default:
		return
	}
	e := entry{
		name:      r.Name,
		pos:       inline.Position{File: place.File, Line: place.Line, Col: place.Col},
		tree:      treePos(place),
		inlinable: r.Kind == remark.CanInline,
		printed:   r.Kind == remark.CanInline || r.Budget > 0,
		cost:      r.Cost,
		budget:    cmp.Or(r.Budget, gorelease.Budget),
		reason:    r.Text,
	}
	for _, i := range l.byName[r.Name] {
		if l.entries[i].tree == e.tree {
			return // it was asked again
		}
	}
	l.byName[r.Name] = append(l.byName[r.Name], len(l.entries))
	l.entries = append(l.entries, e)
}

// treePos is a place as trees have it.
func treePos(p remark.Place) remark.TreePos {
	return remark.TreePos{File: filepath.Base(p.File), Line: p.Line, Col: p.Col}
}

// Sheet enters the sheet of a function.
func (l *Ledger) Sheet(s *Sheet) {
	l.sheets = append(l.sheets, s)
	if s.statics == nil {
		return
	}
	for name, lit := range s.statics.closures {
		name = strings.TrimPrefix(name, l.rules.Name+".")
		if _, ok := l.literals[name]; !ok { // the outermost function comes first
			l.literals[name] = literalPlace{lit, s.statics}
		}
	}
}

// Settle returns the breakdowns of the functions whose sheets were entered, in
// the order of the remarks on them. Functions without a remark have none: the
// compiler did not think about inlining them.
func (l *Ledger) Settle(facts Facts) []*Breakdown {
	type work struct {
		entry int
		sheet *Sheet
	}
	var todo []work
	taken := make(map[int]bool)
	for _, s := range l.sheets {
		if i, ok := l.entryOf(s, taken); ok {
			taken[i] = true
			todo = append(todo, work{i, s})
		}
	}
	slices.SortFunc(todo, func(a, b work) int { return cmp.Compare(a.entry, b.entry) })
	var done []*Breakdown
	for _, w := range todo {
		st := &settler{ledger: l, facts: facts, self: w.entry, sheet: w.sheet, dir: filepath.Dir(l.entries[w.entry].pos.File)}
		done = append(done, st.settle())
	}
	return done
}

// entryOf finds the remark on a sheet's function. Names are unique but for "_"
// and the like, of which the nearest that begins before the sheet is taken.
func (l *Ledger) entryOf(s *Sheet, taken map[int]bool) (int, bool) {
	first := remark.TreePos{}
	if len(s.items) > 0 {
		first = s.items[0].pos
	}
	best, found := 0, false
	for _, i := range l.byName[s.Name] {
		e := &l.entries[i]
		if taken[i] || len(l.byName[s.Name]) > 1 && (e.tree.File != first.File || e.tree.Line > first.Line) {
			continue
		}
		if !found || e.tree.Line > l.entries[best].tree.Line {
			best, found = i, true
		}
	}
	return best, found
}

// find returns the entry of a callee.
func (l *Ledger) find(r ref) (int, bool) {
	names := []string{r.pkg + "." + r.name}
	if !r.foreign && (r.pkg == "" || r.pkg == l.rules.Name) {
		names = []string{r.name, r.pkg + "." + r.name}
	}
	for _, name := range names {
		for _, i := range l.byName[name] {
			if r.pos.Line == 0 || l.entries[i].tree == r.pos {
				return i, true
			}
		}
	}
	return 0, false
}

// A settler makes the breakdown of one function.
type settler struct {
	ledger *Ledger
	facts  Facts
	self   int // entry
	sheet  *Sheet
	dir    string // of the function's file
}

func (st *settler) settle() *Breakdown {
	e := &st.ledger.entries[st.self]
	b := &Breakdown{
		Function: e.name, Pos: e.pos,
		Printed: e.printed, Inlinable: e.inlinable, Cost: e.cost, Budget: e.budget,
		Cut: st.sheet.cut,
	}
	if !e.inlinable {
		b.Reason = e.reason
	}
	for _, it := range st.sheet.items {
		b.Parts = append(b.Parts, Part{Pos: st.position(it.pos), What: it.what, Cost: it.cost, Count: it.count})
	}
	for i := range st.sheet.calls {
		b.Parts = append(b.Parts, st.call(&st.sheet.calls[i]))
	}
	b.Parts = append(b.Parts, st.likely()...)
	slices.SortStableFunc(b.Parts, func(x, y Part) int {
		return cmp.Or(cmp.Compare(x.Pos.Line, y.Pos.Line), cmp.Compare(x.Pos.Col, y.Pos.Col))
	})
	for _, bl := range st.sheet.blockers {
		b.Blockers = append(b.Blockers, Blocker{Pos: st.position(bl.pos), Op: bl.op})
	}
	if !b.Printed {
		b.Cost = b.Sum()
	}
	b.Unexplained = b.Cost - b.Sum()
	return b
}

// position gives a place of a tree its directory.
func (st *settler) position(p remark.TreePos) inline.Position {
	if p.Line == 0 {
		return st.ledger.entries[st.self].pos
	}
	return inline.Position{File: filepath.Join(st.dir, p.File), Line: p.Line, Col: p.Col}
}

// call decides what a call costs.
func (st *settler) call(c *call) Part {
	p := Part{Pos: st.position(c.pos), What: Call, Cost: 1 + st.ledger.rules.stay(), Count: 1}
	if c.param {
		p.What, p.Cost = ParamCall, 1+min(gorelease.ParamCallCost, st.ledger.rules.stay())
	}
	r := c.callee
	if r.kind == refCaptured {
		r = st.captured(r)
	}
	if r.direct {
		switch {
		case st.cheap(r):
			p.What, p.Cost = CheapCall, 1
		case st.intrinsic(r):
			p.What, p.Cost = IntrinsicCall, 1
		}
		if p.What != Call && p.What != ParamCall {
			p.Callee = qualified(r)
			return p
		}
	}
	f, before, ok := st.function(r)
	if !ok {
		if r.kind != refNone && r.kind != refCaptured {
			p.Callee, p.Note = qualified(r), "what the compiler says of the callee is not known"
		}
		return p
	}
	p.Callee, p.CalleePos = f.Name, f.Pos
	limit := st.limit(f, c.pos)
	switch {
	case !f.Inlinable:
		p.Note = f.Reason
	case !before:
		p.Note = "its own cost is not known yet when this one is counted"
	case !f.Imported && !st.ledger.inlined[r.pkg+"."+r.name]:
		p.Note = "inlinable, but its package is not imported here, and no package that is has its body"
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
func (st *settler) captured(r ref) ref {
	place, ok := st.ledger.literals[st.sheet.Name]
	if !ok {
		return ref{}
	}
	v, ok := place.literal.outer[r.name]
	if !ok {
		return ref{}
	}
	held := place.statics.holds(v, 0)
	if held.captures {
		return ref{} // its variables are not those of this function
	}
	return held
}

// cheap reports whether the function counts as free.
func (st *settler) cheap(r ref) bool {
	if r.kind != refFunc && r.kind != refMethod {
		return false
	}
	path := st.ledger.rules.Release.FreeFunction(st.ledger.rules.qualified(r), st.ledger.rules.GOARCH)
	if path == "" {
		return false
	}
	if path == "runtime" {
		return true // the name is the compiler's own
	}
	if r.pkg == "" || r.pkg == st.ledger.rules.Name && !r.foreign {
		if _, own := st.ledger.find(r); own {
			return path == st.ledger.rules.Package
		}
	}
	return st.facts.Path(r.pkg, r.name, r.pos, st.dir) == path
}

func (st *settler) intrinsic(r ref) bool {
	switch r.kind {
	case refFunc:
	case refMethod:
		if !st.ledger.rules.Release.CountsIntrinsicMethods() {
			return false
		}
	default:
		return false
	}
	return st.facts.Intrinsic(r.pkg, r.name)
}

// function returns what is known of a callee. before says that it was known
// when the cost of the caller was counted.
func (st *settler) function(r ref) (f Function, before, ok bool) {
	switch r.kind {
	case refNone, refCaptured:
		return Function{}, false, false
	}
	if i, ok := st.ledger.find(r); ok {
		e := &st.ledger.entries[i]
		f := Function{Name: e.name, Pos: e.pos, Inlinable: e.inlinable, Cost: e.cost, Reason: e.reason, Imported: true, Closure: r.kind == refClosure}
		return f, i < st.self, true
	}
	f, ok = st.facts.Function(r.pkg, r.name, r.pos, st.dir)
	return f, true, ok
}

// limit is the cost up to which a callee is inlined at a call.
func (st *settler) limit(f Function, at remark.TreePos) int {
	limit := gorelease.Budget
	if st.ledger.big[st.ledger.entries[st.self].name] {
		limit = gorelease.BigCallerBudget
	} else if st.ledger.hot[at] {
		return max(limit, f.Cost)
	}
	if f.Closure && st.ledger.rules.Release.HasClosureBudgets() {
		limit *= gorelease.ClosureFactor
	}
	return limit
}
