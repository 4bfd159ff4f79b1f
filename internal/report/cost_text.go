package report

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A costText writes the source of functions beside what each line costs:
//
//	strings.Title  not inlinable: cost 82 exceeds budget 80
//	strings/strings.go:868:6
//
//	 line  cost  total
//	  868                       │ func Title(s string) string {
//	  872     3      3 ▎        │     prev := ' '
//	  873    59     62 ████████ │     return Map(  58 call of Map 531/80
//	...
//
// Long functions are folded: lines that cost little are one row.
type costText struct {
	w        io.Writer
	pal      *palette
	sel      selector
	names    namer
	width    int // columns; 0 for no limit
	unfolded bool
	readFile func(string) ([]byte, error)
	errors   errorPrinter

	buf     []byte
	printed int     // functions
	budgets budgets // in tables
}

func newCostText(w io.Writer, o Options) *costText {
	return &costText{
		w: w, pal: newPalette(o.Color), sel: selector{filter: o.Filter}, names: newNamer(o.Dir),
		budgets: budgets{}, width: o.Width, unfolded: o.Unfolded, readFile: o.ReadFile, errors: newErrors(o),
	}
}

func (t *costText) Close() (err error) {
	if t.buf, err = t.errors.end(t.buf); err != nil {
		return err
	}
	t.buf = t.budgets.append(t.buf, t.pal)
	return t.flush()
}

func (t *costText) flush() error {
	_, err := t.w.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}

func (t *costText) say(style, text string) {
	t.buf = append(t.buf, style...)
	t.buf = append(t.buf, text...)
	t.buf = append(t.buf, t.pal.off...)
}

// Function implements CostPrinter.
func (t *costText) Function(c *Cost) error {
	if t.printed > 0 {
		t.buf = append(t.buf, '\n')
	}
	t.printed++
	t.found(c)
	t.buf = append(t.buf, t.pal.name...)
	t.buf = words.AppendPlain(t.buf, c.Function.Name)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, "  "...)
	t.buf = appendVerdict(t.buf, t.pal, c.Function)
	t.buf = append(t.buf, '\n')
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = appendPlace(t.buf, &t.names, c.Function.Pos)
	list := distinct(c)
	if len(list) > 0 && elsewhere(c.Function, list[0]) {
		t.buf = append(t.buf, ", by a //line directive in "...)
		t.buf = appendPlace(t.buf, &t.names, list[0].Pos)
	}
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, '\n')
	if len(list) == 0 {
		t.buf = append(t.buf, "\nThe compiler computes no cost for it.\n"...)
	}
	for i, b := range list {
		if i > 0 && costAlike(b, list[0]) {
			t.instance(c, b)
			t.buf = append(t.buf, "same as the first\n"...)
			continue
		}
		if len(list) > 1 {
			t.instance(c, b)
			t.verdict(b)
		}
		t.breakdown(c, b)
	}
	t.callers(c)
	return t.flush()
}

// distinct returns the breakdowns of a function without those that would be
// printed alike, as the same type arguments can have several shapes, and without
// what has no body.
func distinct(c *Cost) []*cost.Breakdown {
	var list []*cost.Breakdown
	for _, b := range c.Breakdowns {
		if !b.Printed && len(b.Parts) == 0 { // there is no body
			continue
		}
		in, _ := instanceOf(c.Function, b)
		if !slices.ContainsFunc(list, func(other *cost.Breakdown) bool {
			o, _ := instanceOf(c.Function, other)
			return in != nil && o != nil && slices.Equal(in.TypeArgs, o.TypeArgs) && costAlike(b, other)
		}) {
			list = append(list, b)
		}
	}
	return list
}

// found says how a call led to the function.
func (t *costText) found(c *Cost) {
	if c.Call == nil {
		return
	}
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = append(t.buf, "The call at "...)
	t.buf = appendPlace(t.buf, &t.names, c.Call.Pos)
	t.buf = append(t.buf, " is "...)
	t.buf = append(t.buf, statusName(c.Call.Status)...)
	if linkname.Generic(c.Call.Callee) == c.Function.Name {
		t.buf = append(t.buf, "; this is its callee."...)
	} else {
		t.buf = append(t.buf, "; this is the function around it."...)
	}
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, '\n', '\n')
}

// instance appends which instance of a generic function comes next.
func (t *costText) instance(c *Cost, b *cost.Breakdown) {
	t.buf = append(t.buf, '\n')
	in, shape := instanceOf(c.Function, b)
	t.buf = append(t.buf, t.pal.name...)
	if in != nil {
		t.buf = words.AppendTypeArgs(t.buf, in.TypeArgs, in.Shape)
	} else {
		t.buf = words.AppendTypeArgs(t.buf, nil, shape)
	}
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, "  "...)
}

// verdict appends what the compiler says of an instance.
func (t *costText) verdict(b *cost.Breakdown) {
	if b.Inlinable {
		t.say(t.pal.good, "inlinable")
		t.buf = append(t.buf, ' ')
		t.buf = appendCost(t.buf, b.Cost, b.Budget)
	} else {
		t.say(t.pal.bad, "not inlinable")
		t.buf = append(t.buf, ": "...)
		t.buf = words.AppendPlain(t.buf, reasonWords(b.Reason))
	}
	t.buf = append(t.buf, '\n')
}

