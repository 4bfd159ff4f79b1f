package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
)

func executeCommand(s *server, p *protocol.ExecuteCommandParams) (answer, error) {
	switch p.Command {
	case handlers.CommandToggleHints:
		shown := s.configuration.toggle()
		return func(context.Context) (any, error) {
			return struct {
				Shown bool `json:"shown"`
			}{shown}, nil
		}, nil
	case handlers.CommandRecompile:
		s.work.recompile()
		return nothing, nil
	case handlers.CommandExplain, handlers.CommandShowCalls:
	default:
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "there is no command %s", p.Command)
	}
	place, ok := handlers.ParsePlace(p.Arguments)
	if !ok {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the arguments of %s are one object with textDocument and position", p.Command)
	}
	if p.Command == handlers.CommandShowCalls {
		return calls(s, &place)
	}
	return about(s, place.TextDocument.URI, func(d *handlers.Document) *protocol.MarkupContent {
		content, ok := handlers.Explain(d, place.Position)
		if !ok {
			return nil
		}
		return &content
	})
}
