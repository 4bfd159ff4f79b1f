package compare

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A BaselineJudge compares packages with a baseline, one after another. The variants of a
// package come after it. Packages that do not compile, and compiler output that was not
// understood, are left to its user to report.
type BaselineJudge struct {
	Baseline *Baseline
	File     string // the baseline's, absolute
	// Across compares although the builds differ.
	Across bool

	seen     seenFiles
	findings []Finding
	lost     map[int]string // the callee of a lost call, by the index of its finding
	worse    map[string]int // index of the finding on a function, by the function
	refused  bool           // the builds differ
	recorded int
	gone     int
	looked   bool // at a package that compiles
}

// BadBaseline is the finding on a file that ParseBaseline cannot read.
func BadBaseline(file string, err error) Finding {
	f := Finding{Rule: RuleBaseline, Level: LevelUnjudged, Key: "baseline", Pos: inline.Position{File: file}, Subject: Subject{Text: "the baseline"}, Is: err.Error()}
	var fault *BaselineError
	if errors.As(err, &fault) {
		f.Pos.Line, f.Is = fault.Line, fault.What
	}
	return f
}

// Package compares one package.
func (j *BaselineJudge) Package(p *inline.Package) {
	if len(p.Errors) > 0 {
		return
	}
	j.looked = true
	was := j.Baseline.Packages[Unit{p.Path, p.Variant}]
	if j.refused || !j.comparable(p, was) {
		return
	}
	now := currentOf(p, was.callsOf(p), &j.seen)
	if was == nil {
		return
	}
	for _, subject := range slices.Sorted(keysOf(was.Lines)) {
		l := was.Lines[subject]
		list := now.matching(&l)
		if len(list) == 0 {
			j.gone++
			continue
		}
		j.recorded++
		for i := range list {
			j.line(p, &l, &list[i])
		}
	}
}

