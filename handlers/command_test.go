package handlers

import (
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

func TestCommandNames(t *testing.T) {
	for _, name := range Commands() {
		if !strings.HasPrefix(name, "inlinelens.") {
			t.Errorf("command %s could clash with another server's", name)
		}
	}
}

func TestParsePlace(t *testing.T) {
	at := protocol.Position{Line: 3, Character: 9}
	args := placeArguments(uri.File("/src/a b.go"), at)
	p, ok := ParsePlace(args)
	if !ok || p.TextDocument.URI != uri.File("/src/a b.go") || p.Position != at {
		t.Errorf("%s is read as %+v (%t)", args, p, ok)
	}
	for _, bad := range [][]protocol.LSPAny{
		nil,
		{},
		{nil},
		{protocol.LSPAny(`null`)},
		{protocol.LSPAny(`{}`)},
		{protocol.LSPAny(`"file:///p.go"`)},
		{protocol.LSPAny(`{"textDocument":{"uri":"file:///p.go"},"position":{"line":-1}}`)},
		{protocol.LSPAny(`{"textDocument":{"uri":7}}`)},
		{args[0], args[0]},
	} {
		if p, ok := ParsePlace(bad); ok {
			t.Errorf("%s is read as %+v", bad, p)
		}
	}
}

func TestParseData(t *testing.T) {
	for _, bad := range []string{"", "null", "7", "{}", `""`, `"1"`, `"1 2"`, `"1 2 "`, `"1 x file:///p.go"`, `"-1 2 file:///p.go"`, `"1 2, file:///p.go"`, `"1 2 file:///p.go`} {
		if data, ok := ParseData(protocol.LSPAny(bad)); ok {
			t.Errorf("%s is read as %+v", bad, data)
		}
	}
}
