package server

import (
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/inlinelens/inlinelens/internal/engine"
)

func TestQuiet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		q := quiet{call: func() { calls.Add(1) }}
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
		q.look(at(engine.StateCompiling))
		time.Sleep(2 * calm)
		expect(0, "while something is compiled")
		q.look(at(engine.StateFresh))
		time.Sleep(calm - time.Second)
		q.look(at(engine.StateCompiling))
		time.Sleep(calm)
		expect(0, "compiled again")
		q.look(at(engine.StateFailed))
		time.Sleep(calm + time.Second)
		expect(1, "quiet")
		time.Sleep(10 * calm)
		expect(1, "quiet still")
		q.look(at(engine.StateFresh))
		q.stop()
		time.Sleep(2 * calm)
		expect(1, "stopped")
	})
}
