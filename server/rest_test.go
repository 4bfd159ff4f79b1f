package server

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inlinelens/inlinelens/internal/engine"
)

func TestRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		var pauses atomic.Int32
		r := newRest(Options{Pause: func() { pauses.Add(1) }, Quiet: func() { calls.Add(1) }})
		at := func(state engine.State) *engine.Snapshot {
			return &engine.Snapshot{Packages: []*engine.Current{{State: engine.StateFresh}, {State: state}}}
		}
		expect := func(want int32, when string) {
			t.Helper()
			synctest.Wait()
			if got := calls.Load(); got != want {
				t.Errorf("%s: %d calls, want %d", when, got, want)
			}
		}
		r.look(at(engine.StateCompiling))
		time.Sleep(2 * calm)
		expect(0, "while something is compiled")
		r.look(at(engine.StateFresh))
		time.Sleep(calm - time.Second)
		r.look(at(engine.StateCompiling))
		time.Sleep(calm)
		expect(0, "compiled again")
		r.look(at(engine.StateFailed))
		time.Sleep(calm + time.Second)
		expect(1, "quiet")
		if got := pauses.Load(); got != 2 {
			t.Errorf("%d pauses, want 2: one before it was compiled again, one after", got)
		}
		time.Sleep(10 * calm)
		expect(1, "quiet still")
		r.look(at(engine.StateFresh))
		r.stop()
		time.Sleep(2 * calm)
		expect(1, "stopped")
	})
}
