package workspace

import (
	"maps"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A reuse is what a view's runs take over from earlier ones.
type reuse struct {
	carried session.Carried
	loaded  *loaded           // that the rest is about
	sums    map[string]string // of files
}

// update drops what is not true of another load.
func (k *reuse) update(l *loaded) {
	old := k.loaded
	if old == l {
		return
	}
	k.loaded = l
	if old == nil {
		k.sums = maps.Clone(l.sums)
	}
	if k.sums == nil {
		k.sums = make(map[string]string)
	}
	if old == nil {
		return
	}
	maps.DeleteFunc(k.sums, func(name, _ string) bool {
		dir := filepath.Dir(name)
		return dir == l.unit.Dir || l.dependsOn(dir) || old.dependsOn(dir) || name == l.unit.PGO
	})
	sameBuild := slices.Equal(old.options.BuildFlags, l.options.BuildFlags) && slices.Equal(old.options.Env, l.options.Env)
	if !sameBuild || !sameImports(old.result, l.result) || old.tc.GOROOT != l.tc.GOROOT {
		k.carried.Imports = nil
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
