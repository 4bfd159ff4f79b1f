package report

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/trial"
	"github.com/inlinelens/inlinelens/internal/words"
)

// An AdvicePrinter writes which changes make functions inlinable.
type AdvicePrinter interface {
	// Function writes the changes for one function, or why there are none.
	Function(a *trial.Advice) error
	// Best writes the best change for a function as an item of a list.
	Best(a *trial.Advice) error
	// EndList ends a list, which may be empty.
	EndList() error
}

// NewAdvice returns the printer of a format of CostFormats, writing to w. Callers
// names the packages in which the gain of changes was looked for; it may be empty.
func NewAdvice(format string, w io.Writer, o Options, callers string) AdvicePrinter {
	if format == "json" {
		return &adviceJSON{newLineWriter(w)}
	}
	return &adviceText{w: w, names: newNamer(o.Dir), callers: callers}
}

// An adviceText writes the best change as a diff, and a line for each.
type adviceText struct {
	w       io.Writer
	names   namer
	callers string
	listed  int
	unknown bool // of a change that is listed the source does not tell how often the call runs
}

// Function implements AdvicePrinter.
func (t *adviceText) Function(a *trial.Advice) error {
	var b strings.Builder
	if len(a.Offers) == 0 {
		fmt.Fprintf(&b, "\nNo change to advise: %s.\n", strings.TrimSuffix(a.Why, "."))
	}
	for i := range a.Offers {
		o := &a.Offers[i]
		switch i {
		case 0:
			b.WriteString("\nA change that makes it inlinable, confirmed by the compiler:\n")
		case 1:
			b.WriteString("\nOther changes:\n")
		}
		b.WriteString("  " + t.change(a, o) + "\n")
		if i == 0 {
			if o.Elsewhere == nil {
				b.WriteString("  Calls in other packages were not tried; -callers ./... tries them.\n")
			}
			name := t.names.name(o.File)
			_, hunks, _ := strings.Cut(string(diff.Diff(name, o.Text, name, rewrite.Apply(o.Text, o.Edits))), "\n")
			b.WriteString("\n" + hunks)
		}
	}
	if slices.ContainsFunc(a.Offers, func(o trial.Offer) bool { return o.Runs == rewrite.Unknown }) {
		b.WriteString(unknownNote)
	}
	for _, note := range a.Notes {
		b.WriteString("  " + note + "\n")
	}
	_, err := io.WriteString(t.w, b.String())
	return err
}

// Best implements AdvicePrinter.
func (t *adviceText) Best(a *trial.Advice) error {
	heading := ""
	if t.listed == 0 {
		heading = "\nChanges that make functions inlinable, each confirmed by the compiler:\n"
	}
	t.listed++
	t.unknown = t.unknown || a.Offers[0].Runs == rewrite.Unknown
	pos := a.Function.Pos
	_, err := fmt.Fprintf(t.w, "%s%s:%d:%d  %s\n  %s\n", heading, t.names.name(pos.File), pos.Line, pos.Col, a.Function.Name, t.change(a, &a.Offers[0]))
	return err
}

// EndList implements AdvicePrinter.
func (t *adviceText) EndList() error {
	listed, unknown := t.listed, t.unknown
	t.listed, t.unknown = 0, false
	switch {
	case unknown:
		_, err := io.WriteString(t.w, "\n"+unknownNote)
		return err
	case listed > 0:
		return nil
	}
	_, err := io.WriteString(t.w, "\nNo function has a change to advise.\n")
	return err
}

// change says what an offer does: "347 → 73/80: lines 169–183 move to
// fieldNeedsQuotesSlow, which is called unless line 165 returns; inlined at 1 of 1
// calls in its package".
func (t *adviceText) change(a *trial.Advice, o *trial.Offer) string {
	cost := fmt.Sprintf("%d/%d", o.Cost, o.Budget)
	if a.Function.Cost > 0 {
		cost = fmt.Sprintf("%d → %s", a.Function.Cost, cost)
	}
	gain := fmt.Sprintf("inlined at %d of %d calls in its package", o.Inlined, a.Calls)
	if a.Calls == 0 {
		gain = "nothing in its package calls it"
	}
	if o.Elsewhere != nil {
		gain += fmt.Sprintf(", at %d of %d in %s", o.Elsewhere.Inlined, o.Elsewhere.Calls, t.callers)
	}
	return fmt.Sprintf("%s: %s; %s", cost, does(o), gain)
}

// Mend says in a sentence what the best change does for a function, "" if there is none.
func Mend(a *trial.Advice) string {
	if len(a.Offers) == 0 {
		return ""
	}
	o := &a.Offers[0]
	return fmt.Sprintf("in %s, %s; it then costs %d/%d", words.AppendShort(nil, a.Function.Name, ""), does(o), o.Cost, o.Budget)
}

// does says what a change does: "lines 169–183 move to fieldNeedsQuotesSlow, which is
// called unless line 165 returns".
func does(o *trial.Offer) string {
	lines := rewrite.Lines(o.Line, o.EndLine)
	switch {
	case o.Kind == rewrite.Unwrap && o.CallLine > 0:
		return fmt.Sprintf("%s, %s, is replaced by its body where it is called, line %d", o.Kind.Part(), lines, o.CallLine)
	case o.Kind == rewrite.Unwrap:
		return fmt.Sprintf("%s, %s, is replaced by its body", o.Kind.Part(), lines)
	}
	move := "move"
	if o.Line == o.EndLine {
		move = "moves"
	}
	return fmt.Sprintf("%s %s to %s, which is called %s", lines, move, o.Name, o.Stays(o.ExitLine))
}

// unknownNote says of ways like "unless line 8 returns" what they do not tell.
const unknownNote = "The source does not show how often a condition after “unless” or “where” holds: measure.\n"

// An adviceJSON writes one object a function, an adviceObject.
type adviceJSON struct{ lineWriter }

// Best implements AdvicePrinter. JSON has all changes in lists, too.
func (j *adviceJSON) Best(a *trial.Advice) error { return j.Function(a) }

// EndList implements AdvicePrinter.
func (j *adviceJSON) EndList() error { return nil }

// Function implements AdvicePrinter.
func (j *adviceJSON) Function(a *trial.Advice) error {
	object := adviceObject{Kind: "advice", Function: a.Function.Name, Calls: a.Calls, Why: a.Why, Notes: a.Notes}
	for i := range a.Offers {
		o := &a.Offers[i]
		c := changeObject{
			Change: string(o.Kind), Runs: string(o.Runs), Where: o.Stays(o.ExitLine), File: o.File, Line: o.Line, EndLine: o.EndLine, Name: o.Name,
			costAndBudget: costAndBudget{o.Cost, o.Budget}, Inlined: o.Inlined,
		}
		if o.Elsewhere != nil {
			c.Callers = &gainObject{o.Elsewhere.Calls, o.Elsewhere.Inlined}
		}
		for _, e := range o.Edits {
			c.Edits = append(c.Edits, editObject{e.Start, e.End, e.New})
		}
		object.Offers = append(object.Offers, c)
	}
	if err := j.write(&object); err != nil {
		return err
	}
	return j.flush()
}
