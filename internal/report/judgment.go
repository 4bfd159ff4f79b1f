package report

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// JudgmentOptions says how a judgment is written.
type JudgmentOptions struct {
	// Command is what was done, as a person writes it: "check", "diff HEAD~1".
	Command string
	// Version is that of this program.
	Version string
	// Dir is the working directory, absolute: text and JSON name files below it
	// relative to it. "" names all absolutely.
	Dir string
	// Root is the root of the repository, absolute: the formats that are read elsewhere
	// (Markdown, GitHub annotations, SARIF, JUnit) name files relative to it. "" is Dir.
	Root string
	// Link is the address of Root in a browser, with a slash at its end; Markdown names
	// places with links. "" for none.
	Link string
	// Color makes text carry SGR sequences.
	Color bool
	// Width is the number of columns of the terminal; 0 means no limit.
	Width int
	// Top is how many causes, and how many findings of each, the formats for people
	// show: text and Markdown. 0 means all.
	Top int
	// ReadFile returns the text that was compiled under an absolute file name; nil reads
	// the disk. Columns are counted in it for the formats that do not count bytes.
	ReadFile func(name string) ([]byte, error)
}

// A judgmentWriter writes a judgment in one format.
type judgmentWriter func(w io.Writer, o JudgmentOptions, j *compare.Judgment) error

var judgmentWriters = []struct {
	format string
	write  judgmentWriter
}{
	{"text", writeJudgmentText},
	{"json", writeJudgmentJSON},
	{"markdown", writeJudgmentMarkdown},
	{"github", writeJudgmentGitHub},
	{"sarif", writeJudgmentSARIF},
	{"junit", writeJudgmentJUnit},
}

// JudgmentFormats lists the names that WriteJudgment understands.
func JudgmentFormats() (names []string) {
	for _, w := range judgmentWriters {
		names = append(names, w.format)
	}
	return names
}

// WriteJudgment writes what check or diff found in a format.
func WriteJudgment(format string, w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	o.Root = cmp.Or(o.Root, o.Dir)
	if o.ReadFile == nil {
		o.ReadFile = regular.ReadFile
	}
	for _, known := range judgmentWriters {
		if known.format == format {
			return known.write(w, o, j)
		}
	}
	return fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(JudgmentFormats(), ", "))
}

// A findingGroup has findings that one thing brought about, or, where no cause is known,
// findings of one rule.
type findingGroup struct {
	cause    *compare.Cause // nil where none is known
	rule     compare.Rule   // of the first finding
	level    compare.Level  // the worst
	findings []*compare.Finding
}

