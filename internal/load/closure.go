package load

import (
	"maps"
	"slices"
)

// Closure returns u and every unit that it imports, directly or not, each once:
// dependencies before the units that import them, in an order that depends on
// the import graph alone.
func (u *Unit) Closure() []*Unit {
	var order []*Unit
	seen := map[*Unit]bool{}
	var visit func(*Unit)
	visit = func(u *Unit) {
		if seen[u] {
			return
		}
		seen[u] = true
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			visit(u.Imports[path])
		}
		order = append(order, u)
	}
	visit(u)
	// A test is linked with one package of each path. Where the go command lists two,
	// as runtime/cgo is not built again for the tests of what runtime imports, it is the
	// one that is built for the test.
	rebuilt := map[string]bool{}
	for _, d := range order {
		if d.ForTest != "" {
			rebuilt[d.Path] = true
		}
	}
	return slices.DeleteFunc(order, func(d *Unit) bool { return d != u && d.ForTest == "" && rebuilt[d.Path] })
}

// PackageFiles returns what the compiler must be told of u's dependencies, the
// indirect ones included: the files with export data by import path as the
// compiler resolves it, and the paths that the source of u writes differently
// (vendored packages of the standard library). Units without export data are
// left out.
func (u *Unit) PackageFiles() (packageFile, importMap map[string]string) {
	packageFile = map[string]string{}
	importMap = map[string]string{}
	for path, dep := range u.Imports {
		if path != dep.Path {
			importMap[path] = dep.Path
		}
	}
	for _, dep := range u.Closure() {
		if dep != u && dep.Export != "" {
			packageFile[dep.Path] = dep.Export
		}
	}
	return packageFile, importMap
}
