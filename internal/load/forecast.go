package load

import (
	"context"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A Forecast is what a load has the go command build for it. A later load of the
// same patterns mostly needs the same, and can ask for it at once, while it
// still lists the roots. A forecast that turns out to be wrong costs time only.
type Forecast struct {
	Patterns []string
	Cgo      bool // everything is listed, not only what a build knows
}

// An aheadBuild is a listing that was begun because it was foretold.
type aheadBuild struct {
	forecast *Forecast
	cancel   context.CancelFunc
	done     chan struct{}
	pkgs     []*packages.Package
	err      error
}

// buildAhead begins to build what the forecast says; nil if there is none.
func (l *loader) buildAhead() *aheadBuild {
	f := l.cfg.Forecast
	if f == nil || len(f.Patterns) == 0 || l.external || len(l.flags.gcflags) > 0 {
		return nil // what -gcflags are for is known when the roots are
	}
	ctx, cancel := context.WithCancel(l.ctx)
	a := &aheadBuild{forecast: f, cancel: cancel, done: make(chan struct{})}
	b := &build{cgo: f.Cgo}
	go func() {
		defer close(a.done)
		a.pkgs, a.err = l.list(listing{ctx: ctx, mode: b.mode(), patterns: f.Patterns})
	}()
	return a
}

// result returns what was built if it is what is needed.
func (a *aheadBuild) result(needed *Forecast) ([]*packages.Package, bool) {
	if a == nil || needed == nil || needed.Cgo != a.forecast.Cgo || !slices.Equal(needed.Patterns, a.forecast.Patterns) {
		return nil, false
	}
	<-a.done
	return a.pkgs, a.err == nil
}

// end ends a build that nobody needs.
func (a *aheadBuild) end() {
	if a != nil {
		a.cancel()
		<-a.done
	}
}
