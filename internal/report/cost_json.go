package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// A costJSON writes JSON Lines: for each function, or for each instance of a
// generic one, an object of kind "cost".
//
//	{"kind":"cost","package":…,"file":…,"line":…,"col":…,"function":…,"inlinable":…,"cost":…,"budget":…,"printed":…,
//	 "unexplained":…,"reason":{…},"typeargs":[…],"shape":…,"lines":[{"line":…,"cost":…,"total":…,"parts":[…]}],
//	 "blockers":[{"line":…,"col":…,"op":…}],"calls":{"total":…,"inlined":…},"callers":[…]}
//
// A part is {"col","endLine","endCol","cost","what","count","callee","declared","note"}.
// docs/json.md says what each field means.
type costJSON struct {
	jsonPrinter
	sources sources
}

func newCostJSON(w io.Writer, o Options) *costJSON {
	return &costJSON{
		jsonPrinter: jsonPrinter{w: w, sel: selector{filter: o.Filter}, names: newNamer(o.Dir), errors: o.Errors},
		sources:     sources{readFile: o.ReadFile},
	}
}

// Function implements CostPrinter.
func (j *costJSON) Function(c *Cost) error {
	j.cost(c)
	return j.flush()
}

// Package implements CostPrinter.
func (j *costJSON) Package(p *inline.Package, functions []*Cost) error {
	if _, err := reportErrors(nil, j.errors, &j.names, p, j.sel.begin(p)); err != nil {
		return err
	}
	for _, c := range functions {
		j.cost(c)
		if len(j.buf) > flushAt {
			if err := j.flush(); err != nil {
				return err
			}
		}
	}
	return j.flush()
}

// Close implements CostPrinter.
func (j *costJSON) Close() error { return j.flush() }

func (j *costJSON) cost(c *Cost) {
	if len(c.Breakdowns) == 0 {
		j.object(c, nil)
	}
	for _, b := range c.Breakdowns {
		j.object(c, b)
	}
}

// object appends one object; b is nil for a function of which no cost is counted.
func (j *costJSON) object(c *Cost, bd *cost.Breakdown) {
	f := c.Function
	b := j.head(j.buf, "cost", c.Package, f.Pos)
	b = append(b, `,"function":`...)
	b = appendJSON(b, f.Name)
	inlinable, reason := f.Inlinable, f.Reason
	if bd != nil {
		inlinable = bd.Inlinable
		if in, shape := instanceOf(f, bd); in != nil {
			reason = in.Reason
			b = appendInstanceFields(append(b, ','), in.TypeArgs, in.Shape)
		} else if shape != "" {
			b = appendInstanceFields(append(b, ','), nil, shape)
		}
	}
	b = appendBool(b, `,"inlinable":`, inlinable)
	if bd != nil {
		b = append(b, `,"cost":`...)
		b = strconv.AppendInt(b, int64(bd.Cost), 10)
		b = append(b, `,"budget":`...)
		b = strconv.AppendInt(b, int64(bd.Budget), 10)
		b = appendBool(b, `,"printed":`, bd.Printed)
		b = append(b, `,"unexplained":`...)
		b = strconv.AppendInt(b, int64(bd.Unexplained), 10)
		if bd.Cut {
			b = append(b, `,"cut":true`...)
		}
	}
	b = j.reason(b, reason)
	if !f.Known {
		b = append(b, `,"unknown":true`...)
	}
	if bd != nil && elsewhere(f, bd) {
		b = append(b, `,"source":{`...)
		b = append(j.place(b, bd.Pos), '}')
	}
	b = append(b, `,"lines":[`...)
	if bd != nil {
		b = j.lines(b, bd)
	}
	b = append(b, `],"blockers":[`...)
	if bd != nil {
		for i, bl := range bd.Blockers {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(b, `{"line":`...)
			b = strconv.AppendInt(b, int64(bl.Pos.Line), 10)
			b = append(b, `,"col":`...)
			b = strconv.AppendInt(b, int64(bl.Pos.Col), 10)
			b = append(b, `,"op":`...)
			b = append(appendJSON(b, bl.Op), '}')
		}
	}
	b = append(b, ']')
	b = j.callers(b, c)
	j.buf = append(b, '}', '\n')
}

func (j *costJSON) lines(b []byte, bd *cost.Breakdown) []byte {
	for i, l := range linesOf(bd) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"line":`...)
		b = strconv.AppendInt(b, int64(l.line), 10)
		b = append(b, `,"cost":`...)
		b = strconv.AppendInt(b, int64(l.cost), 10)
		b = append(b, `,"total":`...)
		b = strconv.AppendInt(b, int64(l.total), 10)
		b = append(b, `,"parts":[`...)
		for i := range l.parts {
			if i > 0 {
				b = append(b, ',')
			}
			b = j.part(b, &l.parts[i])
		}
		b = append(b, "]}"...)
	}
	return b
}

func (j *costJSON) part(b []byte, p *cost.Part) []byte {
	b = append(b, `{"col":`...)
	b = strconv.AppendInt(b, int64(p.Pos.Col), 10)
	if line, col := j.sources.end(p); line > 0 {
		if line != p.Pos.Line {
			b = append(b, `,"endLine":`...)
			b = strconv.AppendInt(b, int64(line), 10)
		}
		b = append(b, `,"endCol":`...)
		b = strconv.AppendInt(b, int64(col), 10)
	}
	b = append(b, `,"cost":`...)
	b = strconv.AppendInt(b, int64(p.Cost), 10)
	b = append(b, `,"what":`...)
	b = appendJSON(b, string(p.What))
	if p.Count != 1 {
		b = append(b, `,"count":`...)
		b = strconv.AppendInt(b, int64(p.Count), 10)
	}
	if p.Callee != "" {
		b = append(b, `,"callee":`...)
		b = appendJSON(b, p.Callee)
	}
	if p.CalleePos.File != "" {
		b = append(b, `,"declared":{`...)
		b = j.place(b, p.CalleePos)
		b = append(b, '}')
	}
	if p.Note != "" {
		b = append(b, `,"note":`...)
		b = appendJSON(b, strings.TrimPrefix(p.Note, "function too complex: "))
	}
	return append(b, '}')
}

// callers appends how many calls of the function there are, and those that stay
// calls.
func (j *costJSON) callers(b []byte, c *Cost) []byte {
	inlined := 0
	for i := range c.Calls {
		if c.Calls[i].Status == inline.StatusInlined {
			inlined++
		}
	}
	b = append(b, `,"calls":{"total":`...)
	b = strconv.AppendInt(b, int64(len(c.Calls)), 10)
	b = append(b, `,"inlined":`...)
	b = strconv.AppendInt(b, int64(inlined), 10)
	b = append(b, `},"callers":[`...)
	lost := c.lost()
	for i := range lost {
		call := &lost[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = j.place(append(b, '{'), call.Pos)
		b = append(b, `,"caller":`...)
		b = appendJSON(b, call.Caller)
		b = appendStatus(b, call.Status)
		b = append(j.reason(b, call.Reason), '}')
	}
	return append(b, ']')
}
