package load

import (
	"context"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A BuildList is what a load has the go command build for it. A later load of the
// same patterns mostly needs the same, and can ask for it at once, while it
// still lists the roots. A list that turns out to be wrong costs time only.
type BuildList struct {
	Patterns []string `json:"patterns,omitempty"`
	Cgo      bool     `json:"cgo"` // everything is listed, not only what a build knows
}

// An aheadBuild is a listing that was begun before it was asked for.
type aheadBuild struct {
	list   *BuildList
	cancel context.CancelFunc
	done   chan struct{}
	pkgs   []*packages.Package
	err    error
}

// buildAhead begins to build what the list names; nil if there is none.
func (l *loader) buildAhead() *aheadBuild {
	f := l.cfg.ExpectedBuild
	if f == nil || len(f.Patterns) == 0 || l.external || len(l.flags.gcflags) > 0 {
		return nil // what -gcflags are for is known when the roots are
	}
	ctx, cancel := context.WithCancel(l.ctx)
	a := &aheadBuild{list: f, cancel: cancel, done: make(chan struct{})}
	b := &build{cgo: f.Cgo}
	go func() {
		defer close(a.done)
		a.pkgs, a.err = l.list(listing{ctx: ctx, mode: b.mode(), patterns: f.Patterns})
	}()
	return a
}

// result returns what was built if it is what is needed.
func (a *aheadBuild) result(needed *BuildList) ([]*packages.Package, bool) {
	if a == nil || needed == nil || needed.Cgo != a.list.Cgo || !slices.Equal(needed.Patterns, a.list.Patterns) {
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
