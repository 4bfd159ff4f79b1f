package main

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestGCPercent(t *testing.T) {
	for _, test := range []struct {
		live, goal uint64
		want       int
	}{
		{0, 64 * mb, 1600}, // of the least heap, 4 MB
		{4 * mb, 64 * mb, 1500},
		{32 * mb, 64 * mb, 100},
		{100 * mb, 112 * mb, 12},
		{100 * mb, 90 * mb, 0},
	} {
		if got := gcPercent(test.live, test.goal); got != test.want {
			t.Errorf("gcPercent(%d MB, %d MB) = %d, want %d", test.live/mb, test.goal/mb, got, test.want)
		}
	}
}

// A pause collects what came since the last collection, if that is worth it.
func TestCollectAhead(t *testing.T) {
	percent := debug.SetGCPercent(-1) // so that nothing else collects
	t.Cleanup(func() {
		current.Store(nil)
		debug.SetGCPercent(percent)
	})
	collections := func() uint32 {
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.NumGC
	}
	for _, test := range []struct {
		policy  *gcPolicy
		garbage int
		want    bool
	}{
		{nil, 20 * mb, false}, // the environment has a setting
		{&serving, 20 * mb, true},
		{&serving, mb / 2, false},
	} {
		current.Store(test.policy)
		runtime.GC()
		runtime.KeepAlive(make([]byte, test.garbage))
		before := collections()
		collectAhead()
		if got := collections() > before; got != test.want {
			t.Errorf("%d KB of garbage: collected: %v, want %v", test.garbage>>10, got, test.want)
		}
	}
}
