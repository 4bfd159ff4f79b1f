package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// gainsTime is how long changes are tried for a list of near misses: a function far over
// budget may be near in this way.
const gainsTime = 15 * time.Second

// gains prints which changes bring functions of packages under their budget, as far as
// they can be tried in a short time.
func (s *commandRun) gains(ctx context.Context, cfg load.Config, patterns []string, printer *report.GainsPrinter) (err error) {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	e, err := newEngine(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	bounded, cancel := context.WithTimeout(ctx, gainsTime)
	defer cancel()
	total := 0
	err = e.Advise(bounded, cfg, patterns, trial.List{
		Wanted: func(p *inline.Package, f *inline.Function) bool { return trial.Helpable(p, f) && printer.Wants(p, f) },
		Most:   1, ByCalls: true,
		Counted: func(n int) { total = n },
		Emit:    printer.Add,
	})
	if err != nil && (bounded.Err() == nil || ctx.Err() != nil) {
		return err
	}
	return printer.Close(total, gainsTime, "inlinelens explain -advice "+strings.Join(patterns, " "))
}
