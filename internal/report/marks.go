package report

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/displaywidth"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file places carets and labels below a line of source. It converts between
// two coordinates: byte columns of the compiler, 1-based, and cells of a
// terminal, 0-based, with tabs expanded and wide characters counted as two.

// tabWidth is the distance of tab stops in annotated source.
const tabWidth = 4

// A mark is something below a line of source: carets and the labels they carry.
type mark struct {
	start, end int // cells; end is exclusive
	style      string
	labels     []label
}

// A label is one entry of a mark. Wrapped text is indented below it.
type label struct {
	indent int
	style  string
	head   string // in the style
	text   string // as it is, without control characters
}

// callMark marks the name before a call's parenthesis, or the parenthesis alone
// where no name stands before it; the keyword of a range clause.
func (a *annotatePrinter) callMark(p *inline.Package, src []byte, c *inline.Call) mark {
	first, last := calleeBytes(src, c.Pos.Col-1)
	if c.Via == "range" {
		first, last = wordBytes(src, c.Pos.Col-1)
	}
	m := newMark(src, first, last, a.pal.status[statusIndex(c.Status)])
	m.labels = append(m.labels, a.callLabel(p, c))
	if c.Status == inline.StatusMixed {
		for i := range c.Instances {
			in := &c.Instances[i]
			s := statusIndex(in.Status)
			which := string(words.AppendTypeArgs(nil, in.TypeArgs, in.Shape))
			m.labels = append(m.labels, label{
				style: a.pal.status[s],
				head:  "└ " + which + " " + statusNames[s],
				text:  a.why(in.Status, in.Reason, in.Cost, in.Budget),
			})
		}
	}
	a.treeLabels(&m, p, c.Inlines, 0)
	return m
}

func (a *annotatePrinter) callLabel(p *inline.Package, c *inline.Call) label {
	s := statusIndex(c.Status)
	text := string(appendDetail(nil, &palette{}, &a.names, c, linkname.Prefix(p.Path, p.Name)))
	return label{style: a.pal.status[s], head: statusNames[s], text: joint(c.Status, text)}
}

func (a *annotatePrinter) treeLabels(m *mark, p *inline.Package, calls []inline.Inlined, level int) {
	for i := range calls {
		c := &calls[i]
		if !a.tree.shows(c) {
			continue
		}
		s := statusIndex(c.Status)
		name := string(words.AppendName(nil, c.Callee, c.Reason, linkname.Prefix(p.Path, p.Name)))
		m.labels = append(m.labels, label{
			indent: 2 * level,
			style:  a.pal.status[s],
			head:   "└ " + name + " " + statusNames[s],
			text:   a.why(c.Status, c.Reason, c.Cost, c.Budget),
		})
		a.treeLabels(m, p, c.Inlines, level+1)
	}
}

func (a *annotatePrinter) why(s inline.Status, r *inline.Reason, cost, budget int) string {
	return joint(s, string(appendWhy(nil, &palette{}, nil, s, r, cost, budget)))
}

// joint puts what belongs between the head of a label and its text.
func joint(s inline.Status, text string) string {
	switch {
	case text == "":
		return ""
	case s == inline.StatusInlined:
		return " " + text
	}
	return ": " + text
}

// literalMark marks the func keyword of a function literal, or the for keyword
// of a range-over-func body.
func (a *annotatePrinter) literalMark(src []byte, f *inline.Function) mark {
	first, last := wordBytes(src, f.Pos.Col-1)
	m := newMark(src, first, last, a.pal.quiet)
	what := "closure "
	if bytes.HasPrefix(src[first:last], []byte("for")) {
		what = "loop body "
	}
	verdict := string(appendVerdict(nil, &palette{}, f))
	m.labels = append(m.labels, label{style: a.pal.quiet, head: what + verdict})
	return m
}

func newMark(src []byte, first, last int, style string) mark {
	start := cells(src[:first])
	return mark{start: start, end: max(start+1, cells(src[:last])), style: style}
}

// drawMarks appends the line of carets and the labels below it: the rightmost
// mark's beside its carets, those of the others below, joined by vertical lines.
func (a *annotatePrinter) drawMarks(gutter int) {
	slices.SortStableFunc(a.marks, func(x, y mark) int { return x.start - y.start })
	// Marks that share their carets (a closure's and what is known of it) share a block.
	marks := a.marks[:0]
	for _, m := range a.marks {
		if n := len(marks); n > 0 && marks[n-1].start == m.start {
			marks[n-1].labels = append(marks[n-1].labels, m.labels...)
			continue
		}
		marks = append(marks, m)
	}
	a.gutter(gutter, 0)
	a.buf = append(a.buf, ' ')
	at := 0
	for i := range marks {
		m := &marks[i]
		if i+1 < len(marks) {
			m.end = min(m.end, marks[i+1].start)
		}
		a.buf = appendSpaces(a.buf, m.start-at)
		a.buf = append(a.buf, m.style...)
		for range m.end - m.start {
			a.buf = append(a.buf, '^')
		}
		a.buf = append(a.buf, a.pal.off...)
		at = m.end
	}
	for i := len(marks) - 1; i >= 0; i-- {
		m := &marks[i]
		column := m.start
		first := false
		if i == len(marks)-1 {
			if a.beside(m, gutter) {
				column = m.end + 1
				first = true
				a.buf = append(a.buf, ' ')
			} else {
				a.endLine()
			}
		}
		for _, l := range m.labels {
			for _, piece := range a.wrap(l, column+gutter+3) {
				if !first {
					a.gutter(gutter, 0)
					a.buf = append(a.buf, ' ')
					a.connect(marks[:i], column)
				}
				first = false
				a.buf = append(a.buf, piece...)
				a.endLine()
			}
		}
	}
}

