package workspace

import (
	"context"
	"slices"
	"sync"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A costKey names the costs of one unit, as one of the units that a result is
// built of, or of one function of it.
type costKey struct {
	result   *result
	unit     *load.Unit
	function inline.Position // of the one function; the zero value for all
}

// own reports whether the unit is the one that the result is about.
func (k costKey) own() bool { return k.unit == k.result.loaded.unit }

// holdsIn reports whether the costs are the same for a later result: its unit's
// own are while its text is the same, those of what it is built of while nothing
// is loaded.
func (k costKey) holdsIn(r *result) bool {
	return k.result.loaded == r.loaded && (!k.own() || k.result.linkable == r.linkable)
}

// A costTable has the costs that were asked for: those that are being counted,
// for all who wait for them, and the last ones that were.
type costTable struct {
	mu      sync.Mutex
	entries []*costEntry // the one that was asked for last is the last one
	closed  bool
	counts  sync.WaitGroup
}

// partsKept is how many parts of costs are kept in memory, of all units together.
// Those of net/http are 50,000, and take 7 MB.
const partsKept = 150_000

type costEntry struct {
	key     costKey
	counted *future.Future[*breakdown.UnitCosts]
	waiting int                     // how many do
	stop    context.CancelCauseFunc // ends the count
}

func (e *costEntry) done() bool {
	select {
	case <-e.counted.Done:
		return true
	default:
		return false
	}
}

// get returns the costs of a key. Count counts them unless they are known, or
// being counted; the context that it gets ends when nobody waits any more.
func (t *costTable) get(ctx context.Context, k costKey, count func(context.Context) (*breakdown.UnitCosts, error)) (*breakdown.UnitCosts, error) {
	t.mu.Lock()
	if t.closed {
		t.mu.Unlock()
		return nil, errClosed
	}
	e := t.use(k)
	if e == nil {
		e = t.start(k, count)
	}
	e.waiting++
	t.mu.Unlock()
	c, err := e.counted.Get(ctx)
	t.mu.Lock()
	defer t.mu.Unlock()
	if e.waiting--; e.waiting == 0 && !e.done() {
		e.stop(context.Canceled)
		t.remove(e)
	}
	return c, err
}

// known returns the costs of a key if they have been counted, otherwise nil.
func (t *costTable) known(k costKey) *breakdown.UnitCosts {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.use(k); e != nil && e.counted.Ready() {
		return e.counted.Value
	}
	return nil
}

// use returns the entry of a key as the one that was asked for last; nil if there
// is none. That of a whole unit has its functions, once it is there.
func (t *costTable) use(k costKey) *costEntry {
	i := slices.IndexFunc(t.entries, func(e *costEntry) bool {
		whole := !e.key.function.IsValid() && e.done() && e.counted.Value != nil
		return e.key.unit == k.unit && e.key.holdsIn(k.result) && (whole || e.key.function == k.function)
	})
	if i < 0 {
		return nil
	}
	e := t.entries[i]
	t.entries = append(slices.Delete(t.entries, i, i+1), e)
	return e
}

// start begins to count. What went wrong is kept as well, so that it is not tried
// again and again; but not that the count was stopped.
func (t *costTable) start(k costKey, count func(context.Context) (*breakdown.UnitCosts, error)) *costEntry {
	ctx, stop := context.WithCancelCause(context.Background())
	e := &costEntry{key: k, counted: future.New[*breakdown.UnitCosts](), stop: stop}
	t.entries = append(t.entries, e)
	t.counts.Go(func() {
		defer stop(nil)
		c, err := count(ctx)
		if ctx.Err() != nil {
			c, err = nil, context.Cause(ctx)
		}
		t.mu.Lock()
		defer t.mu.Unlock()
		if ctx.Err() != nil || err == ErrOutdated { //nolint:errorlint // it comes as it is
			t.remove(e)
		}
		e.counted.Set(c, err)
		t.trim()
	})
	return e
}

// trim drops the costs that have not been asked for for longest, if there are too
// many. The last ones stay, whatever their size.
func (t *costTable) trim() {
	done, parts := 0, 0
	for i := len(t.entries) - 1; i >= 0; i-- {
		e := t.entries[i]
		if !e.done() {
			continue
		}
		if e.counted.Value != nil {
			parts += e.counted.Value.Parts
		}
		if done++; done > 1 && parts > partsKept {
			t.entries = slices.Delete(t.entries, i, i+1)
		}
	}
}

func (t *costTable) remove(e *costEntry) {
	if i := slices.Index(t.entries, e); i >= 0 {
		t.entries = slices.Delete(t.entries, i, i+1)
	}
}

func (t *costTable) empty() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.entries) == 0
}

// prune drops the entries that are not live, and stops the counts of texts that
// have moved.
func (t *costTable) prune(state func(costKey) (live, moved bool)) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.entries = slices.DeleteFunc(t.entries, func(e *costEntry) bool {
		live, moved := state(e.key)
		if moved && !e.done() {
			e.stop(ErrOutdated)
			return true
		}
		return !live
	})
}

// stopAll stops all counts and waits for their end.
func (t *costTable) stopAll() {
	t.mu.Lock()
	t.closed = true
	for _, e := range t.entries {
		e.stop(errClosed)
	}
	t.entries = nil
	t.mu.Unlock()
	t.counts.Wait()
}