// groupFindings returns the findings of j by their causes, the worst group first: by
// level, then packages that do not compile, since other findings may follow from that,
// then those with a cause, then the larger ones.
func groupFindings(j *compare.Judgment) []findingGroup {
	type key struct {
		cause int
		rule  compare.Rule
		level compare.Level
	}
	index := map[key]int{}
	var groups []findingGroup
	for i := range j.Findings {
		f := &j.Findings[i]
		k := key{rule: f.Rule, level: f.Level}
		var cause *compare.Cause
		if f.Cause > 0 && f.Cause <= len(j.Causes) {
			k = key{cause: f.Cause}
			cause = &j.Causes[f.Cause-1]
		}
		at, ok := index[k]
		if !ok {
			at = len(groups)
			index[k] = at
			groups = append(groups, findingGroup{cause: cause, rule: f.Rule, level: f.Level})
		}
		g := &groups[at]
		g.findings = append(g.findings, f)
		if f.Level < g.level {
			g.level, g.rule = f.Level, f.Rule
		}
	}
	known := func(g *findingGroup) int {
		switch {
		case g.rule == compare.RulePackage:
			return 0
		case g.cause != nil:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(groups, func(a, b findingGroup) int {
		return cmp.Or(
			cmp.Compare(a.level, b.level),
			cmp.Compare(known(&a), known(&b)),
			cmp.Compare(len(b.findings), len(a.findings)),
		)
	})
	return groups
}

// A findingBlock has findings of one group that say the same, so that it can be said once.
type findingBlock struct {
	said     string // "" where each finding says something itself
	findings []*compare.Finding
	all      int // findings, also those that are not shown
}

// head is the line above the findings of b.
func (b *findingBlock) head() string {
	what := "finding"
	switch b.findings[0].Rule {
	case compare.RuleCallNotInlined, compare.RuleEliminated:
		what = "call"
	case compare.RuleNotInlinable, compare.RuleCost:
		what = "function"
	}
	return string(appendCount(nil, b.all, what)) + ": " + b.said
}

// blocks returns the findings of g, those that say the same together.
func (g *findingGroup) blocks() []findingBlock {
	var blocks []findingBlock
	index := map[string]int{}
	for _, f := range g.findings {
		said := saidOf(f)
		same := string(f.Rule) + " " + said
		i, ok := index[same]
		if !ok {
			i = len(blocks)
			index[same] = i
			blocks = append(blocks, findingBlock{said: said})
		}
		blocks[i].findings = append(blocks[i].findings, f)
	}
	for i := range blocks {
		b := &blocks[i]
		b.all = len(b.findings)
		rule := b.findings[0].Rule
		// Of those without a cause, a few are said in full, and the headline says what is new.
		if b.all == 1 || g.cause == nil && (b.all == 2 || rule == compare.RuleNew || rule == compare.RuleGone) {
			b.said = ""
		}
	}
	return blocks
}

// shown cuts blocks after the first top findings, and returns how many are left out. With
// top 0 it cuts nothing, nor where the line that says so would take as much room.
func shown(blocks []findingBlock, top int) (cut []findingBlock, more int) {
	all := 0
	for _, b := range blocks {
		all += len(b.findings)
	}
	if top == 0 || all <= top+1 {
		return blocks, 0
	}
	left := top
	for _, b := range blocks {
		if left == 0 {
			break
		}
		b.findings = b.findings[:min(left, len(b.findings))]
		left -= len(b.findings)
		cut = append(cut, b)
	}
	return cut, all - top
}

// mends returns what would mend the findings of g, each once.
func (g *findingGroup) mends() (mends []string) {
	for _, f := range g.findings {
		if f.Mend != "" && !slices.Contains(mends, f.Mend) {
			mends = append(mends, f.Mend)
		}
	}
	return mends
}

// saidOf returns what is to be said of a finding besides its subject.
func saidOf(f *compare.Finding) string {
	switch {
	case f.Was == "" || f.Promise != nil:
		return f.Is
	case f.Is == "":
		return "was " + f.Was
	}
	return "was " + f.Was + "; now " + f.Is
}

// ruleTitles are the headlines of findings without a cause, for one and for several.
var ruleTitles = map[compare.Rule][2]string{
	compare.RuleCallNotInlined: {"call is not inlined", "calls are not inlined"},
	compare.RuleNotInlinable:   {"function is not inlinable", "functions are not inlinable"},
	compare.RuleCost:           {"function costs more than is allowed", "functions cost more than is allowed"},
	compare.RuleUnmatched:      {"assertion matches nothing", "assertions match nothing"},
	compare.RuleNothing:        {"check without an assertion or a baseline", "checks without an assertion or a baseline"},
	compare.RuleEliminated:     {"asserted call is dead code", "asserted calls are dead code"},
	compare.RuleSyntax:         {"assertion cannot be read", "assertions cannot be read"},
	compare.RuleRefused:        {"assertion cannot be checked yet", "assertions cannot be checked yet"},
	compare.RulePackage:        {"package does not compile", "packages do not compile"},
	compare.RuleRemark:         {"line of the compiler is not understood", "lines of the compiler are not understood"},
	compare.RuleUnknown:        {"verdict is not known", "verdicts are not known"},
	compare.RuleBaseline:       {"reason not to compare with the baseline", "reasons not to compare with the baseline"},
	compare.RuleImproved:       {"result is better", "results are better"},
	compare.RuleChanged:        {"result is different", "results are different"},
	compare.RuleNew:            {"function or call is new", "functions or calls are new"},
	compare.RuleGone:           {"function or call is gone", "functions or calls are gone"},
}

// title is the headline of g: what changed, or how many findings of which rule there are.
func (g *findingGroup) title() string {
	if g.cause != nil && strings.TrimSpace(g.cause.Text) != "" {
		return g.cause.Text
	}
	return g.counted()
}

// counted says how many findings of each rule g has.
func (g *findingGroup) counted() string {
	var rules []compare.Rule
	count := map[compare.Rule]int{}
	for _, f := range g.findings {
		if count[f.Rule]++; count[f.Rule] == 1 {
			rules = append(rules, f.Rule)
		}
	}
	var parts []string
	for _, rule := range rules {
		n := count[rule]
		words, ok := ruleTitles[rule]
		switch {
		case !ok:
			parts = append(parts, string(appendCount(nil, n, "finding"))+" of "+string(rule))
		case n == 1:
			parts = append(parts, "1 "+words[0])
		default:
			parts = append(parts, string(appendGrouped(nil, n))+" "+words[1])
		}
	}
	return strings.Join(parts, ", ")
}

// place is where g is to be seen first: at its cause, where that has a place.
func (g *findingGroup) place() inline.Position {
	if g.cause != nil {
		return g.cause.Pos
	}
	return inline.Position{}
}

// outcome says in a few words how a judgment came out: "FAIL: 3 findings, 1 not judged".
func outcome(j *compare.Judgment) (text string, level compare.Level) {
	failed, unjudged, notes := j.Counted()
	var parts []string
	add := func(n int, one, many string) {
		if n == 1 {
			many = one
		}
		if n > 0 {
			parts = append(parts, string(appendGrouped(nil, n))+" "+many)
		}
	}
	add(failed, "finding", "findings")
	add(unjudged, "not judged", "not judged")
	add(notes, "note", "notes")
	switch {
	case failed > 0:
		return "FAIL: " + strings.Join(parts, ", "), compare.LevelFailed
	case unjudged > 0:
		return "NOT JUDGED: " + strings.Join(parts, ", "), compare.LevelUnjudged
	case notes > 0:
		return "ok: " + strings.Join(parts, ", "), compare.LevelNote
	}
	return "ok: no findings", compare.LevelNote
}

// judged says how much was looked at, so that "no findings" can be told from "nothing
// seen".
func judged(c *compare.Counts) string {
	b := appendCount(nil, c.Packages, "package")
	b = append(b, ", "...)
	b = appendCount(b, c.Functions, "function")
	b = append(b, ", "...)
	b = appendCount(b, c.Calls, "call")
	if c.Assertions > 0 {
		b = append(b, "; "...)
		b = appendCount(b, c.Assertions, "assertion")
		if c.Held == c.Assertions {
			b = append(b, ", all of which hold"...)
		} else {
			b = append(b, " ("...)
			b = appendGrouped(b, c.Held)
			b = append(b, " hold"...)
			if c.Elsewhere > 0 {
				b = append(b, ", "...)
				b = appendGrouped(b, c.Elsewhere)
				b = append(b, " about other builds or packages"...)
			}
			b = append(b, ')')
		}
	}
	if c.Recorded > 0 {
		b = append(b, "; "...)
		b = appendCount(b, c.Recorded, "line")
		b = append(b, " of the baseline"...)
	}
	return string(b)
}
