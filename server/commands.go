package server

import (
	"context"
	"errors"
	"fmt"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
)

func executeCommand(s *server, p *protocol.ExecuteCommandParams) (answer, error) {
	switch p.Command {
	case handlers.CommandToggleHints:
		shown := s.configuration.toggle()
		if !shown {
			s.costHints.hideAll()
		}
		return func(context.Context) (any, error) {
			return struct {
				Shown bool `json:"shown"`
			}{shown}, nil
		}, nil
	case handlers.CommandPreset:
		name, ok := handlers.ParsePreset(p.Arguments)
		if !ok {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the argument of %s is the name of a preset, or missing", p.Command)
		}
		state := s.configuration.choosePreset(name)
		if !s.client.status {
			s.outgoing.message(protocol.MessageTypeInfo, "inlinelens: "+state.Title)
		}
		return func(context.Context) (any, error) { return state, nil }, nil
	case handlers.CommandRecompile:
		s.work.recompile()
		return nothing, nil
	case handlers.CommandAddTags:
		tags, ok := handlers.ParseTags(p.Arguments)
		if !ok {
			return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the arguments of %s are build tags", p.Command)
		}
		flags := s.configuration.addTags(tags)
		quoted, err := protocol.Marshal(flags)
		if err != nil {
			return nil, err
		}
		s.outgoing.message(protocol.MessageTypeInfo, fmt.Sprintf("inlinelens: compiling with %s until the server ends. To keep it, set build.flags to %s.", flags[len(flags)-1], quoted))
		return func(context.Context) (any, error) {
			return struct {
				Flags []string `json:"flags"`
			}{flags}, nil
		}, nil
	case handlers.CommandExplain, handlers.CommandShowCalls, handlers.CommandShowCost, handlers.CommandAdvise:
	default:
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "there is no command %s", p.Command)
	}
	place, ok := handlers.ParsePlace(p.Arguments)
	if !ok {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "the arguments of %s are one object with textDocument and position", p.Command)
	}
	switch p.Command {
	case handlers.CommandShowCalls:
		return calls(s, &place)
	case handlers.CommandShowCost:
		return showCost(s, &place)
	case handlers.CommandAdvise:
		return advise(s, &place, p.WorkDoneToken)
	}
	return explain(s, &place)
}

// errOutdated says that an answer is not about the text as it is.
var errOutdated = errors.New("the text has been edited since the last compile, or does not compile")

// explain answers CommandExplain. It waits for a count, if one is needed.
func explain(s *server, p *handlers.Place) (answer, error) {
	at := p.Position
	return asked(s, p.TextDocument.URI, func(ctx context.Context, d *handlers.Document) (any, error) {
		var uncounted error
		for _, target := range handlers.CostTargets(d, at, true) {
			if _, err := s.work.costs(ctx, d.File, target); err != nil {
				uncounted = err
			}
		}
		content, current, ok := handlers.Explain(d, at, uncounted)
		switch {
		case !ok:
			return nil, nil
		case !current:
			return &content, errors.Join(uncounted, errOutdated)
		}
		return &content, uncounted
	})
}
