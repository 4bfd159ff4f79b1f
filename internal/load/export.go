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

// A buildPlan is what the go command is asked to build: what the roots import, and
// nothing else. It tells what only a build knows: export data, generated files, and the
// errors of what does not compile.
//
// The go command builds whatever it lists, so the roots are not listed again, but the
// fewest packages that take in all the imports.
type buildPlan struct {
	builds    []*build
	generated []string // patterns of roots whose files cgo generates, and no build lists
	stubs     string   // the -overlay file under which tests are built; "" where there are none
	gcflags   []string
}

// plan finds out what must be built. Roots whose profile cannot be used get errors, and
// nothing is built for them.
func (l *loader) plan(g graph) (buildPlan, error) {
	p := buildPlan{gcflags: l.exportGcflags(g)}
	var err error
	if p.builds, err = l.preprocess(g, l.builds(g)); err != nil {
		return p, err
	}
	p.generated = l.cgoRoots(g, p.builds)
	for _, b := range p.builds {
		if l.env.Cgo && (len(p.generated) > 0 || needsNet(g, b.group)) {
			b.cgo = true
			b.patterns = append(b.patterns, cgoGenerates...)
		}
	}
	if slices.ContainsFunc(p.builds, func(b *build) bool { return len(b.tests) > 0 }) {
		p.stubs, err = l.stubTests(g)
	}
	return p, err
}

// buildList returns what a later load may build ahead; nil where that takes more than one
// listing.
func (p buildPlan) buildList() *BuildList {
	if len(p.builds) != 1 || len(p.builds[0].tests) > 0 || p.builds[0].pgo != "" {
		return nil
	}
	return &BuildList{Patterns: p.builds[0].patterns, Cgo: p.builds[0].cgo}
}

// listing asks for what a build's patterns name, and what that imports.
func (p buildPlan) listing(b *build) listing {
	return listing{mode: b.mode(), patterns: b.patterns, pgo: b.pgo, gcflags: p.gcflags}
}

// testListing asks for a build's test variants.
func (p buildPlan) testListing(b *build) listing {
	return listing{mode: exportMode, patterns: b.tests, pgo: b.pgo, tests: true, overlay: p.stubs, gcflags: p.gcflags}
}

// listings returns all that is asked, for each build two, of which one may be empty.
func (p buildPlan) listings() []listing {
	var all []listing
	for _, b := range p.builds {
		all = append(all, p.listing(b), p.testListing(b))
	}
	return all
}

// A builtLists is what the go command answers to a plan.
type builtLists struct {
	listings  [][]*packages.Package // in the order of buildPlan.listings
	generated []*packages.Package
}

// build has the go command build what is planned. What was built ahead is not built
// again.
func (l *loader) build(p buildPlan, ahead *aheadBuild) (builtLists, error) {
	questions := p.listings()
	lists := builtLists{listings: make([][]*packages.Package, len(questions))}
	var g errgroup.Group
	for i, q := range questions {
		if len(q.patterns) == 0 {
			continue
		}
		g.Go(func() (err error) {
			if pkgs, ok := ahead.result(p.buildList()); ok && !q.tests {
				lists.listings[i] = pkgs
				return nil
			}
			lists.listings[i], err = l.list(q)
			return err
		})
	}
	if len(p.generated) > 0 {
		g.Go(func() (err error) {
			lists.generated, err = l.list(listing{
				mode:     packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles,
				patterns: p.generated, tests: l.cfg.Tests, gcflags: p.gcflags,
			})
			return err
		})
	}
	return lists, g.Wait()
}

// withExports adds to the units what their builds told.
func (l *loader) withExports(g graph, p buildPlan, lists builtLists) (graph, error) {
	for i, b := range p.builds {
		pkgs, err := l.orByRoots(p.listing(b), lists.listings[2*i])
		if err != nil {
			return g, err
		}
		l.built(g, b, pkgs)
		l.built(g, b, lists.listings[2*i+1])
	}
	for _, p := range lists.generated {
		for _, u := range g.roots {
			if u.listID == p.ID {
				setFiles(u, p)
				l.addErrors(u, p)
			}
		}
	}
	return l.withCgoImports(g, p.gcflags)
}

// orByRoots returns what a listing found, or where that is nothing what a listing of the
// roots finds. What dependencies import may be of modules that go.mod does not list,
// and the go command then refuses to have it named. It builds it for the roots, at the
// price of building those too.
func (l *loader) orByRoots(q listing, pkgs []*packages.Package) ([]*packages.Package, error) {
	known := func(p *packages.Package) bool { return slices.Contains(q.patterns, p.ID) }
	if len(q.patterns) == 0 || slices.ContainsFunc(pkgs, known) {
		return pkgs, nil
	}
	byRoots := q
	byRoots.patterns = l.patterns
	pkgs, err := l.list(byRoots)
	if err != nil || slices.ContainsFunc(pkgs, known) {
		return pkgs, err
	}
	// Not even a list: the go command could not begin.
	return pkgs, l.ask(l.tried+": build what it imports", []string{"-export", "-pgo=" + cmp.Or(q.pgo, "off")}, q.patterns[:1])
}

// mode is what is asked of a build. Where it also lists what no import in the
// source leads to, everything is.
func (b *build) mode() packages.LoadMode {
	if b.cgo {
		return listMode | exportMode
	}
	return exportMode
}

// builds returns what must be built so that every import of a root has export
// data.
func (l *loader) builds(g graph) []*build {
	byGroup := map[string]*build{}
	needed := map[string]map[*Unit]bool{} // by group
	for key, u := range g.plain {
		if !u.Root {
			continue
		}
		b := byGroup[key.group]
		if b == nil {
			b = &build{group: key.group, pgo: u.PGO}
			byGroup[key.group], needed[key.group] = b, map[*Unit]bool{}
		}
		for _, dep := range u.Imports {
			switch {
			case dep.ForTest != "": // it cannot be named alone
				b.tests = append(b.tests, l.patternsOf(dep.ForTest)...)
			case len(dep.GoFiles) > 0 && dep.Path != "unsafe":
				needed[key.group][dep] = true
			}
		}
	}
	builds := make([]*build, 0, len(byGroup))
	for _, group := range slices.Sorted(maps.Keys(byGroup)) {
		b := byGroup[group]
		b.patterns = topmost(needed[group])
		slices.Sort(b.tests)
		b.tests = slices.Compact(b.tests)
		builds = append(builds, b)
	}
	return builds
}

// topmost returns the names of the units that no other one of them imports: the others
// are built with these.
func topmost(units map[*Unit]bool) []string {
	below := map[*Unit]bool{}
	for u := range units {
		markImports(u, below)
	}
	var names []string
	for u := range units {
		if !below[u] {
			names = append(names, u.listID)
		}
	}
	slices.Sort(names)
	return names
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
func (l *loader) built(g graph, b *build, pkgs []*packages.Package) {
	packages.Visit(pkgs, nil, func(p *packages.Package) {
		u := g.plain[unitKey{p.ID, b.group}]
		if u != nil && u.Variant == "xtest" {
			return // it was a stub that was built
		}
		if u == nil && b.cgo && p.Name != "main" && p.ForTest == "" {
			u = l.add(g, p, b.group, b.pgo)
		}
		if u == nil {
			return // nothing that a root has use for: the main package of a test
		}
		u.Export = p.ExportFile
		setFiles(u, p)
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
func setFiles(u *Unit, p *packages.Package) {
	if len(p.CompiledGoFiles) > 0 && u.Files != nil {
		u.Files = p.CompiledGoFiles
		u.Cgo = generated(u)
	}
}
