package server

import (
	"slices"
	"sync"
	"time"

	"github.com/inlinelens/inlinelens/internal/workspace"
)

const (
	// breath is how long there must be nothing to compile for a pause.
	breath = 150 * time.Millisecond
	// calm is the same for quiet.
	calm = 5 * time.Second
)

// A rest calls functions when work has ended and none has come for a while.
type rest struct {
	steps []restStep

	mu      sync.Mutex
	stopped bool
}

// A restStep is what is done after one length of time.
type restStep struct {
	after time.Duration
	call  func()
	timer *time.Timer // nil until there was a rest
}

func newRest(o Options) *rest {
	r := &rest{}
	for _, s := range []restStep{{after: breath, call: o.Pause}, {after: calm, call: o.Quiet}} {
		if s.call != nil {
			r.steps = append(r.steps, s)
		}
	}
	return r
}

// look takes what the engine knows now.
func (r *rest) look(s *workspace.Snapshot) {
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
func (r *rest) stop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.stopped = true
	for _, s := range r.steps {
		if s.timer != nil {
			s.timer.Stop()
		}
	}
}
