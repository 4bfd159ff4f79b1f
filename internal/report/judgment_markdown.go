package report

import (
	"io"
	"net/url"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// The limits of a comment in Markdown. GitHub refuses one of more than 65,536
// characters.
const (
	markdownLimit = 60_000 // bytes
	markdownText  = 600    // characters of one text
	markdownMends = 3      // of a cause
)

// MarkdownMark is the first line of the Markdown: by it a comment is found again.
const MarkdownMark = "<!-- inlinelens -->"

// writeJudgmentMarkdown writes a comment on a pull request: what changed, what that
// brought about, and how to mend it.
func writeJudgmentMarkdown(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	m := &markdown{root: o.Root, link: o.Link, top: o.Top}
	text, _ := outcome(j)
	m.add(MarkdownMark + "\n### " + codeSpan(oneLine("inlinelens "+o.Command, markdownText)) + ": " + text + "\n")
	end := "\nJudged: " + judged(&j.Counts) + "."
	if len(j.Builds) > 1 {
		end += " Builds: " + escaped(oneLine(strings.Join(j.Builds, ", "), markdownText)) + "."
	}
	end += "\n"
	m.limit = markdownLimit - len(end) - 200 // room for the line that says what is left out
	groups := groupFindings(j)
	left, leftFindings := 0, 0
	for i := range groups {
		g := &groups[i]
		if o.Top > 0 && i >= o.Top || left > 0 || !m.group(g) {
			left++
			leftFindings += len(g.findings)
		}
	}
	if left > 0 {
		m.b.WriteString("\nAnd " + string(appendCount(nil, left, "more group")) + " with " + string(appendCount(nil, leftFindings, "finding")) + ".\n")
	}
	m.b.WriteString(end)
	_, err := io.WriteString(w, m.b.String())
	return err
}

type markdown struct {
	root, link string
	top, limit int
	b          strings.Builder
}

func (m *markdown) add(s string) { m.b.WriteString(s) }

// group appends a group as far as there is room. It reports whether its headline had.
func (m *markdown) group(g *findingGroup) bool {
	head := "\n**" + escaped(oneLine(g.title(), markdownText)) + "**"
	if g.cause == nil && g.level == compare.LevelNote {
		head = "\n<details><summary>" + oneLine(g.title(), markdownText) + "</summary>"
	}
	if pos := g.place(); pos.File != "" {
		head += " at " + m.place(pos)
	}
	head += "\n"
	if g.cause != nil && len(g.cause.Steps) > 0 {
		head += "\n"
		for _, step := range g.cause.Steps {
			head += "- " + m.place(step.Pos) + " " + escaped(oneLine(step.Text, markdownText)) + "\n"
		}
	}
	head += "\n"
	tail := ""
	mends := g.mends()
	for _, mend := range mends[:min(len(mends), markdownMends)] {
		tail += "\nTo fix: " + escaped(oneLine(mend, markdownText)) + ".\n"
	}
	if g.cause == nil && g.level == compare.LevelNote {
		tail += "\n</details>\n"
	}
	if m.b.Len()+len(head)+len(tail) > m.limit {
		return false
	}
	m.add(head)
	m.findings(g, m.limit-len(tail))
	m.add(tail)
	return true
}

// findings appends the findings of g, up to a length of the whole.
func (m *markdown) findings(g *findingGroup, limit int) {
	blocks, _ := shown(g.blocks(), m.top)
	written := 0
	write := func(line string) bool {
		if m.b.Len()+len(line) > limit {
			return false
		}
		m.add(line)
		return true
	}
	fits := true
	for _, block := range blocks {
		indent := ""
		if block.said != "" {
			fits = fits && write("- "+escaped(oneLine(block.head(), markdownText))+"\n")
			indent = "  "
		}
		for i := 0; i < len(block.findings); {
			line := m.finding(block.findings[i], block.said != "")
			n := 1
			for i+n < len(block.findings) && m.finding(block.findings[i+n], block.said != "") == line {
				n++ // calls on one line
			}
			i += n
			if n > 1 {
				line += " (" + strconv.Itoa(n) + " times)"
			}
			if fits = fits && write(indent+"- "+line+"\n"); fits {
				written += n
			}
		}
	}
	if more := len(g.findings) - written; more > 0 {
		m.add("- and " + string(appendGrouped(nil, more)) + " more\n")
	}
}

// finding returns a finding in one line. With short, what it says has been said already.
func (m *markdown) finding(f *compare.Finding, short bool) string {
	line := m.place(f.Pos)
	if f.Pos.File != "" {
		line += " "
	}
	line += codeSpan(oneLine(subject(f), markdownText))
	if said := saidOf(f); said != "" && !short {
		line += ": " + escaped(oneLine(said, markdownText))
	}
	if len(f.Builds) > 0 {
		line += " (" + escaped(oneLine(strings.Join(f.Builds, ", "), markdownText)) + ")"
	}
	if p := promised(f); p != "" {
		line += "; " + escaped(oneLine(p, markdownText))
		if f.Promise.Pos.File != "" {
			line += " (" + m.place(f.Promise.Pos) + ")"
		}
	}
	return line
}

// place returns a place as code, with a link where the address of the repository is known.
func (m *markdown) place(pos inline.Position) string {
	if pos.File == "" {
		return ""
	}
	name, inside := below(m.root, pos.File)
	text := name
	if pos.Line > 0 {
		text += ":" + strconv.Itoa(pos.Line)
	}
	text = codeSpan(oneLine(text, markdownText))
	if m.link == "" || !inside {
		return text
	}
	segments := strings.Split(name, "/")
	for i, s := range segments {
		segments[i] = url.PathEscape(s)
	}
	address := m.link + strings.Join(segments, "/")
	if pos.Line > 0 {
		address += "#L" + strconv.Itoa(pos.Line)
	}
	return "[" + text + "](" + address + ")"
}

// escaped returns text of one line without markup. What GitHub and GitLab make of plain
// text cannot be escaped, as mentions of people and of issues, and becomes code.
func escaped(text string) string {
	words := strings.Split(text, " ")
	for i, word := range words {
		core := strings.TrimRight(word, ",;:.)")
		if strings.ContainsAny(core, "@#!%$&~^") && len(core) > 1 || strings.Contains(core, "://") || strings.Contains(core, "www.") {
			words[i] = codeSpan(core) + escapePunctuation(word[len(core):])
			continue
		}
		words[i] = escapePunctuation(word)
	}
	text = strings.Join(words, " ")
	// At the beginning it could be a list, a line or the underline of a heading.
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	if digits < len(text) && (digits == 0 && strings.ContainsRune("-+=", rune(text[0])) || digits > 0 && strings.ContainsRune(".)", rune(text[digits]))) {
		text = text[:digits] + "\\" + text[digits:]
	}
	return text
}

// escapePunctuation puts a backslash before what may be markup. Commas, colons, slashes,
// equals signs and the like never are within a line.
func escapePunctuation(s string) string {
	var b strings.Builder
	for _, r := range s {
		if strings.ContainsRune("\\`*_{}[]<>#!|~&@$^", r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// codeSpan returns text as code, with more backticks around than are in it.
func codeSpan(text string) string {
	if text == "" {
		return ""
	}
	longest, run := 0, 0
	for _, r := range text {
		if r != '`' {
			run = 0
			continue
		}
		run++
		longest = max(longest, run)
	}
	fence := strings.Repeat("`", longest+1)
	pad := ""
	if longest > 0 || strings.TrimSpace(text) == "" {
		pad = " "
	}
	return fence + pad + text + pad + fence
}
