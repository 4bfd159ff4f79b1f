package server

import (
	"slices"
	"sync"
	"time"

	"github.com/inlinelens/inlinelens/internal/workspace"
)

const (
	// pauseDelay is how long there must be nothing to compile for a pause.
	pauseDelay = 150 * time.Millisecond
	// quietDelay is the same for quiet.
	quietDelay = 5 * time.Second
)

// idleTimers call functions when work has ended and none has come for a while.
type idleTimers struct {
	steps []idleStep

	mu      sync.Mutex
	stopped bool
}

// An idleStep is what is done after one length of time.
type idleStep struct {
	after time.Duration
	call  func()
	timer *time.Timer // nil until nothing was compiled
}

func newIdleTimers(o Options) *idleTimers {
	r := &idleTimers{}
	for _, s := range []idleStep{{after: pauseDelay, call: o.Pause}, {after: quietDelay, call: o.Quiet}} {
		if s.call != nil {
			r.steps = append(r.steps, s)
		}
	}
	return r
}

// update takes what the engine knows now.
func (r *idleTimers) update(s *workspace.Snapshot) {
	busy := slices.ContainsFunc(s.Packages, func(c *workspace.Current) bool { return c.State == workspace.StateCompiling })
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return
	}
	for i := range r.steps {
		switch s := &r.steps[i]; {
		case s.timer == nil && !busy:
			s.timer = time.AfterFunc(s.after, s.call)
		case s.timer != nil && busy:
			s.timer.Stop()
		case s.timer != nil:
			s.timer.Reset(s.after)
		}
	}
}

// stop ends it. A call that has begun goes on.
func (r *idleTimers) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	for _, s := range r.steps {
		if s.timer != nil {
			s.timer.Stop()
		}
	}
}
