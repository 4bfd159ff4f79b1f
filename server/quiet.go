package server

import (
	"slices"
	"sync"
	"time"

	"github.com/inlinelens/inlinelens/internal/engine"
)

// calm is how long there must be nothing to compile for quiet to be told.
const calm = 5 * time.Second

// quiet calls a function when work has ended and none has come for a while.
type quiet struct {
	call func() // nil for none

	mu      sync.Mutex
	timer   *time.Timer
	stopped bool
}

// look takes what the engine knows now.
func (q *quiet) look(s *engine.Snapshot) {
	if q.call == nil {
		return
	}
	busy := slices.ContainsFunc(s.Packages, func(c *engine.Current) bool { return c.State == engine.StateCompiling })
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case q.stopped:
	case q.timer == nil && !busy:
		q.timer = time.AfterFunc(calm, q.call)
	case q.timer != nil && busy:
		q.timer.Stop()
	case q.timer != nil:
		q.timer.Reset(calm)
	}
}

// stop ends it. A call that has begun goes on.
func (q *quiet) stop() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.stopped = true
	if q.timer != nil {
		q.timer.Stop()
	}
}
