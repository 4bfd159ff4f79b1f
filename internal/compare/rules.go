package compare

// Rules lists every rule with what a finding of it says, in the order of their
// declaration.
func Rules() []struct {
	Rule Rule
	Doc  string
} {
	return []struct {
		Rule Rule
		Doc  string
	}{
		{RuleCallNotInlined, "a call that was to be inlined, or was inlined before, is not inlined"},
		{RuleNotInlinable, "a function that was to be inlinable, or was inlinable before, is not inlinable"},
		{RuleCost, "a function costs more than an assertion allows"},
		{RuleUnmatched, "an assertion matches no call or function"},
		{RuleNothing, "no assertion and no baseline says anything about what is checked"},
		{RuleEliminated, "a call under an assertion is dead code, so the compiler removed it"},
		{RuleSyntax, "an assertion, or a line of a file with assertions, cannot be read"},
		{RuleRefused, "an assertion is of a kind that cannot be checked yet"},
		{RulePackage, "a package does not compile"},
		{RuleRemark, "the compiler printed a line that is not understood"},
		{RuleUnknown, "it is not known what the compiler did"},
		{RuleBaseline, "the results cannot be compared with the baseline"},
		{RuleImproved, "the result is better than the baseline, or than the other side"},
		{RuleChanged, "the result differs from the other side, and is neither better nor worse"},
		{RuleNew, "the call or function is not on the other side"},
		{RuleGone, "the call or function is on the other side only"},
	}
}

var levelNames = [...]string{LevelFailed: "failed", LevelUnjudged: "unjudged", LevelNote: "note"}

// String returns the word for the level that JSON has.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return levelNames[LevelUnjudged] // a mistake elsewhere must not pass for less
}

// Counted returns how many findings j has of each level.
func (j *Judgment) Counted() (failed, unjudged, notes int) {
	for i := range j.Findings {
		switch j.Findings[i].Level {
		case LevelFailed:
			failed++
		case LevelNote:
			notes++
		default:
			unjudged++
		}
	}
	return failed, unjudged, notes
}

// The exit statuses of the commands that judge.
const (
	ExitFine     = 0
	ExitFindings = 1
	ExitUnjudged = 3
)

// Exit returns the exit status that j asks for: the larger one, where something
// failed and something else could not be judged.
func (j *Judgment) Exit() int {
	switch failed, unjudged, _ := j.Counted(); {
	case unjudged > 0:
		return ExitUnjudged
	case failed > 0:
		return ExitFindings
	}
	return ExitFine
}
