package compare

import (
	"maps"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A Pruner removes the lines of a baseline that are about what is gone. It is told of
// packages one after another, the variants of a package after it.
type Pruner struct {
	Baseline *Baseline

	seen     seenFiles
	units    map[Unit]bool // that it was told of
	removed  int
	packages int
}

// Package removes the lines of functions and calls that a package does not have.
func (r *Pruner) Package(p *inline.Package) {
	if r.units == nil {
		r.units = make(map[Unit]bool)
	}
	u := Unit{p.Path, p.Variant}
	r.units[u] = true
	was := r.Baseline.Packages[u]
	now := currentOf(p, was.callsOf(p), &r.seen)
	if was == nil {
		return
	}
	before := len(was.Lines)
	maps.DeleteFunc(was.Lines, func(_ string, l Line) bool { return len(now.matching(&l)) == 0 })
	r.removed += before - len(was.Lines)
}

// Others removes the packages that the pruner was not told of.
func (r *Pruner) Others() {
	before := len(r.Baseline.Packages)
	maps.DeleteFunc(r.Baseline.Packages, func(u Unit, p *RecordedPackage) bool {
		if !r.units[u] {
			r.removed += len(p.Lines)
		}
		return !r.units[u]
	})
	r.packages = before - len(r.Baseline.Packages)
}

// Removed returns how many lines were removed, and how many packages as a whole.
func (r *Pruner) Removed() (lines, packages int) { return r.removed, r.packages }

// Differs says how the build of a package differs from that of the baseline; "" if it
// does not.
func (b *Baseline) Differs(p *inline.Package) string { return BuildOf(p).differs(b.Build) }
