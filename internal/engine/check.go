package engine

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/session"
)

// Check loads patterns, and returns the verdicts on what they name with what is asserted
// of it: in its sources, and in the files of its modules. Errors are those of Run.
func (e *Engine) Check(ctx context.Context, cfg load.Config, patterns []string) (in *compare.Asserted, err error) {
	for n := 0; ; n++ {
		in, err = e.checkOnce(ctx, cfg, patterns, n == session.Retries)
		if n == session.Retries || !errors.Is(err, session.ErrGone) {
			return in, err
		}
	}
}

func (e *Engine) checkOnce(ctx context.Context, cfg load.Config, patterns []string, tolerant bool) (in *compare.Asserted, err error) {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, patterns)
	if err != nil {
		return nil, err
	}
	defer l.End()
	l.Tolerant = tolerant
	err = l.Do(ctx, func(ctx context.Context, s *session.Session, confirmed func(context.Context) error) (err error) {
		in, err = e.check(ctx, s, confirmed, patterns)
		return err
	})
	return in, err
}

// check finds what is asserted while verdicts are made.
func (e *Engine) check(ctx context.Context, s *session.Session, confirmed func(context.Context) error, patterns []string) (*compare.Asserted, error) {
	modules := modulesOf(s.Roots)
	in := &compare.Asserted{Tag: s.Loaded.Tag}
	in.Whole, in.Reaches = reach(s.Config.Dir, patterns, modules)
	var sources assertion.List
	var g errgroup.Group
	g.Go(func() (err error) {
		sources, err = directives(ctx, s)
		return err
	})
	var files assertion.List
	for _, m := range modules {
		files.Add(m.assertions(s))
	}
	err := e.run(ctx, s, confirmed, func(p *inline.Package) error {
		in.Packages = append(in.Packages, p)
		return nil
	})
	if err := errors.Join(g.Wait(), err); err != nil {
		return nil, err
	}
	for _, u := range named(s, files.Assertions) {
		p, err := s.Verdicts(ctx, u)
		if err != nil {
			return nil, err
		}
		in.Others = append(in.Others, p)
	}
	in.List = sources // what is nearest to a call comes first
	in.List.Add(files)
	return in, nil
}

// directives finds the assertions in the sources of the roots. A file is read once,
// though it is compiled with tests once more.
func directives(ctx context.Context, s *session.Session) (assertion.List, error) {
	var files []string
	known := make(map[string]bool)
	for _, u := range s.Roots {
		for _, name := range u.GoFiles {
			if !known[name] {
				known[name] = true
				files = append(files, name)
			}
		}
	}
	lists := make([]assertion.List, len(files))
	var g errgroup.Group
	g.SetLimit(s.Host.Jobs)
	for i, name := range files {
		g.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			// A file that cannot be read is an error of its package.
			if text, err := readText(s, name); err == nil {
				lists[i] = assertion.InSource(name, text)
			}
			return nil
		})
	}
	err := g.Wait()
	var all assertion.List
	for _, l := range lists {
		all.Add(l)
	}
	return all, err
}

// readText reads a file as the build sees it.
func readText(s *session.Session, name string) ([]byte, error) {
	if text, ok := s.Config.Overlay[name]; ok {
		return text, nil
	}
	return regular.ReadFile(name)
}

// A module is one of which packages are checked.
type module struct{ path, dir string }

// modulesOf returns the modules of packages, by path.
func modulesOf(roots []*load.Unit) []module {
	found := make(map[module]bool)
	for _, u := range roots {
		if dir, ok := load.ModuleDir(u); ok {
			found[module{u.Module, dir}] = true
		}
	}
	return slices.SortedFunc(maps.Keys(found), func(m, n module) int { return strings.Compare(m.path, n.path) })
}

// assertions reads the file of a module.
func (m module) assertions(s *session.Session) assertion.List {
	name := filepath.Join(m.dir, assertion.FileName)
	text, err := readText(s, name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return assertion.List{}
	case err != nil:
		return assertion.List{Errors: []*assertion.SyntaxError{{
			Pos: inline.Position{File: name}, Text: assertion.FileName,
			Message: fmt.Sprintf("the file cannot be read: %v", err),
		}}}
	}
	return assertion.ParseFile(name, text, m.path)
}

// named returns the units that are no roots, and that assertions name.
func named(s *session.Session, list []*assertion.Assertion) []*load.Unit {
	paths := make(map[string]bool)
	for _, a := range list {
		for _, p := range []*assertion.Pattern{a.Caller, a.Callee} {
			if p != nil && (p == a.Caller || a.Caller == nil && a.Kind != assertion.Inlined) {
				for _, path := range p.Packages() {
					paths[path] = true
				}
			}
		}
	}
	var units []*load.Unit
	if len(paths) == 0 {
		return nil
	}
	for _, id := range slices.Sorted(maps.Keys(s.Loaded.Units)) {
		if u := s.Loaded.Units[id]; paths[u.Path] && u.ForTest == "" && !slices.Contains(s.Roots, u) {
			units = append(units, u)
		}
	}
	return units
}

// reach returns whether patterns name all packages of modules, and a function that
// reports whether they would name a package of a path.
func reach(dir string, patterns []string, modules []module) (whole bool, reaches func(path string) bool) {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	var parsed []*assertion.Pattern
	for _, text := range patterns {
		for _, m := range modules {
			if text := m.importPath(dir, text); text != "" {
				// The pattern of a package with a dot in its name needs one for its functions.
				if p, err := assertion.ParsePattern(text+".*", ""); err == nil {
					parsed = append(parsed, p)
				}
			}
		}
	}
	reaches = func(path string) bool {
		return slices.ContainsFunc(parsed, func(p *assertion.Pattern) bool { return p.Match(path + ".F") })
	}
	whole = true
	for _, m := range modules {
		whole = whole && slices.ContainsFunc(parsed, func(p *assertion.Pattern) bool {
			return p.Match(m.path+".F") && p.Match(m.path+"/any/package.F")
		})
	}
	return whole, reaches
}

// importPath returns the import paths that a pattern of the command line stands for in a
// module, "" if none.
func (m module) importPath(dir, pattern string) string {
	local := pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../") || filepath.IsAbs(pattern)
	switch {
	case pattern == "all" || pattern == "work":
		return m.path + "/..."
	case !local:
		return pattern
	}
	at, wild := strings.CutSuffix(filepath.ToSlash(pattern), "/...")
	if !filepath.IsAbs(at) {
		at = filepath.Join(dir, at)
	}
	rel, err := filepath.Rel(m.dir, at)
	if err != nil {
		return ""
	}
	rel = filepath.ToSlash(rel)
	switch {
	case rel == "..", strings.HasPrefix(rel, "../"):
		if !wild {
			return ""
		}
		if below, err := filepath.Rel(at, m.dir); err != nil || strings.HasPrefix(below, "..") {
			return ""
		}
		return m.path + "/..."
	case rel == ".":
		rel = ""
	default:
		rel = "/" + rel
	}
	if wild {
		rel += "/..."
	}
	return m.path + rel
}
