package workspace

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

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

// Advise returns the advice on a function of a file. The work goes on when ctx ends, so
// that whoever asks again is answered sooner. It is kept while the package is as it is.
// When there is nobody who waits for it, and another function is asked about, it ends.
//
// The offers are there before their gain in the packages of other open files, for
// which the go command has to build. If ctx ends between, they come without it.
//
// The error is ctx's, ErrOutdated, or says why there is no advice.
func (w *Workspace) Advise(ctx context.Context, f *File, fn *FileFunction) (*trial.Advice, error) {
	e, err := w.adviceOn(f, fn)
	if err != nil {
		return nil, err
	}
	return e.get(ctx)
}

// AdviseAhead begins the work of Advise, as it may be asked for: it waits a moment, and
// lets other work go first.
func (w *Workspace) AdviseAhead(f *File, fn *FileFunction) {
	if _, err := w.adviceOn(f, fn); err != nil {
		w.log.Debug("no advice ahead", zap.Error(err))
	}
}

// AdviceProgress says how many of the changes that may help a function were tried, while
// advice on it is being worked out; zeros if that is not known yet.
func (w *Workspace) AdviceProgress(f *File, fn *FileFunction) (done, total int) {
	if e := w.advice.find(f.result, fn.Function.Name); e != nil {
		return int(e.tried.Load()), int(e.toTry.Load())
	}
	return 0, 0
}

func (w *Workspace) adviceOn(f *File, fn *FileFunction) (*adviceEntry, error) {
	k, err := f.costKey(f.Name)
	if err != nil {
		return nil, err
	}
	return w.advice.start(k.result.linkable, fn.Function.Name, func(ctx context.Context, e *adviceEntry) (*trial.Advice, error) {
		return session.GuardedValue(w.log, k.unit.ID, func() (*trial.Advice, error) { return w.adviseNow(ctx, k, f, fn, e) })
	})
}

// adviseNow works out the advice, and tells of the offers before their gain is known.
func (w *Workspace) adviseNow(ctx context.Context, k costKey, f *File, fn *FileFunction, e *adviceEntry) (*trial.Advice, error) {
	s, a, err := w.adviserOf(k)
	if err != nil {
		return nil, err
	}
	breakdownOf := func(costs *breakdown.UnitCosts) *cost.Breakdown {
		list := make([]breakdown.FunctionCosts, 0, 1)
		for _, c := range costs.At(fn.Function.Pos, fn.Function.Name) {
			list = append(list, *c)
		}
		return trial.Costliest(list, nil)
	}
	answer, err := a.Advise(ctx, fn.Function, &trial.Request{
		Awaited: func() bool { return e.waiting.Load() > 0 },
		Costs: func() *cost.Breakdown {
			if costs := w.KnownCosts(f, f.Name); costs != nil {
				return breakdownOf(costs)
			}
			return nil
		},
		AllCosts: func() (*cost.Breakdown, error) {
			costs, err := w.Costs(ctx, f, f.Name)
			if err != nil {
				return nil, err
			}
			return breakdownOf(costs), nil
		},
		Progress: func(done, total int) {
			e.tried.Store(int64(done))
			e.toTry.Store(int64(total))
		},
	})
	if err != nil {
		return nil, err
	}
	if k.result.otherTexts(s.Unsaved) {
		return nil, ErrOutdated
	}
	e.offered.Store(answer)
	w.log.Debug("changes were tried", zap.String("function", fn.Function.Name), zap.Int("tried", answer.Tried), zap.Int("offers", len(answer.Offers)))
	answer = w.withGain(ctx, k, f, answer)
	if k.result.otherTexts(s.Unsaved) {
		return nil, ErrOutdated
	}
	return answer, nil
}

// An adviserKept is the adviser of the unit that was asked about last: to read and type a
// unit takes longer than to try the changes of a function.
type adviserKept struct {
	linkable *resolve.Linkable
	session  *session.Session
	adviser  *trial.Adviser
	timer    *time.Timer // which drops it
}

// adviserKeep is how long an adviser is kept that nobody asks: it takes much memory.
const adviserKeep = time.Minute

