package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// hoverTimeout is how long a hover waits for costs that have to be counted. It
// answers without them then.
const hoverTimeout = 300 * time.Millisecond

// hoverInterval is how soon one hover comes after another if somebody only passes by:
// nothing is counted then that is not pointed at for a moment. An editor ends a hover from
// which somebody has moved on.
const (
	hoverInterval = time.Second
	hoverDelay    = 100 * time.Millisecond
)

// countsAhead is how many functions' costs are counted at once for hovers. Of those that
// were pointed at meanwhile only the last is counted next.
const countsAhead = 2

// counting has costs counted that a hover has use for. A count goes on when the
// hover has been answered, until the text changes that it is about.
type counting struct {
	server *server

	mu     sync.Mutex
	counts []*count      // under way, and next
	next   *count        // which has not begun; nil for none
	slots  chan struct{} // holds one for each that has begun
	asked  time.Time     // when costs were asked for last that are not known
}

type count struct {
	file   *workspace.File
	target workspace.Target
	done   chan struct{}
	stop   context.CancelFunc
}

// await waits a while for the costs of a function, and reports whether
// they are still being counted.
func (c *counting) await(ctx context.Context, f *workspace.File, target workspace.Target, timeout <-chan time.Time) bool {
	if c.server.work.knownCosts(f, target) != nil {
		return false
	}
	n, _ := c.request(f, target)
	select {
	case <-n.done:
		return false
	case <-timeout:
	case <-ctx.Done():
	}
	return true
}

// request begins a count, unless it is under way. Passing says that somebody seems only
// to pass by.
func (c *counting) request(f *workspace.File, target workspace.Target) (n *count, passing bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	passing = time.Since(c.asked) < hoverInterval
	c.asked = time.Now()
	if i := slices.IndexFunc(c.counts, func(n *count) bool { return n.file == f && n.target == target }); i >= 0 {
		return c.counts[i], passing
	}
	if c.slots == nil {
		c.slots = make(chan struct{}, countsAhead)
	}
	if c.next != nil {
		c.next.stop()
		c.remove(c.next)
	}
	ctx, stop := context.WithCancel(c.server.ctx)
	n = &count{file: f, target: target, done: make(chan struct{}), stop: stop}
	c.next = n
	c.counts = append(c.counts, n)
	c.server.background.Go(func() {
		defer stop()
		defer close(n.done)
		if c.turn(ctx, n, passing) {
			if _, err := c.server.work.costs(ctx, f, target); err != nil {
				c.server.log.Debug("not counted", zap.String("source", target.Source), zap.Int("line", target.Pos.Line), zap.Error(err))
			}
			<-c.slots
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		c.remove(n)
	})
	return n, passing
}

// turn waits until a count may begin, and reports whether it is still wanted then.
func (c *counting) turn(ctx context.Context, n *count, passing bool) bool {
	if passing {
		select {
		case <-time.After(hoverDelay):
		case <-ctx.Done():
			return false
		}
	}
	select {
	case c.slots <- struct{}{}:
	case <-ctx.Done():
		return false
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.next == n {
		c.next = nil
	}
	return true
}

// remove forgets a count. It is called with the lock held.
func (c *counting) remove(n *count) {
	if c.next == n {
		c.next = nil
	}
	if i := slices.Index(c.counts, n); i >= 0 {
		c.counts = slices.Delete(c.counts, i, i+1)
	}
}

// awaitAll waits a while for the costs that a hover at a place has use for.
func (c *counting) awaitAll(ctx context.Context, v *handlers.Document, targets []workspace.Target) {
	timeout := time.After(hoverTimeout)
	for _, target := range targets {
		if c.await(ctx, v.File, target, timeout) {
			v.Counting = true
			return
		}
	}
}

// knownCosts returns costs that have those of a function, if they are known already.
func (w *work) knownCosts(f *workspace.File, target workspace.Target) *breakdown.UnitCosts {
	if workspace := w.current(); workspace != nil && f != nil {
		return workspace.KnownFunctionCosts(f, target)
	}
	return nil
}
