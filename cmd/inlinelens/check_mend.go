package main

import (
	"context"
	"slices"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// mend adds to findings which change would make the function inlinable, as far as that
// can be tried in a short time. Only the functions that are shown count: most of them, or
// all if most is 0.
func (s *commandRun) mend(ctx context.Context, e *engine.Engine, patterns []string, builds []checkedBuild, j *compare.Judgment, most int) error {
	bounded, cancel := context.WithTimeout(ctx, gainsTime)
	defer cancel()
	left := most
	for i := range builds {
		b := &builds[i]
		wanted := make(map[inline.Position][]*compare.Finding) // by the place of the function
		for n := range j.Findings {
			f := &j.Findings[n]
			if len(f.Builds) == 0 && i > 0 || len(f.Builds) > 0 && f.Builds[0] != j.Builds[i] || f.Mend != "" {
				continue
			}
			at, ok := mendable(f)
			if !ok || !b.declares(at) || wanted[at] == nil && most > 0 && left == 0 {
				continue
			}
			if wanted[at] == nil {
				left--
			}
			wanted[at] = append(wanted[at], f)
		}
		if len(wanted) == 0 {
			continue
		}
		err := e.Advise(bounded, b.cfg, patterns, trial.List{
			Wanted: func(p *inline.Package, f *inline.Function) bool {
				return trial.Helpable(p, f) && wanted[lineOf(f.Pos)] != nil
			},
			Most: 1,
			Emit: func(a *trial.Advice) error {
				for _, f := range wanted[lineOf(a.Function.Pos)] {
					f.Mend = report.Mend(a)
				}
				return nil
			},
		})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case bounded.Err() != nil:
			return nil // what was found so far is there
		case err != nil: // what was judged is as true without it
			s.log.Warn("no changes were tried that may fix the findings", zap.Error(err))
		}
	}
	return nil
}

// mendable returns the line of the function that a finding is about, if a change of it
// may help.
func mendable(f *compare.Finding) (at inline.Position, ok bool) {
	if f.Level != compare.LevelFailed || f.Reason == nil || f.Reason.Code != inline.CodeTooExpensive && f.Reason.Code != inline.CodeUnhandledOp {
		return at, false
	}
	switch f.Rule {
	case compare.RuleNotInlinable:
		return lineOf(f.Pos), true
	case compare.RuleCallNotInlined:
		return lineOf(f.Reason.At), f.Reason.At.IsValid()
	}
	return at, false
}

// lineOf is a place without its column.
func lineOf(p inline.Position) inline.Position { return inline.Position{File: p.File, Line: p.Line} }

// declares reports whether a checked package declares a function on a line.
func (b *checkedBuild) declares(line inline.Position) bool {
	return slices.ContainsFunc(b.asserted.Packages, func(p *inline.Package) bool {
		return slices.ContainsFunc(p.Functions, func(f inline.Function) bool { return lineOf(f.Pos) == line })
	})
}
