package server

import (
	"context"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A query is what somebody asks with a key or a command, and waits for, as opposed
// to what an editor asks by itself, again and again. It is put to what is known of
// a document. There can be a result and an error: something is known, and what is
// lacking.
type query func(context.Context, *handlers.Document) (any, error)

// asked answers a question from the verdicts on what the client has told so far: if
// a file was just opened or saved, it waits until that is compiled.
func asked(s *server, u uri.URI, ask query) (answer, error) {
	d, working := s.documents.at(u), s.phase == phaseRunning
	if d == nil {
		return nothing, nil
	}
	return func(ctx context.Context) (any, error) {
		for {
			var lacking error
			if working {
				lacking = s.work.notice(ctx, d.path)
			}
			known := s.verdicts.Load()
			awaited := working && lacking == nil && known.compiling(d.path)
			if result, last, err := s.askFrom(ctx, d, known, awaited, ask); last {
				return result, err
			}
			select {
			case <-known.superseded:
			case <-ctx.Done():
				return nil, ctx.Err()
			case <-s.ctx.Done():
				return nil, failed(errNoWork)
			}
			if s.documents.get(d.path) == nil {
				return nil, nil
			}
		}
	}, nil
}

// askFrom puts a question to what is known. Last is false where it has to be put again to
// what will be known.
func (s *server) askFrom(ctx context.Context, d *document, known *verdicts, awaited bool, ask query) (result any, last bool, err error) {
	if awaited && !known.partial(d.path) {
		return nil, false, nil
	}
	v := s.view(d, known)
	if v == nil {
		return nil, true, nil
	}
	switch result, err = ask(ctx, v); {
	case result != nil && err == nil:
		return result, true, nil
	case awaited || s.verdicts.Load() != known:
		return nil, false, nil
	case result != nil:
		return result, true, nil
	}
	return nil, true, failed(err)
}

// failed is the answer to a request that was right, but cannot be fulfilled.
func failed(err error) error {
	if err == nil {
		return nil
	}
	return jsonrpc2.Errorf(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), "%v", err)
}

// compiling reports whether the work goes on that tells of a file.
func (v *verdicts) compiling(path string) bool {
	if f := v.snapshot.Files[path]; f != nil && f.Package != nil {
		return f.Package.State == workspace.StateCompiling
	}
	// It is not known yet what it belongs to.
	for _, p := range v.snapshot.Packages {
		if p.State == workspace.StateCompiling {
			return true
		}
	}
	return false
}

// partial reports whether only what lies in other packages is still to come.
func (v *verdicts) partial(path string) bool {
	f := v.snapshot.Files[path]
	return f != nil && f.Package != nil && f.Package.Partial
}
