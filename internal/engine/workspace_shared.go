package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"runtime/debug"
	"sync"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// sharedLocals are results that the runs of a workspace take over from each
// other: those of dependencies, and of units that have not changed.
type sharedLocals struct {
	mu     sync.Mutex
	locals map[key]*localResult
	limit  int // how many are worth looking for those that nobody needs
}

func newSharedLocals() *sharedLocals { return &sharedLocals{locals: make(map[key]*localResult)} }

func (s *sharedLocals) get(k key) *localResult {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.locals[k]
}

func (s *sharedLocals) put(k key, r *localResult) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.locals[k] = r
}

// full reports whether so many have come in since the last prune that another one
// is due.
func (s *sharedLocals) full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.locals) > s.limit
}

// prune drops all but the live ones.
func (s *sharedLocals) prune(live map[key]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.locals, func(k key, _ *localResult) bool { return !live[k] })
	s.limit = len(s.locals) + 16
}

// A share is a session's part in the shared results.
type share struct {
	all *sharedLocals

	mu   sync.Mutex
	used map[key]bool
}

// keys returns the shared results that the session has made use of.
func (s *share) keys() map[key]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.used)
}

// analyzeShared is analyze with what other runs have found.
func (s *session) analyzeShared(ctx context.Context, u *load.Unit) (*localResult, error) {
	if s.share == nil || len(loadErrors(u)) > 0 {
		return s.analyze(ctx, u)
	}
	k, err := s.key(u)
	if err != nil {
		return s.analyzeGuarded(ctx, u) // which says what is wrong
	}
	r := s.share.all.get(k)
	if r == nil {
		if r, err = s.analyzeGuarded(ctx, u); err != nil || r.linkable == nil || s.edited(u) {
			return r, err
		}
		s.share.all.put(k, r)
	}
	s.share.mu.Lock()
	s.share.used[k] = true
	s.share.mu.Unlock()
	return r, nil
}

// analyzeGuarded is analyze for a program that goes on whatever happens: a
// panic, or a package that takes too long, is what is wrong with that package.
func (s *session) analyzeGuarded(ctx context.Context, u *load.Unit) (r *localResult, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(s.engine.log, u.ID, p)
		}
		var tooLong *gc.TimeoutError
		var bug *panicError
		if errors.As(err, &tooLong) || errors.As(err, &bug) {
			errs := []inline.Error{{Message: err.Error()}}
			r, err = &localResult{errors: errs, missing: missing(u, errs)}, nil
		}
	}()
	return s.analyze(ctx, u)
}

// A panicError stands for a panic: a bug of this program.
type panicError struct {
	what  string // what was worked on
	value any
}

func (e *panicError) Error() string {
	return fmt.Sprintf("inlinelens failed on %s, which is a bug in it: %v; its log has the details", e.what, e.value)
}

// panicked logs a panic, and returns the error that stands for it.
func panicked(log *zap.Logger, what string, value any) error {
	log.Error("panic", zap.String("on", what), zap.Any("value", value), zap.ByteString("stack", debug.Stack()))
	return &panicError{what, value}
}
