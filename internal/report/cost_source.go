package report

import (
	"bytes"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file lays out the source of a function beside its costs.

// Of functions with more lines than unfoldedLines, runs of foldedRun lines or
// more that cost little are one row.
const (
	unfoldedLines = 50
	foldedRun     = 4
)

// wideBar and narrowBar are the cells of a bar, on terminals of wideTerminal
// columns and more, and on others. Where nothing is known of the width, notes
// stand beside source up to unlimited columns.
const (
	wideBar      = 10
	narrowBar    = 5
	wideTerminal = 100
	unlimited    = 120
)

// A costRow is one row beside the source: a line, or several that are folded.
type costRow struct {
	first, last int // lines
	cost, total int
	line        *costLine // nil where nothing is spent, and for folded lines
}

// rowsOf makes the rows of the lines from first to last.
func rowsOf(lines []costLine, first, last int, fold bool) []costRow {
	at := make(map[int]*costLine, len(lines))
	for i := range lines {
		at[lines[i].line] = &lines[i]
	}
	var rows []costRow
	total := 0
	for n := first; n <= last; n++ {
		r := costRow{first: n, last: n, line: at[n]}
		if r.line != nil {
			r.cost = r.line.cost
			total = r.line.total
		}
		r.total = total
		rows = append(rows, r)
	}
	if !fold || len(rows) <= unfoldedLines {
		return rows
	}
	quiet := func(i int) bool {
		l := rows[i].line
		return i > 0 && i < len(rows)-1 && (l == nil || l.cost < minShownCost && len(l.blockers) == 0)
	}
	var folded []costRow
	for i := 0; i < len(rows); {
		end := i
		for end < len(rows) && quiet(end) {
			end++
		}
		if end-i >= foldedRun {
			r := costRow{first: rows[i].first, last: rows[end-1].last, total: rows[end-1].total}
			for _, row := range rows[i:end] {
				r.cost += row.cost
			}
			folded = append(folded, r)
			i = end
			continue
		}
		end = max(end, i+1)
		folded = append(folded, rows[i:end]...)
		i = end
	}
	return folded
}

// A costGutter is the part of a row left of the source.
type costGutter struct {
	line, cost, total, bar int // cells
	most                   int // the cost that fills the bar
}

func (g costGutter) width() int { return g.line + 1 + g.cost + 1 + g.total + 1 + g.bar + 1 }

// source appends the source of a function with what its lines cost.
func (t *costText) source(c *Cost, b *cost.Breakdown) {
	lines := linesOf(b)
	file, first, last := sourceOf(c.Function, b)
	var outside []costLine
	for len(lines) > 0 && lines[0].line < first {
		outside, lines = append(outside, lines[0]), lines[1:]
	}
	for n := len(lines); n > 0 && lines[n-1].line > last; n-- {
		outside, lines = append(outside, lines[n-1]), lines[:n-1]
	}
	text, readErr := t.text(file, first, last)
	rows := rowsOf(lines, first, last, !t.unfolded)

	g := costGutter{line: max(digits(last), 4) + 1, cost: 5, total: max(digits(max(b.Cost, 0)), 5), bar: narrowBar, most: 1}
	if t.width == 0 || t.width >= wideTerminal {
		g.bar = wideBar
	}
	for i := range rows {
		if rows[i].last > rows[i].first {
			g.line = max(g.line, digits(rows[i].first)+1+digits(rows[i].last)+1)
		}
		g.most = max(g.most, rows[i].cost)
	}
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = appendSpaces(t.buf, g.line-4)
	t.buf = append(t.buf, "line"...)
	t.buf = appendSpaces(t.buf, g.cost-3)
	t.buf = append(t.buf, "cost"...)
	t.buf = appendSpaces(t.buf, g.total-4)
	t.buf = append(t.buf, "total"...)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, '\n')

	pkg := linkname.Prefix(c.Package.Path, c.Package.Name)
	crossed := !b.Printed
	for i := range rows {
		r := &rows[i]
		crosses := !crossed && r.total > b.Budget
		t.gutter(g, r, r.cost > 0 && r.total > b.Budget)
		switch {
		case r.last > r.first:
			t.buf = append(t.buf, t.pal.quiet...)
			t.buf = append(t.buf, " … "...)
			t.buf = appendCount(t.buf, r.last-r.first+1, "line")
			t.buf = append(t.buf, t.pal.off...)
			t.buf = append(t.buf, '\n')
		default:
			var src []byte
			if n := r.first - first; n < len(text) {
				src = text[n]
			}
			t.sourceLine(g, r, src, pkg)
		}
		if crosses {
			crossed = true
			t.crossing(g, b.Budget)
		}
	}
	if readErr != nil {
		t.say(t.pal.quiet, "The source cannot be shown: ")
		t.buf = words.AppendPlain(t.buf, readErr.Error())
		t.buf = append(t.buf, '\n')
	}
	for i := range outside {
		t.buf = append(t.buf, "Line "...)
		t.buf = strconv.AppendInt(t.buf, int64(outside[i].line), 10)
		t.buf = append(t.buf, ", which is not in the function's source, costs "...)
		t.buf = strconv.AppendInt(t.buf, int64(outside[i].cost), 10)
		t.buf = append(t.buf, ".\n"...)
	}
}