// callsOf reports of which functions of a package calls have lines of their own.
func (p *RecordedPackage) callsOf(pkg *inline.Package) func(*inline.Function) bool {
	if p == nil {
		return nil
	}
	names := make(map[string]bool)
	for _, l := range p.Lines {
		if l.Callee != "" {
			names[l.Name] = true
		}
	}
	return func(f *inline.Function) bool { return names[linkname.Within(pkg.Path, pkg.Name, f.Name)] }
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// comparable reports whether the build of a package is that of the baseline, or whether
// that does not matter. It adds a finding if not.
func (j *BaselineJudge) comparable(p *inline.Package, was *RecordedPackage) bool {
	if j.Across {
		return true
	}
	how := BuildOf(p).differs(j.Baseline.Build)
	if how == "" && was != nil && was.Profile != p.Profile {
		how = fmt.Sprintf("the profile of package %s is %s, and was %s", p.Path, profileText(p.Profile), profileText(was.Profile))
	}
	if how == "" {
		return true
	}
	j.refused = true
	j.findings = append(j.findings, Finding{
		Rule: RuleBaseline, Level: LevelUnjudged, Key: "baseline", Pos: inline.Position{File: j.File, Line: 1},
		Subject: Subject{Text: "the baseline"}, Is: "the baseline is of another build: " + how,
		Mend: `Build as the baseline was built, or record a new one with "inlinelens baseline write". The flag -across compares all the same.`,
	})
	return false
}

func profileText(hash string) string {
	if hash == "" {
		return noProfile
	}
	return hash[:min(len(hash), 12)]
}

// matching returns the lines that a recorded line is about now. A generic function that
// nothing instantiated may have instances since, and the other way round.
func (c *current) matching(was *Line) []currentLine {
	if l, ok := c.lines[was.subject()]; ok {
		return []currentLine{l}
	}
	if was.Callee != "" {
		return nil
	}
	if l, ok := c.lines[was.Name]; ok {
		return []currentLine{l}
	}
	if was.Instance != "" {
		return nil
	}
	var list []currentLine
	for _, l := range c.lines {
		if l.Name == was.Name && l.Callee == "" {
			list = append(list, l)
		}
	}
	slices.SortFunc(list, func(a, b currentLine) int { return cmp.Compare(a.Instance, b.Instance) })
	return list
}

// line compares a line with what it is about now.
func (j *BaselineJudge) line(p *inline.Package, was *Line, now *currentLine) {
	if was.Callee != "" {
		j.recordedCall(was, now)
		return
	}
	j.function(p, was, now)
	for _, callee := range slices.Sorted(keysOf(was.Calls)) {
		j.calls(was, now, callee)
	}
}

// promise is the place of a line of the baseline.
func (j *BaselineJudge) promise(was *Line) *Place {
	return &Place{Pos: inline.Position{File: j.File, Line: was.Number}, Text: "recorded here: " + was.Text()}
}

func (j *BaselineJudge) function(p *inline.Package, was *Line, now *currentLine) {
	f := now.function
	if f == nil || !was.Declared {
		return
	}
	key := Key{Package: p.Path, Variant: p.Variant, Caller: p.Path + "." + was.Name, Instance: now.Instance}
	finding := Finding{Key: key.String(), Pos: f.Pos, Subject: functionSubject(f.Name, now.Instance), Reason: now.reason, Promise: j.promise(was)}
	switch {
	case was.Inlinable && !now.Known:
		finding.Rule, finding.Level = RuleUnknown, LevelUnjudged
		finding.Was, finding.Is = inlinableText(was), withReason("it is not known whether it is inlinable", now.reason)
	case was.Inlinable && !now.Inlinable:
		finding.Rule, finding.Was, finding.Is = RuleNotInlinable, inlinableText(was), withReason("not inlinable", now.reason)
		if j.worse == nil {
			j.worse = make(map[string]int)
		}
		j.worse[key.Caller] = len(j.findings)
	case was.Known && !was.Inlinable && now.Inlinable:
		finding.Rule, finding.Level = RuleImproved, LevelNote
		finding.Was, finding.Is = "not inlinable", inlinableText(&now.Line)
	default:
		return
	}
	j.findings = append(j.findings, finding)
}

func inlinableText(l *Line) string { return fmt.Sprintf("inlinable: cost %d/%d", l.Cost, l.Budget) }

func withReason(what string, r *inline.Reason) string {
	if r == nil || r.Message == "" {
		return what
	}
	return what + ": " + r.Message
}

// calls compares the calls of one callee in one function.
func (j *BaselineJudge) calls(was *Line, now *currentLine, callee string) {
	recorded := was.Calls[callee]
	var isCall []currentCall
	inlined := 0
	for _, c := range now.calls[callee] {
		if c.noCall() {
			inlined++
		} else {
			isCall = append(isCall, c)
		}
	}
	// Calls that are gone are no calls that were lost.
	lost := min(recorded.Inlined-inlined, len(isCall)-(recorded.Total-recorded.Inlined))
	if better := min(inlined-recorded.Inlined, recorded.Total-recorded.Inlined-len(isCall)); better > 0 {
		all := now.calls[callee]
		j.findings = append(j.findings, Finding{
			Rule: RuleImproved, Level: LevelNote, Key: withoutOrdinal(all[0].key), Pos: all[0].call.Pos,
			Subject: callSubject(all[0].call.Caller, all[0].call.Callee, now.Instance), Promise: j.promise(was),
			Was: inlinedText(recorded), Is: inlinedText(Tally{inlined, len(all)}),
		})
	}
	if lost <= 0 {
		return
	}
	if lost == len(isCall) {
		for i := range isCall {
			j.lose(&isCall[i], "inlined", "", was, now)
		}
		return
	}
	// Which ones of them were inlined is not recorded.
	j.lose(&isCall[0], inlinedText(recorded), inlinedText(Tally{inlined, len(now.calls[callee])})+"; ", was, now)
}

func inlinedText(t Tally) string {
	if t.Total == 1 {
		return []string{"not inlined", "inlined"}[min(t.Inlined, 1)]
	}
	return fmt.Sprintf("%d of %d calls inlined", t.Inlined, t.Total)
}

func withoutOrdinal(k Key) string {
	k.Ordinal = 0
	return k.String()
}

// lose adds the finding on a call that was inlined.
func (j *BaselineJudge) lose(c *currentCall, recorded, counted string, was *Line, now *currentLine) {
	f := Finding{
		Rule: RuleCallNotInlined, Key: c.key.String(), Pos: c.call.Pos, Subject: callSubject(c.call.Caller, c.call.Callee, now.Instance),
		Was: recorded, Is: counted + withReason(statusText(c.status), c.reason), Reason: c.reason, Promise: j.promise(was),
	}
	if c.status == inline.StatusUnknown {
		f.Rule, f.Level = RuleUnknown, LevelUnjudged
	}
	if j.lost == nil {
		j.lost = make(map[int]string)
	}
	j.lost[len(j.findings)] = c.key.Callee
	j.findings = append(j.findings, f)
}

// statusText is a status in a sentence.
func statusText(s inline.Status) string {
	switch s {
	case inline.StatusNotInlined:
		return "not inlined"
	case inline.StatusDynamic:
		return "a dynamic call"
	case inline.StatusUnknown:
		return "it is not known whether it is inlined"
	}
	return s.String()
}

// recordedCall compares a call that has a line of its own.
func (j *BaselineJudge) recordedCall(was *Line, now *currentLine) {
	c := &now.calls[was.Callee][0]
	before := currentCall{status: was.Status}
	switch {
	case before.noCall() && c.status != inline.StatusEliminated && !c.noCall():
		j.lose(c, statusText(was.Status), "", was, now)
	case !before.noCall() && c.noCall():
		j.findings = append(j.findings, Finding{
			Rule: RuleImproved, Level: LevelNote, Key: c.key.String(), Pos: c.call.Pos, Subject: callSubject(c.call.Caller, c.call.Callee, now.Instance),
			Was: statusText(was.Status), Is: statusText(c.status), Promise: j.promise(was),
		})
	}
}

// Judgment returns what was found.
func (j *BaselineJudge) Judgment() Judgment {
	g := Judgment{Counts: Counts{Recorded: j.recorded}}
	if j.recorded == 0 && j.looked && !j.refused {
		j.findings = append(j.findings, Finding{
			Rule: RuleBaseline, Level: LevelUnjudged, Key: "baseline", Pos: inline.Position{File: j.File, Line: 1},
			Subject: Subject{Text: "the baseline"}, Is: "no line of the baseline is about the packages that are checked",
			Mend: `Record them with "inlinelens baseline write".`,
		})
	}
	if j.gone > 0 {
		lines := "lines are"
		if j.gone == 1 {
			lines = "line is"
		}
		j.findings = append(j.findings, Finding{
			Rule: RuleGone, Level: LevelNote, Key: "baseline gone", Pos: inline.Position{File: j.File, Line: 1}, Subject: Subject{Text: "the baseline"},
			Is:   fmt.Sprintf("%d %s about functions and calls that are gone", j.gone, lines),
			Mend: `Remove what is gone with "inlinelens baseline prune".`,
		})
	}
	// A function that is not inlinable any more is the cause of what its calls lost.
	causes := make(map[string]int)
	for i := range j.findings {
		callee, ok := j.lost[i]
		if !ok {
			continue
		}
		if at, ok := j.worse[callee]; ok {
			if causes[callee] == 0 {
				g.Causes = append(g.Causes, causeOf(&j.findings[at]))
				causes[callee] = len(g.Causes)
				j.findings[at].Cause = len(g.Causes)
			}
			j.findings[i].Cause = causes[callee]
		}
	}
	g.Findings = withoutRepeated(j.findings)
	return g
}

// causeOf makes the finding on a function the cause of others.
func causeOf(f *Finding) Cause {
	kind := CauseReason
	if f.Reason != nil {
		switch f.Reason.Code {
		case inline.CodeTooExpensive:
			kind = CauseCost
		case inline.CodeNoinlineDirective:
			kind = CauseDirective
		}
	}
	return Cause{Kind: kind, Key: f.Key, Pos: f.Pos, Text: fmt.Sprintf("%s is %s (was %s)", f.Subject, f.Is, f.Was)}
}

// withoutRepeated drops a finding that is there already: a call has a line of its own, and is
// counted in its caller's.
func withoutRepeated(list []Finding) []Finding {
	seen := make(map[string]bool)
	return slices.DeleteFunc(list, func(f Finding) bool {
		k := fmt.Sprintln(f.Rule, f.Pos, f.Subject)
		again := seen[k]
		seen[k] = true
		return again
	})
}
