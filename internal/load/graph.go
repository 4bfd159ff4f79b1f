package load

// A graph is what a load has found so far. Each step takes one and returns one; the
// units in it are the load's own until the Result is made.
type graph struct {
	roots    []*Unit
	units    map[string]*Unit  // the roots and what they import, by ID
	plain    map[unitKey]*Unit // by what a listing with one profile calls them
	failures []*Failure
	notes    []string
}

// A unitKey names a unit in a listing.
type unitKey struct {
	listID string
	group  string // the command whose default.pgo it is compiled with; "" for none
}

// pruned returns the graph without the units that no root imports.
func pruned(g graph) graph {
	used := map[*Unit]bool{}
	for _, r := range g.roots {
		used[r] = true
		markImports(r, used)
	}
	for id, u := range g.units {
		if !used[u] {
			delete(g.units, id)
		}
	}
	return g
}

// markImports marks what u imports, directly or not, but not u.
func markImports(u *Unit, seen map[*Unit]bool) {
	for _, dep := range u.Imports {
		if !seen[dep] {
			seen[dep] = true
			markImports(dep, seen)
		}
	}
}
