package handlers

import (
	"strconv"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// costHints returns a hint at the end of each line of a function that costs
// something, as far as they are in a range: what the line adds, and the total up to
// there against the budget.
//
//	return fmt.Errorf("no %s", name) ‹+62 = 118/80 · over›
//
// The line that crosses the budget says so. They are in the order of their
// positions; there are none if the function was edited since its costs were counted.
func (d *Document) costHints(f *workspace.FileFunction, costs *breakdown.UnitCosts, r protocol.Range) []protocol.InlayHint {
	in, ok := d.offsets(r)
	if !ok || d.File == nil {
		return nil
	}
	in = d.wholeLines(in)
	s, err := d.costLines(f, costs)
	if err != nil {
		return nil
	}
	var hints []protocol.InlayHint
	before := 0
	for i := range s.lines {
		l := &s.lines[i]
		crosses := before <= s.costs.Budget && l.total > s.costs.Budget
		before = l.total
		at := d.lineEnd(l.at)
		if at < in.Start || at > in.End {
			continue
		}
		label := "+" + strconv.Itoa(l.cost) + " = " + costOf(l.total, s.costs.Budget)
		if crosses {
			label += " · over"
		}
		tooltip := d.lineTooltip(l)
		hints = append(hints, protocol.InlayHint{
			Position: d.point(at), Label: protocol.String(label), PaddingLeft: &padded, Tooltip: &tooltip,
		})
	}
	return hints
}

// lineTooltip lists the parts of a line, the largest first.
func (d *Document) lineTooltip(l *costLine) protocol.MarkupContent {
	p := page{markdown: d.Client.Markdown}
	p.text("This line costs " + strconv.Itoa(l.cost) + ":")
	w := costWriter{p: &p, d: d}
	for _, part := range byCost(l.parts, func(p costPart) int { return p.Cost }) {
		p.item(0)
		w.piece(part.Part)
	}
	return p.content()
}
