package server

import (
	"context"
	"errors"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
)

// adviceWait is how long a request for code actions waits for the changes to be
// compiled. The work goes on after that, so that the next request has them.
const adviceWait = 2 * time.Second

// codeAction answers textDocument/codeAction.
func codeAction(s *server, p *protocol.CodeActionParams) (answer, error) {
	return aboutCosts(s, p.TextDocument.URI, func(ctx context.Context, d *handlers.Document) any {
		return append(handlers.CodeActions(d, p.Range, p.Context), s.advice(ctx, d, p)...)
	})
}

// advice returns the code actions that make the function inlinable that a request
// is about. A request that is about more does not wait: it has what is known.
func (s *server) advice(ctx context.Context, d *handlers.Document, p *protocol.CodeActionParams) []protocol.CodeAction {
	f, patient := handlers.Advised(d, p.Range, p.Context)
	workspace := s.work.current()
	if f == nil || workspace == nil {
		return nil
	}
	wait := adviceWait
	if !patient {
		wait = 0
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	a, err := workspace.Advise(ctx, d.File, f)
	switch {
	case err == nil:
	case !patient:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return handlers.NoAdvice(d, f, "the changes are still being compiled; ask again in a moment", p.Context)
	default:
		s.log.Debug("no advice", zap.String("function", f.Function.Name), zap.Error(err))
		return handlers.NoAdvice(d, f, err.Error(), p.Context)
	}
	s.idle.update(s.verdicts.Load().snapshot) // it leaves much to tidy up
	return handlers.AdviceActions(d, f, a, s.verdicts.Load().snapshot, p.Context)
}
