package handlers

import (
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
)

// TestLocations converts places in other files, with and without their text.
func TestLocations(t *testing.T) {
	d := document([]byte("package p\n"))
	d.Texts = func(path string) *position.Mapper {
		if path != "/src/q/q.go" {
			return nil
		}
		return position.NewMapper([]byte("package q\r\n\r\n/* 😀 */ func F() {}\r\n"))
	}
	for _, test := range []struct {
		at   inline.Position
		want protocol.Position
	}{
		{inline.Position{File: "/src/q/q.go", Line: 3, Col: 17}, protocol.Position{Line: 2, Character: 14}},
		{inline.Position{File: "/src/q/q.go", Line: 3}, protocol.Position{Line: 2}},
		{inline.Position{File: "/src/q/q.go", Line: 3, Col: 900}, protocol.Position{Line: 2}},
		{inline.Position{File: "/src/q/q.go", Line: 900, Col: 1}, protocol.Position{Line: 899}},
		{inline.Position{File: "/src/q/r.go", Line: 3, Col: 17}, protocol.Position{Line: 2}},
	} {
		loc, ok := d.location(test.at)
		if !ok || loc.Range.Start != test.want || loc.Range.End != test.want || string(loc.URI) != "file://"+test.at.File {
			t.Errorf("%v is at %+v (%t), want %v", test.at, loc, ok, test.want)
		}
	}
	for _, at := range []inline.Position{{}, {File: "/src/q/q.go"}, {File: "q.go", Line: 3}, {Line: 3}} {
		if loc, ok := d.location(at); ok {
			t.Errorf("%v is at %+v", at, loc)
		}
	}
}

// TestLinks holds that a link in Markdown ends where it should, whatever the path.
func TestLinks(t *testing.T) {
	d := document([]byte("package p\n"))
	for file, want := range map[string][2]string{
		"/src/q/q.go":       {"file:///src/q/q.go#L7", "q/q.go:7"},
		"/src/p/other.go":   {"file:///src/p/other.go#L7", "other.go:7"},
		"/src/a b/(c)/ä.go": {"file:///src/a%20b/%28c%29/%C3%A4.go#L7", "(c)/ä.go:7"},
		"/src/q#1/q?.go":    {"file:///src/q%231/q%3F.go#L7", "q#1/q?.go:7"},
		"relative.go":       {"", ""},
	} {
		href, name := d.link(inline.Position{File: file, Line: 7, Col: 3})
		if href != want[0] || name != want[1] {
			t.Errorf("link to %s: %q %q, want %q", file, href, name, want)
		}
	}
}
