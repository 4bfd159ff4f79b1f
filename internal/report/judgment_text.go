package report

import (
	"io"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A judgmentText writes a judgment for a person:
//
//	q.G costs 83 instead of 78: +5 in line 12, return append(b, x)
//	  q/q.go:12:9
//	  2 findings: was inlined; now not inlined: cost 83 exceeds budget 80
//	    p/p.go:30:14: p.F -> q.G
//	    p/p.go:31:14: p.F -> q.G
//
//	FAIL: 2 findings
//	Judged: 10 packages, 301 functions, 812 calls
type judgmentText struct {
	pal   *palette
	names namer
	width int
	buf   []byte
}

func writeJudgmentText(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	t := &judgmentText{pal: newPalette(o.Color), names: newNamer(o.Dir), width: o.Width}
	groups := groupFindings(j)
	shown := len(groups)
	if o.Top > 0 {
		shown = min(shown, o.Top)
	}
	for i := range groups[:shown] {
		t.group(&groups[i], o.Top)
	}
	if more := groups[shown:]; len(more) > 0 {
		findings := 0
		for _, g := range more {
			findings += len(g.findings)
		}
		t.quiet("and ", string(appendCount(nil, len(more), "more group")), " with ", string(appendCount(nil, findings, "finding")), "; -top 0 shows all")
		t.buf = append(t.buf, '\n')
	}
	t.end(j)
	_, err := w.Write(t.buf)
	return err
}

// group appends one group, at most top findings of it.
func (t *judgmentText) group(g *findingGroup, top int) {
	t.paint(t.levelColor(g.level), g.title(), 0)
	if pos := g.place(); pos.File != "" {
		t.buf = append(t.buf, "  "...)
		t.buf = appendPlace(t.buf, &t.names, pos)
		t.buf = append(t.buf, '\n')
	}
	if g.cause != nil {
		for _, step := range g.cause.Steps {
			t.placed(4, step.Pos, step.Text)
		}
	}
	blocks, more := shown(g.blocks(), top)
	for _, block := range blocks {
		indent := 2
		if block.said != "" {
			t.buf = append(t.buf, "  "...)
			t.lines(block.head(), 4)
			indent = 4
		}
		for _, f := range block.findings {
			t.finding(f, indent, block.said != "")
		}
	}
	if more > 0 {
		t.buf = append(t.buf, "  "...)
		t.quiet("and ", string(appendGrouped(nil, more)), " more; -top 0 shows all")
	}
	for _, mend := range g.mends() {
		t.buf = append(t.buf, "  "...)
		t.paint(t.pal.good, "to fix: "+mend, 2)
	}
	t.buf = append(t.buf, '\n')
}

// finding appends one finding. With short, what it says has been said already.
func (t *judgmentText) finding(f *compare.Finding, indent int, short bool) {
	text := subject(f)
	if said := saidOf(f); said != "" && !short {
		if text != "" {
			text += ": "
		}
		text += said
	}
	if len(f.Builds) > 0 {
		text += " [" + strings.Join(f.Builds, ", ") + "]"
	}
	t.placed(indent, f.Pos, text)
	if f.Reason != nil && f.Reason.At.File != "" && f.Cause == 0 {
		t.placed(indent+4, f.Reason.At, "the reason is here")
	}
	if f.Promise != nil {
		t.placed(indent+4, f.Promise.Pos, f.Promise.Text)
	}
}

// placed appends a line "file:line:col: text", as compilers do.
func (t *judgmentText) placed(indent int, pos inline.Position, text string) {
	t.buf = appendSpaces(t.buf, indent)
	if pos.File != "" {
		t.buf = append(t.buf, t.pal.quiet...)
		t.buf = appendPlace(t.buf, &t.names, pos)
		t.buf = append(t.buf, ": "...)
		t.buf = append(t.buf, t.pal.off...)
	}
	t.lines(text, indent+4)
}

// lines appends text. Its further lines are indented.
func (t *judgmentText) lines(text string, indent int) {
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if i > 0 {
			t.buf = appendSpaces(t.buf, indent)
		}
		t.buf = words.AppendPlain(t.buf, strings.TrimSpace(line))
		t.buf = append(t.buf, '\n')
	}
}

func (t *judgmentText) paint(color, text string, indent int) {
	t.buf = append(t.buf, color...)
	t.lines(text, indent)
	if color != "" {
		t.buf = append(t.buf[:len(t.buf)-1], t.pal.off...)
		t.buf = append(t.buf, '\n')
	}
}

func (t *judgmentText) quiet(texts ...string) { t.paint(t.pal.quiet, strings.Join(texts, ""), 0) }

func (t *judgmentText) levelColor(l compare.Level) string {
	switch l {
	case compare.LevelFailed:
		return t.pal.error
	case compare.LevelNote:
		return t.pal.good
	}
	return t.pal.bad
}

// end appends how it came out.
func (t *judgmentText) end(j *compare.Judgment) {
	text, level := outcome(j)
	t.paint(t.levelColor(level), text, 0)
	t.buf = append(t.buf, "Judged: "...)
	t.lines(judged(&j.Counts), 0)
	if n := len(j.Builds); n > 1 {
		t.buf = append(t.buf, "Builds: "...)
		t.buf = strconv.AppendInt(t.buf, int64(n), 10)
		t.buf = append(t.buf, " ("...)
		t.buf = words.AppendPlain(t.buf, strings.Join(j.Builds, ", "))
		t.buf = append(t.buf, ")\n"...)
	}
}
