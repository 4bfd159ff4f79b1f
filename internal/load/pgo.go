package load

import (
	"os"
	"path/filepath"
)

// profiles does what -pgo=auto does: a command whose directory has a default.pgo
// is compiled with it, and so is everything that it imports. Those imports
// become units of their own, beside the same packages without a profile.
//
// The packages were listed without profiles, which change neither files nor
// imports. The go command would write the same, only much more of it.
func (l *loader) profiles() {
	if l.flags.pgo(l.dir) != "auto" {
		return
	}
	for _, u := range l.res.Roots {
		if u.Name != "main" || u.Variant != "" || u.PGO != "" {
			continue
		}
		profile := filepath.Join(u.Dir, "default.pgo")
		if info, err := os.Stat(profile); err != nil || info.IsDir() {
			continue
		}
		done := map[*Unit]*Unit{}
		for _, r := range l.res.Roots {
			if r == u || r.ForTest == u.Path && u.Path != "" {
				l.profile(r, u.ID, profile, done)
			}
		}
	}
}

// profile returns the unit that stands for u where u is compiled with the
// profile of a command: a root, or a unit that exists for the command's test
// only, is changed in place, any other is copied.
func (l *loader) profile(u *Unit, command, profile string, done map[*Unit]*Unit) *Unit {
	if p := done[u]; p != nil {
		return p
	}
	if u.Path == "unsafe" {
		return u
	}
	p := u
	if u.ID != command && u.ForTest != command {
		c := *u
		p = &c
		p.ID = u.listID + " [" + command + "]"
		p.Root = false
		l.res.Units[p.ID] = p
	} else {
		delete(l.plain, unitKey{u.listID, ""})
	}
	l.plain[unitKey{u.listID, command}] = p
	done[u] = p
	p.PGO = profile
	imports := make(map[string]*Unit, len(u.Imports))
	for path, dep := range u.Imports {
		imports[path] = l.profile(dep, command, profile, done)
	}
	p.Imports = imports
	return p
}

// prune takes out the units that no root imports: those without a profile that
// only commands with one have use for.
func (l *loader) prune() {
	used := map[*Unit]bool{}
	var visit func(*Unit)
	visit = func(u *Unit) {
		if used[u] {
			return
		}
		used[u] = true
		for _, dep := range u.Imports {
			visit(dep)
		}
	}
	for _, r := range l.res.Roots {
		visit(r)
	}
	for id, u := range l.res.Units {
		if !used[u] {
			delete(l.res.Units, id)
		}
	}
}
