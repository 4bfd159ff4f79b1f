package main

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// paceCollector replaces the garbage collector's rule, under which a heap may
// grow to twice what is alive: a small heap may grow to 64 MB at once, without
// the dozen collections on the way there, and one of middle size, as packages
// like runtime need it for a moment, grows by 12 MB, not by its own size.
// A setting in the environment wins.
func paceCollector() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		setPace()
	}
}

// setPace sets the size for the next collection, and comes back after it.
func setPace() {
	const mb = 1 << 20
	live := liveHeap()
	goal := max(64*mb, min(live+12*mb, live*2))
	if live > 120*mb {
		goal = live * 3 / 2
	}
	debug.SetGCPercent(gcPercent(live, goal))
	runtime.AddCleanup(new([16]byte), func(struct{}) { setPace() }, struct{}{})
}

// gcPercent is the setting with which a heap of which live bytes are alive is
// collected when it has goal bytes.
func gcPercent(live, goal uint64) int {
	const least = 4 << 20 // the runtime takes a heap for at least this large
	return int((goal - min(goal, live)) * 100 / max(live, least))
}

// liveHeap is how many bytes the last collection found alive.
func liveHeap() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
