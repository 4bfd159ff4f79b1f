package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// The limits of GitHub's annotations. It shows ten errors and ten warnings of a step,
// and drops the others without a word.
const (
	annotationsShown = 10
	annotationTitle  = 200  // characters
	annotationText   = 4000 // characters

	annotationFindings = 5 // of one cause
)

// writeJudgmentGitHub writes workflow commands, which annotate the changed files of a
// pull request:
//
//	::error file=q/q.go,line=12,title=2 calls are not inlined::q.G costs 83 instead of 78
//
// What a cause brought about is said at the cause: that is the line somebody changed,
// while the calls are often in files that nobody looks at. Other findings are said one by
// one.
func writeJudgmentGitHub(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	g := &githubAnnotations{root: o.Root, columns: utf16Columns{read: o.ReadFile}, left: map[string]int{"error": annotationsShown, "warning": annotationsShown}}
	groups := groupFindings(j)
	var alone []*compare.Finding // those without a cause that can be annotated
	untold := 0
	for i := range groups {
		group := &groups[i]
		if _, inside := below(g.root, group.place().File); inside && group.place().File != "" {
			if group.level != compare.LevelNote && !g.group(group) {
				untold += len(group.findings)
			}
			continue
		}
		alone = append(alone, group.findings...)
	}
	for _, f := range alone {
		if f.Level != compare.LevelNote && !g.finding(f) {
			untold++
		}
	}
	text, _ := outcome(j)
	text += "\nJudged: " + judged(&j.Counts)
	if untold > 0 {
		text += "\n" + string(appendCount(nil, untold, "finding")) + " without an annotation: GitHub shows ten of a step"
	}
	g.command("notice", inline.Position{}, inline.Position{}, "inlinelens "+o.Command, text)
	_, err := io.WriteString(w, g.b.String())
	return err
}

type githubAnnotations struct {
	root    string
	columns utf16Columns
	left    map[string]int // annotations of a kind that may follow
	b       strings.Builder
}

// kindOf returns the command for a level.
func (g *githubAnnotations) kindOf(l compare.Level) string {
	if l == compare.LevelFailed {
		return "error"
	}
	return "warning"
}

// group annotates a cause. It reports whether there was room.
func (g *githubAnnotations) group(group *findingGroup) bool {
	kind := g.kindOf(group.level)
	if g.left[kind] == 0 {
		return false
	}
	g.left[kind]--
	text := group.title()
	blocks, more := shown(group.blocks(), annotationFindings)
	for _, block := range blocks {
		if block.said != "" {
			text += "\n" + block.head()
		}
		for _, f := range block.findings {
			said := subject(f)
			if block.said == "" {
				said = sentence(subject(f), f)
			}
			text += "\n" + placeBelow(g.root, f.Pos) + said
		}
	}
	if more > 0 {
		text += "\nand " + string(appendGrouped(nil, more)) + " more"
	}
	for _, mend := range group.mends() {
		text += "\nTo fix: " + mend
	}
	g.command(kind, group.place(), inline.Position{}, group.counted(), text)
	return true
}

// finding annotates one finding. It reports whether there was room.
func (g *githubAnnotations) finding(f *compare.Finding) bool {
	kind := g.kindOf(f.Level)
	if g.left[kind] == 0 {
		return false
	}
	g.left[kind]--
	text := sentence(subject(f), f)
	if p := promised(f); p != "" {
		text += "\n" + placeBelow(g.root, f.Promise.Pos) + p
	}
	if f.Mend != "" {
		text += "\nTo fix: " + f.Mend
	}
	title := findingGroup{findings: []*compare.Finding{f}}
	g.command(kind, f.Pos, f.End, strings.TrimPrefix(title.counted(), "1 "), text)
	return true
}

// placeBelow returns "file:line: ", or "" for no place.
func placeBelow(root string, pos inline.Position) string {
	if pos.File == "" {
		return ""
	}
	name, _ := below(root, pos.File)
	if pos.Line > 0 {
		name += ":" + strconv.Itoa(pos.Line)
	}
	return name + ": "
}

// command appends a workflow command. Files elsewhere cannot be annotated, nor those whose
// names would steer a terminal; the text names them.
func (g *githubAnnotations) command(kind string, pos, end inline.Position, title, text string) {
	b := &g.b
	b.WriteString("::" + kind + " ")
	name, inside := below(g.root, pos.File)
	switch {
	case pos.File == "":
	case !inside || name != oneLine(name, len(name)):
		text = placeBelow(g.root, pos) + text
	default:
		b.WriteString("file=" + escapeProperty(name) + ",")
		if pos.Line > 0 {
			b.WriteString("line=" + strconv.Itoa(pos.Line) + ",")
		}
		if col := g.columns.of(pos); col > 0 {
			b.WriteString("col=" + strconv.Itoa(col) + ",")
			if to := g.columns.of(end); to > col && end.Line == pos.Line {
				b.WriteString("endColumn=" + strconv.Itoa(to) + ",")
			}
		}
	}
	b.WriteString("title=" + escapeProperty(oneLine(title, annotationTitle)))
	b.WriteString("::" + escapeData(severalLines(text, annotationText)) + "\n")
}

// escapeData escapes the text of a workflow command.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty escapes the value of a property of a workflow command.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
