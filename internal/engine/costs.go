package engine

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/load"
)

// Costs loads patterns and calls emit once for each unit that they name, sorted
// by path and variant, never concurrently. Errors are those of Run.
func (e *Engine) Costs(ctx context.Context, cfg load.Config, patterns []string, emit func(*PackageCosts) error) error {
	e.progress(Progress{Stage: "loading"})
	l, err := beginLoad(ctx, e.host, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.end()
	return l.with(func(s *session) error { return costsOfRoots(ctx, s, emit) })
}

// costsOfRoots emits the costs of the roots, in their order.
func costsOfRoots(ctx context.Context, s *session, emit func(*PackageCosts) error) error {
	results := make([]*future[*PackageCosts], len(s.roots))
	for i := range results {
		results[i] = newFuture[*PackageCosts]()
	}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.host.jobs + 1)
	g.Go(func() error {
		for _, r := range results {
			p, err := r.get(ctx)
			if err != nil {
				return err
			}
			if err := emit(p); err != nil {
				return err
			}
		}
		return nil
	})
	for i, u := range s.roots {
		g.Go(func() error {
			p, err := costsOf(ctx, s, u)
			results[i].set(p, err)
			return err
		})
	}
	return g.Wait()
}
