package server

import (
	"context"
	"errors"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// errNoWork means that there is no engine: not yet, or not any more.
var errNoWork = errors.New("nothing is compiled in this workspace")

// cost answers inlinelens/cost. It waits for a count, if one is needed.
func cost(s *server, p *handlers.Place) (answer, error) {
	return askedCost(s, p, func(ctx context.Context, v *handlers.Document, f *workspace.FileFunction) (any, error) {
		_, item, err := s.costOf(ctx, v, f)
		if err != nil {
			return nil, err
		}
		return item, nil
	})
}

// askedCost puts a question about the function that is at a place, or around it. The
// answer is null where there is none.
func askedCost(s *server, p *handlers.Place, ask func(context.Context, *handlers.Document, *workspace.FileFunction) (any, error)) (answer, error) {
	at := p.Position
	return asked(s, p.TextDocument.URI, func(ctx context.Context, v *handlers.Document) (any, error) {
		f, err := handlers.CostFunction(v, at)
		if f == nil || err != nil {
			return nil, err
		}
		return ask(ctx, v, f)
	})
}

// costOf returns what a function of a document costs, and the costs that it is among.
func (s *server) costOf(ctx context.Context, v *handlers.Document, f *workspace.FileFunction) (*breakdown.UnitCosts, *handlers.CostItem, error) {
	costs, err := s.work.costs(ctx, v.File, workspace.Target{Source: v.Path, Pos: f.Function.Pos})
	if err != nil {
		return nil, nil, err
	}
	item, err := handlers.Cost(v, f, costs)
	return costs, item, err
}

// costs returns costs that have those of a function, and waits for them.
func (w *work) costs(ctx context.Context, f *workspace.File, t workspace.Target) (*breakdown.UnitCosts, error) {
	workspace := w.current()
	if workspace == nil {
		return nil, errNoWork
	}
	costs, err := workspace.FunctionCosts(ctx, f, t)
	w.server.idle.update(w.server.verdicts.Load().snapshot) // a count leaves much to tidy up
	return costs, err
}

// current returns the workspace; nil before start and after close.
func (w *work) current() *workspace.Workspace {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.workspace
}
