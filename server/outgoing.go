package server

import (
	"context"
	"reflect"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// roundPause is how long what follows from edits is put off after a round.
const roundPause = 100 * time.Millisecond

// outgoing sends what the client did not ask for. Whoever changes something says
// so and goes on; a goroutine compares what is with what the client was told,
// and tells it the difference.
type outgoing struct {
	server *server

	soon  chan struct{} // something changed: verdicts, settings, the set of documents
	later chan struct{} // a text changed, which may go on for a while

	mu       sync.Mutex
	messages []*protocol.ShowMessageParams // to be shown

	hints, lenses refresher
	progress      progress

	// sent is what the client knows, and belongs to the goroutine that tells it.
	sent struct {
		settings  *settings.Settings       // nil for nothing yet
		documents map[string]*sentDocument // by path
		status    handlers.StatusParams
	}
}

// sentDocument is what a client was told of one document.
type sentDocument struct {
	document    *document
	file        *workspace.File
	diagnostics []protocol.Diagnostic
}

// start starts the goroutines.
func (o *outgoing) start() {
	s := o.server
	o.soon, o.later = make(chan struct{}, 1), make(chan struct{}, 1)
	o.sent.documents = map[string]*sentDocument{}
	o.hints.start(s, protocol.MethodWorkspaceInlayHintRefresh)
	o.lenses.start(s, protocol.MethodWorkspaceCodeLensRefresh)
	o.progress.start(s)
	s.background.Go(o.run)
}

// changed says that verdicts, settings or the set of documents changed.
func (o *outgoing) changed() { signal(o.soon) }

// textChanged says that a text changed.
func (o *outgoing) textChanged() { signal(o.later) }

// refreshHints has the client ask for hints again, if it can be told to.
func (o *outgoing) refreshHints() {
	if o.server.client.refreshHints {
		o.hints.ask()
	}
}

// signal makes c ready, if it is not.
func signal(c chan<- struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// message has a message shown, as one line: it may have text of a repository in it.
func (o *outgoing) message(kind protocol.MessageType, text string) {
	text = string(words.AppendPlain(nil, text))
	o.mu.Lock()
	o.messages = append(o.messages, &protocol.ShowMessageParams{Type: kind, Message: text})
	o.mu.Unlock()
	o.changed()
}

// run tells the client what changed until nothing more shall be sent.
func (o *outgoing) run() {
	var pause <-chan time.Time
	for {
		later := o.later
		if pause != nil {
			later = nil
		}
		select {
		case <-o.server.ctx.Done():
			return
		case <-pause:
			pause = nil
			continue
		case <-o.soon:
		case <-later:
		}
		o.round()
		pause = time.After(roundPause)
	}
}

// round compares what is with what the client was told, and tells the rest.
func (o *outgoing) round() {
	o.mu.Lock()
	messages := o.messages
	o.messages = nil
	o.mu.Unlock()
	for _, m := range messages {
		o.server.notify(protocol.MethodWindowShowMessage, m)
	}
	told := &o.sent
	verdicts, current := o.server.verdicts.Load(), o.server.configuration.settings()
	was := told.settings
	if was == nil {
		was = &current
	}
	hints := !reflect.DeepEqual(was.Hints, current.Hints)
	lenses := !reflect.DeepEqual(was.Lenses, current.Lenses)
	diagnostics := !reflect.DeepEqual(was.Diagnostics, current.Diagnostics)
	told.settings = &current

	open := o.server.documents.all()
	paths := make(map[string]bool, len(open))
	for _, d := range open {
		paths[d.path] = true
		known := told.documents[d.path]
		if known != nil && known.document.opening != d.opening {
			// Closed and opened again: the client may have forgotten what it had.
			o.publish(known.document, known, nil)
			known = nil
		}
		if known == nil {
			known = &sentDocument{}
			told.documents[d.path] = known
		}
		file := verdicts.files[d.path]
		news := known.file != file
		hints, lenses = hints || news, lenses || news
		if news || diagnostics || known.document != d {
			o.diagnose(known, d, verdicts)
		}
		known.document, known.file = d, file
	}
	for path, known := range told.documents {
		if !paths[path] {
			delete(told.documents, path)
			o.publish(known.document, known, nil)
		}
	}
	if hints {
		o.refreshHints()
	}
	if lenses && o.server.client.refreshLenses {
		o.lenses.ask()
	}
	o.progress.update(verdicts.snapshot)
	o.status(verdicts, open)
}

// diagnose sends the document's diagnostics, if they are not those that the
// client has.
func (o *outgoing) diagnose(known *sentDocument, d *document, verdicts *verdicts) {
	var list []protocol.Diagnostic
	if v := o.server.view(d, verdicts); v != nil {
		list = handlers.Diagnostics(v)
	}
	o.publish(d, known, list)
}

// publish sends a list of diagnostics that is not what the client has.
func (o *outgoing) publish(d *document, known *sentDocument, list []protocol.Diagnostic) {
	if !o.server.client.diagnostics || len(list) == 0 && len(known.diagnostics) == 0 || reflect.DeepEqual(list, known.diagnostics) {
		return
	}
	known.diagnostics = list
	params := &protocol.PublishDiagnosticsParams{URI: d.uri, Diagnostics: list}
	if o.server.client.versions {
		params.Version = protocol.NewOptional(d.version)
	}
	o.server.notify(protocol.MethodTextDocumentPublishDiagnostics, params)
}

// status sends the state of the packages, if it is not what the client knows.
func (o *outgoing) status(verdicts *verdicts, open []*document) {
	if !o.server.client.status {
		return
	}
	now := handlers.Status(verdicts.snapshot, o.sent.settings.Hints, verdicts.editedDirs(open), o.server.mapper, o.server.client.encoding)
	if !reflect.DeepEqual(now, o.sent.status) {
		o.sent.status = now
		o.server.notify(handlers.MethodStatus, &now)
	}
}

// A refresher asks the client to ask again for what it shows: one request at a
// time, and one more if there was reason while it was under way.
type refresher struct{ due chan struct{} }

func (r *refresher) start(s *server, method string) {
	r.due = make(chan struct{}, 1)
	s.background.Go(func() {
		for {
			select {
			case <-s.ctx.Done():
				return
			case <-r.due:
			}
			ctx, cancel := context.WithTimeout(s.ctx, clientTimeout)
			if err := protocol.Call(ctx, s.conn, method, nil, nil); err != nil {
				s.log.Debug("not refreshed", zap.String("method", method), zap.Error(err))
			}
			cancel()
		}
	})
}

// ask has the client asked.
func (r *refresher) ask() { signal(r.due) }
