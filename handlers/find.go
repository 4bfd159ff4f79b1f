package handlers

import (
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A target is what stands at a place of the document.
type target struct {
	block
	offset int // of the place, in the compiled text
	// call is the one whose callee's name or parenthesis is there, function the one
	// whose name (or keyword, of a literal) is. Of a literal that is called where it
	// stands, both are.
	call     *workspace.FileCall
	function *workspace.FileFunction
	// around is the innermost function around the place, its doc comment not
	// included; nil outside of functions.
	around *workspace.FileFunction
}

// find looks up a position in the current text; ok is false where nothing was
// compiled, or was edited since, and in a package that does not compile as it is.
func (d *Document) find(at protocol.Position) (f target, ok bool) {
	if f, ok = d.findLast(at); ok && (f.edited || d.outdated()) {
		return target{}, false
	}
	return f, ok
}

// findLast looks up a position in the current text, and finds also what was told by
// the last compile of lines that are as they were.
func (d *Document) findLast(at protocol.Position) (f target, ok bool) {
	offset, ok := d.offset(at)
	if !ok {
		return target{}, false
	}
	for b := range d.pieces(position.Span{Start: offset, End: offset}) {
		offset := offset - b.delta
		f := target{block: b, offset: offset}
		// Not a binary search: the body of a literal stands between its keyword and
		// the parenthesis of its call. A block has few calls.
		calls := d.calls(b)
		for i := range calls {
			c := &calls[i]
			if touches(c.Name, offset) || offset == c.Paren && c.Via != "range" {
				f.call = c
			}
		}
		functions := d.functions(b)
		for i := range functions {
			fn := &functions[i]
			if touches(fn.Name, offset) {
				f.function = fn
			}
			if touches(fn.Decl, offset) {
				f.around = fn
			}
		}
		return f, true
	}
	return target{}, false
}

// touches reports whether an offset is in a span, or just behind it as a caret is.
func touches(s position.Span, offset int) bool { return s.Start <= offset && offset <= s.End }

// shifted returns a span of the block in the current text.
func (b block) shifted(s position.Span) position.Span {
	return position.Span{Start: s.Start + b.delta, End: s.End + b.delta}
}
