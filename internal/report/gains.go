package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/trial"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A GainsPrinter ranks changes that bring functions under their budget by the calls that
// are inlined then.
type GainsPrinter struct {
	w     io.Writer
	json  bool
	most  int
	pal   *palette
	sel   selector
	names namer
	tried int
	found []*trial.Advice
}

// NewGains returns the printer of a format, writing to w. The options are those of the
// report of near misses.
func NewGains(format string, w io.Writer, o Options) *GainsPrinter {
	return &GainsPrinter{w: w, json: format == "json", most: o.NearMisses, pal: newPalette(o.Color), sel: selector{filter: o.Filter}, names: newNamer(o.Dir)}
}

// Wants reports whether the filter shows a function.
func (g *GainsPrinter) Wants(_ *inline.Package, f *inline.Function) bool {
	return g.sel.functionShown(f) && g.sel.filter.file(f.Pos.File)
}

// Add adds what came of a function.
func (g *GainsPrinter) Add(a *trial.Advice) error {
	g.tried++
	if len(a.Offers) > 0 && a.Offers[0].Inlined > 0 {
		g.found = append(g.found, a)
	}
	return nil
}

// Close writes the ranking. Total is how many functions there are, of which as many were
// tried as the time allowed; all is the command that tries all.
func (g *GainsPrinter) Close(total int, bound time.Duration, all string) error {
	slices.SortStableFunc(g.found, func(a, b *trial.Advice) int {
		x, y := &a.Offers[0], &b.Offers[0]
		return cmp.Or(cmp.Compare(y.Inlined, x.Inlined), cmp.Compare(surety(x), surety(y)), cmp.Compare(a.Function.Name, b.Function.Name))
	})
	shown := g.found[:min(len(g.found), g.most)]
	if g.json {
		j := &adviceJSON{newLineWriter(g.w)}
		for _, a := range shown {
			if err := j.Function(a); err != nil {
				return err
			}
		}
		return nil
	}
	_, err := g.w.Write(g.text(shown, total, bound, all))
	return err
}

// surety orders changes by how sure it is that the new call seldom runs.
func surety(o *trial.Offer) int {
	switch o.Runs {
	case rewrite.Never:
		return 0
	case rewrite.Seldom:
		return 1
	case rewrite.Unknown, rewrite.Always:
	}
	return 2
}

func (g *GainsPrinter) text(shown []*trial.Advice, total int, bound time.Duration, all string) []byte {
	pal := g.pal
	b := append([]byte{'\n'}, pal.name...)
	b = append(b, "Changes that make functions inlinable"...)
	b = append(b, pal.off...)
	b = fmt.Appendf(b, ": %d of the %d functions over budget that were tried; most calls to gain first\n", len(g.found), g.tried)
	if len(shown) > 0 {
		b = append(b, pal.quiet...)
		b = append(b, "  cost → with change  calls  function\n"...)
		b = append(b, pal.off...)
	}
	unknown := false
	for _, a := range shown {
		o := &a.Offers[0]
		unknown = unknown || o.Runs == rewrite.Unknown
		cost := "–" // it does what is never inlined
		if a.Function.Cost > 0 {
			cost = strconv.Itoa(a.Function.Cost)
		}
		b = fmt.Appendf(b, "  %4s → %-13s %5d  ", cost, fmt.Sprintf("%d/%d", o.Cost, o.Budget), o.Inlined)
		b = append(b, pal.name...)
		b = words.AppendShort(b, a.Function.Name, "")
		b = append(b, pal.off...)
		b = append(b, "  "...)
		b = append(b, pal.quiet...)
		b = appendPlace(b, &g.names, a.Function.Pos)
		b = append(b, pal.off...)
		b = fmt.Appendf(b, "\n      %s\n", does(o))
	}
	if more := len(g.found) - len(shown); more > 0 {
		b = fmt.Appendf(b, "  and %d more; -near-misses %d lists all\n", more, len(g.found))
	}
	if unknown {
		b = append(b, unknownNote...)
	}
	if left := total - g.tried; left > 0 {
		b = fmt.Appendf(b, "Not tried within %v: ", bound)
		b = appendCount(b, left, "function")
		b = fmt.Appendf(b, ". To try all: %s\n", all)
	}
	return b
}
