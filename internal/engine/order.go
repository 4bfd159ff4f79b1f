package engine

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// inOrder has work done for each of a session's roots, in parallel, and consume run
// beside it, which gets the results in the order of the roots from next.
func inOrder[T any](ctx context.Context, s *session.Session, work func(context.Context, *load.Unit) (T, error), consume func(ctx context.Context, next func() (T, error)) error) error {
	g, ctx := errgroup.WithContext(ctx)
	results := make([]chan T, len(s.Roots))
	for i := range results {
		results[i] = make(chan T, 1)
	}
	// Workers take the roots in order and may run ahead of consume by a few, so
	// that what waits for it stays small.
	ahead := make(chan struct{}, 16*s.Host.Jobs)
	indexes := make(chan int)
	g.Go(func() error {
		defer close(indexes)
		for i := range s.Roots {
			if err := send(ctx, ahead, struct{}{}); err != nil {
				return err
			}
			if err := send(ctx, indexes, i); err != nil {
				return err
			}
		}
		return nil
	})
	// More workers than there may be compiles: one that waits for a package that
	// another one compiles keeps nobody from beginning with the next root.
	for range 2 * s.Host.Jobs {
		g.Go(func() error {
			for i := range indexes {
				result, err := work(ctx, s.Roots[i])
				if err != nil {
					return err
				}
				results[i] <- result
			}
			return nil
		})
	}
	g.Go(func() error {
		number := 0
		return consume(ctx, func() (result T, err error) {
			select {
			case result = <-results[number]:
				number++
				<-ahead
				return result, nil
			case <-ctx.Done():
				return result, ctx.Err()
			}
		})
	})
	return g.Wait()
}

// send sends a value, unless ctx is done before.
func send[T any](ctx context.Context, to chan<- T, v T) error {
	select {
	case to <- v:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
