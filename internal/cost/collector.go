package cost

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A Collector gathers the remarks on a package and the costs counted from its trees.
// It keeps the order of the remarks, in which the compiler found costs: a callee's
// counts for a caller only if it was found before.
type Collector struct {
	rules   Rules
	entries []entry
	byName  map[string][]int
	big     map[string]bool // callers that are considered big
	hot     map[remark.TreePos]bool
	likely  map[remark.TreePos]string // callees that the profile tells
	inlined map[string]bool           // functions that are inlined somewhere
	trees   []*TreeCost
	// literals has the function literals by their trees' names.
	literals map[string]literalPlace
}

// A literalPlace is a function literal in the function that it stands in.
type literalPlace struct {
	literal    literal
	funcValues *funcValues
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

// NewCollector returns an empty collector.
func NewCollector(rules Rules) *Collector {
	return &Collector{rules: rules, byName: make(map[string][]int), big: make(map[string]bool), hot: make(map[remark.TreePos]bool), likely: make(map[remark.TreePos]string), inlined: make(map[string]bool), literals: make(map[string]literalPlace)}
}

// AddRemark adds a remark. Remarks are added in the compiler's order.
func (c *Collector) AddRemark(r remark.Remark) {
	place := remark.Place{File: r.File, Line: r.Line, Col: r.Col}
	if r.Orig != nil {
		place = *r.Orig
	}
	switch r.Kind {
	case remark.BigCaller:
		c.big[r.Name] = true
		return
	case remark.HotCall:
		c.hot[treePos(place)] = true
		return
	case remark.Devirtualizing:
		if r.How == remark.HowPGOInterface || r.How == remark.HowPGOFunc {
			c.likely[treePos(place)] = r.Text
		}
		return
	case remark.InliningCall:
		c.inlined[r.Name] = true
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
	for _, i := range c.byName[r.Name] {
		if c.entries[i].tree == e.tree {
			return // it was asked again
		}
	}
	c.byName[r.Name] = append(c.byName[r.Name], len(c.entries))
	c.entries = append(c.entries, e)
}

// treePos is a place as trees have it.
func treePos(p remark.Place) remark.TreePos {
	return remark.TreePos{File: filepath.Base(p.File), Line: p.Line, Col: p.Col}
}

// AddTree adds what was counted from the tree of a function.
func (c *Collector) AddTree(t *TreeCost) {
	c.trees = append(c.trees, t)
	if t.funcValues == nil {
		return
	}
	for name, lit := range t.funcValues.closures {
		name = strings.TrimPrefix(name, c.rules.Name+".")
		if _, ok := c.literals[name]; !ok { // the outermost function comes first
			c.literals[name] = literalPlace{lit, t.funcValues}
		}
	}
}

// Breakdowns returns the breakdowns of the functions whose trees were added, in the
// order of the remarks on them. Functions without a remark have none: the compiler did
// not consider inlining them.
func (c *Collector) Breakdowns(facts Facts) []*Breakdown {
	type match struct {
		entry int
		tree  *TreeCost
	}
	var matches []match
	taken := make(map[int]bool)
	for _, t := range c.trees {
		if i, ok := c.entryOf(t, taken); ok {
			taken[i] = true
			matches = append(matches, match{i, t})
		}
	}
	slices.SortFunc(matches, func(a, b match) int { return cmp.Compare(a.entry, b.entry) })
	var list []*Breakdown
	for _, m := range matches {
		b := &builder{collected: c, facts: facts, self: m.entry, tree: m.tree, dir: filepath.Dir(c.entries[m.entry].pos.File)}
		list = append(list, b.build())
	}
	return list
}

// entryOf finds the remark on a tree's function. Names are unique but for "_" and the
// like, of which the nearest that begins before the tree is taken.
func (c *Collector) entryOf(t *TreeCost, taken map[int]bool) (int, bool) {
	first := remark.TreePos{}
	if len(t.items) > 0 {
		first = t.items[0].pos
	}
	best, found := 0, false
	for _, i := range c.byName[t.Name] {
		e := &c.entries[i]
		if taken[i] || len(c.byName[t.Name]) > 1 && (e.tree.File != first.File || e.tree.Line > first.Line) {
			continue
		}
		if !found || e.tree.Line > c.entries[best].tree.Line {
			best, found = i, true
		}
	}
	return best, found
}

// find returns the entry of a callee.
func (c *Collector) find(r ref) (int, bool) {
	names := []string{r.pkg + "." + r.name}
	if !r.foreign && (r.pkg == "" || r.pkg == c.rules.Name) {
		names = []string{r.name, r.pkg + "." + r.name}
	}
	for _, name := range names {
		for _, i := range c.byName[name] {
			if r.pos.Line == 0 || c.entries[i].tree == r.pos {
				return i, true
			}
		}
	}
	return 0, false
}
