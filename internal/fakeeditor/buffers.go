package fakeeditor

import (
	"fmt"
	"os"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/position"
)

// A buffer is an open file.
type buffer struct {
	uri     uri.URI
	version int32
	text    string
}

func (e *Editor) buffer(path string) *buffer {
	e.tb.Helper()
	b := e.buffers[path]
	if b == nil {
		e.tb.Fatalf("%s is not open", path)
	}
	return b
}

// Open opens a file with the text that it has on disk.
func (e *Editor) Open(path string) {
	e.tb.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		e.tb.Fatal(err)
	}
	e.OpenText(path, string(text))
}

// OpenText opens a file with a text that need not be that on disk.
func (e *Editor) OpenText(path, text string) {
	e.tb.Helper()
	b := &buffer{uri: uri.File(path), version: 1, text: text}
	e.buffers[path] = b
	e.Notify(protocol.MethodTextDocumentDidOpen, &protocol.DidOpenTextDocumentParams{
		TextDocument: protocol.TextDocumentItem{URI: b.uri, LanguageID: protocol.LanguageKindGo, Version: b.version, Text: text},
	})
}

// Text returns a file's text as the editor has it.
func (e *Editor) Text(path string) string {
	e.tb.Helper()
	return e.buffer(path).text
}

// Edit replaces what from stands for, which the text has once, by to.
func (e *Editor) Edit(path, from, to string) {
	e.tb.Helper()
	b := e.buffer(path)
	if n := strings.Count(b.text, from); n != 1 {
		e.tb.Fatalf("%s has %q %d times", path, from, n)
	}
	start := strings.Index(b.text, from)
	e.Splice(path, start, start+len(from), to)
}

// Splice replaces the text from byte offset start to end by to.
func (e *Editor) Splice(path string, start, end int, to string) {
	e.tb.Helper()
	b := e.buffer(path)
	change := &protocol.TextDocumentContentChangePartial{Range: e.Range(path, start, end), Text: to}
	b.text = b.text[:start] + to + b.text[end:]
	b.version++
	e.change(b, change)
}

// SetText replaces the whole text of a file.
func (e *Editor) SetText(path, text string) {
	e.tb.Helper()
	b := e.buffer(path)
	b.text = text
	b.version++
	e.change(b, &protocol.TextDocumentContentChangeWholeDocument{Text: text})
}

func (e *Editor) change(b *buffer, c protocol.TextDocumentContentChangeEvent) {
	e.tb.Helper()
	p := &protocol.DidChangeTextDocumentParams{ContentChanges: []protocol.TextDocumentContentChangeEvent{c}}
	p.TextDocument.URI, p.TextDocument.Version = b.uri, b.version
	e.Notify(protocol.MethodTextDocumentDidChange, p)
}

// Range converts byte offsets in the file's text to the editor's positions.
func (e *Editor) Range(path string, start, end int) protocol.Range {
	e.tb.Helper()
	m := position.NewMapper([]byte(e.buffer(path).text))
	var points [2]protocol.Position
	for i, offset := range []int{start, end} {
		p, err := m.Point(offset, e.encoding)
		if err != nil {
			e.tb.Fatalf("%s: %v", path, err)
		}
		points[i] = protocol.Position(p)
	}
	return protocol.Range{Start: points[0], End: points[1]}
}

// Offset converts one of the editor's positions to a byte offset.
func (e *Editor) Offset(path string, p protocol.Position) int {
	e.tb.Helper()
	offset, err := position.NewMapper([]byte(e.buffer(path).text)).PointOffset(position.Point(p), e.encoding)
	if err != nil {
		e.tb.Fatalf("%s: %v", path, err)
	}
	return offset
}

// Save writes a file's text to disk and says so.
func (e *Editor) Save(path string) {
	e.tb.Helper()
	if err := os.WriteFile(path, []byte(e.buffer(path).text), 0o666); err != nil {
		e.tb.Fatal(err)
	}
	e.Saved(path)
}

// Saved says that a file was saved, where another server was told already.
func (e *Editor) Saved(path string) {
	e.tb.Helper()
	b := e.buffer(path)
	p := &protocol.DidSaveTextDocumentParams{TextDocument: protocol.TextDocumentIdentifier{URI: b.uri}}
	if sync, ok := e.Server.Capabilities.TextDocumentSync.(*protocol.TextDocumentSyncOptions); ok {
		if save, ok := sync.Save.(*protocol.SaveOptions); ok && save.IncludeText != nil && *save.IncludeText {
			p.Text = &b.text
		}
	}
	e.Notify(protocol.MethodTextDocumentDidSave, p)
}

