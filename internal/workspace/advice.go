package workspace

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// Advise returns the advice on a function of a file. The work goes on when ctx ends,
// so that whoever asks again is answered sooner: compiling the changes takes longer
// than somebody likes to wait. It is kept while the package is as it is.
//
// The offers are there before their gain in the packages of other open files, for
// which the go command has to build. If ctx ends between, they come without it.
//
// The error is ctx's, ErrOutdated, or says why there is no advice.
func (w *Workspace) Advise(ctx context.Context, f *File, fn *FileFunction) (*trial.Advice, error) {
	k, err := f.costKey(f.Name)
	if err != nil {
		return nil, err
	}
	e, err := w.advice.start(k.result.linkable, fn.Function.Name, func(ctx context.Context, offered func(*trial.Advice)) (*trial.Advice, error) {
		return session.GuardedValue(w.log, k.unit.ID, func() (*trial.Advice, error) { return w.adviseNow(ctx, k, f, fn, offered) })
	})
	if err != nil {
		return nil, err
	}
	return e.get(ctx)
}

// adviseNow works out the advice, and tells of the offers before their gain is known.
func (w *Workspace) adviseNow(ctx context.Context, k costKey, f *File, fn *FileFunction, offered func(*trial.Advice)) (*trial.Advice, error) {
	s, err := w.sessionOn(k.result)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	a := trial.NewAdviser(s, k.unit, k.result.linkable)
	a.Urgent = true
	answer, err := a.Advise(ctx, fn.Function, func() (*cost.Breakdown, error) {
		costs, err := w.Costs(ctx, f, f.Name)
		if err != nil {
			return nil, err
		}
		list := make([]breakdown.FunctionCosts, 0, 1)
		for _, c := range costs.At(fn.Function.Pos, fn.Function.Name) {
			list = append(list, *c)
		}
		return trial.Costliest(list, nil), nil
	})
	if err != nil {
		return nil, err
	}
	if k.result.otherTexts(s.Unsaved) {
		return nil, ErrOutdated
	}
	offered(answer)
	answer = w.withGain(ctx, k, f, answer)
	if k.result.otherTexts(s.Unsaved) {
		return nil, ErrOutdated
	}
	return answer, nil
}

// withGain returns the advice with what each offer does in the packages of other open
// files.
func (w *Workspace) withGain(ctx context.Context, k costKey, f *File, a *trial.Advice) *trial.Advice {
	var paths []string
	for _, p := range w.Snapshot().Packages {
		if p.Dir != f.Package.Dir && p.Path != "" && slices.ContainsFunc(p.Units, func(u *inline.Package) bool {
			return slices.ContainsFunc(u.Calls, func(c inline.Call) bool { return linkname.Generic(c.Callee) == a.Function.Name })
		}) {
			paths = append(paths, p.Path)
		}
	}
	if len(a.Offers) == 0 || len(paths) == 0 {
		return a
	}
	cfg := k.result.loaded.loadSpec.config(*w.edits.Load())
	cfg.Only, cfg.Tests = "", false
	with := session.Options{Config: cfg, CPU: k.result.cpu, Jobs: int64(k.result.loaded.options.Jobs), Timeout: k.result.loaded.options.Timeout}
	known := *a // somebody may have the one without
	known.Offers = slices.Clone(a.Offers)
	for i := range known.Offers {
		g, err := trial.GainOf(ctx, w.host, with, paths, a, &a.Offers[i])
		if err != nil {
			// A package of another module, perhaps, or one that is being written.
			w.log.Debug("no gain elsewhere", zap.Strings("packages", paths), zap.Error(err))
			break
		}
		known.Offers[i].Elsewhere = &g
	}
	return &known
}

// adviceKept is how many functions' advice is kept.
const adviceKept = 32

// An adviceTable has the advice that was asked for: what is being worked out, and
// the last ones that were.
type adviceTable struct {
	mu      sync.Mutex
	entries []*adviceEntry // the one that was asked for last is the last one
	closed  bool
	turn    sync.Mutex // one is worked out at a time
	works   sync.WaitGroup
}

type adviceEntry struct {
	linkable *resolve.Linkable
	function string
	offered  atomic.Pointer[trial.Advice] // before the gain of the offers is known
	answer   *future.Future[*trial.Advice]
	stop     context.CancelFunc
}

// get waits for the advice, and if ctx ends before, takes what there is.
func (e *adviceEntry) get(ctx context.Context) (*trial.Advice, error) {
	a, err := e.answer.Get(ctx)
	select {
	case <-e.answer.Done: // also if ctx is over
		return e.answer.Value, e.answer.Err
	default:
	}
	if early := e.offered.Load(); early != nil && err != nil {
		return early, nil
	}
	return a, err
}

// start returns the advice on a function, which work works out unless it is there
// already. What is being worked out of other texts of the same package is stopped.
func (t *adviceTable) start(k *resolve.Linkable, function string, work func(_ context.Context, offered func(*trial.Advice)) (*trial.Advice, error)) (*adviceEntry, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, errClosed
	}
	for i, e := range t.entries {
		if e.linkable == k && e.function == function {
			t.entries = append(slices.Delete(t.entries, i, i+1), e)
			return e, nil
		}
	}
	t.entries = slices.DeleteFunc(t.entries, func(e *adviceEntry) bool {
		outdated := e.linkable != k && e.linkable.Package.Path == k.Package.Path && e.linkable.Package.Variant == k.Package.Variant
		if outdated {
			e.stop()
		}
		return outdated
	})
	if len(t.entries) == adviceKept {
		t.entries[0].stop()
		t.entries = slices.Delete(t.entries, 0, 1)
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &adviceEntry{linkable: k, function: function, answer: future.New[*trial.Advice](), stop: stop}
	t.entries = append(t.entries, e)
	t.works.Go(func() {
		defer stop()
		t.turn.Lock()
		defer t.turn.Unlock()
		a, err := (*trial.Advice)(nil), ctx.Err()
		if err == nil {
			a, err = work(ctx, e.offered.Store)
		}
		if errors.Is(err, ErrOutdated) || ctx.Err() != nil {
			t.remove(e)
		}
		e.answer.Set(a, err)
	})
	return e, nil
}

func (t *adviceTable) remove(e *adviceEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.entries, e); i >= 0 {
		t.entries = slices.Delete(t.entries, i, i+1)
	}
}

// stopAll stops all work and waits for its end.
func (t *adviceTable) stopAll() {
	t.mu.Lock()
	t.closed = true
	for _, e := range t.entries {
		e.stop()
	}
	t.mu.Unlock()
	t.works.Wait()
}
