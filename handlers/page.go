package handlers

import (
	"strings"
	"unicode/utf8"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/words"
)

// A page is text for a reader, in Markdown or plain, written piece by piece.
// Whatever comes from source or compiler goes through text, code or link, so that
// nothing in it is taken for markup.
type page struct {
	markdown bool
	b        strings.Builder
}

// maxPiece is how much of a text is shown, in bytes. The compiler writes types out in
// full, which may take megabytes.
const maxPiece = 1000

// bounded cuts a text to maxPiece, with an ellipsis for what is missing.
func bounded(s string) string {
	if len(s) <= maxPiece {
		return s
	}
	end := maxPiece
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + "…"
}

// text writes words as they are meant to be read.
func (p *page) text(s string) {
	for _, r := range bounded(s) {
		if p.markdown && strings.ContainsRune("\\`*_[]<>|~&", r) {
			p.b.WriteByte('\\')
		}
		p.b.WriteRune(words.Printable(r))
	}
}

// strong writes words that stand out.
func (p *page) strong(s string) {
	if !p.markdown {
		p.text(s)
		return
	}
	p.b.WriteString("**")
	p.text(s)
	p.b.WriteString("**")
}

// code writes a name, or a piece of source.
func (p *page) code(s string) {
	s = bounded(s)
	if !p.markdown {
		p.text(s)
		return
	}
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	pad := ""
	if strings.HasPrefix(s, "`") || strings.HasSuffix(s, "`") {
		pad = " "
	}
	p.b.WriteString(fence + pad)
	p.b.WriteString(strings.Map(words.Printable, s))
	p.b.WriteString(pad + fence)
}

// link writes a name that leads somewhere; without an address the name alone. The
// address is a canonical URI, which has no blanks and no parentheses.
func (p *page) link(name, href string) {
	if !p.markdown || href == "" {
		p.text(name)
		return
	}
	p.b.WriteByte('[')
	p.text(name)
	p.b.WriteString("](" + href + ")")
}

// codeLink writes a name of the source that leads somewhere.
func (p *page) codeLink(name, href string) {
	if !p.markdown || href == "" {
		p.code(name)
		return
	}
	p.b.WriteByte('[')
	p.code(name)
	p.b.WriteString("](" + href + ")")
}

// raw writes markup.
func (p *page) raw(s string) { p.b.WriteString(s) }

// prose writes sentences that have code spans in backquotes and no other markup.
func (p *page) prose(s string) {
	for i, piece := range strings.Split(s, "`") {
		if i%2 == 1 {
			p.code(piece)
		} else {
			p.text(piece)
		}
	}
}

// paragraph ends what was written before, if anything was.
func (p *page) paragraph() {
	if p.b.Len() > 0 {
		p.b.WriteString("\n\n")
	}
}

// item begins an entry of a list, indented by its level; the first of a list is to
// come after a paragraph or a line of text.
func (p *page) item(level int) {
	p.b.WriteByte('\n')
	p.b.WriteString(strings.Repeat("  ", level))
	p.b.WriteString("- ")
}

// content is the page as the contents of a hover.
func (p *page) content() protocol.MarkupContent {
	kind := protocol.MarkupKindPlainText
	if p.markdown {
		kind = protocol.MarkupKindMarkdown
	}
	return protocol.MarkupContent{Kind: kind, Value: p.b.String()}
}
