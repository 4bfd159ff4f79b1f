package session

import (
	"cmp"
	"context"
	"errors"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/loading"
)

// A Loading is a load under way, for sessions on what it finds.
type Loading struct {
	*loading.Loading
	// Tolerant is that of the sessions.
	Tolerant bool

	host *Host
}

// Begin finds the toolchain and begins to load.
func Begin(ctx context.Context, h *Host, cfg load.Config, patterns []string) (*Loading, error) {
	l, err := loading.Begin(ctx, loading.Options{
		Config: cfg, Patterns: patterns, Env: h.Environ(cfg.Env),
		Cache: h.Store, Temp: h.Temp, Log: h.Log,
	})
	if err != nil {
		return nil, err
	}
	return &Loading{Loading: l, host: h}, nil
}

// guess returns a session on what the last load found, nil if that is not kept.
func (l *Loading) guess() *Session {
	result := l.Guess()
	if result == nil {
		return nil
	}
	s, err := l.newSession(result)
	if err != nil {
		return nil
	}
	return s
}

// Session waits for the load and returns a session on what it found.
func (l *Loading) Session() (*Session, error) {
	result, err := l.Wait()
	if err != nil {
		return nil, err
	}
	return l.newSession(result)
}

func (l *Loading) newSession(result *load.Result) (*Session, error) {
	return New(l.host, Options{Config: l.Config, Toolchain: l.Toolchain, Loaded: result, Sums: l.Sums, Tolerant: l.Tolerant})
}

// Do has work done on what the last load found, while this one is under way. If that is
// not kept, or not true any more, it is done on what this load finds. It returns what With
// returns. Work that cannot be taken back has to wait until confirmed returns nil.
func (l *Loading) Do(ctx context.Context, work func(ctx context.Context, s *Session, confirmed func(context.Context) error) error) error {
	if s := l.guess(); s != nil {
		err := work(l.Guessed, s, l.Confirmed)
		s.Close()
		// Whatever went wrong, it counts only if there was nothing wrong with the guess.
		if outdated := l.Confirmed(ctx); !errors.Is(outdated, loading.ErrNewLoad) {
			return l.Finish(s, cmp.Or(err, outdated))
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
	return l.Finish(s, err)
}

// Finish returns what a run returns that worked with s and ended with err.
func (l *Loading) Finish(s *Session, err error) error {
	if err == nil {
		l.Remember(s.Hashes.Sums)
	}
	return l.Outcome(err)
}
