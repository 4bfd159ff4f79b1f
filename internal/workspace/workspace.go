// Package workspace keeps the packages of open files current: it decides what a change
// makes outdated, has that loaded and compiled, and publishes what is known as a
// Snapshot, immutable and replaced whole.
//
// It knows nothing of the language server protocol.
package workspace

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// Options are how packages are found, built and tested. Configure
// applies all of them at once.
type Options struct {
	Env        []string      // of the go command and the compiler, GOOS and GOARCH included; nil for the process's own
	BuildFlags []string      // as in load.Config
	Tests      bool          // also the units of _test.go files that are open
	Jobs       int           // units that are worked on at once; 0 for the engine's
	Timeout    time.Duration // of a package's load, and of its compile; 0 for 5 minutes
}

const defaultTimeout = 5 * time.Minute

func (o Options) withDefaults(jobs int) Options {
	if o.Jobs <= 0 {
		o.Jobs = jobs
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	return o
}

// A Workspace keeps the packages of open files current: it loads and compiles
// what a change makes outdated, and publishes what is known as a Snapshot.
//
// Changes are made one at a time, by one goroutine; it also publishes. The work
// itself, a run for each unit, is done in goroutines of its own, on copies of what
// the run needs.
//
// Its methods may be called from several goroutines, and none but Wait and
// Close waits for work. Names of files are absolute and cleaned.
type Workspace struct {
	host     *session.Host
	log      *zap.Logger
	publish  func(*Snapshot)
	snapshot atomic.Pointer[Snapshot]
	edits    atomic.Pointer[map[string][]byte] // unsaved texts by file; each map is immutable

	costs     costTable
	advice    adviceTable
	disk      disk
	baselines baselines

	mu     sync.Mutex
	queue  []func() // changes to be made, in order
	closed bool
	wake   chan struct{} // holds one signal: there is something to do
	done   chan struct{} // closed when the goroutine has ended

	// What follows belongs to the goroutine.

	options  Options
	cpu      *semaphore.Weighted // compiles and type checks at once, in all runs together
	shared   *session.SharedResults
	dirs     map[string]*directory // by key
	keys     map[string]string     // the directory's key of each open file
	seen     map[string]textState  // of files that have changed, by name
	appeared int                   // changes of files so far
	runs     sync.WaitGroup
	noticers []chan struct{} // closed when the changes so far are in the snapshot
	waiters  []chan struct{} // closed when nothing is left to do
	outdated bool            // the snapshot is not what is known
	// looking says that changes on disk are looked for, lookAgain that there was a save
	// since.
	looking, lookAgain bool
	noting             atomic.Int32 // loads whose files are being noted
}

// errClosed is what waiting for a closed workspace returns.
var errClosed = errors.New("the workspace is closed")

// New returns a workspace without open files. Publish gets each new
// Snapshot, from one goroutine. The workspace must be closed before the host.
func New(h *session.Host, o Options, publish func(*Snapshot)) *Workspace {
	w := &Workspace{
		host: h, log: h.Log, publish: publish,
		wake: make(chan struct{}, 1), done: make(chan struct{}),
		dirs: make(map[string]*directory), keys: make(map[string]string), seen: make(map[string]textState),
	}
	w.snapshot.Store(&Snapshot{Files: map[string]*File{}})
	w.edits.Store(&map[string][]byte{})
	w.apply(o)
	go w.loop()
	return w
}

// apply takes over options, before anything is done with them.
func (w *Workspace) apply(o Options) {
	w.options = o.withDefaults(w.host.Jobs)
	w.cpu = semaphore.NewWeighted(int64(w.options.Jobs))
	w.shared = session.NewSharedResults()
}

// Open says that a file's verdicts are wanted from now on.
func (w *Workspace) Open(file string) {
	w.do(func() { w.open(file) })
}

// Forget says that a file's verdicts are no longer wanted: its document was closed.
func (w *Workspace) Forget(file string) {
	w.do(func() { w.forget(file) })
}

// Changed says that files were saved, or have changed, come into being or gone
// on disk: Go files, go.mod, go.sum, go.work, *.s, default.pgo, directories. It
// may name files that have not changed.
func (w *Workspace) Changed(files ...string) {
	w.do(func() {
		for _, file := range files {
			w.changed(file)
		}
	})
}

// Edit has a Go file's unsaved text compiled in the place of what is on disk. With
// nil the file on disk counts again.
func (w *Workspace) Edit(file string, text []byte) {
	if !load.IsGo(file) {
		return
	}
	text = bytes.Clone(text)
	w.do(func() {
		edits := maps.Clone(*w.edits.Load())
		if text != nil {
			edits[file] = text
		} else {
			delete(edits, file)
		}
		w.edits.Store(&edits)
		w.changed(file)
	})
}

// Configure changes the options; everything is worked out again.
func (w *Workspace) Configure(o Options) {
	w.do(func() { w.configure(o) })
}

// Snapshot returns what is known now, never nil.
func (w *Workspace) Snapshot() *Snapshot { return w.snapshot.Load() }

// Notice waits until a snapshot is published that knows of all changes so far: the
// packages that they make outdated are compiling there. It waits for no work.
func (w *Workspace) Notice(ctx context.Context) error {
	return w.await(ctx, &w.noticers)
}

// Wait waits until nothing is under way or pending, and all that is known is
// published.
func (w *Workspace) Wait(ctx context.Context) error {
	return w.await(ctx, &w.waiters)
}

// await waits as one of a list that belongs to the goroutine.
func (w *Workspace) await(ctx context.Context, list *[]chan struct{}) error {
	c := make(chan struct{})
	w.do(func() { *list = append(*list, c) })
	select {
	case <-c:
		return nil
	case <-w.done:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close stops everything that is under way and waits for its end. Nothing is
// published afterwards.
func (w *Workspace) Close() error {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	w.signal()
	<-w.done
	return nil
}

// do has the goroutine make a change.
func (w *Workspace) do(change func()) {
	w.mu.Lock()
	if !w.closed {
		w.queue = append(w.queue, change)
	}
	w.mu.Unlock()
	w.signal()
}

func (w *Workspace) signal() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

func (w *Workspace) loop() {
	defer close(w.done)
	for range w.wake {
		w.mu.Lock()
		changes, closed := w.queue, w.closed
		w.queue = nil
		w.mu.Unlock()
		if closed {
			break
		}
		for _, change := range changes {
			change()
		}
		w.schedule()
		w.publishChanges()
		w.pruneCosts()
		release(&w.noticers)
		if w.idle() {
			release(&w.waiters)
		}
	}
	for _, d := range w.dirs {
		for _, v := range d.views {
			v.stopRun()
		}
	}
	w.costs.stopAll()
	w.advice.stopAll()
	w.runs.Wait()
}

// release lets all go on that wait in a list.
func release(list *[]chan struct{}) {
	for _, c := range *list {
		close(c)
	}
	*list = nil
}

// idle reports whether nothing is under way or pending.
func (w *Workspace) idle() bool {
	if w.looking || w.noting.Load() > 0 {
		return false // what is found may have to be compiled
	}
	for _, d := range w.dirs {
		for _, v := range d.views {
			if v.state != stateIdle {
				return false
			}
		}
	}
	return true
}

// configure applies options to all that is open.
func (w *Workspace) configure(o Options) {
	w.apply(o)
	files := maps.Clone(w.keys)
	for file := range files {
		w.forget(file)
	}
	clear(w.seen)
	for file := range files {
		w.open(file)
	}
}

// open gives a file to the directory whose packages it may belong to.
func (w *Workspace) open(file string) {
	if _, ok := w.keys[file]; ok {
		return
	}
	key, script := w.keyOf(file)
	d := w.dirs[key]
	if d == nil {
		d = newDirectory(key, filepath.Dir(file), script)
		w.dirs[key] = d
	}
	w.keys[file] = key
	d.open[file] = true
	w.assign(d, file)
	w.outdated = true
}

// forget takes a file out again, and what is kept for nothing else.
func (w *Workspace) forget(file string) {
	key, ok := w.keys[file]
	if !ok {
		return
	}
	delete(w.keys, file)
	d := w.dirs[key]
	delete(d.open, file)
	delete(d.notes, file)
	delete(d.outlines, file)
	d.changed = true
	for _, v := range d.views {
		delete(v.open, file)
		w.drop(d, v)
	}
	if len(d.open) == 0 {
		delete(w.dirs, key)
	}
	w.outdated = true
}
