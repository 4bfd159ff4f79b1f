package load

import "slices"

// dropOthers takes out the roots of other variants than the one that is wanted,
// and with them what only they have use for, so that it is not built. A package
// without a unit of that variant keeps those that it has: their errors may say why.
func (l *loader) dropOthers() {
	if !l.cfg.Tests || l.cfg.Only == "" {
		return
	}
	wanted := make(map[string]bool) // by directory
	for _, u := range l.res.Roots {
		if u.Variant == l.cfg.Only {
			wanted[u.Dir] = true
		}
	}
	l.res.Roots = slices.DeleteFunc(l.res.Roots, func(u *Unit) bool {
		drop := u.Variant != l.cfg.Only && wanted[u.Dir]
		u.Root = !drop
		return drop
	})
	l.prune()
}
