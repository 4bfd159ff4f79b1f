package workspace

import (
	"errors"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// Asserted is what is asserted of the calls and functions of a package, what does not hold,
// and what is worse than the baseline. It is immutable.
type Asserted struct {
	// About has the assertions about a call or function, by its place.
	About map[inline.Position][]*assertion.Assertion
	// Findings are sorted by their places: of calls, functions, or directives that are
	// about nothing.
	Findings []compare.Finding
	// Worse has what is worse than the baseline, and is no finding.
	Worse []compare.Finding
}

// Promises are what is promised of a unit, whatever the compiler does.
type promises struct {
	assertions   assertion.List
	baseline     *compare.Baseline // nil for none
	baselineFile string
}

// mostAssertions is how many lines of a file are judged after each compile. Check judges all.
const mostAssertions = 5000

// promises reads what is promised of the unit: in its sources, and in the files of its
// module.
func (r *viewRun) promises(texts map[string][]byte) promises {
	var p promises
	l := &p.assertions
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		l.Add(assertion.InSource(name, texts[name]))
	}
	u := r.loaded.unit
	dir, ok := load.ModuleDir(u)
	if !ok {
		return p
	}
	p.baselineFile = filepath.Join(dir, compare.BaselineName)
	p.baseline = r.w.baselines.get(p.baselineFile, r.log)
	name := filepath.Join(dir, assertion.FileName)
	text, err := regular.ReadFile(name)
	switch {
	case err == nil:
		list := assertion.ParseFile(name, text, u.Module)
		if len(list.Assertions) > mostAssertions {
			r.log.Info("a file of assertions is too long for an editor", zap.String("file", name), zap.Int("assertions", len(list.Assertions)))
			break
		}
		l.Add(list)
	case !errors.Is(err, fs.ErrNotExist):
		r.log.Debug("no assertions", zap.Error(err))
	}
	return p
}

// asserted judges what is promised of the directory's package; nil if nothing is, or while
// the verdicts are not complete.
func (d *directory) asserted() *Asserted {
	in := &compare.Asserted{Partly: true, Reaches: func(string) bool { return false }}
	known := make(map[inline.Position]bool) // a test variant has the files of its package, too
	for _, v := range d.inOrder() {
		r := v.result
		if r == nil || r.unit == nil {
			continue
		}
		if r.partial {
			return nil
		}
		in.Packages = append(in.Packages, r.unit)
		in.Tag = r.loaded.result.Tag
		for _, a := range r.promises.assertions.Assertions {
			if !known[a.Pos] {
				in.List.Assertions = append(in.List.Assertions, a)
			}
		}
		for _, a := range r.promises.assertions.Assertions {
			known[a.Pos] = true
		}
	}
	all := &Asserted{About: make(map[inline.Position][]*assertion.Assertion), Worse: d.worse()}
	if len(in.List.Assertions) == 0 {
		if len(all.Worse) == 0 {
			return nil
		}
		return all
	}
	in.About = func(a *assertion.Assertion, pos inline.Position) {
		if !slices.Contains(all.About[pos], a) {
			all.About[pos] = append(all.About[pos], a)
		}
	}
	all.Findings = compare.JudgeAssertions(in).Findings
	all.Worse = slices.DeleteFunc(all.Worse, func(w compare.Finding) bool {
		return slices.ContainsFunc(all.Findings, func(f compare.Finding) bool { return f.Pos == w.Pos && f.Rule == w.Rule })
	})
	slices.SortStableFunc(all.Findings, func(f, g compare.Finding) int { return f.Pos.Compare(g.Pos) })
	return all
}
