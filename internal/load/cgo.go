package load

import (
	"bytes"
	"go/parser"
	"go/token"
	"slices"
)

// cgoRoots returns patterns that name the roots that use cgo and that no build
// lists: the files that cgo generates for them must be asked for. The build
// itself tells those of the others.
func (l *loader) cgoRoots(builds []*build) []string {
	if !l.env.Cgo {
		return nil
	}
	listed := map[string]bool{}
	for _, b := range builds {
		for _, id := range b.patterns {
			listed[id] = true
			if u := l.plain[unitKey{id, b.group}]; u != nil {
				below := map[*Unit]bool{}
				markImports(u, below)
				for dep := range below {
					listed[dep.listID] = true
				}
			}
		}
	}
	var patterns []string
	for _, u := range l.res.Roots {
		if listed[u.listID] || u.Variant == "xtest" || u.Files == nil {
			continue
		}
		if slices.ContainsFunc(u.GoFiles, l.importsC) {
			path := u.Path
			patterns = append(patterns, l.patternsOf(path)...)
		}
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// importsC reports whether the file imports "C".
func (l *loader) importsC(file string) bool {
	text, err := l.read(file)
	if err != nil || !bytes.Contains(text, []byte(`"C"`)) {
		return false
	}
	f, _ := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
	if f == nil {
		return false
	}
	for _, spec := range f.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// needsNet reports whether a package of the standard library that is known to
// use cgo is among the units of the group: most programs that have cgo in them
// have it through these. It saves asking again after the build has told.
func (l *loader) needsNet(group string) bool {
	for _, path := range []string{"net", "os/user", "plugin"} {
		if l.plain[unitKey{path, group}] != nil {
			return true
		}
	}
	return false
}

// cgoImports gives the units that use cgo the imports of the files that cgo
// generates: the user did not write them, and go/packages leaves them out.
func (l *loader) cgoImports() error {
	missing := map[string]*build{} // by group
	var users []unitKey
	for key, u := range l.plain {
		if !u.Cgo || u.Std && noRuntimeCgo[u.Path] || l.res.Units[u.ID] != u {
			continue
		}
		users = append(users, key)
		for _, path := range cgoGenerates {
			if dep := l.plain[unitKey{path, key.group}]; dep == nil || dep.Export == "" && path != "unsafe" {
				missing[key.group] = &build{group: key.group, pgo: u.PGO, patterns: cgoGenerates, cgo: true}
			}
		}
	}
	for _, b := range missing {
		pkgs, err := l.list(listing{mode: b.mode(), patterns: b.patterns, pgo: b.pgo})
		if err != nil {
			return err
		}
		l.built(b, pkgs)
	}
	for _, key := range users {
		u := l.plain[key]
		for _, path := range cgoGenerates {
			if dep := l.plain[unitKey{path, key.group}]; dep != nil && u.Imports[path] == nil {
				l.res.Units[dep.ID] = dep
				u.Imports[path] = dep
			}
		}
	}
	return nil
}

// cgoGenerates is what the generated files import, whether or not the user does.
var cgoGenerates = []string{"runtime/cgo", "syscall", "unsafe"}

// noRuntimeCgo are the packages below that runtime itself stands on.
var noRuntimeCgo = map[string]bool{"runtime/cgo": true, "runtime/race": true, "runtime/msan": true, "runtime/asan": true}
