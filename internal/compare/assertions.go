package compare

import (
	"cmp"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// Asserted is what is asserted of one build, and what the compiler did in it.
type Asserted struct {
	Packages []*inline.Package // those that are checked, each before its test variant
	Others   []*inline.Package // those that are not checked, and that assertions name
	List     assertion.List
	// Tag reports whether a build tag is set.
	Tag func(string) bool
	// Whole says that all packages of the module are checked. If not, Reaches reports
	// whether a package of a path would be checked if there was one: what an assertion
	// says of others is not judged.
	Whole   bool
	Reaches func(path string) bool
	// Partly says that packages which are not here may call the functions: that nothing
	// here calls one is no finding.
	Partly bool
	// About, if not nil, is told of each call and function that an assertion is about.
	About func(*assertion.Assertion, inline.Position)
	// AnyCall is for gcassert's assertions at a line: as for gcassert, one inlined call
	// is enough.
	AnyCall bool
}

// JudgeAssertions holds the assertions against what the compiler did.
func JudgeAssertions(in *Asserted) *Judgment {
	a := &asserted{
		Asserted: in, names: make(map[string][]*function), lines: make(map[lineOf]*onLine),
		used: make(map[*assertion.Assertion]bool), seen: make(map[findingID]bool),
	}
	for _, e := range in.List.Errors {
		a.unreadable(e)
	}
	a.index()
	var list []*assertion.Assertion
	for _, as := range in.List.Assertions {
		if as.Kind != assertion.Exempt {
			a.judgment.Counts.Assertions++
		}
		switch {
		case as.Applies(in.Tag):
			list = append(list, as)
		case as.Kind != assertion.Exempt:
			a.judgment.Counts.Elsewhere++
		}
	}
	for _, as := range list {
		if as.Kind == assertion.Exempt {
			a.exempt(as)
		}
	}
	for _, as := range list {
		if as.Kind != assertion.Exempt {
			a.judge(as)
		}
	}
	for _, as := range list {
		if as.Kind == assertion.Exempt {
			a.judgeExemption(as)
		}
	}
	return &a.judgment
}

// asserted is JudgeAssertions at work.
type asserted struct {
	*Asserted
	judgment  Judgment
	functions []*function
	calls     []*call
	names     map[string][]*function // by plain name
	lines     map[lineOf]*onLine     // those that directives are about
	callees   map[string][]*call     // calls by the plain name of the callee; made when it is needed
	copies    map[string][]*copiedCall
	inlined   map[string]inline.Position // of functions that are inlined somewhere, by plain name

	used   map[*assertion.Assertion]bool // exemptions that exempt from something that does not hold
	broken bool                          // the assertion that is being judged does not hold
	seen   map[findingID]bool
	own    map[*assertion.Assertion]string // keys of findings about assertions; made when they are needed
	paths  map[string]string               // of packages, by file; made when they are needed
}

// A findingID tells findings apart: two assertions may be about one call.
type findingID struct {
	rule Rule
	key  string
}

// A function is a function that is judged.
type function struct {
	*inline.Function
	name    string // the link name, with the import path of a command
	plain   string // without the marks of a receiver, and type arguments
	key     Key
	literal bool
	exempt  *assertion.Assertion
}

// A call is a call that is judged.
type call struct {
	*inline.Call
	callee string // the link name, with the import path of a command
	key    Key
	keys   *Keys
	exempt *assertion.Assertion
}

// A lineOf is a line of a file.
type lineOf struct {
	file string
	line int
}

// onLine is what begins on a line.
type onLine struct {
	calls     []*call
	functions []*function
}

func lineAt(p inline.Position) lineOf { return lineOf{p.File, p.Line} }

// index finds all that can be judged, once. A test variant compiles the files of its
// package once more: what counts is the package itself.
func (a *asserted) index() {
	for _, as := range a.List.Assertions {
		if as.At == nil {
			continue
		}
		for _, p := range append(slices.Clone(as.At.Lines), as.At.Function) {
			a.lines[lineAt(p)] = &onLine{}
		}
	}
	var seen seenFiles
	for _, p := range a.Packages {
		a.addPackage(p, &seen)
	}
	c := &a.judgment.Counts
	c.Packages, c.Functions, c.Calls = len(a.Packages), len(a.functions), len(a.calls)
	for _, p := range a.Others {
		a.addPackage(p, &seen)
	}
}

// addPackage adds what can be judged of a package.
func (a *asserted) addPackage(p *inline.Package, seen *seenFiles) {
	keys := KeysOf(p)
	for i := range p.Functions {
		f := &p.Functions[i]
		if !seen.isNew(p, f.Pos.File) {
			continue
		}
		g := &function{Function: f, name: keys.qualified(f.Name), key: keys.Function(f), literal: keys.IsLiteral(f)}
		g.plain = linkname.Plain(g.name)
		a.functions = append(a.functions, g)
		a.names[g.plain] = append(a.names[g.plain], g)
		if line := a.lines[lineAt(f.Pos)]; line != nil {
			line.functions = append(line.functions, g)
		}
	}
	for i := range p.Calls {
		c := &p.Calls[i]
		if !seen.isNew(p, c.Pos.File) {
			continue
		}
		d := &call{Call: c, callee: keys.qualified(c.Callee), key: keys.Calls[i], keys: keys}
		a.calls = append(a.calls, d)
		if line := a.lines[lineAt(c.Pos)]; line != nil {
			line.calls = append(line.calls, d)
		}
	}
	seen.add(p)
}

// judge judges one assertion.
func (a *asserted) judge(as *assertion.Assertion) {
	a.broken = false
	if as.Kind == assertion.Inlined {
		a.judgeCalls(as)
	} else if functions := a.functionsOf(as); len(functions) > 0 {
		for _, f := range functions {
			a.tell(as, f.Pos)
			a.judgeFunction(as, f)
		}
	} else {
		a.unmatched(as)
	}
	if !a.broken {
		a.judgment.Counts.Held++
	}
}

// exempt notes what is exempt: calls, or a function and every call of it.
func (a *asserted) exempt(as *assertion.Assertion) {
	if as.Caller == nil {
		for _, f := range a.functionsOf(as) {
			f.exempt = cmp.Or(f.exempt, as)
			a.tell(as, f.Pos)
		}
	}
	for _, c := range a.callsOf(as) {
		c.exempt = cmp.Or(c.exempt, as)
		a.tell(as, c.Pos)
	}
}

func (a *asserted) tell(as *assertion.Assertion, pos inline.Position) {
	if a.About != nil {
		a.About(as, pos)
	}
}

// judgeExemption says what is to be known of an exemption, when all else was judged.
func (a *asserted) judgeExemption(as *assertion.Assertion) {
	switch {
	case a.used[as]:
	case len(a.callsOf(as)) == 0 && (as.Caller != nil || len(a.functionsOf(as)) == 0):
		a.unmatched(as)
	default:
		a.add(as, Finding{
			Rule: RuleImproved, Level: LevelNote, Key: a.ownKey(as), Pos: as.Pos, End: as.End,
			Subject: Subject{Text: as.Text + " because " + as.Because}, Is: "no assertion fails here: the exemption can be removed",
		})
	}
}

// add adds a finding about an assertion, unless another assertion had the same.
func (a *asserted) add(as *assertion.Assertion, f Finding) {
	a.broken = a.broken || f.Level != LevelNote
	if id := (findingID{f.Rule, f.Key}); !a.seen[id] {
		a.seen[id] = true
		if f.Pos != as.Pos {
			f.Promise = &Place{Pos: as.Pos, Text: "asserted here: " + as.Text}
		}
		a.judgment.Findings = append(a.judgment.Findings, f)
	}
}

// unreadable tells of an assertion that cannot be read.
func (a *asserted) unreadable(e *assertion.SyntaxError) {
	rule := RuleSyntax
	if e.Refused {
		rule = RuleRefused
	}
	key := a.file(e.Pos.File) + ": " + e.Text
	for n := 2; a.seen[findingID{rule, key}]; n++ {
		key = fmt.Sprintf("%s: %s #%d", a.file(e.Pos.File), e.Text, n)
	}
	a.seen[findingID{rule, key}] = true
	a.judgment.Findings = append(a.judgment.Findings, Finding{
		Rule: rule, Level: LevelUnjudged, Key: key, Pos: e.Pos, End: e.End, Subject: Subject{Text: e.Text}, Is: e.Message,
	})
}

// ownKey is the key of a finding about an assertion itself.
func (a *asserted) ownKey(as *assertion.Assertion) string {
	if a.own == nil {
		a.own = make(map[*assertion.Assertion]string, len(a.List.Assertions))
		count := make(map[string]int)
		for _, as := range a.List.Assertions {
			key := a.file(as.Pos.File) + ": " + as.Text
			if count[key]++; count[key] > 1 {
				key += fmt.Sprintf(" #%d", count[key])
			}
			a.own[as] = key
		}
	}
	return a.own[as]
}

// file names a file with assertions in keys: with the path of its package, as files of
// several packages have one name.
func (a *asserted) file(name string) string {
	if a.paths == nil {
		a.paths = make(map[string]string)
		for _, p := range slices.Concat(a.Packages, a.Others) {
			for i := range p.Functions {
				a.paths[p.Functions[i].Pos.File] = p.Path
			}
		}
	}
	if path := a.paths[name]; path != "" {
		return path + "/" + filepath.Base(name)
	}
	if filepath.Base(name) == assertion.FileName {
		return assertion.FileName
	}
	return filepath.Base(filepath.Dir(name)) + "/" + filepath.Base(name)
}

// RequireAssertions adds a finding where nothing was there to be judged: a gate does not
// pass because it saw nothing.
func (j *Judgment) RequireAssertions() {
	c := &j.Counts
	unread := slices.ContainsFunc(j.Findings, func(f Finding) bool {
		return f.Rule == RuleSyntax || f.Rule == RuleRefused || f.Rule == RuleBaseline
	})
	if c.Assertions > c.Elsewhere || c.Recorded > 0 || unread {
		return
	}
	f := Finding{
		Rule: RuleNothing, Level: LevelUnjudged, Key: "nothing", Subject: Subject{Text: "the checked packages"},
		Is:   "nothing is asserted, and there is no baseline to compare with",
		Mend: `write //inlinelens:inlined at the end of a line with calls, or run "inlinelens baseline write"`,
	}
	if c.Elsewhere > 0 {
		f.Is = "all assertions are about other builds or packages, and there is no baseline to compare with"
		f.Mend = "check the packages that they name, or the builds, with -matrix"
	}
	j.Findings = append(j.Findings, f)
}
