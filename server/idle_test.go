package server

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inlinelens/inlinelens/internal/workspace"
)

func TestIdleTimers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		var pauses atomic.Int32
		r := newIdleTimers(Options{Pause: func() { pauses.Add(1) }, Quiet: func() { calls.Add(1) }})
		at := func(state workspace.State) *workspace.Snapshot {
			return &workspace.Snapshot{Packages: []*workspace.Current{{State: workspace.StateFresh}, {State: state}}}
		}
		expect := func(want int32, when string) {
			t.Helper()
			synctest.Wait()
			if got := calls.Load(); got != want {
				t.Errorf("%s: %d calls, want %d", when, got, want)
			}
		}
		r.update(at(workspace.StateCompiling))
		time.Sleep(2 * quietDelay)
		expect(0, "while something is compiled")
		r.update(at(workspace.StateFresh))
		time.Sleep(quietDelay - time.Second)
		r.update(at(workspace.StateCompiling))
		time.Sleep(quietDelay)
		expect(0, "compiled again")
		r.update(at(workspace.StateFailed))
		time.Sleep(quietDelay + time.Second)
		expect(1, "quiet")
		if got := pauses.Load(); got != 2 {
			t.Errorf("%d pauses, want 2: one before it was compiled again, one after", got)
		}
		time.Sleep(10 * quietDelay)
		expect(1, "quiet still")
		r.update(at(workspace.StateFresh))
		r.stop()
		time.Sleep(2 * quietDelay)
		expect(1, "stopped")
	})
}
