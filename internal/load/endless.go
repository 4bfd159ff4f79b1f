package load

import (
	"runtime/metrics"
	"time"
)

// mostGrowth is by how many bytes the heap of this process may grow during a load. The
// output of the go command, or of a driver, is read into memory whole; that of the
// largest modules takes a tenth of it, and what else is worked on meanwhile no more
// than a half.
var mostGrowth uint64 = 2 << 30

// watchMemory cancels a load during which the heap grows without end. What packages.Load
// starts cannot be watched itself.
func (o *lookout) watchMemory() {
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for before := heapObjects(); ; {
		select {
		case <-tick.C:
		case <-o.ctx.Done():
			return
		}
		if heapObjects() > before+mostGrowth {
			o.cancel(&Failure{
				Kind: ErrGoCommand, Tried: o.tried,
				Why: "the memory of this process grew too much meanwhile",
				Do:  "check whether the go command, or the program in GOPACKAGESDRIVER, prints without end",
			})
			return
		}
	}
}

// heapObjects is how many bytes there are of objects, alive or not yet collected.
func heapObjects() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
