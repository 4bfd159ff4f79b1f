package load

import (
	"bytes"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Sources returns the names under which the compiler must see the unit's files,
// in the order of Files, and for those that are stored under another name the
// file with the text.
//
// Files that cgo generated lie in the build cache under names that say nothing,
// but the compiler takes cgo's directives only from files that are named as cgo
// names them. They are placed in the unit's directory, where no such file is.
func (u *Unit) Sources() (names []string, replace map[string]string) {
	if !u.Cgo {
		return u.Files, nil
	}
	compiled := map[string]bool{}
	for _, f := range u.Files {
		compiled[f] = true
	}
	var users []string // the files that cgo translated
	for _, f := range u.GoFiles {
		if !compiled[f] {
			users = append(users, strings.TrimSuffix(filepath.Base(f), ".go")+".cgo1.go")
		}
	}
	// cgo's own declarations come first, then the user's files, then what the
	// linker must know.
	generated := slices.Concat([]string{"_cgo_gotypes.go"}, users, []string{"_cgo_import.go"})
	replace = map[string]string{}
	for i, f := range u.Files {
		if slices.Contains(u.GoFiles, f) || filepath.Ext(f) == ".go" {
			names = append(names, f)
			continue
		}
		name := "_cgo_" + strconv.Itoa(i) + ".go"
		if len(replace) < len(generated) {
			name = generated[len(replace)]
		}
		name = filepath.Join(u.Dir, name)
		names = append(names, name)
		replace[name] = f
	}
	return names, replace
}

// Translated maps the names of the files that cgo made of the user's, as Sources
// gives them, to the user's.
func (u *Unit) Translated() map[string]string {
	if !u.Cgo {
		return nil
	}
	user := make(map[string]string)
	for _, f := range u.GoFiles {
		if !slices.Contains(u.Files, f) {
			user[filepath.Join(u.Dir, strings.TrimSuffix(filepath.Base(f), ".go")+".cgo1.go")] = f
		}
	}
	return user
}

// cgoRoots returns patterns that name the roots that use cgo and that no build
// lists: the files that cgo generates for them must be asked for. The build
// itself tells those of the others.
func (l *loader) cgoRoots(g graph, builds []*build) []string {
	if !l.env.Cgo {
		return nil
	}
	listed := map[string]bool{}
	for _, b := range builds {
		for _, id := range b.patterns {
			listed[id] = true
			if u := g.plain[unitKey{id, b.group}]; u != nil {
				below := map[*Unit]bool{}
				markImports(u, below)
				for dep := range below {
					listed[dep.listID] = true
				}
			}
		}
	}
	var patterns []string
	for _, u := range g.roots {
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
func needsNet(g graph, group string) bool {
	for _, path := range []string{"net", "os/user", "plugin"} {
		if g.plain[unitKey{path, group}] != nil {
			return true
		}
	}
	return false
}

// withCgoImports gives the units that use cgo the imports of the files that cgo
// generates: the user did not write them, and go/packages leaves them out.
func (l *loader) withCgoImports(g graph, gcflags []string) (graph, error) {
	missing := map[string]*build{} // by group
	var users []unitKey
	for key, u := range g.plain {
		if !u.Cgo || u.Std && noRuntimeCgo[u.Path] || g.units[u.ID] != u {
			continue
		}
		users = append(users, key)
		for _, path := range cgoGenerates {
			if dep := g.plain[unitKey{path, key.group}]; dep == nil || dep.Export == "" && path != "unsafe" {
				missing[key.group] = &build{group: key.group, pgo: u.PGO, patterns: cgoGenerates, cgo: true}
			}
		}
	}
	for _, b := range missing {
		pkgs, err := l.list(listing{mode: b.mode(), patterns: b.patterns, pgo: b.pgo, gcflags: gcflags})
		if err != nil {
			return g, err
		}
		l.built(g, b, pkgs)
	}
	for _, key := range users {
		u := g.plain[key]
		for _, path := range cgoGenerates {
			if dep := g.plain[unitKey{path, key.group}]; dep != nil && u.Imports[path] == nil {
				g.units[dep.ID] = dep
				u.Imports[path] = dep
			}
		}
	}
	return g, nil
}

// cgoGenerates is what the generated files import, whether or not the user does.
var cgoGenerates = []string{"runtime/cgo", "syscall", "unsafe"}

// noRuntimeCgo are the packages below that runtime itself stands on.
var noRuntimeCgo = map[string]bool{"runtime/cgo": true, "runtime/race": true, "runtime/msan": true, "runtime/asan": true}
