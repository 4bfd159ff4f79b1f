package trial

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A Gain is what an offer does in the packages of a load.
type Gain struct {
	Calls   int // of the function
	Inlined int // those of them that the compiler inlines with the change
}

// GainOf loads patterns with an offer's change made, and counts the calls of its
// function. The go command builds the changed package for those that import it. It
// takes a part of the machine, and time, as with says, whose cfg is that of the load.
// The error says what does not load or compile.
func GainOf(ctx context.Context, h *session.Host, with session.Options, patterns []string, a *Advice, o *Offer) (Gain, error) {
	if with.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, with.Timeout)
		defer cancel()
	}
	cfg := with.Config
	cfg.Overlay = session.WithText(cfg.Overlay, o.File, rewrite.Apply(o.Text, o.Edits))
	cfg.Env = h.Environ(cfg.Env)
	tc, err := gc.FindToolchain(ctx, cfg.Dir, cfg.Env)
	if err != nil {
		return Gain{}, err
	}
	// Not by session.Begin, which keeps what it finds for the next load of the same patterns.
	result, err := load.Load(ctx, cfg, patterns...)
	if err != nil {
		return Gain{}, err
	}
	if result.Env.InModCache(o.File) && slices.ContainsFunc(result.Roots, func(u *load.Unit) bool { return u.Dir != filepath.Dir(o.File) }) {
		return Gain{}, fmt.Errorf("%s is in the module cache, and other packages are built with it unchanged; name its package alone", o.File)
	}
	with.Config, with.Toolchain, with.Loaded = cfg, tc, result
	s, err := session.New(h, with)
	if err != nil {
		return Gain{}, err
	}
	defer s.Close()
	var g Gain
	seen := make(map[inline.Position]bool) // a test variant repeats the package's
	for _, u := range s.Roots {
		p, err := s.Verdicts(ctx, u)
		if err != nil {
			return Gain{}, err
		}
		if len(p.Errors) > 0 {
			return Gain{}, &session.UnitError{Unit: u, Errors: p.Errors}
		}
		for i := range p.Calls {
			c := &p.Calls[i]
			if linkname.Generic(c.Callee) != a.Function.Name || seen[c.Pos] {
				continue
			}
			seen[c.Pos] = true
			g.Calls++
			if c.Status == inline.StatusInlined {
				g.Inlined++
			}
		}
	}
	return g, nil
}
