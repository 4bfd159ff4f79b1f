package server

import (
	"context"
	"os"
	"reflect"
	"slices"
	"sync"
	"time"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// work tells the engine what to keep current. Until start it tells nothing, and
// makes no engine: a client may decide until then that the workspace is not to
// be trusted.
type work struct {
	server  *server
	started chan struct{} // closed when start has been tried
	ending  sync.Once
	ended   chan struct{} // closed when all work has ended after close

	mu        sync.Mutex
	engine    *engine.Engine
	workspace *workspace.Workspace // nil before start and after close
	closed    bool
	options   workspace.Options
	typing    bool                   // unsaved text is compiled
	delay     time.Duration          // after a change of the text, before it is
	timers    map[string]*time.Timer // of those delays, by path
	unsaved   map[string]bool        // paths whose unsaved text the engine has
}

// start makes the engine and has it look at the open documents.
func (w *work) start() {
	defer close(w.started)
	options := w.server.options.Engine
	if options.Log == nil {
		options.Log = w.server.log
	}
	e, err := engine.New(options) // slow where a disk is; messages must not wait for it
	if err != nil {
		w.server.log.Error("no engine", zap.Error(err))
		w.server.outgoing.message(protocol.MessageTypeError, "inlinelens cannot start: "+err.Error())
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		if err := e.Close(); err != nil {
			w.server.log.Warn("closing the engine", zap.Error(err))
		}
		return
	}
	current := w.server.configuration.settings()
	w.engine = e
	w.options = workspaceOptions(current)
	w.typing, w.delay = current.Trigger == settings.TriggerType, current.Delay
	w.timers, w.unsaved = map[string]*time.Timer{}, map[string]bool{}
	w.workspace = e.NewWorkspace(w.options, w.server.publish)
	for _, d := range w.server.documents.all() {
		w.watch(d)
	}
}

// open takes a document that was opened.
func (w *work) open(d *document) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace != nil {
		w.watch(d)
	}
}

// watch has the engine look at a document from now on. Its text may be unsaved
// from the beginning: editors keep such text over a restart.
func (w *work) watch(d *document) {
	w.workspace.Open(d.path)
	if w.typing {
		w.postpone(d.path)
	}
}

// textChanged takes a document whose text was changed.
func (w *work) textChanged(d *document) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace != nil && w.typing {
		w.postpone(d.path)
	}
}

// saved takes a document that was saved.
func (w *work) saved(d *document) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace == nil {
		return
	}
	w.useDisk(d.path)
	w.workspace.Saved(d.path)
}

// forget takes a document that was closed.
func (w *work) forget(d *document) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace == nil {
		return
	}
	w.useDisk(d.path)
	w.workspace.Forget(d.path)
}

// changed takes files and directories that have changed on disk.
func (w *work) changed(paths []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace != nil && len(paths) > 0 {
		w.workspace.Changed(paths...)
	}
}

// postpone has the document's text compiled after the delay, counted from now.
func (w *work) postpone(path string) {
	if t := w.timers[path]; t != nil {
		t.Reset(w.delay)
		return
	}
	w.timers[path] = time.AfterFunc(w.delay, func() { w.compile(path) })
}

// compile has the document's text, as it is now, compiled in place of the file, if
// that was postponed.
func (w *work) compile(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	t := w.timers[path]
	if w.workspace == nil || t == nil {
		return
	}
	t.Stop()
	delete(w.timers, path)
	d := w.server.documents.get(path)
	if d == nil || d.lost {
		return
	}
	w.unsaved[path] = true
	w.workspace.Edit(path, d.text)
}

// notice waits until the verdicts say what is being compiled because of all that the
// client has told so far. A text that is to be compiled after a pause of typing is
// compiled at once: somebody waits for it.
func (w *work) notice(ctx context.Context, path string) error {
	select {
	case <-w.started:
	case <-w.server.ctx.Done():
		return errNoWork
	case <-ctx.Done():
		return ctx.Err()
	}
	w.compile(path)
	workspace := w.current()
	if workspace == nil {
		return errNoWork
	}
	return workspace.Notice(ctx)
}

// useDisk makes the file on disk count again in place of the document's text.
func (w *work) useDisk(path string) {
	if t := w.timers[path]; t != nil {
		t.Stop()
		delete(w.timers, path)
	}
	if w.unsaved[path] {
		delete(w.unsaved, path)
		w.workspace.Edit(path, nil)
	}
}

// configure applies settings.
func (w *work) configure(to settings.Settings) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace == nil {
		return
	}
	typing := to.Trigger == settings.TriggerType
	w.delay = to.Delay
	if typing != w.typing {
		w.typing = typing
		for _, d := range w.server.documents.all() {
			if typing {
				w.postpone(d.path)
			} else {
				w.useDisk(d.path)
			}
		}
	}
	if o := workspaceOptions(to); !reflect.DeepEqual(o, w.options) {
		w.options = o
		w.workspace.Configure(o)
	}
}

// recompile has everything worked out again.
func (w *work) recompile() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.workspace != nil {
		w.workspace.Configure(w.options)
	}
}

// stop stops all work and removes what the engine keeps for a session. Of work
// that does not stop in time it says so, and leaves it; it has begun to stop, and
// its processes are killed.
func (w *work) stop() error {
	w.ending.Do(func() { go w.end() })
	select {
	case <-w.ended:
		return nil
	case <-time.After(workTimeout):
		return errStuck
	}
}

// end does what close begins.
func (w *work) end() {
	defer close(w.ended)
	w.mu.Lock()
	workspace, e := w.workspace, w.engine
	w.workspace, w.engine, w.closed = nil, nil, true
	for _, t := range w.timers {
		t.Stop()
	}
	w.mu.Unlock()
	if e == nil {
		return
	}
	if c := &w.server.configuration; c.last.Load() != nil {
		e.Remember(c.presetKey(), *c.last.Load()) // perhaps it was chosen a moment ago
	}
	if err := workspace.Close(); err != nil {
		w.server.log.Warn("stopping the work", zap.Error(err))
	}
	if err := e.Close(); err != nil {
		w.server.log.Warn("closing the engine", zap.Error(err))
	}
}

// workspaceOptions are what settings say of how packages are built.
func workspaceOptions(s settings.Settings) workspace.Options {
	o := workspace.Options{BuildFlags: s.BuildFlags(), Tests: s.Tests, Jobs: s.Concurrency, Timeout: s.Timeout}
	if env := os.Environ(); !slices.Equal(env, s.Environ(env)) {
		o.Env = s.Environ(env)
	}
	return o
}
