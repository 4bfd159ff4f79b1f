package load

import (
	"cmp"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// checkMatches compares the patterns with what they matched, and takes out the roots
// that have nothing to compile. It fails when no unit is left.
func (l *loader) checkMatches(g graph) (graph, error) {
	failed := map[string]bool{}
	for _, f := range g.failures {
		failed[strings.TrimPrefix(f.Tried, "load ")] = true
	}
	for _, pattern := range l.patterns {
		if !strings.Contains(pattern, "...") || failed[pattern] || l.external {
			continue
		}
		if !slices.ContainsFunc(g.roots, l.matcher(pattern)) {
			g.failures = append(g.failures, &Failure{
				Kind: ErrNoMatch, Tried: "load " + pattern, Why: "no package matches the pattern",
				Do: cmp.Or(l.moduleAdvice(pattern), "check the spelling; \"go list ./...\" names the packages of a module"),
			})
		}
	}
	g = l.withoutEmpty(g)
	if len(g.roots) > 0 {
		return g, nil
	}
	if len(g.failures) > 0 {
		return g, g.failures[0]
	}
	if err := l.ask(l.tried, nil, l.patterns); err != nil {
		return g, err
	}
	return g, &Failure{
		Kind: ErrNoMatch, Tried: l.tried, Why: "no package matches",
		Do: "check the spelling; \"go list ./...\" names the packages of a module",
	}
}

// ask puts a question to the go command once more, without -e, to learn why it
// had no answer: it says so on its standard error, which go/packages does not
// hand on in every case. It returns nil if there is nothing to complain of.
func (l *loader) ask(tried string, flags, patterns []string) error {
	args := slices.Concat([]string{"list"}, l.buildFlags, flags, []string{"--"}, patterns)
	env := l.environ
	if l.tmp != nil {
		env = append(env[:len(env):len(env)], tempVars(l.tmp.Path)...)
	}
	_, stderr, err := runGo(l.ctx, l.dir, env, args...)
	if l.ctx.Err() != nil {
		return l.ctx.Err()
	}
	if err != nil && strings.TrimSpace(stderr) != "" {
		return l.failure(tried, stderr)
	}
	return nil
}

// matcher returns a function that tells the roots that a wildcard pattern takes
// in.
func (l *loader) matcher(pattern string) func(*Unit) bool {
	local := pattern == "..." || strings.HasPrefix(pattern, "./") || strings.HasPrefix(pattern, "../") || filepath.IsAbs(pattern)
	if pattern == "..." {
		return func(*Unit) bool { return true }
	}
	name := func(u *Unit) string {
		if u.Variant == "xtest" {
			return u.ForTest
		}
		return u.Path
	}
	if local {
		pattern = filepath.ToSlash(l.abs(pattern))
		name = func(u *Unit) string { return filepath.ToSlash(u.Dir) }
	}
	expr := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, `.*`)
	if before, ok := strings.CutSuffix(expr, `/.*`); ok {
		expr = before + `(/.*)?` // x/... takes in x
	}
	re := regexp.MustCompile(`^(?:` + expr + `)$`)
	return func(u *Unit) bool { return re.MatchString(name(u)) }
}

// withoutEmpty returns the graph without the roots that have nothing to compile and of which
// nothing is wrong: directories with nothing but tests, or with nothing for this
// target, which "std" and a wildcard pass over as in go build. One that was named
// is kept, with an error.
func (l *loader) withoutEmpty(g graph) graph {
	g.roots = slices.DeleteFunc(g.roots, func(u *Unit) bool {
		if u.excluded && !l.named(u) {
			delete(g.units, u.ID)
			return true
		}
		if len(u.GoFiles) > 0 || len(u.Errors) > 0 {
			return false
		}
		tested := slices.ContainsFunc(g.roots, func(t *Unit) bool { return t.ForTest == u.Path })
		if !tested && l.named(u) {
			u.Errors = append(u.Errors, Error{
				Kind: ListError, Message: "no Go files but tests in " + u.Dir + "; load it with its tests",
			})
			return false
		}
		delete(g.units, u.ID)
		return true
	})
	return g
}

// named reports whether a pattern without a wildcard names the unit.
func (l *loader) named(u *Unit) bool {
	if len(l.patterns) == 0 {
		return true
	}
	return slices.ContainsFunc(l.patterns, func(p string) bool {
		return p == u.Path || l.abs(p) == u.Dir || strings.HasSuffix(p, ".go")
	})
}
