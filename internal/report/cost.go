package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// A Cost is one function with its cost, taken apart.
type Cost struct {
	Package  *inline.Package
	Function *inline.Function
	// Breakdowns has one entry, or one for each instance of a generic function; it
	// is empty where the compiler counted none.
	Breakdowns []*cost.Breakdown
	// Calls are the calls of the function that are known.
	Calls []inline.Call
	// Callers says where Calls were looked for: "" for the function's own package,
	// otherwise the patterns that name the packages.
	Callers string
	// Call is the call by which the function was found; nil if it was named.
	Call *inline.Call
}

// lost returns the calls that stay calls.
func (c *Cost) lost() []inline.Call {
	return slices.DeleteFunc(slices.Clone(c.Calls), func(call inline.Call) bool {
		return call.Status != inline.StatusNotInlined && call.Status != inline.StatusMixed
	})
}

// A CostPrinter writes costs in one format.
type CostPrinter interface {
	// Function writes one function.
	Function(c *Cost) error
	// Package writes what the functions of a package cost, one by one or as a
	// table. Packages of one import path must follow each other, as for a Printer.
	Package(p *inline.Package, functions []*Cost) error
	// Close writes what is still buffered.
	Close() error
}

// CostFormats lists the names that NewCost understands.
func CostFormats() []string { return []string{"text", "json"} }

// NewCost returns the printer of a format, writing to w. Of the options it needs
// neither Filter nor Tree.
func NewCost(format string, w io.Writer, o Options) (CostPrinter, error) {
	if o.ReadFile == nil {
		o.ReadFile = regular.ReadFile
	}
	o.Filter = &Filter{}
	switch format {
	case "text":
		return newCostText(w, o), nil
	case "json":
		return newCostJSON(w, o), nil
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(CostFormats(), ", "))
}

// A costLine is what one line of source costs.
type costLine struct {
	line        int // 1-based
	cost, total int // total is that of all lines up to this one
	parts       []cost.Part
	blockers    []cost.Blocker
}

// linesOf sorts the parts and blockers of a breakdown into lines, in their order.
func linesOf(b *cost.Breakdown) []costLine {
	var lines []costLine
	at := func(n int) *costLine {
		i, found := slices.BinarySearchFunc(lines, n, func(l costLine, n int) int { return cmp.Compare(l.line, n) })
		if !found {
			lines = slices.Insert(lines, i, costLine{line: n})
		}
		return &lines[i]
	}
	for _, p := range b.Parts {
		l := at(p.Pos.Line)
		l.cost += p.Cost
		l.parts = append(l.parts, p)
	}
	for _, bl := range b.Blockers {
		l := at(bl.Pos.Line)
		l.blockers = append(l.blockers, bl)
	}
	total := 0
	for i := range lines {
		total += lines[i].cost
		lines[i].total = total
	}
	return lines
}

// sourceOf returns the file and the lines in which the text of a function is:
// //line directives may say that it is elsewhere.
func sourceOf(f *inline.Function, b *cost.Breakdown) (file string, first, last int) {
	if b != nil && b.End.IsValid() {
		return b.Pos.File, b.Pos.Line, max(b.End.Line, b.Pos.Line)
	}
	return f.Pos.File, f.Pos.Line, max(f.End.Line, f.Pos.Line)
}

// elsewhere reports whether the text of a function is not where its verdict says
// that it is.
func elsewhere(f *inline.Function, b *cost.Breakdown) bool {
	file, line, _ := sourceOf(f, b)
	return file != f.Pos.File || line != f.Pos.Line
}

// instanceOf returns the type arguments of a breakdown's function as words has
// them, "" if it is not generic.
func instanceOf(f *inline.Function, b *cost.Breakdown) (in *inline.FunctionInstance, shape string) {
	if shape = linkname.TypeArgs(b.Function); shape == "" {
		return nil, ""
	}
	for i := range f.Instances {
		if f.Instances[i].Shape == shape {
			return &f.Instances[i], shape
		}
	}
	return nil, shape
}

// costAlike reports whether two breakdowns say the same in each line.
func costAlike(a, b *cost.Breakdown) bool {
	return a.Cost == b.Cost && a.Budget == b.Budget && a.Unexplained == b.Unexplained && a.Reason == b.Reason &&
		slices.EqualFunc(linesOf(a), linesOf(b), func(x, y costLine) bool {
			return x.line == y.line && x.cost == y.cost && len(x.blockers) == len(y.blockers)
		})
}
