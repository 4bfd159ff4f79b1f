package handlers

import (
	"sort"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// MethodCalls is the request that [Calls] answers; its params are a [Place].
const MethodCalls = "inlinelens/calls"

// A CallList is a function with its calls. Words and numbers are those of
// inlinelens report -format json.
type CallList struct {
	// Function is the innermost one around the position; it is absent where only
	// initializers of package-level variables are.
	Function *FunctionItem `json:"function,omitzero"`
	Calls    []CallItem    `json:"calls"` // in its body, or in the initializers; in source order
	// CalledFrom are the calls of Function in the units of its own package, without
	// those in declarations of this document that were edited.
	CalledFrom []CallItem `json:"calledFrom"`
}

// A FunctionItem is the verdict on a function.
type FunctionItem struct {
	Name           string         `json:"name"` // as the source writes it
	Range          protocol.Range `json:"range"`
	SelectionRange protocol.Range `json:"selectionRange"` // of its name, or of a literal's keyword
	Known          bool           `json:"known"`
	Inlinable      bool           `json:"inlinable"`
	*CostAndBudget
	Reason *ReasonItem `json:"reason,omitzero"`
}

// A CallItem is the verdict on a call.
type CallItem struct {
	URI uri.URI `json:"uri"` // of the file that has the call
	// Range is that of what is called, without arguments; empty, at the parenthesis,
	// for a call in another file.
	Range  protocol.Range `json:"range"`
	Caller string         `json:"caller"`
	Callee string         `json:"callee"`
	Status inline.Status  `json:"status"`
	Via    string         `json:"via,omitzero"` // "go", "defer" or "range"
	Label  string         `json:"label"`        // the words of its hint
	*CostAndBudget
	Reason         *ReasonItem        `json:"reason,omitzero"`
	CalleeLocation *protocol.Location `json:"calleeLocation,omitzero"`
}

// CostAndBudget are left out where the compiler names neither.
type CostAndBudget struct {
	Cost   int `json:"cost"`
	Budget int `json:"budget"`
}

func costAndBudget(cost, budget int) *CostAndBudget {
	if cost == 0 && budget == 0 {
		return nil
	}
	return &CostAndBudget{cost, budget}
}

// A ReasonItem says why.
type ReasonItem struct {
	Code     inline.ReasonCode  `json:"code"`
	Op       string             `json:"op,omitzero"`
	Words    string             `json:"words"` // the fewest that tell it from the others: "defer"
	Message  string             `json:"message"`
	Location *protocol.Location `json:"location,omitzero"` // of the cause, where that is elsewhere
}

// Calls answers inlinelens/calls: the function at a position and its calls; nil
// where nothing was compiled, or was edited since.
func Calls(d *Document, at protocol.Position) *CallList {
	f, ok := d.find(at)
	if !ok {
		return nil
	}
	function := f.function
	if function == nil {
		function = f.around
	}
	list := &CallList{Calls: []CallItem{}, CalledFrom: []CallItem{}}
	index := -1
	if function != nil {
		index = sort.Search(len(d.File.Funcs), func(i int) bool { return d.File.Funcs[i].Name.Start >= function.Name.Start })
		list.Function = d.functionItem(f.block, function)
		for _, c := range function.CalledFrom {
			if item, ok := d.caller(c); ok {
				list.CalledFrom = append(list.CalledFrom, item)
			}
		}
	}
	calls := d.calls(f.block)
	for i := range calls {
		if c := &calls[i]; c.Func == index {
			list.Calls = append(list.Calls, d.callItem(f.block, c))
		}
	}
	return list
}

func (d *Document) functionItem(b block, f *workspace.FileFunction) *FunctionItem {
	return &FunctionItem{
		Name:           d.short(f.Function.Name),
		Range:          d.span(b.shifted(f.Decl)),
		SelectionRange: d.span(b.shifted(f.Name)),
		Known:          f.Known,
		Inlinable:      f.Inlinable,
		CostAndBudget:  costAndBudget(f.Cost, f.Budget),
		Reason:         d.reasonItem(f.Reason),
	}
}

func (d *Document) callItem(b block, c *workspace.FileCall) CallItem {
	span := c.Callee
	if isLiteral(d.File.Text, c) {
		span = c.Name
	}
	item := d.item(c.Call)
	item.URI = d.URI
	item.Range = d.span(b.shifted(span))
	return item
}

// caller makes an item of a call that may be anywhere in the package; ok is false
// if it is in a declaration of this document that was edited.
func (d *Document) caller(c *inline.Call) (item CallItem, ok bool) {
	if d.isOwn(c.Pos) {
		if paren, ok := d.compiledOffset(c.Pos); ok {
			current, ok := d.Shift.Offset(paren)
			if own := d.callAt(paren); ok && own != nil {
				return d.callItem(block{delta: current - paren}, own), true
			}
		}
		return CallItem{}, false
	}
	loc, ok := d.location(c.Pos)
	item = d.item(c)
	item.URI, item.Range = loc.URI, loc.Range
	return item, ok
}

func (d *Document) item(c *inline.Call) CallItem {
	item := CallItem{
		Caller:        d.short(c.Caller),
		Callee:        string(words.AppendName(nil, c.Callee, c.Reason, d.linkPath())),
		Status:        c.Status,
		Via:           c.Via,
		Label:         callLabel(c, true),
		CostAndBudget: costAndBudget(c.Cost, c.Budget),
		Reason:        d.reasonItem(c.Reason),
	}
	if loc, ok := d.location(c.CalleePos); ok {
		item.CalleeLocation = &loc
	}
	return item
}

func newReasonItem(r *inline.Reason) *ReasonItem {
	return &ReasonItem{Code: r.Code, Op: r.Op, Words: reasonWords(r), Message: clean(r.Message)}
}

func (d *Document) reasonItem(r *inline.Reason) *ReasonItem {
	if r == nil {
		return nil
	}
	item := newReasonItem(r)
	if loc, ok := d.location(r.At); ok {
		item.Location = &loc
	}
	return item
}

// short is the short name of a function of the document's package, or another's.
func (d *Document) short(name string) string {
	return string(words.AppendShort(nil, name, d.linkPath()))
}
