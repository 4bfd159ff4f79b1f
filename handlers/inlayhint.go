package handlers

import (
	"bytes"
	"cmp"
	"slices"
	"sort"
	"strconv"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A hinted call is one that a hint is about.
type hinted struct {
	*workspace.FileCall
	name position.Span // of the callee, in the current text
	at   int           // where its hint stands behind the callee, in the current text
}

// InlayHints answers textDocument/inlayHint: a hint for each call in the range
// that the settings ask for, right behind the callee's name,
//
//	strings.ToUpper‹✗ 355/80›(s)
//
// or one for all calls of a line, at its end:
//
//	fmt.Println(strings.ToUpper(s)) ‹Println ✓, ToUpper ✗ 355/80›
//
// The lines of functions whose costs are shown have one with their cost. They are
// all in the order of their positions. In a declaration that was edited since it was
// compiled, the calls have one whose lines are as they were.
func InlayHints(d *Document, r protocol.Range) []protocol.InlayHint {
	hints := d.callHints(r)
	for _, c := range d.ShownCosts {
		if c.File == d.File {
			hints = append(hints, d.costHints(c.Function, c.Costs, r)...)
		}
	}
	if len(d.ShownCosts) > 0 {
		slices.SortStableFunc(hints, func(a, b protocol.InlayHint) int { return comparePositions(a.Position, b.Position) })
	}
	return hints
}

// comparePositions orders positions of one document.
func comparePositions(a, b protocol.Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Character, b.Character))
}

// callHints are the hints on calls. No two have the same position.
func (d *Document) callHints(r protocol.Range) []protocol.InlayHint {
	hints := []protocol.InlayHint{}
	s := &d.Settings.Hints
	in, ok := d.offsets(r)
	if !ok || !s.Enabled || d.File == nil {
		return hints
	}
	if s.Place == settings.PlaceEnd {
		in = d.wholeLines(in)
	}
	calls := d.hinted(in)
	w := newHintWriter(d, len(calls))
	hints = slices.Grow(hints, len(calls))
	for len(calls) > 0 {
		n, at := 1, calls[0].at
		if s.Place == settings.PlaceEnd {
			at = d.lineEnd(at)
			for n < len(calls) && calls[n].at <= at {
				n++
			}
		}
		hints = append(hints, w.hint(calls[:n], at))
		calls = calls[n:]
	}
	return hints
}

// hinted returns the calls whose hints stand in a span of the current text, in
// their order.
func (d *Document) hinted(in position.Span) []hinted {
	var found []hinted
	for b := range d.pieces(in) {
		calls := d.calls(b)
		for i := range calls {
			c := &calls[i]
			if !d.Settings.Hints.Shows(c.Call) {
				continue
			}
			h := hinted{FileCall: c, name: position.Span{Start: c.Name.Start + b.delta, End: c.Name.End + b.delta}}
			h.at = h.name.End
			if isLiteral(d.File.Text, c) {
				h.at = c.Callee.End + b.delta
			}
			if b.edited && (c.Name.Start < b.Start || h.at-b.delta > b.End) {
				continue // a part of it is on another line
			}
			if h.at >= in.Start && h.at <= in.End {
				found = append(found, h)
			}
		}
	}
	slices.SortStableFunc(found, func(x, y hinted) int { return cmp.Compare(x.at, y.at) })
	return slices.CompactFunc(found, func(x, y hinted) bool { return x.at == y.at })
}

// isLiteral reports whether what is called is a function literal: its name is a
// keyword then, and the body stands between that and the parenthesis.
func isLiteral(text []byte, c *workspace.FileCall) bool {
	return c.Via != "range" && string(text[c.Name.Start:c.Name.End]) == "func"
}

// A remark is what a hint says of a call, or of several of which it says the same.
type remark struct {
	text  string
	paren int // of the first
	times int
}

// A hintWriter makes the hints of one answer. They share their memory, since a file
// can have thousands.
type hintWriter struct {
	d       *Document
	full    bool
	data    *dataWriter
	remarks []remark
	parts   []protocol.InlayHintLabelPart
	parens  []int
}

func newHintWriter(d *Document, calls int) *hintWriter {
	w := &hintWriter{d: d, full: d.Settings.Hints.Style == settings.StyleFull, data: newDataWriter(d, calls)}
	w.parts = make([]protocol.InlayHintLabelPart, 0, calls)
	return w
}

