package engine

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// Costs loads patterns and calls emit once for each unit that they name, sorted
// by path and variant, never concurrently. Errors are those of Run.
func (e *Engine) Costs(ctx context.Context, cfg load.Config, patterns []string, emit func(*breakdown.PackageCosts) error) error {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.End()
	return l.With(func(s *session.Session) error { return costsOfRoots(ctx, s, emit) })
}

// costsOfRoots emits the costs of the roots, in their order.
func costsOfRoots(ctx context.Context, s *session.Session, emit func(*breakdown.PackageCosts) error) error {
	results := make([]*session.Future[*breakdown.PackageCosts], len(s.Roots))
	for i := range results {
		results[i] = session.NewFuture[*breakdown.PackageCosts]()
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.Host.Jobs + 1)
	g.Go(func() error {
		for _, r := range results {
			p, err := r.Get(ctx)
			if err != nil {
				return err
			}
			if err := emit(p); err != nil {
				return err
			}
		}
		return nil
	})
	for i, u := range s.Roots {
		g.Go(func() error {
			p, err := breakdown.Of(ctx, s, u)
			results[i].Set(p, err)
			return err
		})
	}
	return g.Wait()
}
