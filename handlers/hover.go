package handlers

import (
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/position"
)

// Hover answers textDocument/hover on the name of a callee and on that of a
// function: the verdict in the first line, then what it rests on. It is nil
// elsewhere. Where a call or function has no verdict since its file has none, it
// says why. Signatures and docs are gopls's to show.
func Hover(d *Document, at protocol.Position) *protocol.Hover {
	f, ok := d.findLast(at)
	if !ok || f.call == nil && f.function == nil {
		return d.lackHover(at)
	}
	p := page{markdown: d.Client.Markdown}
	d.write(&p, f, hoverExtent)
	d.asOf(&p, f.edited)
	content := p.content()
	marked := d.span(f.shifted(d.marked(f)))
	return &protocol.Hover{Contents: &content, Range: &marked}
}

// write writes what is known of what was found: of the call, of the function, or
// of both where a literal is called.
func (d *Document) write(p *page, f target, e extent) {
	if f.call != nil {
		d.callPage(p, f.call, e)
	}
	if f.function == nil {
		return
	}
	p.paragraph()
	d.functionPage(p, f.function, e)
	if f.call == nil { // a literal that is called where it stands has no other call
		d.callers(p, f.function, e)
	}
}

// marked is the span in the compiled text that a hover is about: the name or
// keyword of a function, the expression that is called, or, where the place is in
// neither, the parenthesis. In an edited declaration the rest of an expression may be
// on another line, so that it is the name there.
func (d *Document) marked(f target) position.Span {
	switch {
	case f.function != nil:
		return f.function.Name
	case !f.edited && touches(f.call.Callee, f.offset) && !isLiteral(d.File.Text, f.call):
		return f.call.Callee
	case touches(f.call.Name, f.offset):
		return f.call.Name
	}
	return position.Span{Start: f.call.Paren, End: f.call.Paren + 1}
}
