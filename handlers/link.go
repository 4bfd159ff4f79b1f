package handlers

import (
	"bytes"
	"path/filepath"
	"strconv"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
)

// location converts a place that the compiler named, in this file or another. ok
// is false if it is not known, or if it is in this file and the declaration around
// it was edited. In a file whose text is not at hand it is the line's start.
func (d *Document) location(p inline.Position) (loc protocol.Location, ok bool) {
	if d.isOwn(p) {
		compiled, _ := d.compiledOffset(p)
		offset, ok := d.Shift.Offset(compiled)
		if !ok {
			return protocol.Location{}, false
		}
		at := d.point(offset)
		return protocol.Location{URI: d.URI, Range: protocol.Range{Start: at, End: at}}, true
	}
	return locate(d.Texts, p, d.Encoding)
}

// isOwn reports whether a place is in the document's own file.
func (d *Document) isOwn(p inline.Position) bool {
	return d.File != nil && p.IsValid() && p.File == d.File.Name
}

// compiledOffset returns the offset in the compiled text of a place in the
// document's own file; ok is false if the text has no such line.
func (d *Document) compiledOffset(p inline.Position) (offset int, ok bool) {
	text := d.File.Text
	start := 0
	for line := 1; line < p.Line; line++ {
		i := bytes.IndexByte(text[start:], '\n')
		if i < 0 {
			return 0, false
		}
		start += i + 1
	}
	return min(start+max(p.Col, 1)-1, len(text)), true
}

// locate converts a place in any file. Where the text is not at hand, or does not
// have the place, it is the start of its line. ok is false for a place that is not known.
func locate(texts func(string) *position.Mapper, p inline.Position, enc position.Encoding) (loc protocol.Location, ok bool) {
	// What cgo declares is in no file that could be opened.
	if !p.IsValid() || !filepath.IsAbs(p.File) || filepath.Base(p.File) == "_cgo_gotypes.go" {
		return protocol.Location{}, false
	}
	at := protocol.Position{Line: uint32(p.Line - 1)}
	if texts != nil && p.Col > 0 {
		if m := texts(p.File); m != nil {
			if offset, err := m.Offset(p.Line, p.Col); err == nil {
				if point, err := m.Point(offset, enc); err == nil {
					at = protocol.Position(point)
				}
			}
		}
	}
	return protocol.Location{URI: uri.File(p.File), Range: protocol.Range{Start: at, End: at}}, true
}

// link is where a place can be opened from a text: its file as an address with the
// line behind it; "" if it is not known. Lines of this file are those of its
// current text.
func (d *Document) link(p inline.Position) (href, name string) {
	loc, ok := d.location(p)
	if !ok {
		return "", ""
	}
	line := strconv.FormatUint(uint64(loc.Range.Start.Line)+1, 10)
	return string(loc.URI) + "#L" + line, d.nearName(p.File) + ":" + line
}

// nearName is the name of a file for a place that is only mentioned: its last
// element, in another directory with that before it (strings/builder.go).
func (d *Document) nearName(file string) string {
	dir, base := filepath.Split(file)
	if dir = filepath.Clean(dir); dir == filepath.Dir(d.Path) {
		return base
	}
	return filepath.ToSlash(filepath.Join(filepath.Base(dir), base))
}