// text returns the lines of the function, without the indentation of the first.
func (t *costText) text(file string, first, last int) ([][]byte, error) {
	text, err := t.readFile(file)
	if err != nil {
		return nil, err
	}
	var lines [][]byte
	n := 0
	for line := range bytes.Lines(bytes.TrimPrefix(text, []byte("\ufeff"))) {
		n++
		if n >= first && n <= last {
			lines = append(lines, bytes.TrimRight(line, "\r\n"))
		}
	}
	if len(lines) > 0 {
		indent := lines[0][:len(lines[0])-len(bytes.TrimLeft(lines[0], "\t "))]
		for i := range lines {
			lines[i] = bytes.TrimPrefix(lines[i], indent)
		}
	}
	return lines, nil
}

// gutter appends what stands left of the source.
func (t *costText) gutter(g costGutter, r *costRow, over bool) {
	t.buf = append(t.buf, t.pal.quiet...)
	if r.last > r.first {
		t.buf = appendSpaces(t.buf, g.line-digits(r.first)-1-digits(r.last))
		t.buf = strconv.AppendInt(t.buf, int64(r.first), 10)
		t.buf = append(t.buf, '-')
	} else {
		t.buf = appendSpaces(t.buf, g.line-digits(r.last))
	}
	t.buf = strconv.AppendInt(t.buf, int64(r.last), 10)
	t.buf = append(t.buf, t.pal.off...)
	if r.cost == 0 && (r.line == nil || len(r.line.parts) == 0) {
		t.buf = appendSpaces(t.buf, g.width()-g.line)
	} else {
		t.buf = append(t.buf, ' ')
		t.buf = appendRight(t.buf, r.cost, g.cost)
		t.buf = append(t.buf, ' ')
		if over {
			t.buf = append(t.buf, t.pal.bad...)
		} else {
			t.buf = append(t.buf, t.pal.quiet...)
		}
		t.buf = appendRight(t.buf, r.total, g.total)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, ' ')
		style := t.pal.good
		if r.line != nil && r.cost >= minShownCost {
			style = t.pal.bad
		}
		t.buf = append(t.buf, style...)
		t.buf = appendBar(t.buf, r.cost, g.most, g.bar)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, ' ')
	}
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = append(t.buf, "│"...)
	t.buf = append(t.buf, t.pal.off...)
}

// eighths are the ends of bars.
var eighths = [...]string{"", "▏", "▎", "▍", "▌", "▋", "▊", "▉"}

// appendBar appends a bar for n of most, in w cells. What is not nothing can be
// seen.
func appendBar(b []byte, n, most, w int) []byte {
	parts := max(n, 0) * w * 8 / most
	if n > 0 {
		parts = max(parts, 1)
	}
	for range parts / 8 {
		b = append(b, "█"...)
	}
	cells := parts / 8
	if parts%8 > 0 {
		b = append(b, eighths[parts%8]...)
		cells++
	}
	return appendSpaces(b, w-cells)
}

// crossing appends the row that stands where the budget is spent.
func (t *costText) crossing(g costGutter, budget int) {
	note := " the budget of " + strconv.Itoa(budget) + " is spent "
	if len(note) > g.width()-2 {
		note = " budget " + strconv.Itoa(budget) + " spent "
	}
	room := g.width() - 2 - len(note)
	t.buf = append(t.buf, t.pal.bad...)
	t.buf = append(t.buf, ' ', ' ')
	for range max(room/2, 0) {
		t.buf = append(t.buf, "─"...)
	}
	t.buf = append(t.buf, note...)
	for range max(room-room/2, 0) {
		t.buf = append(t.buf, "─"...)
	}
	t.buf = append(t.buf, "┤"...)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, '\n')
}

// sourceLine appends a line of source, and beside it, if there is room, or below
// it, what it is spent on.
func (t *costText) sourceLine(g costGutter, r *costRow, src []byte, pkg string) {
	var notes [][]byte
	if r.line != nil {
		for _, bl := range r.line.blockers {
			notes = append(notes, append([]byte(blockerWord(bl.Op)), ": never inlined"...))
		}
		for _, p := range largestParts(r.line.parts) {
			notes = append(notes, appendPart(nil, &p, pkg))
		}
	}
	shown := appendCells(nil, src)
	room := unlimited
	if t.width > 0 {
		room = t.width
	}
	room -= g.width() + 2
	used := width(shown)
	if t.width > 0 {
		shown = fitCells(shown, room)
	}
	if len(shown) > 0 {
		t.buf = append(t.buf, ' ')
		t.buf = append(t.buf, shown...)
	}
	together := bytes.Join(notes, []byte(" · "))
	switch {
	case len(notes) == 0:
	case used+2+width(together) <= room:
		t.buf = append(t.buf, "  "...)
		t.say(t.pal.quiet, string(together))
	default:
		indent := max(len(appendIndent(nil, src)), 1)
		for _, n := range notes {
			t.buf = append(t.buf, '\n')
			t.buf = appendSpaces(t.buf, g.width())
			t.say(t.pal.quiet, "│")
			t.buf = appendSpaces(t.buf, indent+1)
			n = append([]byte("└ "), n...)
			if t.width > 0 {
				n = fitCells(n, room-indent)
			}
			t.say(t.pal.quiet, string(n))
		}
	}
	t.buf = append(t.buf, '\n')
}

// fitCells cuts a text that takes more than w cells.
func fitCells(text []byte, w int) []byte {
	if width(text) <= w {
		return text
	}
	runes := bytes.Runes(text)
	for len(runes) > 0 && width([]byte(string(runes))) >= w {
		runes = runes[:len(runes)-1]
	}
	return append([]byte(string(runes)), "…"...)
}
