package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/inlinelens/inlinelens/internal/advice"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// advise prints the changes that make a function inlinable, or why there are none.
func (x *explainer) advise(cfg load.Config, q question, found *engine.Explanation) error {
	pattern := q.pattern
	if found.Call != nil { // its callee may be anywhere
		pattern = found.Package.Path
	}
	this := func(p *inline.Package, f *inline.Function) bool {
		return p.Variant == found.Package.Variant && f.Pos == found.Function.Pos
	}
	return x.engine.Advise(x.ctx, cfg, []string{pattern}, this, func(a *trial.Advice) error {
		if err := x.gain(cfg, a, a.Offers); err != nil {
			return err
		}
		if x.json {
			return x.adviceJSON(a)
		}
		_, err := x.out.Write([]byte(x.adviceText(a)))
		return err
	})
}

// gain finds out what changes do in the packages that the user has named.
func (x *explainer) gain(cfg load.Config, a *trial.Advice, offers []trial.Offer) error {
	if len(x.callers) == 0 {
		return nil
	}
	for i := range offers {
		g, err := x.engine.Gain(x.ctx, cfg, x.callers, a, &offers[i])
		if err != nil {
			return fmt.Errorf("-callers %s, with the change: %w", strings.Join(x.callers, " "), err)
		}
		offers[i].Elsewhere = &g
	}
	return nil
}

// adviseAll prints the best change for each function of what a pattern names, as far
// as there is one.
func (x *explainer) adviseAll(cfg load.Config, pattern string) error {
	none := true
	over := func(_ *inline.Package, f *inline.Function) bool {
		return f.Reason != nil && (f.Reason.Code == inline.CodeTooExpensive || f.Reason.Code == inline.CodeUnhandledOp)
	}
	err := x.engine.Advise(x.ctx, cfg, []string{pattern}, over, func(a *trial.Advice) error {
		if len(a.Offers) == 0 {
			return nil
		}
		if err := x.gain(cfg, a, a.Offers[:1]); err != nil {
			return err
		}
		if x.json {
			return x.adviceJSON(a)
		}
		var b strings.Builder
		if none {
			b.WriteString("\nChanges that make functions inlinable, as the compiler says of each:\n")
			none = false
		}
		fmt.Fprintf(&b, "%s:%d:%d  %s\n  %s\n", x.relative(a.Function.Pos.File), a.Function.Pos.Line, a.Function.Pos.Col, a.Function.Name, x.changeText(a, &a.Offers[0]))
		_, err := x.out.Write([]byte(b.String()))
		return err
	})
	if err == nil && none && !x.json {
		_, err = x.out.Write([]byte("\nThere is no function with a change to advise.\n"))
	}
	return err
}

// relative returns the name of a file as seen from the working directory, if it is
// below that.
func (x *explainer) relative(file string) string {
	if rel, err := filepath.Rel(x.cfg.Dir, file); err == nil && filepath.IsLocal(rel) {
		return filepath.ToSlash(rel)
	}
	return file
}

func (x *explainer) adviceText(a *trial.Advice) string {
	var b strings.Builder
	if len(a.Offers) == 0 {
		fmt.Fprintf(&b, "\nNo change to advise: %s.\n", strings.TrimSuffix(a.Why, "."))
	}
	for i := range a.Offers {
		o := &a.Offers[i]
		if i == 0 {
			b.WriteString("\nA change that makes it inlinable, as the compiler says of it:\n")
		} else if i == 1 {
			b.WriteString("\nOthers that do:\n")
		}
		b.WriteString("  " + x.changeText(a, o) + "\n")
		if i == 0 {
			if o.Elsewhere == nil {
				b.WriteString("  Calls in other packages were not tried; -callers ./... tries them.\n")
			}
			name := x.relative(o.File)
			_, hunks, _ := strings.Cut(string(diff.Diff(name, o.Text, name, advice.Apply(o.Text, o.Edits))), "\n")
			b.WriteString("\n" + hunks)
		}
	}
	for _, note := range a.Notes {
		b.WriteString("  " + note + "\n")
	}
	return b.String()
}

// changeText says what an offer does: "347 → 73/80: the slow path, lines 169–183, moves
// to fieldNeedsQuotesSlow; inlined at 1 of 1 calls in its package".
func (x *explainer) changeText(a *trial.Advice, o *trial.Offer) string {
	cost := fmt.Sprintf("%d/%d", o.Cost, o.Budget)
	if a.Function.Cost > 0 {
		cost = fmt.Sprintf("%d → %s", a.Function.Cost, cost)
	}
	does := "moves to " + o.Name
	switch {
	case o.Kind != advice.Unwrap:
	case o.CallLine > 0:
		does = fmt.Sprintf("goes, and what it does stands where it is called, line %d", o.CallLine)
	default:
		does = "goes, and what it does stands there itself"
	}
	gain := fmt.Sprintf("inlined at %d of %d calls in its package", o.Inlined, a.Calls)
	if a.Calls == 0 {
		gain = "nothing in its package calls it"
	}
	if o.Elsewhere != nil {
		gain += fmt.Sprintf(", at %d of %d in %s", o.Elsewhere.Inlined, o.Elsewhere.Calls, strings.Join(x.callers, " "))
	}
	return fmt.Sprintf("%s: %s, %s, %s; %s", cost, o.Kind.Part(), advice.Lines(o.Line, o.EndLine), does, gain)
}

// adviceObject is one line of JSON: what is advised on a function.
type adviceObject struct {
	Kind     string         `json:"kind"` // advice
	Function string         `json:"function"`
	Calls    int            `json:"calls"` // in its package
	Offers   []changeObject `json:"offers"`
	Why      string         `json:"why,omitempty"` // there are no offers
	Notes    []string       `json:"notes,omitempty"`
}

type changeObject struct {
	Change  string       `json:"change"` // an advice.Kind
	File    string       `json:"file"`
	Line    int          `json:"line"` // 1-based, the first and the last of what moves
	EndLine int          `json:"endLine"`
	Name    string       `json:"name,omitempty"` // of the new function
	Cost    int          `json:"cost"`           // of the old one, with the change
	Budget  int          `json:"budget"`
	Inlined int          `json:"inlined"` // calls, in its package
	Callers *gainObject  `json:"callers,omitempty"`
	Edits   []editObject `json:"edits"`
}

type gainObject struct {
	Calls   int `json:"calls"`
	Inlined int `json:"inlined"`
}

type editObject struct {
	Start int    `json:"start"` // offsets in the file, in bytes
	End   int    `json:"end"`
	New   string `json:"new"`
}

func (x *explainer) adviceJSON(a *trial.Advice) error {
	object := adviceObject{Kind: "advice", Function: a.Function.Name, Calls: a.Calls, Offers: []changeObject{}, Why: a.Why, Notes: a.Notes}
	for i := range a.Offers {
		o := &a.Offers[i]
		c := changeObject{
			Change: string(o.Kind), File: o.File, Line: o.Line, EndLine: o.EndLine, Name: o.Name,
			Cost: o.Cost, Budget: o.Budget, Inlined: o.Inlined,
		}
		if o.Elsewhere != nil {
			c.Callers = &gainObject{o.Elsewhere.Calls, o.Elsewhere.Inlined}
		}
		for _, e := range o.Edits {
			c.Edits = append(c.Edits, editObject{e.Start, e.End, e.New})
		}
		object.Offers = append(object.Offers, c)
	}
	enc := json.NewEncoder(x.out)
	enc.SetEscapeHTML(false)
	return enc.Encode(object)
}
