// Package loading remembers loads: while internal/load is at work, what it found the last
// time is mostly true still, and while nothing has changed it need not work at all.
//
// It has no part in what is done with the packages that were loaded.
package loading

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/store"
)

// ErrNewLoad ends the work on what the last load found when the packages are
// no longer so.
var ErrNewLoad = errors.New("the packages have changed since the last load")

// Options say what is loaded, and with what.
type Options struct {
	Config   load.Config
	Patterns []string
	Env      []string     // in which the go command says of its toolchain
	Cache    *store.Cache // for what is kept of loads
	Temp     *gc.Temp     // which is made again if somebody has removed it
	Log      *zap.Logger
}

// A Loading is a load under way, and what the last one of its kind found.
type Loading struct {
	Options
	Ctx       context.Context // ends with the load
	Toolchain *gc.Toolchain
	kind      store.Key

	cancel context.CancelFunc
	Done   chan struct{} // closed when result and err are set
	Result *load.Result
	Err    error

	last    []byte          // what the last load found, encoded; nil if that is not kept
	Guessed context.Context // ends when the load does not confirm it

	Recalled    bool                   // there is no load: what the last one found is surely true
	Sums        map[string]string      // of files that have not changed since
	found       []byte                 // what this load found, encoded
	fingerprint chan *load.Fingerprint // of it
	printing    sync.WaitGroup
}

// Begin finds the toolchain and begins to load.
func Begin(ctx context.Context, o Options) (*Loading, error) {
	if _, err := os.Lstat(o.Temp.Dir); err != nil {
		if err := o.Temp.Restore(); err != nil {
			return nil, fmt.Errorf("tried to make the temporary directory again, which somebody has removed: %w", err)
		}
	}
	l := &Loading{Options: o, kind: kindOf(o.Config, o.Patterns), Done: make(chan struct{}), fingerprint: make(chan *load.Fingerprint, 1)}
	l.Ctx, l.cancel = context.WithCancel(ctx)
	l.Guessed = l.Ctx
	toolchain := future.New[*gc.Toolchain]()
	go func() { toolchain.Set(gc.FindToolchain(l.Ctx, o.Config.Dir, o.Env)) }()
	l.last, _ = o.Cache.Get(resultKey(l.kind))
	if l.recall(toolchain) {
		return l, nil
	}
	if err := load.CheckFiles(o.Config, o.Patterns); err != nil {
		l.cancel()
		return nil, err // the go command would never end
	}
	l.begin()
	var err error
	if l.Toolchain, err = toolchain.Get(l.Ctx); err != nil {
		l.End()
		<-toolchain.Done
		return nil, err
	}
	return l, nil
}

// begin begins to load, and keeps what the load finds.
func (l *Loading) begin() {
	guessed, outdated := context.WithCancelCause(l.Ctx)
	l.Guessed = guessed
	cfg := l.Config
	cfg.ExpectedBuild = lastBuilt(l.Cache, l.kind)
	go func() {
		defer close(l.Done)
		l.Result, l.Err = load.Load(l.Ctx, cfg, l.Patterns...)
		if l.Err != nil {
			outdated(ErrNewLoad)
			return
		}
		keepBuilt(l.Cache, l.kind, cfg.ExpectedBuild, l.Result.Built)
		l.found = encodeResult(l.Result)
		if !bytes.Equal(l.found, l.last) {
			outdated(ErrNewLoad)
			l.Cache.Put(resultKey(l.kind), l.found)
		}
		l.printing.Go(func() { l.fingerprint <- l.Result.Fingerprint() })
	}()
}

// End ends the load if it is still under way.
func (l *Loading) End() {
	l.cancel()
	<-l.Done
	l.printing.Wait()
}

// Guess returns what the last load found; nil if that is not kept.
func (l *Loading) Guess() *load.Result {
	if l.last == nil {
		return nil
	}
	if l.Recalled {
		return l.Result
	}
	result, err := decodeResult(l.last, l.Config) // l.Result belongs to the load
	if err != nil || !plausible(result, places(l.Config, l.Patterns, l.Toolchain)) {
		return nil
	}
	return result
}

// Confirmed waits for the load, and returns nil if it found what the last one did.
func (l *Loading) Confirmed(ctx context.Context) error {
	select {
	case <-l.Done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return context.Cause(l.Guessed)
}

// checks is how often the environment is checked again when the temporary directory has
// been removed.
const checks = 3

// CheckEnv returns what the go command has against the environment. Its directory for
// temporary files may be removed under its hands, and is then made again.
func (l *Loading) CheckEnv() (err error) {
	for range checks {
		if err = gc.CheckEnv(l.Ctx, l.Config.Dir, l.Env); err == nil {
			return nil
		}
		if _, gone := os.Lstat(l.Temp.Dir); gone == nil || l.Temp.Restore() != nil {
			return err
		}
	}
	return err
}

// Wait waits for the load.
func (l *Loading) Wait() (*load.Result, error) {
	<-l.Done
	if l.Err != nil {
		return nil, l.Err
	}
	if l.Recalled {
		return l.Result, nil
	}
	// The environment is new, or not as it was.
	return l.Result, l.CheckEnv()
}

// Outcome is what work on the load returns that ended with err: what the load has to say
// to the user comes last.
func (l *Loading) Outcome(err error) error {
	if err != nil {
		return err
	}
	for _, note := range append(slices.Clip(l.Result.FlagNotes), l.Result.Notes...) {
		l.Log.Warn(note)
	}
	var failures []error
	for _, f := range l.Result.Failures {
		failures = append(failures, f)
	}
	return errors.Join(failures...)
}
