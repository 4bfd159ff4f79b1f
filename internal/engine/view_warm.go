package engine

import (
	"maps"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/load"
)

// warm is what a view's runs hand on to each other: what is costly to find out
// and does not depend on the text of the unit itself.
type warm struct {
	loaded            *loaded
	types             *importer // of the dependencies, while their export data is the same
	sums              map[string]string
	intrinsics        map[string]*future[map[string]bool]
	intrinsicPackages func() []string
	checks            *checks
}

// heat gives a session what earlier ones have left.
func (w *warm) heat(s *session, l *loaded) {
	if w.loaded != l {
		w.reload(l)
	}
	if w.types == nil {
		w.types, w.intrinsics, w.intrinsicPackages = s.checker.imports, s.intrinsics, nil
	}
	// A run that was stopped leaves questions behind that were not answered.
	maps.DeleteFunc(w.intrinsics, func(_ string, f *future[map[string]bool]) bool { return !f.ready() })
	s.checker.imports, s.intrinsics = w.types, w.intrinsics
	if w.intrinsicPackages != nil {
		s.intrinsicPackages = w.intrinsicPackages
	}
	s.hashes.sums = w.sums
	if w.checks == nil {
		w.checks = newChecks()
	}
	s.checker.earlier = w.checks
}

// reload drops what is not true of another load.
func (w *warm) reload(l *loaded) {
	old := w.loaded
	w.loaded = l
	if old == nil {
		w.sums = maps.Clone(l.sums)
	}
	if w.sums == nil {
		w.sums = make(map[string]string)
	}
	if old == nil {
		return
	}
	maps.DeleteFunc(w.sums, func(name, _ string) bool {
		dir := filepath.Dir(name)
		return dir == l.unit.Dir || l.dependsOn(dir) || old.dependsOn(dir) || name == l.unit.PGO
	})
	sameBuild := slices.Equal(old.options.BuildFlags, l.options.BuildFlags) && slices.Equal(old.options.Env, l.options.Env)
	if !sameBuild || !sameImports(old.result, l.result) || old.tc.GOROOT != l.tc.GOROOT {
		w.types = nil
	}
}

// sameImports reports whether the units of two loads see the same packages.
func sameImports(a, b *load.Result) bool {
	return a.Env == b.Env && maps.EqualFunc(exportsOf(a), exportsOf(b), slices.Equal)
}

// exportsOf returns what tells the packages of a load that are imported from
// those of another.
func exportsOf(r *load.Result) map[string][]string {
	exports := make(map[string][]string, len(r.Units))
	for id, u := range r.Units {
		if !u.Root {
			exports[id] = []string{u.Path, u.Export}
		}
	}
	return exports
}

// keep takes back from a session what the next one may use. The session has ended.
func (w *warm) keep(s *session) {
	packages := s.intrinsicPackages()
	w.intrinsicPackages = func() []string { return packages }
}
