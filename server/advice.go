package server

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A request for code actions waits for the changes to be compiled: longer if it is about
// little else. The work goes on after that, and an action says how far it is.
const adviceWait = 2 * time.Second

var adviceShortWait = 200 * time.Millisecond // tests do without

// codeAction answers textDocument/codeAction.
func codeAction(s *server, p *protocol.CodeActionParams) (answer, error) {
	return aboutCosts(s, p.TextDocument.URI, func(ctx context.Context, d *handlers.Document) any {
		return handlers.CodeActions(d, p.Range, p.Context, append(s.assertionFixes(ctx, d, p), s.advice(ctx, d, p)...))
	})
}

// advice returns the code actions that make the function inlinable that a request
// is about. An editor that asks by itself, as the cursor moves, gets none: the work is
// begun, so that they are there when somebody asks.
func (s *server) advice(ctx context.Context, d *handlers.Document, p *protocol.CodeActionParams) []protocol.CodeAction {
	workspace := s.work.current()
	if workspace == nil {
		return nil
	}
	if p.Context.TriggerKind == protocol.CodeActionTriggerKindAutomatic && len(p.Context.Only) == 0 {
		if f := handlers.AdvisedAt(d, p.Range.Start); f != nil {
			workspace.AdviseAhead(d.File, f)
		}
		return nil
	}
	f, patient := handlers.Advised(d, p.Range, p.Context)
	if f == nil {
		return nil
	}
	wait := adviceWait
	if !patient {
		wait = adviceShortWait
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	a, err := workspace.Advise(ctx, d.File, f)
	switch {
	case err == nil:
	case errors.Is(err, context.DeadlineExceeded):
		done, total := workspace.AdviceProgress(d.File, f)
		return handlers.PendingAdvice(d, f, done, total, p.Context)
	case !patient:
		return nil
	default:
		s.log.Debug("no advice", zap.String("function", f.Function.Name), zap.Error(err))
		return handlers.NoAdvice(d, f, err.Error(), p.Context)
	}
	s.idle.update(s.verdicts.Load().snapshot) // it leaves much to tidy up
	return handlers.AdviceActions(d, f, a, s.verdicts.Load().snapshot, p.Context)
}

// An adviceResult is the result of CommandAdvise. A client that has said so asks for code
// actions again when it has it.
type adviceResult struct {
	Offers int    `json:"offers"`
	Why    string `json:"why"` // there are none; "" if there are some
}

// advise answers CommandAdvise: it waits for the advice on the function at a position,
// with progress that can be cancelled. For a client that does not ask for code actions
// again, it has the user pick one of the offers, and has that made.
func advise(s *server, p *handlers.Place, token protocol.ProgressToken) (answer, error) {
	at := p.Position
	return asked(s, p.TextDocument.URI, func(ctx context.Context, d *handlers.Document) (any, error) {
		f, workspace := handlers.AdvisedAt(d, at), s.work.current()
		if f == nil || workspace == nil {
			return &adviceResult{Why: "no function here is over budget"}, nil
		}
		shown, end := s.adviceProgress(ctx, d, f, token)
		a, err := workspace.Advise(shown, d.File, f)
		cancelled := shown.Err() != nil && ctx.Err() == nil // by the user
		end()
		switch {
		case cancelled:
			return nil, nil
		case err != nil:
			return nil, err
		}
		all := protocol.CodeActionContext{Only: []protocol.CodeActionKind{handlers.KindOutline, handlers.KindUnwrap}}
		actions := handlers.AdviceActions(d, f, a, s.verdicts.Load().snapshot, all)
		result := &adviceResult{Offers: len(a.Offers)}
		if len(a.Offers) == 0 {
			result.Why = strings.Join(append([]string{a.Why}, a.Notes...), "; ")
		}
		if !s.client.reopens {
			s.background.Go(func() { s.pick(f, actions, result.Why) })
		}
		return result, nil
	})
}

// pick has the user pick one of the actions, and the client make its change.
func (s *server) pick(f *workspace.FileFunction, actions []protocol.CodeAction, why string) {
	if why != "" {
		s.outgoing.message(protocol.MessageTypeInfo, fmt.Sprintf("inlinelens: no change makes %s inlinable: %s", f.Function.Name, why))
		return
	}
	p := &protocol.ShowMessageRequestParams{Type: protocol.MessageTypeInfo, Message: "inlinelens: changes that make the function inlinable"}
	for i := range actions {
		if actions[i].Edit != nil {
			p.Actions = append(p.Actions, protocol.MessageActionItem{Title: strings.TrimPrefix(actions[i].Title, "Inlinelens: ")})
		}
	}
	if len(p.Actions) == 0 {
		return
	}
	var picked *protocol.MessageActionItem // null if none was
	if err := protocol.Call(s.ctx, s.conn, protocol.MethodWindowShowMessageRequest, p, &picked); err != nil || picked == nil {
		s.log.Debug("nothing picked", zap.Error(err))
		return
	}
	for i := range actions {
		if strings.TrimPrefix(actions[i].Title, "Inlinelens: ") != picked.Title || actions[i].Edit == nil {
			continue
		}
		edit := &protocol.ApplyWorkspaceEditParams{Label: &actions[i].Title, Edit: *actions[i].Edit}
		if err := protocol.Call(s.ctx, s.conn, protocol.MethodWorkspaceApplyEdit, edit, nil); err != nil {
			s.outgoing.message(protocol.MessageTypeError, "inlinelens: the change was not made: "+err.Error())
		}
		return
	}
}

// adviceProgress shows in the client how far the work on a function is, until end is
// called. The context that it returns ends, too, when the user cancels it.
func (s *server) adviceProgress(ctx context.Context, d *handlers.Document, f *workspace.FileFunction, token protocol.ProgressToken) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	if token == nil {
		if !s.client.progress {
			return ctx, cancel
		}
		token = protocol.String(fmt.Sprintf("%s-advice-%d", settings.Section, s.cancels.next()))
		asking, stop := context.WithTimeout(ctx, clientTimeout)
		defer stop()
		if err := protocol.Call(asking, s.conn, protocol.MethodWindowWorkDoneProgressCreate, &protocol.WorkDoneProgressCreateParams{Token: token}, nil); err != nil {
			s.log.Debug("no progress", zap.Error(err))
			return ctx, cancel
		}
	}
	s.cancels.add(token, cancel)
	yes := true
	title := "inlinelens: trying changes to make " + f.Function.Name + " inlinable"
	p := &s.outgoing.progress
	p.send(token, &protocol.WorkDoneProgressBegin{Kind: "begin", Title: title, Cancellable: &yes})
	ended := make(chan struct{})
	var reports sync.WaitGroup
	reports.Go(func() {
		last := ""
		for {
			select {
			case <-ended:
				return
			case <-time.After(progressPause):
			}
			done, total := s.work.adviceProgress(d.File, f)
			if message := handlers.AdviceProgress(done, total); message != last {
				last = message
				p.send(token, &protocol.WorkDoneProgressReport{Kind: "report", Message: &message})
			}
		}
	})
	return ctx, func() {
		close(ended)
		reports.Wait()
		s.cancels.remove(token)
		cancel()
		p.send(token, &protocol.WorkDoneProgressEnd{Kind: "end"})
	}
}

// adviceProgress says how far the work on a function is.
func (w *work) adviceProgress(f *workspace.File, fn *workspace.FileFunction) (done, total int) {
	if workspace := w.current(); workspace != nil {
		return workspace.AdviceProgress(f, fn)
	}
	return 0, 0
}

// A cancelTable has what ends the work whose progress the user may cancel.
type cancelTable struct {
	mu     sync.Mutex
	number int
	by     map[protocol.ProgressToken]context.CancelFunc
}

func (t *cancelTable) next() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.number++
	return t.number
}

func (t *cancelTable) add(token protocol.ProgressToken, cancel context.CancelFunc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.by == nil {
		t.by = make(map[protocol.ProgressToken]context.CancelFunc)
	}
	t.by[token] = cancel
}

func (t *cancelTable) remove(token protocol.ProgressToken) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.by, token)
}

// workDoneProgressCancel takes window/workDoneProgress/cancel.
func workDoneProgressCancel(s *server, p *protocol.WorkDoneProgressCancelParams) error {
	s.cancels.mu.Lock()
	defer s.cancels.mu.Unlock()
	if cancel := s.cancels.by[p.Token]; cancel != nil {
		cancel()
	}
	return nil
}
