package engine

import (
	"context"
	"sync/atomic"
	"time"
)

// WorkspaceOptions are how packages are found, built and tested. Configure
// applies all of them at once.
type WorkspaceOptions struct {
	Env        []string      // of the go command and the compiler, GOOS and GOARCH included; nil for the process's own
	BuildFlags []string      // as in load.Config
	Tests      bool          // also the units of _test.go files that are open
	Jobs       int           // units that are worked on at once; 0 for GOMAXPROCS
	Timeout    time.Duration // of a package's load, and of its compile; 0 for 5 minutes
}

// A Workspace keeps the packages of open files current: it loads and compiles
// what a change makes outdated, and publishes what is known as a Snapshot.
//
// Its methods may be called from several goroutines, and none but Wait and
// Close waits for work. Names of files are absolute and cleaned.
type Workspace struct {
	snapshot atomic.Pointer[Snapshot]
}

// NewWorkspace returns a workspace without open files. Publish gets each new
// Snapshot, from one goroutine.
func (e *Engine) NewWorkspace(o WorkspaceOptions, publish func(*Snapshot)) *Workspace {
	w := &Workspace{}
	w.snapshot.Store(&Snapshot{Files: map[string]*File{}})
	return w
}

// Open says that a file's verdicts are wanted from now on.
func (w *Workspace) Open(file string) {}

// Forget says that a file's verdicts are no longer wanted: its document was closed.
func (w *Workspace) Forget(file string) {}

// Changed says that files were saved, or have changed, come into being or gone
// on disk: Go files, go.mod, go.sum, go.work, *.s, default.pgo, directories. It
// may name files that have not changed.
func (w *Workspace) Changed(files ...string) {}

// Edit has a file's unsaved text compiled in the place of what is on disk. With
// nil the file on disk counts again.
func (w *Workspace) Edit(file string, text []byte) {}

// Configure changes the options; everything is worked out anew.
func (w *Workspace) Configure(o WorkspaceOptions) {}

// Snapshot returns what is known now, never nil.
func (w *Workspace) Snapshot() *Snapshot { return w.snapshot.Load() }

// Wait waits until nothing is under way or pending.
func (w *Workspace) Wait(ctx context.Context) error { return ctx.Err() }

// Close stops everything that is under way and waits for its end.
func (w *Workspace) Close() error { return nil }
