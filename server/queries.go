package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// view returns what a handler sees of a document with what is known now; nil if
// the text of the document is not known.
func (s *server) view(d *document, known *verdicts) *handlers.Document {
	if d == nil || d.lost {
		return nil
	}
	v := &handlers.Document{
		URI: d.uri, Path: d.path, Version: d.version,
		Mapper: d.mapper(), Encoding: s.client.encoding,
		File:     known.files[d.path],
		Settings: s.configuration.settings(),
		Client:   s.client.handlers(),
		Texts:    s.mapper,
	}
	v.Costs = func(t workspace.Target) *breakdown.UnitCosts { return s.work.knownCosts(v.File, t) }
	v.ShownCosts = s.costHints.at(d.path)
	if v.File != nil {
		v.Shift = d.shiftFrom(v.File)
	}
	return v
}

// mapper returns the Mapper of an open file, nil if it is not open.
func (s *server) mapper(path string) *position.Mapper {
	d := s.documents.get(path)
	if d == nil || d.lost {
		return nil
	}
	return d.mapper()
}

// about answers from what a handler sees of a document: null if it is not open,
// since an editor may ask before it opens it, and after it closes it.
func about[R any](s *server, u uri.URI, compute func(*handlers.Document) R) (answer, error) {
	d, known := s.documents.at(u), s.verdicts.Load()
	if d == nil {
		return nothing, nil
	}
	return func(context.Context) (any, error) {
		v := s.view(d, known)
		if v == nil {
			return nil, nil
		}
		return compute(v), nil
	}, nil
}

// aboutCosts is about for what may take a while.
func aboutCosts(s *server, u uri.URI, compute func(context.Context, *handlers.Document) any) (answer, error) {
	d, known := s.documents.at(u), s.verdicts.Load()
	if d == nil {
		return nothing, nil
	}
	return func(ctx context.Context) (any, error) {
		v := s.view(d, known)
		if v == nil {
			return nil, nil
		}
		return compute(ctx, v), nil
	}, nil
}

func inlayHint(s *server, p *protocol.InlayHintParams) (answer, error) {
	compute := func(d *handlers.Document) []protocol.InlayHint { return handlers.InlayHints(d, p.Range) }
	if s.client.refreshHints {
		return about(s, p.TextDocument.URI, compute)
	}
	// The client cannot be told to ask again: it is answered when there is an answer.
	d := s.documents.at(p.TextDocument.URI)
	if d == nil {
		return nothing, nil
	}
	return func(ctx context.Context) (any, error) {
		v := s.view(d, s.awaitVerdicts(ctx, d.path))
		if v == nil {
			return nil, nil
		}
		return compute(v), nil
	}, nil
}

func codeLens(s *server, p *protocol.CodeLensParams) (answer, error) {
	return about(s, p.TextDocument.URI, handlers.CodeLenses)
}

func hover(s *server, p *protocol.HoverParams) (answer, error) {
	at := p.Position
	return aboutCosts(s, p.TextDocument.URI, func(ctx context.Context, d *handlers.Document) any {
		s.counting.awaitAll(ctx, d, handlers.CostTargets(d, at, false))
		if h := handlers.Hover(d, at); h != nil {
			return h
		}
		return nil
	})
}

func calls(s *server, p *handlers.Place) (answer, error) {
	at := p.Position
	return asked(s, p.TextDocument.URI, func(_ context.Context, d *handlers.Document) (any, error) {
		if list := handlers.Calls(d, at); list != nil {
			return list, nil
		}
		return nil, nil
	})
}

func inlayHintResolve(s *server, p *protocol.InlayHint) (answer, error) {
	return resolve(s, p, p.Data, handlers.ResolveInlayHint)
}

func codeLensResolve(s *server, p *protocol.CodeLens) (answer, error) {
	return resolve(s, p, p.Data, handlers.ResolveCodeLens)
}

// resolve answers a resolve request: what it is about comes back as it is where
// there is no more to say.
func resolve[T any](s *server, item *T, raw protocol.LSPAny, compute func(*handlers.Document, T, handlers.Data) T) (answer, error) {
	data, ok := handlers.ParseData(raw)
	if !ok {
		return nil, jsonrpc2.Errorf(jsonrpc2.InvalidParams, "this is none of ours: it lacks the data that it was sent with")
	}
	d, known := s.documents.at(uri.URI(data.URI)), s.verdicts.Load()
	return func(context.Context) (any, error) {
		v := s.view(d, known)
		if v == nil {
			return item, nil
		}
		r := compute(v, *item, data)
		return &r, nil
	}, nil
}