// adviserOf returns the adviser of a unit, which is the caller's until its turn is over.
func (w *Workspace) adviserOf(k costKey) (*session.Session, *trial.Adviser, error) {
	t := &w.advice
	if kept := t.adviser; kept != nil && kept.linkable == k.result.linkable && !k.result.otherTexts(kept.session.Unsaved) {
		kept.timer.Reset(adviserKeep)
		return kept.session, kept.adviser, nil
	}
	t.dropAdviser()
	s, err := w.sessionOn(k.result)
	if err != nil {
		return nil, nil, err
	}
	t.adviser = &adviserKept{linkable: k.result.linkable, session: s, adviser: trial.NewAdviser(s, k.unit, k.result.linkable)}
	t.adviser.timer = time.AfterFunc(adviserKeep, func() {
		t.turn.Lock()
		defer t.turn.Unlock()
		t.dropAdviser()
	})
	return s, t.adviser.adviser, nil
}

// dropAdviser forgets the adviser that is kept. It is called in a turn.
func (t *adviceTable) dropAdviser() {
	if t.adviser != nil {
		t.adviser.timer.Stop()
		t.adviser.session.Close()
		t.adviser = nil
	}
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
	works   sync.WaitGroup

	turn    sync.Mutex // one is worked out at a time
	adviser *adviserKept
}

type adviceEntry struct {
	linkable *resolve.Linkable
	function string
	waiting  atomic.Int64                 // how many wait for it
	awaited  chan struct{}                // closed when the first one does
	once     sync.Once                    // of awaited
	offered  atomic.Pointer[trial.Advice] // before the gain of the offers is known
	answer   *future.Future[*trial.Advice]
	stop     context.CancelFunc

	tried, toTry atomic.Int64
}

// get waits for the advice, and if ctx ends before, takes what there is.
func (e *adviceEntry) get(ctx context.Context) (*trial.Advice, error) {
	if ctx.Err() == nil {
		e.waiting.Add(1)
		defer e.waiting.Add(-1)
		e.once.Do(func() { close(e.awaited) })
	}
	a, err := e.answer.Get(ctx)
	select {
	case <-e.answer.Done: // also if ctx is over
		a, err = e.answer.Value, e.answer.Err
	default:
	}
	if early := e.offered.Load(); early != nil && err != nil && !errors.Is(err, ErrOutdated) {
		return early, nil
	}
	return a, err
}

// find returns what there is on a function, whether it is over or not; nil for nothing.
func (t *adviceTable) find(r *result, function string) *adviceEntry {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.IndexFunc(t.entries, func(e *adviceEntry) bool { return r != nil && e.linkable == r.linkable && e.function == function })
	if i < 0 {
		return nil
	}
	return t.entries[i]
}

// aheadDelay is how long work waits for which nobody does: somebody may only pass by.
const aheadDelay = 300 * time.Millisecond

// start returns the advice on a function, which work works out unless it is there
// already. What is being worked out of other texts of the same package is stopped, and
// what nobody waits for.
func (t *adviceTable) start(k *resolve.Linkable, function string, work func(context.Context, *adviceEntry) (*trial.Advice, error)) (*adviceEntry, error) {
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
		left := !e.answer.Over() && e.waiting.Load() == 0
		if outdated || left {
			e.stop()
		}
		return outdated || left && e.offered.Load() == nil
	})
	if len(t.entries) == adviceKept {
		t.entries[0].stop()
		t.entries = slices.Delete(t.entries, 0, 1)
	}
	ctx, stop := context.WithCancel(context.Background())
	e := &adviceEntry{linkable: k, function: function, awaited: make(chan struct{}), answer: future.New[*trial.Advice](), stop: stop}
	t.entries = append(t.entries, e)
	t.works.Go(func() {
		defer stop()
		select {
		case <-e.awaited:
		case <-time.After(aheadDelay):
		case <-ctx.Done():
		}
		t.turn.Lock()
		defer t.turn.Unlock()
		a, err := (*trial.Advice)(nil), ctx.Err()
		if err == nil {
			a, err = work(ctx, e)
		}
		early := e.offered.Load()
		switch {
		case errors.Is(err, ErrOutdated), ctx.Err() != nil && early == nil:
			t.remove(e)
		case ctx.Err() != nil: // what it brings elsewhere is not known
			a, err = early, nil
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
	t.turn.Lock()
	defer t.turn.Unlock()
	t.dropAdviser()
}
