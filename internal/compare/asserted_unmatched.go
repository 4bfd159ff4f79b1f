package compare

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/similar"
)

// unmatched tells that an assertion is about nothing, unless that cannot be known as only
// some packages of the module are checked, or follows from a package that does not compile:
// that is told of the package.
func (a *asserted) unmatched(as *assertion.Assertion) {
	if as.At != nil && a.uncompiled(filepath.Dir(as.Pos.File)) {
		a.broken = true
		return
	}
	if as.At == nil && !a.Whole && !a.reaches(as) {
		a.broken = true // it does not hold, either
		a.judgment.Counts.Elsewhere++
		return
	}
	a.unmatchedWhy(as, a.whyUnmatched(as))
}

// uncompiled reports whether the package in a directory has errors, and nothing else.
func (a *asserted) uncompiled(dir string) bool {
	return slices.ContainsFunc(a.Packages, func(p *inline.Package) bool {
		return len(p.Functions) == 0 && slices.ContainsFunc(p.Errors, func(e inline.Error) bool { return filepath.Dir(e.Pos.File) == dir })
	})
}

func (a *asserted) unmatchedWhy(as *assertion.Assertion, why string) {
	subject := as.Text
	if as.At != nil && !as.GCAssert {
		subject = assertion.Prefix + as.Text
	}
	a.add(as, Finding{
		Rule: RuleUnmatched, Level: LevelUnjudged, Key: a.ownKey(as), Pos: as.Pos, End: as.End, Subject: Subject{Text: subject}, Is: why,
	})
}

// reaches reports whether the packages that are checked have what a line of a file is
// about, if there is such a thing.
func (a *asserted) reaches(as *assertion.Assertion) bool {
	subject := as.Callee
	if as.Caller != nil {
		subject = as.Caller
	} else if as.Kind == assertion.Inlined && len(a.functionsOf(as)) > 0 {
		return false // other packages may call it
	}
	return slices.ContainsFunc(subject.Packages(), a.Reaches)
}

// whyUnmatched says why an assertion is about nothing.
func (a *asserted) whyUnmatched(as *assertion.Assertion) string {
	if as.At != nil {
		return a.whyNothingAt(as)
	}
	subject := as.Callee
	if as.Caller != nil {
		subject = as.Caller
	}
	if subject.Exact() == "" {
		if as.Kind == assertion.Inlined && slices.ContainsFunc(a.functions, func(f *function) bool { return subject.Match(f.name) }) {
			return "there are functions that match " + subject.String() + ", and no calls"
		}
		return "no function matches " + subject.String()
	}
	if len(a.names[subject.Exact()]) > 0 {
		if as.Caller == nil {
			return "no checked package calls " + subject.String() + "; check the packages that do, with -tests if tests do"
		}
		return fmt.Sprintf("%s does not call %s%s", subject, as.Callee, a.nearCallee(as))
	}
	packages := subject.Packages()
	known := slices.ContainsFunc(slices.Concat(a.Packages, a.Others), func(p *inline.Package) bool { return slices.Contains(packages, p.Path) })
	near := similar.New(subject.Exact())
	for _, f := range a.functions {
		if !f.literal {
			near.AddFunction(f.name)
		}
	}
	if known {
		return "there is no function " + subject.String() + similar.DidYouMean(near.Names())
	}
	return fmt.Sprintf("no package %s is checked or imported%s", packages[0], similar.DidYouMean(near.Names()))
}

// nearCallee asks which call was meant of those that a function makes.
func (a *asserted) nearCallee(as *assertion.Assertion) string {
	near := similar.New(as.Callee.Exact())
	for _, c := range a.calls {
		if c.Callee != "" && as.Caller.Match(c.key.Caller) {
			near.AddFunction(c.callee)
		}
	}
	return similar.DidYouMean(near.Names())
}

// whyNothingAt says why a directive is about nothing.
func (a *asserted) whyNothingAt(as *assertion.Assertion) string {
	switch {
	case !as.At.Function.IsValid() && len(as.At.Lines) == 0:
		return "it stands at nothing: write it at the end of a line, or directly above a statement or function"
	case as.At.Function.IsValid() && len(a.functionsAt(as.At)) == 0:
		return "the function is not compiled"
	case as.Kind == assertion.Inlined && as.At.Function.IsValid():
		return "no checked package calls the function; check the packages that do, with -tests if tests do"
	case as.Kind == assertion.Inlined:
		return "there is no call"
	case as.Kind == assertion.Exempt:
		return "there is no call, and no function begins there"
	}
	return "no function begins there; " + as.What() + " is about functions"
}
