package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A layer is one kind of thing that the compiler tells about a unit. Its results, of
// type T, are immutable.
type layer[T any] interface {
	// name is for keys and messages; no other layer's.
	name() string
	// version changes when the same output of the compiler would lead to other results.
	version() string
	// key names all that a result depends on: mostly session.key, which names what a
	// compile depends on.
	key(*session, *load.Unit) (key, error)
	// compile has the unit compiled, up to the point that the layer needs, and joins what
	// the compiler prints with syntax and types. What is wrong with the unit is a
	// *unitError.
	compile(context.Context, *session, *load.Unit) (T, error)
	encode(T) ([]byte, error)
	decode([]byte) (T, error)
	// shared reports whether the sessions of a workspace hand results to each other.
	shared() bool
	// size tells how much memory a result takes where the results of a large load are
	// too much: those that were not used for longest are then read again from the store.
	// It is 0 where they are small.
	size(T) int
}

// A unitError says why there is no result on a unit. The first error is the one to show.
type unitError struct {
	unit   *load.Unit
	errors []inline.Error
}

func (e *unitError) Error() string {
	msg := "it could not be compiled"
	if len(e.errors) > 0 {
		msg, _, _ = strings.Cut(e.errors[0].Message, "\n")
		if pos := e.errors[0].Pos; pos.IsValid() {
			msg = fmt.Sprintf("%s:%d: %s", pos.File, pos.Line, msg)
		}
	}
	return fmt.Sprintf("package %s has no verdicts: %s", e.unit.Path, msg)
}

// wrongWith returns what is wrong with a unit, if that is what an error says.
func wrongWith(err error) (*unitError, bool) {
	var wrong *unitError
	ok := errors.As(err, &wrong)
	return wrong, ok
}

// An inFlight names a result that is being made, or was.
type inFlight struct {
	layer string
	unit  *load.Unit
}

// resultOf returns a layer's result on a unit: from the session, from another one, from
// the store, or by a compile. It is made at most once in a session, for all who ask.
//
// The error is a *unitError, errGone, ctx's, or says how the machine failed.
func resultOf[T any](ctx context.Context, s *session, l layer[T], u *load.Unit) (T, error) {
	id := inFlight{l.name(), u}
	s.mu.Lock()
	f, ok := s.results[id].(*future[T])
	if !ok {
		f = newFuture[T]()
		s.results[id] = f
	} else {
		s.kept.use(id)
	}
	s.mu.Unlock()
	if !ok {
		f.set(makeResult(ctx, s, l, u))
	}
	return f.get(ctx)
}

// hasResult reports whether a result is to be had without a compile.
func hasResult[T any](s *session, l layer[T], u *load.Unit) bool {
	s.mu.Lock()
	f, ok := s.results[inFlight{l.name(), u}].(*future[T])
	s.mu.Unlock()
	if ok && f.over() {
		return true
	}
	k, err := keyOf(s, l, u)
	return err != nil || s.share.get(k) != nil || s.host.store.has(k)
}

// keyOf returns the key of a layer's result on a unit.
func keyOf[T any](s *session, l layer[T], u *load.Unit) (key, error) {
	k, err := l.key(s, u)
	if err != nil {
		return key{}, err
	}
	return sha256.Sum256(fmt.Appendf(nil, "%s %s %x", l.name(), l.version(), k)), nil
}

