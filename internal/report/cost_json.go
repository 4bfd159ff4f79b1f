package report

import (
	"io"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// A costJSON writes JSON Lines: for each function, or for each instance of a
// generic one, a costObject.
type costJSON struct {
	lineWriter
	sel     selector
	names   namer
	errors  errorPrinter
	sources sources
}

func newCostJSON(w io.Writer, o Options) *costJSON {
	return &costJSON{
		lineWriter: newLineWriter(w), sel: selector{filter: o.Filter}, names: newNamer(o.Dir), errors: newErrors(o),
		sources: sources{readFile: o.ReadFile},
	}
}

// Function implements CostPrinter.
func (j *costJSON) Function(c *Cost) error {
	if err := j.cost(c); err != nil {
		return err
	}
	return j.flush()
}

// Package implements CostPrinter.
func (j *costJSON) Package(p *inline.Package, functions []*Cost) error {
	if _, err := j.errors.add(nil, &j.names, p, j.sel.newErrors(p)); err != nil {
		return err
	}
	for _, c := range functions {
		if err := j.cost(c); err != nil {
			return err
		}
	}
	return j.flush()
}

// Close implements CostPrinter.
func (j *costJSON) Close() error {
	if _, err := j.errors.end(nil); err != nil {
		return err
	}
	return j.flush()
}

func (j *costJSON) cost(c *Cost) error {
	if len(c.Breakdowns) == 0 {
		return j.write(j.object(c, nil))
	}
	for _, b := range c.Breakdowns {
		if err := j.write(j.object(c, b)); err != nil {
			return err
		}
	}
	return nil
}

// object returns one object; b is nil for a function of which no cost is counted.
func (j *costJSON) object(c *Cost, b *cost.Breakdown) *costObject {
	f := c.Function
	o := &costObject{
		header: j.names.header("cost", c.Package, f.Pos), Function: f.Name,
		Inlinable: f.Inlinable, Reason: j.names.reason(f.Reason), Unknown: !f.Known,
	}
	if b != nil {
		o.Inlinable = b.Inlinable
		if in, shape := instanceOf(f, b); in != nil {
			o.Reason = j.names.reason(in.Reason)
			o.typeArgsObject = &typeArgsObject{in.TypeArgs, in.Shape}
		} else if shape != "" {
			o.typeArgsObject = &typeArgsObject{nil, shape}
		}
		o.countObject = &countObject{costAndBudget{b.Cost, b.Budget}, b.Printed, b.Unexplained, b.Cut}
		if elsewhere(f, b) {
			source := j.names.position(b.Pos)
			o.Source = &source
		}
		for _, l := range linesOf(b) {
			o.Lines = append(o.Lines, j.line(&l))
		}
		for _, bl := range b.Blockers {
			o.Blockers = append(o.Blockers, blockerObject{bl.Pos.Line, bl.Pos.Col, bl.Op})
		}
	}
	o.Calls.Total = len(c.Calls)
	for i := range c.Calls {
		if c.Calls[i].Status == inline.StatusInlined {
			o.Calls.Inlined++
		}
	}
	for _, call := range c.lost() {
		o.Callers = append(o.Callers, callerObject{j.names.position(call.Pos), call.Caller, statusName(call.Status), j.names.reason(call.Reason)})
	}
	return o
}

func (j *costJSON) line(l *costLine) lineObject {
	o := lineObject{Line: l.line, Cost: l.cost, Total: l.total}
	for i := range l.parts {
		p := &l.parts[i]
		part := partObject{
			Col: p.Pos.Col, Cost: p.Cost, What: string(p.What), Callee: p.Callee, Declared: j.names.optional(p.CalleePos),
			Note: strings.TrimPrefix(p.Note, "function too complex: "),
		}
		if p.Count != 1 {
			part.Count = p.Count
		}
		if line, col := j.sources.end(p); line > 0 {
			part.EndCol = col
			if line != p.Pos.Line {
				part.EndLine = line
			}
		}
		o.Parts = append(o.Parts, part)
	}
	return o
}