// beside reports whether the labels of the rightmost mark stand beside its carets:
// unless one of them fits into the terminal only below.
func (a *annotatePrinter) beside(m *mark, gutter int) bool {
	if a.width == 0 {
		return true
	}
	for _, l := range m.labels {
		w := l.indent + columns(l.head+l.text)
		if gutter+3+m.end+1+w > a.width && gutter+3+m.start+w <= a.width {
			return false
		}
	}
	return true
}

// connect appends the vertical lines of marks, up to a cell.
func (a *annotatePrinter) connect(marks []mark, column int) {
	at := 0
	for i := range marks {
		a.buf = appendSpaces(a.buf, marks[i].start-at)
		a.buf = append(a.buf, marks[i].style...)
		a.buf = append(a.buf, "│"...)
		a.buf = append(a.buf, a.pal.off...)
		at = marks[i].start + 1
	}
	a.buf = appendSpaces(a.buf, column-at)
}

// minWrap is the least number of cells in which text is wrapped; in fewer it is
// left to the terminal.
const minWrap = 28

// wrap renders a label that begins at a cell, in as many lines as it needs.
func (a *annotatePrinter) wrap(l label, column int) []string {
	indent := strings.Repeat(" ", l.indent)
	head := indent + l.style + l.head + a.pal.off
	room := a.width - column - l.indent
	if a.width == 0 || room < minWrap || columns(l.head+l.text) <= room {
		return []string{head + l.text}
	}
	// The head is never broken; its text continues two cells to the right of it.
	var lines []string
	text := l.text
	line, used := head, columns(l.head)
	for word := range strings.SplitAfterSeq(text, " ") {
		w := columns(strings.TrimRight(word, " "))
		if used+w > room && used > 2 {
			lines = append(lines, line)
			line, used = indent+"  ", 2
		}
		line += word
		used += columns(word)
	}
	return append(lines, line)
}

// calleeBytes returns the bytes of the name before the parenthesis at paren, or
// of the parenthesis when something else stands before it. Offsets beyond the
// line are brought back to its end.
func calleeBytes(src []byte, paren int) (first, last int) {
	paren = min(max(paren, 0), len(src))
	end := len(bytes.TrimRight(src[:paren], " \t"))
	if end > 0 && src[end-1] == ']' { // type arguments
		depth := 0
		for i := end - 1; i >= 0; i-- {
			switch src[i] {
			case ']':
				depth++
			case '[':
				depth--
			}
			if depth == 0 {
				end = i
				break
			}
		}
	}
	start := end
	for start > 0 {
		r, n := utf8.DecodeLastRune(src[:start])
		if !isWord(r) {
			break
		}
		start -= n
	}
	if start == end || string(src[start:end]) == "func" {
		return paren, min(paren+1, len(src))
	}
	return start, end
}

// wordBytes returns the bytes of the word that begins at an offset.
func wordBytes(src []byte, at int) (first, last int) {
	at = min(max(at, 0), len(src))
	last = at
	for last < len(src) {
		r, n := utf8.DecodeRune(src[last:])
		if !isWord(r) {
			break
		}
		last += n
	}
	return at, last
}

func isWord(r rune) bool {
	return r == '_' || r < utf8.RuneSelf && (r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9') ||
		r >= utf8.RuneSelf && r != utf8.RuneError && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

// isLiteral reports whether the keyword func, or that of a range body, stands at
// a column; otherwise it is the name of a declared function.
func isLiteral(src []byte, col int) bool {
	first, last := wordBytes(src, col-1)
	word := string(src[first:last])
	return word == "func" || word == "for"
}

// cells returns the number of cells of src from the start of its line.
func cells(src []byte) int {
	return width(appendCells(nil, src))
}

// appendIndent appends the white space that a line of source begins with.
func appendIndent(b, src []byte) []byte {
	n := len(src) - len(bytes.TrimLeft(src, " \t"))
	return appendCells(b, src[:n])
}

// appendCells appends a line of source as a terminal shall show it: tabs
// expanded, hidden characters and invalid UTF-8 replaced, one cell each.
func appendCells(b, src []byte) []byte {
	begin := len(b)
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		switch {
		case r == '\t':
			// Cells so far, wide characters counted: measured, as clusters of
			// several runes have no width of their own.
			b = appendSpaces(b, tabWidth-width(b[begin:])%tabWidth)
		case words.Hidden(r):
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
		src = src[n:]
	}
	return b
}

// columns is the width of text on a terminal, without its colours.
func columns(s string) int {
	return displaywidth.Options{ControlSequences: true}.String(s)
}
