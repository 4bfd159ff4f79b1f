package trial

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// Many functions of a unit are worked on in batches, of which several are compiled at
// once.

// A List says which functions of packages advice is wanted on, and who gets it.
type List struct {
	Wanted func(*inline.Package, *inline.Function) bool
	Most   int // offers for one function
	// ByCalls is set where the functions of a unit that have the most calls come first,
	// and not those that stand first in the source.
	ByCalls bool
	// Counted, if not nil, is told first on how many functions advice is wanted.
	Counted func(total int)
	// Emit gets the advice on each function that is wanted, in their order, each as soon
	// as it and those before it are ready. It is not called concurrently.
	Emit func(*Advice) error
}

// batchSize is how much text, in bytes, the copies of a batch have about. A compile of
// a large package takes as long without any.
const batchSize = 200_000

// A batch is what is worked on together.
type batch struct {
	tasks []*task
	size  int
	done  chan struct{}
}

// AdviseUnit works out the advice on functions of a unit.
func AdviseUnit(ctx context.Context, s *session.Session, u *load.Unit, l *List) error {
	k, err := session.Result(ctx, s, session.Inlining, u)
	if _, wrong := session.WrongWith(err); wrong {
		return nil
	}
	if err != nil {
		return err
	}
	var wanted []*inline.Function
	for i := range k.Package.Functions {
		if f := &k.Package.Functions[i]; l.Wanted(&k.Package, f) {
			wanted = append(wanted, f)
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	a := NewAdviser(s, u, k)
	if len(wanted) == 1 {
		return l.one(ctx, a, wanted[0])
	}
	if l.ByCalls {
		calls := func(f *inline.Function) int { return len(a.callsOf(f.Name)) }
		slices.SortStableFunc(wanted, func(f, g *inline.Function) int { return cmp.Compare(calls(g), calls(f)) })
	}
	var costs []breakdown.FunctionCosts
	why := ""
	var g errgroup.Group
	g.Go(func() error {
		list, err := session.Result(ctx, s, breakdown.Layer, u)
		if _, wrong := session.WrongWith(err); wrong {
			return nil // no cost is known in parts
		}
		costs = breakdown.Join(u, k, list)
		return err
	})
	g.Go(func() (err error) {
		why, err = a.Prepare(ctx)
		return err
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return l.run(ctx, a, wanted, costs, why)
}

// one works on one function, whose cost is counted alone.
func (l *List) one(ctx context.Context, a *Adviser, f *inline.Function) error {
	answer, err := a.Advise(ctx, f, &Request{AllCosts: func() (*cost.Breakdown, error) {
		list, err := session.Result(ctx, a.s, breakdown.Layer, a.u)
		if _, wrong := session.WrongWith(err); wrong {
			return nil, nil
		}
		return Costliest(breakdown.Join(a.u, a.k, list), f), err
	}})
	if err != nil {
		return err
	}
	answer.Offers = answer.Offers[:min(len(answer.Offers), l.Most)]
	return l.Emit(answer)
}

// run works on functions whose costs are known, unless why says why nothing can be
// changed.
func (l *List) run(ctx context.Context, a *Adviser, wanted []*inline.Function, costs []breakdown.FunctionCosts, why string) error {
	g, ctx := errgroup.WithContext(ctx)
	ordered := make(chan *batch, 2*a.s.Host.Jobs)
	work := make(chan *batch)
	g.Go(func() error {
		defer close(ordered)
		defer close(work)
		return l.divide(ctx, a, wanted, costs, why, func(b *batch) error {
			b.done = make(chan struct{})
			for _, to := range []chan *batch{ordered, work} {
				select {
				case to <- b:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			return nil
		})
	})
	for range a.s.Host.Jobs {
		g.Go(func() error {
			for b := range work {
				if err := a.work(ctx, b.tasks, l.Most); err != nil {
					return err
				}
				close(b.done)
			}
			return nil
		})
	}
	g.Go(func() error {
		for b := range ordered {
			select {
			case <-b.done:
			case <-ctx.Done():
				return ctx.Err()
			}
			for _, t := range b.tasks {
				if err := l.Emit(t.answer); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return g.Wait()
}

// divide makes batches of functions.
func (l *List) divide(ctx context.Context, a *Adviser, wanted []*inline.Function, costs []breakdown.FunctionCosts, why string, send func(*batch) error) error {
	b := &batch{}
	for _, f := range wanted {
		if err := ctx.Err(); err != nil {
			return err
		}
		refused := a.Refusal(f)
		if refused == "" {
			refused = why
		}
		t := &task{answer: a.newAdvice(f, refused)}
		if refused == "" {
			t = a.newTask(f, Costliest(costs, f))
		}
		b.tasks = append(b.tasks, t)
		if b.size += t.size(); b.size >= batchSize {
			if err := send(b); err != nil {
				return err
			}
			b = &batch{}
		}
	}
	if len(b.tasks) == 0 {
		return nil
	}
	return send(b)
}

// size is how much text the copies of a function have about, in bytes.
func (t *task) size() (n int) {
	for _, versions := range t.tries {
		n += len(versions) * (t.decl.end - t.decl.start)
	}
	return n
}
