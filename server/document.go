package server

import (
	"bytes"
	"errors"
	"fmt"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A document is one version of the text of an open Go file. Only what it
// remembers of itself changes.
type document struct {
	uri     uri.URI // as the client writes it
	path    string  // absolute, cleaned
	version int32
	opening int // the same for all versions from one open to its close
	text    []byte
	// lost says that the client and we have different texts, until it sends the
	// whole text again: nothing is shown till then.
	lost bool
	// mapper returns the Mapper of text, the same each time.
	mapper func() *position.Mapper

	mu      sync.Mutex
	shifted *workspace.File
	shift   *position.Shift // of shifted to text
}

func newDocument(u uri.URI, path string, version int32, text []byte) *document {
	return &document{
		uri: u, path: path, version: version, text: text,
		mapper: sync.OnceValue(func() *position.Mapper { return position.NewMapper(text) }),
	}
}

// shiftFrom returns the Shift from what was compiled of the file to the text.
func (d *document) shiftFrom(f *workspace.File) *position.Shift {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.shifted != f {
		d.shifted, d.shift = f, position.NewShift(f.Text, f.Blocks, d.text)
	}
	return d.shift
}

// withText returns the version of the document that has the given text.
func (d *document) withText(version int32, text []byte) *document {
	n := newDocument(d.uri, d.path, version, text)
	n.opening = d.opening
	return n
}

// withoutText returns the version of the document whose text is not known.
func (d *document) withoutText(version int32) *document {
	n := d.withText(version, nil)
	n.lost = true
	return n
}

// A change replaces a range of a text; all of it, if it has no range. It is not
// the protocol's type, since that takes a range which is not valid for none, and
// null for the start of the text.
type change struct {
	Range *struct {
		Start *point `json:"start"`
		End   *point `json:"end"`
	} `json:"range"`
	Text *string `json:"text"`
}

type point struct {
	Line      *uint32 `json:"line"`
	Character *uint32 `json:"character"`
}

// parseChanges decodes the contentChanges of a didChange.
func parseChanges(raw jsontext.Value) ([]change, error) {
	var changes []change
	if err := protocol.Unmarshal(raw, &changes); err != nil {
		return nil, err
	}
	for _, c := range changes {
		if c.Text == nil {
			return nil, errors.New("a change has no text")
		}
		if r := c.Range; r != nil && (!r.Start.valid() || !r.End.valid()) {
			return nil, errors.New("a change's range lacks a part")
		}
	}
	return changes, nil
}

func (p *point) valid() bool { return p != nil && p.Line != nil && p.Character != nil }

// apply returns the text after changes, each of which is to the text that the
// one before it leaves.
func (d *document) apply(changes []change, encoding position.Encoding) ([]byte, error) {
	text, mapper := d.text, d.mapper
	known := !d.lost
	for _, c := range changes {
		if c.Range == nil {
			text, known = []byte(*c.Text), true
		} else {
			if !known {
				return nil, errors.New("the text before the change is not known")
			}
			m := mapper()
			start, end := offset(m, *c.Range.Start, encoding), offset(m, *c.Range.End, encoding)
			if start > end {
				return nil, fmt.Errorf("a change's range begins at byte %d and ends before it, at %d", start, end)
			}
			text = bytes.Join([][]byte{text[:start], []byte(*c.Text), text[end:]}, nil)
		}
		current := text
		mapper = func() *position.Mapper { return position.NewMapper(current) }
	}
	if !known {
		return nil, errors.New("the text before the change is not known")
	}
	return text, nil
}

// offset returns the byte offset of a point; a line beyond the last means the end
// of the text, as the protocol has it.
func offset(m *position.Mapper, p point, encoding position.Encoding) int {
	o, err := m.PointOffset(position.Point{Line: *p.Line, Character: *p.Character}, encoding)
	if err != nil {
		return len(m.Text())
	}
	return o
}
