package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
)

// A gcPolicy replaces the garbage collector's rule, under which a heap may grow to
// twice what is alive: a small heap may grow at once, without the dozen
// collections on the way there, and one of middle size grows by a step, not by
// its own size.
type gcPolicy struct {
	small, step uint64 // bytes
	// most is what the process should not exceed for a heap that is smaller; 0 for
	// no such limit.
	most uint64
}

const mb = 1 << 20

// largeStep is by how much a large heap may grow: the types of one package may be
// 500 MB for a moment, of which half again would be too much.
const largeStep = 128 * mb

var (
	// reporting is for a process that ends soon: packages like runtime need a heap
	// of middle size for a moment.
	reporting = gcPolicy{small: 96 * mb, step: 12 * mb, most: 120 * mb}
	// serving is for one that stays. A save of a large package with its tests makes
	// 70 MB of garbage, which is collected behind it (collectAhead), not in its middle.
	serving = gcPolicy{small: 160 * mb, step: 80 * mb}
	// many is for reports of many packages, which go on for long enough that
	// collections add up: with reporting, they took a fourth of all time of std.
	many = gcPolicy{small: 280 * mb, step: 40 * mb, most: 330 * mb}
	// huge is for what takes hundreds of megabytes anyway, of which most stays alive
	// until it is done: to collect it on the way would take as long as the work.
	huge = gcPolicy{small: 960 * mb, step: 320 * mb}
)

var current atomic.Pointer[gcPolicy]

// setGCPolicy sets when the garbage collector runs. A setting in the environment wins.
func setGCPolicy(p *gcPolicy) {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	switch current.Swap(p) {
	case nil:
		keepGCPolicy()
	case p:
	default:
		applyGCPolicy()
	}
}

// keepGCPolicy sets the size for the next collection, now and after each.
func keepGCPolicy() {
	applyGCPolicy()
	runtime.AddCleanup(new([16]byte), func(struct{}) { keepGCPolicy() }, struct{}{})
}

// applyGCPolicy sets the size for the next collection.
func applyGCPolicy() {
	live, p := liveHeap(), current.Load()
	goal := max(p.small, min(live+p.step, live*2))
	large := max(p.small, 112*mb)
	if live > large {
		goal = min(live*3/2, live+max(p.step, largeStep))
	}
	limit := int64(p.most)
	if live > large || limit == 0 {
		limit = math.MaxInt64
	}
	debug.SetMemoryLimit(limit)
	debug.SetGCPercent(gcPercent(live, goal))
}

// collectAhead collects what the next save would else have collected while the
// compiler has work for all cores: the runtime takes cores for idle on which other
// processes run.
func collectAhead() {
	p, live := current.Load(), liveHeap()
	if p != nil && heapObjects() > live+max(p.step, live)/16 {
		runtime.GC()
	}
}

// gcPercent is the setting with which a heap of which live bytes are alive is
// collected when it has goal bytes.
func gcPercent(live, goal uint64) int {
	const least = 4 << 20 // the runtime takes a heap for at least this large
	return int((goal - min(goal, live)) * 100 / max(live, least))
}

// liveHeap is how many bytes the last collection found alive.
func liveHeap() uint64 { return measured("/gc/heap/live:bytes") }

// heapObjects is how many bytes there are of objects, alive or not yet collected.
func heapObjects() uint64 { return measured("/memory/classes/heap/objects:bytes") }

func measured(metric string) uint64 {
	sample := []metrics.Sample{{Name: metric}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
