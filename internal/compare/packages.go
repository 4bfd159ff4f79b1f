package compare

import (
	"fmt"
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// JudgePackages tells of packages on which the compiler's verdicts are not complete: those
// that do not compile, and those of which it printed what is not understood.
func JudgePackages(packages []*inline.Package) *Judgment {
	j := &Judgment{}
	var told []inline.Error // of the package whose variants may follow
	path := ""
	for _, p := range packages {
		if p.Path != path {
			path, told = p.Path, nil
		}
		fresh := slices.DeleteFunc(slices.Clone(p.Errors), func(e inline.Error) bool { return slices.Contains(told, e) })
		told = append(told, fresh...)
		if len(fresh) > 0 {
			j.Findings = append(j.Findings, Finding{
				Rule: RulePackage, Level: LevelUnjudged, Key: packageName(p), Pos: fresh[0].Pos,
				Subject: Subject{Text: packageName(p)}, Is: fresh[0].Message + more(len(fresh), "error"),
			})
		}
		if len(p.Problems) > 0 {
			j.Findings = append(j.Findings, Finding{
				Rule: RuleRemark, Level: LevelUnjudged, Key: packageName(p) + ": " + p.Problems[0].Text,
				Subject: Subject{Text: packageName(p)}, Is: fmt.Sprintf("the compiler printed %q%s", p.Problems[0].Text, more(len(p.Problems), "line")),
			})
		}
	}
	return j
}

// packageName names a package, or its variant, for a person.
func packageName(p *inline.Package) string {
	if p.Variant == "test" { // an external test has a path of its own
		return p.Path + " (test)"
	}
	return p.Path
}

// more says that there are more than one of something.
func more(n int, what string) string {
	switch {
	case n < 2:
		return ""
	case n == 2:
		return " (and 1 more " + what + ")"
	}
	return fmt.Sprintf(" (and %d more %ss)", n-1, what)
}
