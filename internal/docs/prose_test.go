package docs

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// maxWords is how many words a sentence may have.
const maxWords = 25

// unwanted are words that readers do not get to see, with the words to use instead.
// One thing has one name, and the names are those of docs/verdicts.md.
var unwanted = []struct {
	pattern *regexp.Regexp
	instead string
}{
	{regexp.MustCompile(`(?i)\b(take|takes|taken|taking) apart\b`), "cost by line, or parts"},
	{regexp.MustCompile(`(?i)(^|[^.])\boverruns?\b`), "over budget by N"}, // but for the setting hints.overrun
	{regexp.MustCompile(`(?i)\bover (the|its) budget by\b`), "over budget by N"},
	{regexp.MustCompile(`(?i)\b(count|counts) at once\b`), "take effect at once"},
	{regexp.MustCompile(`(?i)\bin silence\b`), "report nothing"},
	{regexp.MustCompile(`(?i)\b(stay|stays|stayed|remain|remains|remained) (a call|calls)\b`), "not inlined"},
	{regexp.MustCompile(`(?i)\b(pass|passes|passed) over (it|them|files|calls)\b`), "ignore"},
	{regexp.MustCompile(`(?i)\bmends?\b`), "fix"},
	{regexp.MustCompile(`(?i)\bin the manner of\b`), "like"},
	{regexp.MustCompile(`(?i)\b(colour|behaviour|favour|neighbour|optimis|recognis|organis|analysed\b|analysing\b)`), "Go's spelling"},
	{regexp.MustCompile(`(?i)\b(whereof|wherein|whereby|thereof|therein|hence|whilst|amongst|ought|nought|aught)\b`), "plain words"},
}

// faults returns what is wrong with the language of some text: a line each.
func faults(pieces []string) []string {
	var found []string
	for _, piece := range pieces {
		piece = strings.Join(strings.Fields(piece), " ")
		for sentence := range sentences(piece) {
			if n := countWords(sentence); n > maxWords {
				found = append(found, fmt.Sprintf("%d words, at most %d: %s", n, maxWords, sentence))
			}
		}
		found = append(found, unwantedIn(piece)...)
	}
	return found
}

// unwantedIn returns a line for each unwanted word in a text.
func unwantedIn(text string) []string {
	var found []string
	for _, u := range unwanted {
		for _, at := range u.pattern.FindAllStringIndex(text, -1) {
			from, to := max(at[0]-30, 0), min(at[1]+30, len(text))
			found = append(found, fmt.Sprintf("%q, write %q: …%s…", text[at[0]:at[1]], u.instead, text[from:to]))
		}
	}
	return found
}

var sentenceEnd = regexp.MustCompile(`[.!?][)"'*]*\s`)

// sentences splits a paragraph.
func sentences(paragraph string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for paragraph != "" {
			end := len(paragraph)
			if at := sentenceEnd.FindStringIndex(paragraph); at != nil {
				end = at[1]
			}
			if !yield(paragraph[:end]) {
				return
			}
			paragraph = paragraph[end:]
		}
	}
}

var letter = regexp.MustCompile(`[\pL\pN]`)

func countWords(sentence string) int {
	n := 0
	for _, word := range strings.Fields(sentence) {
		if letter.MatchString(word) {
			n++
		}
	}
	return n
}

// markdown returns the paragraphs, headings, entries and table cells of a Markdown text.
// A code span is one word; code blocks and HTML are left out.
func markdown(source string) []string {
	src := []byte(source)
	root := goldmark.New(goldmark.WithExtensions(extension.Table)).Parser().Parse(text.NewReader(src))
	var pieces []string
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *ast.Paragraph, *ast.TextBlock, *ast.Heading, *tables.TableCell:
			if entering {
				pieces = append(pieces, inlineText(n, src))
			}
			return ast.WalkSkipChildren, nil
		}
		return ast.WalkContinue, nil
	})
	return pieces
}

// inlineText returns what a reader sees of a paragraph, with a word for each code span.
func inlineText(n ast.Node, src []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.CodeSpan:
			b.WriteString("CODE")
			return ast.WalkSkipChildren, nil
		case *ast.AutoLink:
			b.WriteString("LINK")
		case *ast.Text:
			b.Write(n.Value(src))
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte('\n')
			}
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// plain returns the paragraphs of a text for terminals. In one that has columns, what
// stands between wide gaps is a piece, with the lines that continue it.
func plain(source string) []string {
	var pieces []string
	for paragraph := range strings.SplitSeq(source, "\n\n") {
		if !gap.MatchString(paragraph) {
			pieces = append(pieces, paragraph)
			continue
		}
		first := len(pieces)
		for line := range strings.Lines(paragraph) {
			text := strings.TrimSpace(line)
			if last := len(pieces) - 1; last >= first && continuation.MatchString(line) && !value.MatchString(text) {
				pieces[last] += " " + text
				continue
			}
			pieces = append(pieces, gap.Split(text, -1)...)
		}
	}
	return pieces
}

var (
	gap          = regexp.MustCompile(` {2,}|\t+`)
	continuation = regexp.MustCompile(`^(\t| {8,})`)
	value        = regexp.MustCompile(`^\w+: `) // one of the values that a flag can have
)

func read(t interface{ Fatal(...any) }, name string) string {
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
