package main

import (
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/explain"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// advise prints the changes that make a function inlinable, or why there are none.
func (x *explainer) advise(cfg load.Config, q reading, found *explain.Explanation) error {
	pattern := q.pattern
	if found.Call != nil { // its callee may be anywhere
		pattern = found.Package.Path
	}
	this := func(p *inline.Package, f *inline.Function) bool {
		return p.Variant == found.Package.Variant && f.Pos == found.Function.Pos
	}
	return x.engine.Advise(x.ctx, cfg, []string{pattern}, trial.List{Wanted: this, Most: trial.MostOffers, Emit: func(a *trial.Advice) error {
		if err := x.gain(cfg, a, a.Offers); err != nil {
			return err
		}
		return x.advice.Function(a)
	}})
}

// adviseAll prints the best change for each function of what a pattern names, as far
// as there is one.
func (x *explainer) adviseAll(cfg load.Config, pattern string) error {
	done, total := 0, 0
	list := trial.List{Wanted: trial.Helpable, Most: x.offers, Counted: func(n int) { total = n }}
	list.Emit = func(a *trial.Advice) error {
		done++
		if len(a.Offers) == 0 {
			return nil
		}
		if err := x.gain(cfg, a, a.Offers); err != nil {
			return err
		}
		return x.advice.Best(a)
	}
	err := x.engine.Advise(x.ctx, cfg, []string{pattern}, list)
	if x.ctx.Err() != nil && total > 0 {
		return fmt.Errorf("stopped after %d of %d functions: %w", done, total, err)
	}
	if err != nil {
		return err
	}
	return x.advice.EndList()
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
