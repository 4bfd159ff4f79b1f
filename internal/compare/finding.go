// Package compare judges results of the compiler: whether assertions hold, whether a
// baseline still holds, and what differs between two sets of results, and why.
//
// What it judges are inline.Package values. It starts no process, knows no language
// server protocol, and reads no file: what it needs of sources it is given.
package compare

import "github.com/inlinelens/inlinelens/internal/inline"

// A Judgment is what check or diff found, over all packages and builds.
type Judgment struct {
	Findings []Finding // the worst first: see Sort
	Causes   []Cause   // what Findings name by their Cause
	Counts   Counts
	Builds   []string // the names of the builds of a matrix, "linux/amd64"; nil for one build
}

// Counts say how much was judged, so that "no findings" can be told from "nothing seen".
type Counts struct {
	Packages, Functions, Calls int
	Assertions                 int // found in the sources and in the file
	Held                       int // of Assertions
	Elsewhere                  int // of Assertions: about other builds, or packages that are not checked
	Recorded                   int // lines of the baseline that were compared
}

// A Level says what a finding means for the exit status.
type Level uint8

// The levels.
const (
	LevelFailed   Level = iota // does not hold: exit status 1
	LevelUnjudged              // could not be judged: exit status 3
	LevelNote                  // worth knowing, such as an improvement: exit status 0
)

// A Rule is the stable name of a kind of finding: SARIF's ruleId.
type Rule string

// The rules.
const (
	RuleCallNotInlined Rule = "call-not-inlined" // a call that was to be inlined, or was, is a call
	RuleNotInlinable   Rule = "not-inlinable"    // a function that was to be inlinable, or was, is not
	RuleCost           Rule = "cost"             // a function costs more than an assertion allows
	RuleUnmatched      Rule = "unmatched"        // an assertion that matches no call or function
	RuleNothing        Rule = "nothing"          // there is no assertion and no baseline to check
	RuleEliminated     Rule = "eliminated"       // a call under an assertion is dead code
	RuleSyntax         Rule = "syntax"           // an assertion or a line of a file that cannot be read
	RuleRefused        Rule = "refused"          // an assertion of a kind that is not judged yet
	RulePackage        Rule = "package"          // a package does not compile
	RuleRemark         Rule = "remark"           // the compiler printed something that is not understood
	RuleUnknown        Rule = "unknown"          // what the compiler did is not known; the reason says why
	RuleBaseline       Rule = "baseline"         // the baseline cannot be compared with: another toolchain, truncated, ...
	RuleImproved       Rule = "improved"         // better than the baseline, or than the other side
	RuleChanged        Rule = "changed"          // other than on the other side, and neither better nor worse
	RuleNew            Rule = "new"              // not there on the other side
	RuleGone           Rule = "gone"             // there on the other side only
)

// A Finding is one thing that does not hold, cannot be judged or is worth knowing.
type Finding struct {
	Rule  Rule
	Level Level
	// Key identifies the finding across edits: no line numbers. SARIF's
	// partialFingerprints are made of it.
	Key string
	// Pos is where to look: the call's "(", the function's name, the line of a file that
	// cannot be read. Zero where there is no place.
	Pos inline.Position
	// End is just behind it, on the same line; zero where only Pos is known.
	End inline.Position

	Subject Subject
	Was     string // what was promised, recorded or seen: "inlined", "cost <= 60", "cost 78/80"
	Is      string // what the compiler did now: "not inlined: cost 83 exceeds budget 80"
	Reason  *inline.Reason

	Promise *Place // where it was promised: a directive, or a line of .inlinelens or of the baseline; nil for diff
	Cause   int    // 1-based index in Judgment.Causes; 0 where no cause is known
	Mend    string // what would mend it, one sentence, from advice that was compiled; "" where nothing is known
	// Builds are the builds of a matrix in which it holds; nil for all of them, or where there is one.
	Builds []string
}

// A Place is something said at a place.
type Place struct {
	Pos  inline.Position
	Text string // "asserted here: inlined"
}

// A Cause is what changed so that findings came about. Several findings may have one.
type Cause struct {
	Kind CauseKind
	// Text is one sentence: "q.G costs 83 instead of 78: +5 in line 12, return append(b, x)".
	Text string
	Key  string          // identifies it across edits
	Pos  inline.Position // of what changed; zero where it is in no file
	// Steps lead from the cause to what it changed, where that is not the same function.
	Steps []Place
}

// A CauseKind is the stable name of a kind of cause.
type CauseKind string

// The kinds of causes.
const (
	CauseCost      CauseKind = "cost"      // the callee costs more
	CauseDirective CauseKind = "directive" // a directive came or went
	CauseReason    CauseKind = "reason"    // the callee has something now that prevents inlining
	CauseCaller    CauseKind = "caller"    // the caller became big, or is made differently
	CauseProfile   CauseKind = "profile"   // the profile changed what is hot
	CauseToolchain CauseKind = "toolchain" // the compiler, GOARCH, or a flag of the build
	CauseOther     CauseKind = "not-known" // none of these could be shown
)