// remark fills w.remarks with what the hint on some calls says, in their order.
func (w *hintWriter) remark(calls []hinted) {
	w.remarks = w.remarks[:0]
	if len(calls) == 1 {
		w.remarks = append(w.remarks, remark{text: callLabel(calls[0].Call, w.full), paren: calls[0].Paren, times: 1})
		return
	}
	for i := range calls {
		c := &calls[i]
		name := w.d.Mapper.Text()[c.name.Start:c.name.End]
		text := string(name) + " " + callLabel(c.Call, w.full)
		if n := slices.IndexFunc(w.remarks, func(r remark) bool { return r.text == text }); n >= 0 {
			w.remarks[n].times++
			continue
		}
		w.remarks = append(w.remarks, remark{text: text, paren: c.Paren, times: 1})
	}
}

// remarksShown is how many remarks a hint has room for.
const remarksShown = 4

// hint makes the hint on one call, or on those of a line, at an offset of the
// current text.
func (w *hintWriter) hint(calls []hinted, at int) protocol.InlayHint {
	w.remark(calls)
	w.parens = w.parens[:0]
	first := len(w.parts)
	for i, r := range w.remarks {
		w.parens = append(w.parens, r.paren)
		if i >= remarksShown {
			continue
		}
		if i > 0 {
			r.text = ", " + r.text
		}
		if r.times > 1 {
			r.text += " ×" + strconv.Itoa(r.times)
		}
		w.parts = append(w.parts, protocol.InlayHintLabelPart{Value: r.text})
	}
	if more := len(w.remarks) - remarksShown; more > 0 {
		w.parts = append(w.parts, protocol.InlayHintLabelPart{Value: ", +" + strconv.Itoa(more)})
	}
	parts := w.parts[first:len(w.parts):len(w.parts)]
	h := protocol.InlayHint{Position: w.d.point(at), PaddingLeft: &padded}
	if w.d.Client.ResolvesHints {
		h.Label = protocol.InlayHintLabelPartSlice(parts)
		h.Data = w.data.data(w.parens...)
		return h
	}
	var label string
	for i := range parts {
		label += parts[i].Value
	}
	h.Label = protocol.String(label)
	return h
}

var padded = true

// ResolveInlayHint answers inlayHint/resolve: it adds the tooltip, and to each part
// of the label the place of its callee. A hint that is not about what d shows now
// comes back as it is.
func ResolveInlayHint(d *Document, h protocol.InlayHint, data Data) protocol.InlayHint {
	if !d.resolves(data) || len(data.At) == 0 {
		return h
	}
	p := page{markdown: d.Client.Markdown}
	parts, _ := h.Label.(protocol.InlayHintLabelPartSlice)
	parts = slices.Clone(parts)
	for i, paren := range data.At {
		c := d.callAt(paren)
		if c == nil {
			return h
		}
		p.paragraph()
		d.callVerdict(&p, c)
		if i == len(data.At)-1 {
			_, ok := d.Shift.Offset(paren)
			d.asOf(&p, !ok)
		}
		if i < min(len(parts), remarksShown) {
			if loc, ok := d.location(c.CalleePos); ok {
				parts[i].Location = loc
			}
		}
	}
	tooltip := p.content()
	h.Tooltip = &tooltip
	if len(parts) > 0 {
		h.Label = parts
	}
	return h
}

// callAt returns the call with a Paren; nil if there is none.
func (d *Document) callAt(paren int) *workspace.FileCall {
	all := d.File.Calls
	i := sort.Search(len(all), func(i int) bool { return all[i].Paren >= paren })
	if i == len(all) || all[i].Paren != paren {
		return nil
	}
	return &all[i]
}

// wholeLines widens a span of the current text to the lines that it touches.
func (d *Document) wholeLines(s position.Span) position.Span {
	text := d.Mapper.Text()
	return position.Span{Start: bytes.LastIndexAny(text[:s.Start], "\r\n") + 1, End: d.lineEnd(s.End)}
}

// lineEnd returns where the line ends that an offset in the current text is in.
func (d *Document) lineEnd(offset int) int {
	text := d.Mapper.Text()[offset:]
	if i := bytes.IndexAny(text, "\r\n"); i >= 0 {
		return offset + i
	}
	return offset + len(text)
}
