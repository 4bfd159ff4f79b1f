package handlers

import (
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// document is a file that nothing is known of but its text.
func document(text []byte) *Document {
	return &Document{
		URI:      uri.File("/src/p/p.go"),
		Path:     "/src/p/p.go",
		Version:  7,
		Mapper:   position.NewMapper(text),
		Settings: settings.Default(),
		Client:   Client{Markdown: true, ResolvesHints: true},
	}
}

func diagnosticCode(t *testing.T, d protocol.Diagnostic) string {
	t.Helper()
	code, ok := d.Code.(protocol.String)
	if !ok {
		t.Fatalf("code %v is no string", d.Code)
	}
	return string(code)
}

// encodings are those that an editor may agree on.
var encodings = []position.Encoding{position.UTF8, position.UTF16, position.UTF32}

func fileFunction(f inline.Function, calls []*inline.Call) workspace.FileFunction {
	return workspace.FileFunction{Function: &f, Declared: true, CalledFrom: calls}
}
