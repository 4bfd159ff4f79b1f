package server

import (
	"context"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
)

// assertionFixes returns the changes that make assertions hold which fail in the range of
// a request: they make the function inlinable, in whichever open file it is. An editor
// that asks by itself gets none: the work is begun, so that they are there when somebody
// asks.
func (s *server) assertionFixes(ctx context.Context, d *handlers.Document, p *protocol.CodeActionParams) (actions []protocol.CodeAction) {
	workspace := s.work.current()
	if workspace == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, adviceWait)
	defer cancel()
	known := s.verdicts.Load()
	for _, failing := range handlers.FailingAt(d, p.Range, p.Context) {
		in := d
		if failing.Function.File != d.Path {
			in = s.view(s.documents.get(failing.Function.File), known)
		}
		f := handlers.DeclaredAt(in, failing.Function)
		if f == nil {
			continue
		}
		if p.Context.TriggerKind == protocol.CodeActionTriggerKindAutomatic && len(p.Context.Only) == 0 {
			workspace.AdviseAhead(in.File, f)
			continue
		}
		a, err := workspace.Advise(ctx, in.File, f)
		if err != nil {
			s.log.Debug("no advice", zap.String("function", f.Function.Name), zap.Error(err))
			continue
		}
		all := protocol.CodeActionContext{Only: []protocol.CodeActionKind{handlers.KindOutline, handlers.KindUnwrap}}
		actions = append(actions, handlers.FixesOf(failing.Diagnostic, handlers.AdviceActions(in, f, a, known.snapshot, all))...)
	}
	return actions
}
