package engine

import (
	"context"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// BenchmarkStdUnchanged is a report of the standard library of which every
// result is kept, without the printing.
func BenchmarkStdUnchanged(b *testing.B) {
	dir := b.TempDir()
	once := func() (calls int) {
		e, err := New(Options{CacheDir: dir})
		if err != nil {
			b.Fatal(err)
		}
		defer e.Close()
		err = e.Run(context.Background(), load.Config{Dir: dir}, []string{"std"}, func(p *inline.Package) error {
			calls += len(p.Calls)
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		return calls
	}
	once()
	for b.Loop() {
		b.ReportMetric(float64(once()), "calls")
	}
}
