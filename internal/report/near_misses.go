package report

import (
	"io"
	"slices"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/nearmiss"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A nearMiss is a function whose cost is a little over its budget.
type nearMiss struct {
	pkg, name    string
	pos          inline.Position
	cost, budget int
	calls        int // that would be inlined
}

func (m *nearMiss) over() int { return m.cost - m.budget }

func (m *nearMiss) rank() nearmiss.Rank {
	return nearmiss.Rank{Name: m.name, Over: m.over(), Calls: m.calls}
}

// nearShown is the number of near misses that a summary lists.
const nearShown = 10

// rank counts the calls of near misses, and puts the first of them first.
func (s *summary) rank() {
	for i := range s.near {
		s.near[i].calls = s.missed[s.near[i].name]
	}
	slices.SortStableFunc(s.near, func(x, y nearMiss) int {
		return nearmiss.Compare(x.rank(), y.rank())
	})
}

// nearMisses appends the functions that nearly could be inlined, the first n of
// them.
func (s *summary) nearMisses(b []byte, n int, pal *palette, names *namer) []byte {
	s.rank()
	b = append(b, pal.name...)
	b = append(b, "Near misses"...)
	b = append(b, pal.off...)
	b = append(b, ": "...)
	b = appendCount(b, len(s.near), "function")
	b = append(b, " at most "...)
	b = strconv.AppendInt(b, words.NearOverrun, 10)
	b = append(b, " over budget"...)
	switch len(s.near) {
	case 0:
		return append(b, '\n')
	case 1:
	default:
		b = append(b, "; most calls for each point over budget first"...)
	}
	b = append(b, '\n')
	b = append(b, pal.quiet...)
	b = append(b, "  over  cost/budget  calls  function\n"...)
	b = append(b, pal.off...)
	for i := range s.near[:min(len(s.near), n)] {
		m := &s.near[i]
		b = appendRight(append(b, ' ', ' '), m.over(), 4)
		b = append(b, ' ', ' ')
		b = appendSpaces(b, 11-digits(m.cost)-1-digits(m.budget))
		b = appendCost(b, m.cost, m.budget)
		b = appendRight(append(b, ' ', ' '), m.calls, 5)
		b = append(b, ' ', ' ')
		b = append(b, pal.name...)
		b = words.AppendShort(b, m.name, "")
		b = append(b, pal.off...)
		b = append(b, ' ', ' ')
		b = append(b, pal.quiet...)
		b = appendPlace(b, names, m.pos)
		b = append(b, pal.off...)
		b = append(b, '\n')
	}
	if more := len(s.near) - n; more > 0 {
		b = append(b, "  and "...)
		b = appendGrouped(b, more)
		b = append(b, " more; -near-misses "...)
		b = strconv.AppendInt(b, int64(len(s.near)), 10)
		b = append(b, " lists all\n"...)
	}
	return b
}

// A nearPrinter writes near misses and nothing else: as a table, or as JSON Lines,
// one object a function.
type nearPrinter struct {
	w       io.Writer
	json    bool
	most    int
	pal     *palette
	sel     selector
	names   namer
	errors  errorPrinter
	open    []*inline.Function
	summary summary
	buf     []byte // of the table
}

func newNear(w io.Writer, json bool, o Options) *nearPrinter {
	return &nearPrinter{
		w: w, json: json, most: o.NearMisses, pal: newPalette(o.Color), sel: selector{filter: o.Filter},
		names: newNamer(o.Dir), errors: newErrors(o), summary: newSummary(o),
	}
}

// Package implements Printer.
func (n *nearPrinter) Package(p *inline.Package) error {
	n.summary.startPackage(p)
	var err error
	if n.buf, err = n.errors.add(n.buf, &n.names, p, n.sel.newErrors(p)); err != nil {
		return err
	}
	return n.sel.views(p, func(v fileView) error {
		walk(&n.sel, v, &n.open, func(r row) {
			switch {
			case r.function != nil:
				n.summary.function(r.function)
			case r.call != nil:
				n.summary.call(r.call)
			}
		})
		return nil
	})
}

// Close implements Printer.
func (n *nearPrinter) Close() (err error) {
	if n.buf, err = n.errors.end(n.buf); err != nil {
		return err
	}
	if !n.json {
		b := n.summary.nearMisses(n.buf, n.most, n.pal, &n.names)
		shown := budgets{}
		for _, m := range n.summary.near[:min(len(n.summary.near), n.most)] {
			shown[m.budget] = true
		}
		_, err = n.w.Write(shown.append(b, n.pal))
		return err
	}
	lines := newLineWriter(n.w)
	n.summary.rank()
	near := n.summary.near
	for i := range near[:min(len(near), n.most)] {
		m := &near[i]
		err := lines.write(&nearMissObject{
			header: n.names.header("near-miss", &inline.Package{Path: m.pkg}, m.pos), Name: m.name,
			costAndBudget: costOf(m.cost, m.budget), Over: m.over(), Calls: m.calls,
		})
		if err != nil {
			return err
		}
	}
	return lines.flush()
}
