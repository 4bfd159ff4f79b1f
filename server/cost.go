package server

import (
	"context"
	"errors"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/engine"
)

// errNoWork means that there is no engine: not yet, or not any more.
var errNoWork = errors.New("nothing is compiled in this workspace")

// cost answers inlinelens/cost. It waits for a count, if one is needed.
func cost(s *server, p *handlers.Place) (answer, error) {
	return aboutCost(s, p, func(d *handlers.Document, f *engine.FileFunction, costs *engine.UnitCosts) (any, error) {
		return handlers.Cost(d, f, costs)
	})
}

// aboutCost answers from what the function costs that is at a place, or around it:
// null where there is none.
func aboutCost(s *server, p *handlers.Place, compute func(*handlers.Document, *engine.FileFunction, *engine.UnitCosts) (any, error)) (answer, error) {
	d, known := s.documents.at(p.TextDocument.URI), s.verdicts.Load()
	if d == nil {
		return nothing, nil
	}
	at := p.Position
	return func(ctx context.Context) (any, error) {
		v := s.view(d, known)
		if v == nil {
			return nil, nil
		}
		f, err := handlers.CostFunction(v, at)
		if f == nil || err != nil {
			return nil, failed(err)
		}
		costs, err := s.work.costs(ctx, v.File, v.Path)
		if err != nil {
			return nil, failed(err)
		}
		result, err := compute(v, f, costs)
		if err != nil {
			return nil, failed(err)
		}
		return result, nil
	}, nil
}

// failed is the answer to a request that was right, but cannot be fulfilled.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return jsonrpc2.Errorf(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), "%v", err)
}

// costs returns the costs of the unit that has a source file, and waits for them.
func (w *work) costs(ctx context.Context, f *engine.File, source string) (*engine.UnitCosts, error) {
	workspace := w.current()
	if workspace == nil {
		return nil, errNoWork
	}
	costs, err := workspace.Costs(ctx, f, source)
	w.server.quiet.look(w.server.verdicts.Load().snapshot) // a count leaves much to tidy up
	return costs, err
}

// current returns the workspace; nil before start and after close.
func (w *work) current() *engine.Workspace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.workspace
}