// Close closes a file.
func (e *Editor) Close(path string) {
	e.tb.Helper()
	b := e.buffer(path)
	delete(e.buffers, path)
	e.Notify(protocol.MethodTextDocumentDidClose, &protocol.DidCloseTextDocumentParams{
		TextDocument: protocol.TextDocumentIdentifier{URI: b.uri},
	})
}

// Changed tells the server of files that have changed on disk.
func (e *Editor) Changed(paths ...string) {
	e.tb.Helper()
	p := &protocol.DidChangeWatchedFilesParams{}
	for _, path := range paths {
		kind := protocol.FileChangeTypeChanged
		if _, err := os.Stat(path); err != nil {
			kind = protocol.FileChangeTypeDeleted
		}
		p.Changes = append(p.Changes, protocol.FileEvent{URI: uri.File(path), Type: kind})
	}
	e.Notify(protocol.MethodWorkspaceDidChangeWatchedFiles, p)
}

// document identifies an open file in the parameters of a request.
func (e *Editor) document(path string) protocol.TextDocumentIdentifier {
	e.tb.Helper()
	return protocol.TextDocumentIdentifier{URI: e.buffer(path).uri}
}

// InlayHints asks for the hints of a whole file.
func (e *Editor) InlayHints(path string) []protocol.InlayHint {
	e.tb.Helper()
	p := &protocol.InlayHintParams{TextDocument: e.document(path), Range: e.Range(path, 0, len(e.Text(path)))}
	var hints []protocol.InlayHint
	if err := e.Call(protocol.MethodTextDocumentInlayHint, p, &hints); err != nil {
		e.tb.Fatal(err)
	}
	return hints
}

// Hints asks for the hints of a whole file, and returns each with its line, from
// 1, and the text before it there: "3: strings.ToUpper‹✗ 355/80›".
func (e *Editor) Hints(path string) []string {
	e.tb.Helper()
	hints := e.InlayHints(path)
	text := e.Text(path)
	var lines []string
	for _, h := range hints {
		offset := e.Offset(path, h.Position)
		line := text[strings.LastIndexByte(text[:offset], '\n')+1 : offset]
		lines = append(lines, fmt.Sprintf("%d: %s‹%s›", h.Position.Line+1, strings.TrimSpace(line), Label(h)))
	}
	return lines
}

// Label returns the words of a hint.
func Label(h protocol.InlayHint) string {
	switch l := h.Label.(type) {
	case protocol.String:
		return string(l)
	case protocol.InlayHintLabelPartSlice:
		var b strings.Builder
		for _, part := range l {
			b.WriteString(part.Value)
		}
		return b.String()
	}
	return ""
}

// Lenses asks for a file's lenses and resolves each: "3: inlinable 12/80".
func (e *Editor) Lenses(path string) []string {
	e.tb.Helper()
	var lenses []protocol.CodeLens
	if err := e.Call(protocol.MethodTextDocumentCodeLens, &protocol.CodeLensParams{TextDocument: e.document(path)}, &lenses); err != nil {
		e.tb.Fatal(err)
	}
	var lines []string
	for _, l := range lenses {
		if err := e.Call(protocol.MethodCodeLensResolve, &l, &l); err != nil {
			e.tb.Fatal(err)
		}
		lines = append(lines, fmt.Sprintf("%d: %s", l.Range.Start.Line+1, l.Command.Title))
	}
	return lines
}

// Hover asks for what there is to say where at, which the text has once, begins;
// "" if that is nothing.
func (e *Editor) Hover(path, at string) string {
	e.tb.Helper()
	var h *protocol.Hover
	p := &protocol.HoverParams{}
	p.TextDocument, p.Position = e.document(path), e.At(path, at)
	if err := e.Call(protocol.MethodTextDocumentHover, p, &h); err != nil {
		e.tb.Fatal(err)
	}
	if h == nil {
		return ""
	}
	content, ok := h.Contents.(*protocol.MarkupContent)
	if !ok {
		e.tb.Fatalf("a hover of type %T", h.Contents)
	}
	return content.Value
}

// At returns the position at which a text, which the file has once, begins.
func (e *Editor) At(path, text string) protocol.Position {
	e.tb.Helper()
	all := e.Text(path)
	if n := strings.Count(all, text); n != 1 {
		e.tb.Fatalf("%s has %q %d times", path, text, n)
	}
	start := strings.Index(all, text)
	return e.Range(path, start, start).Start
}