// makeResult makes a result that the session has not.
func makeResult[T any](ctx context.Context, s *session, l layer[T], u *load.Unit) (v T, err error) {
	defer func() {
		// A package that takes too long, or on which this program fails, is what is wrong
		// with that package.
		var tooLong *gc.TimeoutError
		var crash *gc.CompilerError
		var bug *panicError
		switch {
		case errors.As(err, &crash):
			s.host.log.Error("the compiler failed", zap.String("package", u.Path), zap.Error(err))
			fallthrough
		case errors.As(err, &tooLong), errors.As(err, &bug):
			err = &unitError{u, []inline.Error{{Message: err.Error()}}}
		}
	}()
	if errs := loadErrors(u); len(errs) > 0 {
		return v, &unitError{u, errs}
	}
	k, err := keyOf(s, l, u)
	if err != nil {
		if s.gone(u) {
			return v, errGone
		}
		return v, &unitError{u, []inline.Error{{Message: err.Error()}}}
	}
	share := s.share
	if !l.shared() {
		share = nil
	}
	if v, ok := share.get(k).(T); ok {
		return v, nil
	}
	if v, ok := stored(s, l, k); ok {
		share.put(k, v)
		s.remember(inFlight{l.name(), u}, l.size(v))
		return v, nil
	}
	v, err = guardedValue(s.host.log, u.ID, func() (T, error) { return l.compile(ctx, s, u) })
	if _, wrong := wrongWith(err); wrong && s.gone(u) {
		return v, errGone
	}
	if edited := s.edited(u); err != nil || edited { // if so, the key may be that of another text
		return v, err
	}
	share.put(k, v)
	s.keepLater(u, func() {
		if keep(s, l, u, k, v) && l.size(v) > 0 {
			s.forget(inFlight{l.name(), u})
		}
	})
	return v, nil
}

// keepLater keeps a result beside what is done with it; what a workspace watches, when
// that was told.
func (s *session) keepLater(u *load.Unit, keep func()) {
	if s.share != nil && u.Root {
		s.host.store.doLater(keep)
		return
	}
	s.ahead.Go(keep)
}

// stored returns the result of a layer that the store has under a key.
func stored[T any](s *session, l layer[T], k key) (v T, ok bool) {
	data, ok := s.host.store.get(k)
	if !ok {
		return v, false
	}
	v, err := l.decode(data)
	if err != nil {
		s.host.log.Warn("a cache entry cannot be read; its package is compiled anew", zap.String("layer", l.name()), zap.Error(err))
		var zero T
		return zero, false
	}
	return v, true
}

// keep keeps a result in the store, unless it rests on text that is not on disk, and
// reports whether it did.
func keep[T any](s *session, l layer[T], u *load.Unit, k key, v T) bool {
	if s.isUnsaved(u) {
		return false
	}
	data, err := l.encode(v)
	if err != nil {
		s.host.log.Error("a result cannot be encoded", zap.String("package", u.Path), zap.String("layer", l.name()), zap.Error(err))
		return false
	}
	return s.host.store.put(k, data)
}

// errGone says that files are missing which the load has named. Another load finds
// them again, or says what is wrong.
var errGone = errors.New("files of the go command's caches were removed meanwhile; try again")

// gone reports whether files are missing that the load has named for a unit: its own,
// or the export data of what it imports, as after "go clean -cache".
func (s *session) gone(u *load.Unit) bool {
	if s.tolerant {
		return false
	}
	missing := func(name string) bool {
		_, err := os.Lstat(name)
		return errors.Is(err, fs.ErrNotExist)
	}
	for _, name := range u.Files {
		if _, ok := s.cfg.Overlay[name]; !ok && missing(name) {
			return true
		}
	}
	for _, d := range u.Closure() {
		if d != u && d.Export != "" && missing(d.Export) {
			return true
		}
	}
	return false
}

// isUnsaved reports whether what is known of a unit rests on text that is not on disk,
// such as what somebody is typing.
func (s *session) isUnsaved(u *load.Unit) bool {
	return len(s.unsaved) > 0 && slices.ContainsFunc(slices.Concat(u.Files, u.GoFiles), func(name string) bool {
		_, ok := s.unsaved[name]
		return ok
	})
}

func loadErrors(u *load.Unit) []inline.Error {
	var errs []inline.Error
	for _, e := range u.Errors {
		if e.Kind == load.CompileError {
			continue // our own compile meets it again
		}
		errs = append(errs, inline.Error{
			Pos:     inline.Position{File: e.File, Line: e.Line, Col: e.Col},
			Message: e.Message,
		})
	}
	return errs
}
