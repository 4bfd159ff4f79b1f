package server

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
)

// documents are the open Go files by path. Only messages in their order change
// them; any goroutine may look.
type documents struct {
	openings int // so far

	mu     sync.Mutex
	byPath map[string]*document
}

// get returns the current version of a file's document, nil if it is not open.
func (ds *documents) get(path string) *document {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return ds.byPath[path]
}

// set makes d the current version of its file's document.
func (ds *documents) set(d *document) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if ds.byPath == nil {
		ds.byPath = map[string]*document{}
	}
	ds.byPath[d.path] = d
}

// remove forgets a document, and returns its last version.
func (ds *documents) remove(path string) *document {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	d := ds.byPath[path]
	delete(ds.byPath, path)
	return d
}

// all returns the current versions, by path.
func (ds *documents) all() []*document {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	return slices.SortedFunc(maps.Values(ds.byPath), func(a, b *document) int { return cmp.Compare(a.path, b.path) })
}

// at returns the document that a client's URI names, nil if that is not open or
// not one of ours.
func (ds *documents) at(u uri.URI) *document {
	path, ok := filePath(u)
	if !ok {
		return nil
	}
	return ds.get(path)
}

func didOpen(s *server, p *protocol.DidOpenTextDocumentParams) error {
	item := p.TextDocument
	path, ok := filePath(item.URI)
	if !ok || item.LanguageID != protocol.LanguageKindGo {
		return nil
	}
	// A message's strings share its memory.
	d := newDocument(uri.URI(strings.Clone(string(item.URI))), path, item.Version, []byte(item.Text))
	s.documents.openings++
	d.opening = s.documents.openings
	s.documents.set(d)
	s.work.open(d)
	s.outgoing.changed()
	return nil
}

// didChangeParams are those of textDocument/didChange, decoded step by step: a
// change that cannot be understood must not go unnoticed.
type didChangeParams struct {
	TextDocument struct {
		URI     uri.URI        `json:"uri"`
		Version jsontext.Value `json:"version"`
	} `json:"textDocument"`
	ContentChanges jsontext.Value `json:"contentChanges"`
}

func didChange(s *server, p *didChangeParams) error {
	d := s.documents.at(p.TextDocument.URI)
	if d == nil {
		return nil
	}
	version := d.version
	var given *int32
	if protocol.Unmarshal(p.TextDocument.Version, &given) == nil && given != nil {
		version = *given
	}
	changes, err := parseChanges(p.ContentChanges)
	if err == nil {
		var text []byte
		if text, err = d.apply(changes, s.client.encoding); err == nil {
			d = d.withText(version, text)
		}
	}
	if err != nil {
		d = d.withoutText(version)
		s.log.Warn("lost the text of a document: it shows nothing until it is saved or opened again",
			zap.String("file", d.path), zap.Int32("version", version), zap.Error(err))
	}
	s.documents.set(d)
	s.work.textChanged(d)
	s.costHints.textChanged(d)
	s.outgoing.textChanged()
	return nil
}

func didSave(s *server, p *protocol.DidSaveTextDocumentParams) error {
	d := s.documents.at(p.TextDocument.URI)
	if d == nil {
		return nil
	}
	if p.Text != nil && (d.lost || string(d.text) != *p.Text) {
		if !d.lost {
			s.log.Warn("the text of a document was not what the client saved", zap.String("file", d.path), zap.Int32("version", d.version))
		}
		d = d.withText(d.version, []byte(*p.Text))
		s.documents.set(d)
		s.outgoing.changed()
	}
	s.work.saved(d)
	return nil
}

func didClose(s *server, p *protocol.DidCloseTextDocumentParams) error {
	path, ok := filePath(p.TextDocument.URI)
	if !ok {
		return nil
	}
	if d := s.documents.remove(path); d != nil {
		s.work.forget(d)
		s.costHints.closed(path)
		s.outgoing.changed()
	}
	return nil
}
