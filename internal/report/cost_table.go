package report

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A costEntry is a line of the table of a package: a function that cannot be
// inlined for its cost.
type costEntry struct {
	*Cost
	b    *cost.Breakdown // of the instance that is least over
	over int
	lost int
}

// Package implements CostPrinter: a table of the functions that are over budget, the
// least first, and behind them those whose inlining would gain nothing.
//
//	net/http (go1.26.8 linux/amd64): 20 inlinable, 3 over budget, 1 not inlinable at any cost
//
//	 over  cost/budget  calls  largest part            function
//	    2        82/80      4  58 call of strings.Map  Title  strings.go:868:6
//
// Functions of files that a package and its variants share are in the first only.
func (t *costText) Package(p *inline.Package, functions []*Cost) error {
	var err error
	if t.buf, err = t.errors.add(t.buf, &t.names, p, t.sel.newErrors(p)); err != nil {
		return err
	}
	known := make(map[string]bool) // files that are shown
	if err := t.sel.views(p, func(v fileView) error { known[v.file] = true; return nil }); err != nil {
		return err
	}
	functions = slices.DeleteFunc(slices.Clone(functions), func(c *Cost) bool { return !known[c.Function.Pos.File] })
	if len(functions) == 0 {
		return t.flush()
	}
	var entries []costEntry
	inlinable, impossible := 0, 0
	for _, c := range functions {
		switch e, over := entryOf(c); {
		case over:
			entries = append(entries, e)
		case c.Function.Inlinable:
			inlinable++
		default:
			impossible++
		}
	}
	slices.SortStableFunc(entries, func(a, b costEntry) int {
		return cmp.Or(compareBool(a.lost == 0, b.lost == 0), cmp.Compare(a.over, b.over), cmp.Compare(b.lost, a.lost), cmp.Compare(a.Function.Name, b.Function.Name))
	})
	if t.printed > 0 {
		t.buf = append(t.buf, '\n')
	}
	t.printed++
	t.buf = appendPackage(t.buf, t.pal, p)
	t.buf = appendCount(t.buf, len(functions), "function")
	t.buf = append(t.buf, ": "...)
	t.buf = appendGrouped(t.buf, inlinable)
	t.buf = append(t.buf, " inlinable, "...)
	t.buf = appendGrouped(t.buf, len(entries))
	t.buf = append(t.buf, " over budget"...)
	if impossible > 0 {
		t.buf = append(t.buf, ", "...)
		t.buf = appendGrouped(t.buf, impossible)
		t.buf = append(t.buf, " not inlinable at any cost"...)
	}
	t.buf = append(t.buf, '\n')
	if len(entries) > 0 {
		t.table(p, entries)
	}
	return t.flush()
}

// compareBool has false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// entryOf makes the entry of a function; over is false if it has none.
func entryOf(c *Cost) (e costEntry, over bool) {
	e = costEntry{Cost: c, lost: len(c.lost())}
	for _, b := range c.Breakdowns {
		if n := b.Cost - b.Budget; b.Printed && !b.Inlinable && n > 0 && (e.b == nil || n < e.over) {
			e.b, e.over = b, n
		}
	}
	return e, e.b != nil && !c.Function.Inlinable
}

func (t *costText) table(p *inline.Package, entries []costEntry) {
	pkg := linkname.Prefix(p.Path, p.Name)
	largestOf := make([][]byte, len(entries))
	wide := 0
	for i := range entries {
		if list := largestParts(entries[i].b.Parts); len(list) > 0 {
			d := strconv.AppendInt(nil, int64(list[0].Cost), 10)
			largestOf[i] = fitCells(appendWhat(append(d, ' '), &list[0], pkg), maxPartCells)
		}
		wide = max(wide, width(largestOf[i]))
	}
	t.buf = append(t.buf, '\n')
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = append(t.buf, "  over   cost/budget  calls  largest part"...)
	t.buf = appendSpaces(t.buf, wide-len("largest part"))
	t.buf = append(t.buf, "  function"...)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, '\n')
	wide = max(wide, len("largest part"))
	for i := range entries {
		e := &entries[i]
		t.buf = append(t.buf, t.pal.bad...)
		t.buf = appendRight(t.buf, e.over, 6)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = appendSpaces(t.buf, 14-digits(e.b.Cost)-1-digits(e.b.Budget))
		t.buf = appendCost(t.buf, e.b.Cost, e.b.Budget)
		t.budgets[e.b.Budget] = true
		t.buf = appendRight(append(t.buf, ' '), e.lost, 6)
		t.buf = append(t.buf, "  "...)
		t.buf = append(t.buf, largestOf[i]...)
		t.buf = appendSpaces(t.buf, wide-width(largestOf[i]))
		t.buf = append(t.buf, "  "...)
		t.buf = append(t.buf, t.pal.name...)
		t.buf = words.AppendShort(t.buf, e.Function.Name, pkg)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, "  "...)
		t.buf = append(t.buf, t.pal.quiet...)
		t.buf = words.AppendPlain(t.buf, t.names.near(e.Function.Pos.File))
		t.buf = append(t.buf, ':')
		t.buf = strconv.AppendInt(t.buf, int64(e.Function.Pos.Line), 10)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, '\n')
	}
}

// maxPartCells bounds the cells of the largest part in a table.
const maxPartCells = 40
