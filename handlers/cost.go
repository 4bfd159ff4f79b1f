package handlers

import (
	"fmt"
	"go/ast"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// MethodCost is the request that [Cost] answers; its params are a [Place].
const MethodCost = "inlinelens/cost"

// A CostItem is the cost of a function by line of the current text.
type CostItem struct {
	URI      uri.URI        `json:"uri"`
	Function string         `json:"function"` // as the source writes it
	Range    protocol.Range `json:"range"`    // of its name, or of a literal's keyword
	Cost     int            `json:"cost"`
	Budget   int            `json:"budget"`
	// Printed says that the compiler named the cost. It names none for what it
	// cannot inline at any cost; then Cost is the sum of the parts.
	Printed     bool          `json:"printed"`
	Inlinable   bool          `json:"inlinable"`
	Reason      string        `json:"reason,omitzero"`
	Unexplained int           `json:"unexplained"` // Cost less the sum of the parts
	Lines       []CostLine    `json:"lines"`       // those that cost something, in order
	Blockers    []CostBlocker `json:"blockers,omitempty"`
}

// A CostLine is what one line of a function costs.
type CostLine struct {
	Line  uint32     `json:"line"`
	Cost  int        `json:"cost"`
	Total int        `json:"total"` // of this line and those before it
	Over  bool       `json:"over"`  // Total is over the budget
	Text  string     `json:"text"`  // the largest parts in short words
	Parts []CostPart `json:"parts"` // in the order of the source
}

// A CostPart is what one construct costs, or several plain ones of one kind.
type CostPart struct {
	// Range is that of what is called, without arguments, and of one token for
	// other parts.
	Range  protocol.Range     `json:"range"`
	Cost   int                `json:"cost"` // of all, where there are several
	Count  int                `json:"count"`
	What   cost.What          `json:"what"`
	Name   string             `json:"name"` // what it is, in short words: its callee, or its kind
	Callee string             `json:"callee,omitzero"`
	Note   string             `json:"note,omitzero"`
	Target *protocol.Location `json:"target,omitzero"` // where the callee is declared
}

// A CostBlocker is what makes it impossible to inline a function.
type CostBlocker struct {
	Range protocol.Range `json:"range"`
	Op    string         `json:"op"` // as the compiler names it: DEFER, GO, SELECT
}

// CostFunction returns the function at a position, or the innermost one around it,
// for who asks what it costs: nil where there is none. The error says why there is
// no answer although there is a function.
func CostFunction(d *Document, at protocol.Position) (*workspace.FileFunction, error) {
	f, ok := d.find(at)
	switch {
	case ok && f.function != nil:
		return f.function, nil
	case ok:
		return f.around, nil
	}
	offset, ok := d.offset(at)
	if !ok {
		return nil, nil
	}
	name := functionAround(d.Mapper.Text(), offset)
	switch {
	case name == "":
		return nil, nil
	case d.whyNot() != nil:
		return nil, d.whyNot()
	}
	return nil, fmt.Errorf("%s has been edited since the last compile: save the file", name)
}

// functionAround returns the name of the function whose declaration in the text
// has an offset; "" if there is none.
func functionAround(text []byte, offset int) string {
	s := parse(text)
	if s == nil {
		return ""
	}
	for _, decl := range s.file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok && s.offset(f.Pos()) <= offset && offset <= s.offset(f.End()) {
			return f.Name.Name
		}
	}
	return ""
}

// Cost answers inlinelens/cost on a function that CostFunction returned.
func Cost(d *Document, f *workspace.FileFunction, costs *breakdown.UnitCosts) (*CostItem, error) {
	s, err := d.costLines(f, costs)
	if err != nil {
		return nil, err
	}
	item := &CostItem{
		URI: d.URI, Function: d.short(f.Function.Name), Range: d.span(s.block.shifted(f.Name)),
		Cost: s.costs.Cost, Budget: s.costs.Budget, Printed: s.costs.Printed, Inlinable: s.costs.Inlinable,
		Reason: s.costs.Reason, Unexplained: s.costs.Unexplained,
		Lines: make([]CostLine, len(s.lines)),
	}
	if f.Reason != nil && !s.costs.Inlinable {
		item.Reason = f.Reason.Message
	}
	for i := range s.lines {
		l := &s.lines[i]
		line := CostLine{
			Line: l.line, Cost: l.cost, Total: l.total, Over: l.total > s.costs.Budget,
			Text: d.lineWords(l, lineParts), Parts: make([]CostPart, len(l.parts)),
		}
		for j, p := range l.parts {
			line.Parts[j] = CostPart{
				Range: d.span(p.span), Cost: p.Cost, Count: p.Count, What: p.What,
				Name: d.partName(p.Part), Callee: d.callee(p.Part), Note: note(p.Part),
			}
			if loc, ok := d.location(p.CalleePos); ok && !isWrapper(p.Part) {
				line.Parts[j].Target = &loc
			}
		}
		item.Lines[i] = line
	}
	for _, b := range s.blockers {
		item.Blockers = append(item.Blockers, CostBlocker{Range: d.span(b.span), Op: b.Op})
	}
	return item, nil
}