// breakdown appends the source of the function with its costs, and what there is
// to be said of their sum.
func (t *costText) breakdown(c *Cost, b *cost.Breakdown) {
	t.buf = append(t.buf, '\n')
	t.source(c, b)
	t.buf = append(t.buf, '\n')
	t.sum(b)
	if b.Cut {
		t.buf = append(t.buf, "The compiler prints only 40 levels of an expression. Parts further inside are missing.\n"...)
	}
	for _, bl := range b.Blockers {
		t.buf = append(t.buf, t.pal.bad...)
		t.buf = append(t.buf, blockerWord(bl.Op)...)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, " in line "...)
		t.buf = strconv.AppendInt(t.buf, int64(bl.Pos.Line), 10)
		t.buf = append(t.buf, " prevents inlining at any cost.\n"...)
	}
}

// blockerWord is an operation as the source has it.
func blockerWord(op string) string { return strings.ToLower(op) }

// sum appends one line on the whole.
func (t *costText) sum(b *cost.Breakdown) {
	if b.Printed {
		t.buf = append(t.buf, "Cost "...)
		t.buf = appendGrouped(t.buf, b.Cost)
		t.buf = append(t.buf, ", budget "...)
		t.buf = appendGrouped(t.buf, b.Budget)
		if whose := words.Budget(b.Budget); whose != "" {
			t.buf = append(t.buf, " (that of "+whose+")"...)
		}
		if over := b.Cost - b.Budget; over > 0 {
			t.buf = append(t.buf, ", "...)
			t.buf = append(t.buf, t.pal.bad...)
			t.buf = appendGrouped(t.buf, over)
			t.buf = append(t.buf, " over"...)
		} else {
			t.buf = append(t.buf, ", "...)
			t.buf = append(t.buf, t.pal.good...)
			t.buf = appendGrouped(t.buf, -over)
			t.buf = append(t.buf, " left"...)
		}
		t.buf = append(t.buf, t.pal.off...)
	} else {
		t.buf = append(t.buf, "The compiler reports no cost; the parts add up to "...)
		t.buf = appendGrouped(t.buf, b.Cost)
	}
	if len(b.Parts) > 0 {
		t.buf = append(t.buf, ": "...)
		t.buf = appendSpent(t.buf, b.Parts)
	}
	t.buf = append(t.buf, ".\n"...)
	if b.Unexplained != 0 {
		t.buf = append(t.buf, t.pal.error...)
		t.buf = strconv.AppendInt(t.buf, int64(b.Unexplained), 10)
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, " of the cost cannot be attributed to any part.\n"...)
	}
}

// mostCallers is how many calls are listed.
const mostCallers = 20

// callers appends the calls that lose because the function is not inlined.
func (t *costText) callers(c *Cost) {
	where := "its package"
	if c.Callers != "" {
		where = c.Callers
	}
	t.buf = append(t.buf, '\n')
	lost := c.lost()
	switch {
	case len(c.Calls) == 0:
		t.buf = append(t.buf, "Nothing calls it in "...)
		t.buf = words.AppendPlain(t.buf, where)
	case len(lost) == 0:
		inlined := 0
		for i := range c.Calls {
			if c.Calls[i].Status == inline.StatusInlined {
				inlined++
			}
		}
		t.buf = append(t.buf, "It is inlined at "...)
		t.buf = appendGrouped(t.buf, inlined)
		t.buf = append(t.buf, " of "...)
		t.buf = appendCount(t.buf, len(c.Calls), "call")
		t.buf = append(t.buf, " in "...)
		t.buf = words.AppendPlain(t.buf, where)
	default:
		t.buf = appendGrouped(t.buf, len(lost))
		t.buf = append(t.buf, " of "...)
		t.buf = appendCount(t.buf, len(c.Calls), "call")
		t.buf = append(t.buf, " in "...)
		t.buf = words.AppendPlain(t.buf, where)
		if len(lost) == 1 {
			t.buf = append(t.buf, " is not inlined"...)
		} else {
			t.buf = append(t.buf, " are not inlined"...)
		}
	}
	if c.Callers == "" {
		t.buf = append(t.buf, t.pal.quiet...)
		t.buf = append(t.buf, " (-callers ./... looks in other packages too)"...)
		t.buf = append(t.buf, t.pal.off...)
	}
	if len(lost) > 0 {
		t.buf = append(t.buf, ':')
	}
	t.buf = append(t.buf, '\n')
	for i := range lost[:min(len(lost), mostCallers)] {
		t.caller(c, &lost[i])
	}
	if more := len(lost) - mostCallers; more > 0 {
		t.buf = append(t.buf, "  and "...)
		t.buf = appendGrouped(t.buf, more)
		t.buf = append(t.buf, " more\n"...)
	}
}

func (t *costText) caller(c *Cost, call *inline.Call) {
	t.buf = append(t.buf, "  "...)
	t.buf = appendPlace(t.buf, &t.names, call.Pos)
	t.buf = append(t.buf, "  "...)
	t.buf = words.AppendShort(t.buf, call.Caller, linkname.Prefix(c.Package.Path, c.Package.Name))
	if r := call.Reason; r != nil && r.Code != inline.CodeTooExpensive && (c.Function.Reason == nil || r.Code != c.Function.Reason.Code) {
		t.buf = append(t.buf, t.pal.quiet...)
		t.buf = append(t.buf, "  "...)
		t.buf = words.AppendPlain(t.buf, r.Message)
		t.buf = append(t.buf, t.pal.off...)
	}
	t.buf = append(t.buf, '\n')
}
