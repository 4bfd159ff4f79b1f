package load

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"golang.org/x/tools/go/packages"
)

// A build is one request for export data: of units that are compiled with the
// same profile, on behalf of one command or of none.
type build struct {
	group    string // the command; "" for none
	pgo      string
	patterns []string // listed with what they import
	tests    []string // packages whose test variants other units import
	cgo      bool     // some unit is known to need what cgo-generated files import
}

// exports has the go command build what the roots import, and nothing else, and
// adds to the units what only a build knows: export data, generated files, and
// the errors of what does not compile.
//
// The go command builds whatever it lists, so the roots are not listed again,
// but the fewest packages that take in all the imports.
func (l *loader) exports(ahead *aheadBuild) error {
	l.prune()
	l.gcflags = l.exportGcflags()
	builds, err := l.preprocess(l.builds())
	if err != nil {
		return err
	}
	cgo := l.cgoRoots(builds)
	for _, b := range builds {
		if l.env.Cgo && (len(cgo) > 0 || l.needsNet(b.group)) {
			b.cgo = true
			b.patterns = append(b.patterns, cgoGenerates...)
		}
	}

	stubs, err := l.stubsFor(builds)
	if err != nil {
		return err
	}

	if _, err := l.tempDir(); err != nil { // before the goroutines want it
		return err
	}

	if len(builds) == 1 && len(builds[0].tests) == 0 && builds[0].pgo == "" {
		l.res.Built = &Forecast{Patterns: builds[0].patterns, Cgo: builds[0].cgo}
	}

	var g errgroup.Group
	lists := make([][2][]*packages.Package, len(builds))
	for i, b := range builds {
		if len(b.patterns) > 0 {
			g.Go(func() (err error) {
				if pkgs, ok := ahead.result(l.res.Built); ok {
					lists[i][0] = pkgs
					return nil
				}
				lists[i][0], err = l.list(b.listing())
				return err
			})
		}
		if len(b.tests) > 0 {
			g.Go(func() (err error) {
				lists[i][1], err = l.list(b.testListing(stubs))
				return err
			})
		}
	}
	var generated []*packages.Package
	if len(cgo) > 0 {
		g.Go(func() (err error) {
			generated, err = l.list(listing{
				mode:     packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles,
				patterns: cgo, tests: l.cfg.Tests,
			})
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i, b := range builds {
		known := func(p *packages.Package) bool { return slices.Contains(b.patterns, p.ID) }
		if len(b.patterns) > 0 && !slices.ContainsFunc(lists[i][0], known) {
			// What dependencies import may be of modules that go.mod does not
			// list, and the go command then refuses to have it named. It builds
			// it for the roots, at the price of building those too.
			var err error
			if lists[i][0], err = l.list(listing{mode: b.mode(), patterns: l.patterns, pgo: b.pgo}); err != nil {
				return err
			}
		}
		if len(b.patterns) > 0 && !slices.ContainsFunc(lists[i][0], known) {
			// Not even a list: the go command could not begin.
			tried := l.tried + ": build what it imports"
			if err := l.ask(tried, []string{"-export", "-pgo=" + cmp.Or(b.pgo, "off")}, b.patterns[:1]); err != nil {
				return err
			}
		}
		l.built(b, lists[i][0])
		l.built(b, lists[i][1])
		l.builtBy = append(l.builtBy, b.listing(), b.testListing(stubs))
	}
	for _, p := range generated {
		for _, u := range l.res.Roots {
			if u.listID == p.ID {
				l.setFiles(u, p)
				l.addErrors(u, p)
			}
		}
	}
	return l.cgoImports()
}

// stubsFor returns the overlay under which the builds' tests are built; "" when
// there are none.
func (l *loader) stubsFor(builds []*build) (string, error) {
	if !slices.ContainsFunc(builds, func(b *build) bool { return len(b.tests) > 0 }) {
		return "", nil
	}
	return l.stubTests()
}

// mode is what is asked of a build. Where it also lists what no import in the
// source leads to, everything is.
func (b *build) mode() packages.LoadMode {
	if b.cgo {
		return listMode | exportMode
	}
	return exportMode
}

func (b *build) listing() listing {
	return listing{mode: b.mode(), patterns: b.patterns, pgo: b.pgo}
}

// testListing asks for the test variants; stubs is an -overlay file for their
// external tests.
func (b *build) testListing(stubs string) listing {
	return listing{mode: exportMode, patterns: b.tests, pgo: b.pgo, tests: true, overlay: stubs}
}

// builds returns what must be built so that every import of a root has export
// data.
func (l *loader) builds() []*build {
	byGroup := map[string]*build{}
	for key, u := range l.plain {
		if u.Root {
			if byGroup[key.group] == nil {
				byGroup[key.group] = &build{group: key.group, pgo: u.PGO}
			}
		}
	}
	for group, b := range byGroup {
		needed := map[*Unit]bool{}
		tests := map[string]bool{}
		for key, u := range l.plain {
			if !u.Root || key.group != group {
				continue
			}
			for _, dep := range u.Imports {
				switch {
				case dep.ForTest != "": // it cannot be named alone
					tests[dep.ForTest] = true
				case len(dep.GoFiles) > 0 && dep.Path != "unsafe":
					needed[dep] = true
				}
			}
		}
		// What others of them import comes with these.
		below := map[*Unit]bool{}
		for u := range needed {
			markImports(u, below)
		}
		for u := range needed {
			if !below[u] {
				b.patterns = append(b.patterns, u.listID)
			}
		}
		slices.Sort(b.patterns)
		for path := range tests {
			b.tests = append(b.tests, l.patternsOf(path)...)
		}
		slices.Sort(b.tests)
		b.tests = slices.Compact(b.tests)
	}
	builds := make([]*build, 0, len(byGroup))
	for _, group := range slices.Sorted(maps.Keys(byGroup)) {
		builds = append(builds, byGroup[group])
	}
	return builds
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

// patternsOf returns the patterns that name a root again: its path, or the files
// of a package that was named by its files.
func (l *loader) patternsOf(path string) []string {
	if path == "command-line-arguments" {
		return l.patterns
	}
	return []string{path}
}

// built adds what a build told to the units of its group.
func (l *loader) built(b *build, pkgs []*packages.Package) {
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		u := l.plain[unitKey{p.ID, b.group}]
		if u != nil && u.Variant == "xtest" {
			return // it was a stub that was built
		}
		if u == nil && b.cgo && p.Name != "main" && p.ForTest == "" {
			u = l.add(p, b.group, b.pgo)
		}
		if u == nil {
			return // nothing that a root has use for: the main package of a test
		}
		u.Export = p.ExportFile
		l.setFiles(u, p)
		l.addErrors(u, p)
	})
}

// addErrors adds the errors of a build to those of the listing before it, which
// it repeats.
func (l *loader) addErrors(u *Unit, p *packages.Package) {
	for _, e := range p.Errors {
		if strings.HasPrefix(e.Msg, "# ") || len(u.Errors) == 0 {
			l.addError(u, ListError, e)
		}
	}
	if !u.Cgo && len(u.Errors) > 0 && l.env.Cgo && slices.ContainsFunc(u.GoFiles, l.importsC) {
		// It is cgo that failed, and the compiler, which only sees what cgo
		// generates, would complain of something else.
		for i := range u.Errors {
			u.Errors[i].Kind = ListError
		}
	}
}

// setFiles takes over the files that the compiler is given.
func (l *loader) setFiles(u *Unit, p *packages.Package) {
	if len(p.CompiledGoFiles) > 0 && u.Files != nil {
		u.Files = p.CompiledGoFiles
		u.Cgo = generated(u)
	}
}
