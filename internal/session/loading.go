package session

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// ErrNewLoad ends the work on what the last load found when the packages are
// no longer so.
var ErrNewLoad = errors.New("the packages have changed since the last load")

// A Loading is a load under way, and what the last one of its kind found.
type Loading struct {
	host      *Host
	Config    load.Config
	patterns  []string
	Ctx       context.Context
	env       []string // of the go command
	Toolchain *gc.Toolchain
	kind      Key
	// Tolerant is that of the sessions on it.
	Tolerant bool

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
func Begin(ctx context.Context, h *Host, cfg load.Config, patterns []string) (*Loading, error) {
	env := h.Environ(cfg.Env)
	if _, err := os.Lstat(h.Temp.Dir); err != nil {
		if err := h.Temp.Restore(); err != nil {
			return nil, fmt.Errorf("tried to make the temporary directory again, which somebody has removed: %w", err)
		}
	}
	l := &Loading{host: h, Config: cfg, patterns: patterns, kind: forecastKey(cfg, patterns), Done: make(chan struct{}), fingerprint: make(chan *load.Fingerprint, 1)}
	var err error
	ctx, l.cancel = context.WithCancel(ctx)
	l.Ctx, l.env = ctx, env
	l.Guessed = ctx
	found := NewFuture[*gc.Toolchain]()
	go func() { found.Set(gc.FindToolchain(ctx, cfg.Dir, env)) }()
	l.last, _ = h.Store.Get(foundKey(l.kind))
	if l.recall(found) {
		return l, nil
	}
	if err := load.CheckFiles(cfg, patterns); err != nil {
		l.cancel()
		return nil, err // the go command would never end
	}
	guessed, outdated := context.WithCancelCause(ctx)
	l.Guessed = guessed
	cfg.Forecast = h.Store.lastBuilt(l.kind)
	go func() {
		defer close(l.Done)
		l.Result, l.Err = load.Load(ctx, cfg, patterns...)
		if l.Err != nil {
			outdated(ErrNewLoad)
			return
		}
		h.Store.keepBuilt(l.kind, cfg.Forecast, l.Result.Built)
		l.found = encodeResult(l.Result)
		if !bytes.Equal(l.found, l.last) {
			outdated(ErrNewLoad)
			h.Store.Put(foundKey(l.kind), l.found)
		}
		l.printing.Go(func() { l.fingerprint <- l.Result.Fingerprint() })
	}()
	if l.Toolchain, err = found.Get(ctx); err != nil {
		l.End()
		<-found.Done
		return nil, err
	}
	return l, nil
}

// End ends the load if it is still under way.
func (l *Loading) End() {
	l.cancel()
	<-l.Done
	l.printing.Wait()
}

// Guess returns a session on what the last load found, nil if that is not kept.
func (l *Loading) Guess() *Session {
	if l.last == nil {
		return nil
	}
	var result *load.Result
	var err error
	if l.Recalled {
		result = l.Result
	} else if result, err = decodeResult(l.last, l.Config); err != nil { // l.result belongs to the load
		return nil
	}
	if !l.Recalled && !plausible(result, places(l.Config, l.patterns, l.Toolchain)) {
		return nil
	}
	s, err := l.newSession(result)
	if err != nil {
		return nil
	}
	return s
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

// CheckEnv returns what the go command has against the environment. Its directory for
// temporary files may be removed under its hands, and is then made again.
func (l *Loading) CheckEnv() (err error) {
	for range Retries {
		if err = gc.CheckEnv(l.Ctx, l.Config.Dir, l.env); err == nil {
			return nil
		}
		if _, gone := os.Lstat(l.host.Temp.Dir); gone == nil || l.host.Temp.Restore() != nil {
			return err
		}
	}
	return err
}

// Session waits for the load and returns a session on what it found.
func (l *Loading) Session() (*Session, error) {
	<-l.Done
	if l.Err != nil {
		return nil, l.Err
	}
	// The environment is new, or not as it was.
	if err := l.CheckEnv(); err != nil {
		return nil, err
	}
	return l.newSession(l.Result)
}

// Do has work done on what the last load found, while this one is under way. If that is
// not kept, or not true any more, it is done on what this load finds. It returns what With
// returns. Work that cannot be taken back has to wait until confirmed returns nil.
func (l *Loading) Do(ctx context.Context, work func(ctx context.Context, s *Session, confirmed func(context.Context) error) error) error {
	if s := l.Guess(); s != nil {
		err := work(l.Guessed, s, l.Confirmed)
		s.Close()
		// Whatever went wrong, it counts only if there was nothing wrong with the guess.
		if outdated := l.Confirmed(ctx); !errors.Is(outdated, ErrNewLoad) {
			return l.Ended(s, cmp.Or(err, outdated))
		}
	}
	return l.With(func(s *Session) error {
		return work(ctx, s, func(context.Context) error { return nil })
	})
}

// With has work done on what was loaded, once it is, and returns what a run returns
// that did nothing else.
func (l *Loading) With(work func(*Session) error) error {
	s, err := l.Session()
	if err != nil {
		return err
	}
	err = work(s)
	s.Close()
	return l.Ended(s, err)
}

// Ended returns what a run returns that worked with s and ended with err.
func (l *Loading) Ended(s *Session, err error) error {
	if err == nil {
		l.Remember(s.Hashes.Sums)
	}
	return l.outcome(err)
}

// outcome is what a run returns that ended with err: what the load has to say
// to the user comes last.
func (l *Loading) outcome(err error) error {
	if err != nil {
		return err
	}
	for _, note := range append(slices.Clip(l.Result.FlagNotes), l.Result.Notes...) {
		l.host.Log.Warn(note)
	}
	var failures []error
	for _, f := range l.Result.Failures {
		failures = append(failures, f)
	}
	return errors.Join(failures...)
}

func (l *Loading) newSession(result *load.Result) (*Session, error) {
	return New(l.host, Options{Config: l.Config, Toolchain: l.Toolchain, Loaded: result, Sums: l.Sums, Tolerant: l.Tolerant})
}

// overlay returns the texts that stand for files: what is unsaved, and what the
// user's -overlay replaces and is in a unit. Both are one to the engine.
func overlay(cfg load.Config, loaded *load.Result) (map[string][]byte, error) {
	if len(loaded.Replaced) == 0 {
		return cfg.Overlay, nil
	}
	all := maps.Clone(cfg.Overlay)
	if all == nil {
		all = make(map[string][]byte)
	}
	for _, u := range loaded.Units {
		for _, name := range u.Files {
			file, ok := loaded.Replaced[name]
			if !ok || all[name] != nil {
				continue
			}
			text, err := regular.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading what -overlay puts in the place of %s: %w", name, err)
			}
			all[name] = text
		}
	}
	return all, nil
}
