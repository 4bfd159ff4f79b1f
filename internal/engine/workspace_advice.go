package engine

import (
	"context"
	"errors"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// Advise returns the advice on a function of a file. The work goes on when ctx ends,
// so that whoever asks again is answered sooner: compiling the changes takes longer
// than somebody likes to wait. It is kept while the package is as it is.
//
// The error is ctx's, ErrOutdated, or says why there is no advice.
func (w *Workspace) Advise(ctx context.Context, f *File, fn *FileFunction) (*Advice, error) {
	k, err := f.costKey(f.Name)
	if err != nil {
		return nil, err
	}
	answer, err := w.advice.begin(k.result.linkable, fn.Function.Name, func(ctx context.Context) (a *Advice, err error) {
		defer func() {
			if p := recover(); p != nil {
				err = panicked(w.log, k.unit.ID, p)
			}
		}()
		return w.adviseNow(ctx, k, f, fn)
	})
	if err != nil {
		return nil, err
	}
	select {
	case <-answer.done: // also if ctx is over
		return answer.value, answer.err
	default:
		return answer.get(ctx)
	}
}

func (w *Workspace) adviseNow(ctx context.Context, k costKey, f *File, fn *FileFunction) (*Advice, error) {
	s, err := w.costSession(k.result)
	if err != nil {
		return nil, err
	}
	defer s.close()
	a := s.adviser(k.unit, k.result.linkable)
	if why := a.hopeless(fn.Function); why != "" {
		return &Advice{Package: f.Unit, Function: fn.Function, Why: why}, nil
	}
	costs, err := w.Costs(ctx, f, f.Name)
	if err != nil {
		return nil, err
	}
	list := make([]FunctionCosts, 0, 1)
	for _, c := range costs.At(fn.Function.Pos, fn.Function.Name) {
		list = append(list, *c)
	}
	answer, err := a.advise(ctx, fn.Function, dearest(list, nil))
	if err != nil {
		return nil, err
	}
	w.gain(ctx, k, f, answer)
	if k.result.otherTexts(s) {
		return nil, ErrOutdated
	}
	return answer, nil
}

// gain finds out what the best offer does in the packages of other open files.
func (w *Workspace) gain(ctx context.Context, k costKey, f *File, a *Advice) {
	var paths []string
	for _, p := range w.Snapshot().Packages {
		if p.Dir != f.Package.Dir && p.Path != "" && slices.ContainsFunc(p.Units, func(u *inline.Package) bool {
			return slices.ContainsFunc(u.Calls, func(c inline.Call) bool { return withoutTypeArgs(c.Callee) == a.Function.Name })
		}) {
			paths = append(paths, p.Path)
		}
	}
	if len(a.Offers) == 0 || len(paths) == 0 {
		return
	}
	cfg := k.result.loaded.setup.config(*w.edits.Load())
	cfg.Only, cfg.Tests = "", false
	g, err := w.engine.Gain(ctx, cfg, paths, a, &a.Offers[0])
	if err != nil {
		// A package of another module, perhaps, or one that is being written.
		w.log.Debug("no gain elsewhere", zap.Strings("packages", paths), zap.Error(err))
		return
	}
	a.Offers[0].Elsewhere = &g
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
	answer   *future[*Advice]
	stop     context.CancelFunc
}

// begin returns the advice on a function, which work works out unless it is there
// already. What is being worked out of other texts of the same package is stopped.
func (t *adviceTable) begin(k *resolve.Linkable, function string, work func(context.Context) (*Advice, error)) (*future[*Advice], error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, errClosed
	}
	for i, e := range t.entries {
		if e.linkable == k && e.function == function {
			t.entries = append(slices.Delete(t.entries, i, i+1), e)
			return e.answer, nil
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
	e := &adviceEntry{linkable: k, function: function, answer: newFuture[*Advice](), stop: stop}
	t.entries = append(t.entries, e)
	t.works.Go(func() {
		defer stop()
		t.turn.Lock()
		defer t.turn.Unlock()
		a, err := (*Advice)(nil), ctx.Err()
		if err == nil {
			a, err = work(ctx)
		}
		if errors.Is(err, ErrOutdated) || ctx.Err() != nil {
			t.remove(e)
		}
		e.answer.set(a, err)
	})
	return e.answer, nil
}

func (t *adviceTable) remove(e *adviceEntry) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if i := slices.Index(t.entries, e); i >= 0 {
		t.entries = slices.Delete(t.entries, i, i+1)
	}
}

// close stops all work and waits for its end.
func (t *adviceTable) close() {
	t.mu.Lock()
	t.closed = true
	for _, e := range t.entries {
		e.stop()
	}
	t.mu.Unlock()
	t.works.Wait()
}
