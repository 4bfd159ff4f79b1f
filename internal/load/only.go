package load

import "slices"

// onlyVariant returns the graph without the roots of other variants than the one that is wanted,
// and with them what only they have use for, so that it is not built. A package
// without a unit of that variant keeps those that it has: their errors may say why.
func onlyVariant(g graph, cfg Config) graph {
	if !cfg.Tests || cfg.Only == "" {
		return g
	}
	wanted := make(map[string]bool) // by directory
	for _, u := range g.roots {
		if u.Variant == cfg.Only {
			wanted[u.Dir] = true
		}
	}
	g.roots = slices.DeleteFunc(g.roots, func(u *Unit) bool {
		drop := u.Variant != cfg.Only && wanted[u.Dir]
		u.Root = !drop
		return drop
	})
	return pruned(g)
}
