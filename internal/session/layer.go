package session

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

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A Layer is one kind of thing that the compiler tells about a unit. Its results, of
// type T, are immutable.
type Layer[T any] interface {
	// Name is for keys and messages; no other layer's.
	Name() string
	// Version changes when the same output of the compiler would lead to other results.
	Version() string
	// Key names all that a result depends on: mostly Session.Key, which names what a
	// compile depends on.
	Key(*Session, *load.Unit) (Key, error)
	// Compile has the unit compiled, up to the point that the layer needs, and joins what
	// the compiler prints with syntax and types. What is wrong with the unit is a
	// *UnitError.
	Compile(context.Context, *Session, *load.Unit) (T, error)
	Encode(T) ([]byte, error)
	Decode([]byte) (T, error)
	// Shared reports whether the sessions of a workspace hand results to each other.
	Shared() bool
	// Size tells how much memory a result takes where the results of a large load are
	// too much: those that were not used for longest are then read again from the store.
	// It is 0 where they are small.
	Size(T) int
}

// A UnitError says why there is no result on a unit. The first error is the one to show.
type UnitError struct {
	Unit   *load.Unit
	Errors []inline.Error
}

func (e *UnitError) Error() string {
	msg := "it could not be compiled"
	if len(e.Errors) > 0 {
		msg, _, _ = strings.Cut(e.Errors[0].Message, "\n")
		if pos := e.Errors[0].Pos; pos.IsValid() {
			msg = fmt.Sprintf("%s:%d: %s", pos.File, pos.Line, msg)
		}
	}
	return fmt.Sprintf("package %s has no verdicts: %s", e.Unit.Path, msg)
}

// WrongWith returns what is wrong with a unit, if that is what an error says.
func WrongWith(err error) (*UnitError, bool) {
	var wrong *UnitError
	ok := errors.As(err, &wrong)
	return wrong, ok
}

// An inFlight names a result that is being made, or was.
type inFlight struct {
	layer string
	unit  *load.Unit
}

// Result returns a layer's result on a unit: from the session, from another one, from
// the store, or by a compile. It is made at most once in a session, for all who ask.
//
// The error is a *UnitError, ErrGone, ctx's, or says how the machine failed.
func Result[T any](ctx context.Context, s *Session, l Layer[T], u *load.Unit) (T, error) {
	id := inFlight{l.Name(), u}
	s.mu.Lock()
	f, ok := s.results[id].(*future.Future[T])
	if !ok {
		f = future.New[T]()
		s.results[id] = f
	} else {
		s.kept.use(id)
	}
	s.mu.Unlock()
	if !ok {
		f.Set(makeResult(ctx, s, l, u))
	}
	return f.Get(ctx)
}

// HasResult reports whether a result is to be had without a compile.
func HasResult[T any](s *Session, l Layer[T], u *load.Unit) bool {
	s.mu.Lock()
	f, ok := s.results[inFlight{l.Name(), u}].(*future.Future[T])
	s.mu.Unlock()
	if ok && f.Over() {
		return true
	}
	k, err := KeyOf(s, l, u)
	return err != nil || s.Share.get(k) != nil || s.Host.Store.Has(k)
}

// KeyOf returns the key of a layer's result on a unit.
func KeyOf[T any](s *Session, l Layer[T], u *load.Unit) (Key, error) {
	k, err := l.Key(s, u)
	if err != nil {
		return Key{}, err
	}
	return sha256.Sum256(fmt.Appendf(nil, "%s %s %x", l.Name(), l.Version(), k)), nil
}

// makeResult makes a result that the session has not.
func makeResult[T any](ctx context.Context, s *Session, l Layer[T], u *load.Unit) (v T, err error) {
	defer func() {
		// A package that takes too long, or on which this program fails, is what is wrong
		// with that package.
		var tooLong *gc.TimeoutError
		var crash *gc.CompilerError
		var bug *panicError
		switch {
		case errors.As(err, &crash):
			s.Host.Log.Error("the compiler failed", zap.String("package", u.Path), zap.Error(err))
			fallthrough
		case errors.As(err, &tooLong), errors.As(err, &bug):
			err = &UnitError{Unit: u, Errors: []inline.Error{{Message: err.Error()}}}
		}
	}()
	if errs := LoadErrors(u); len(errs) > 0 {
		return v, &UnitError{Unit: u, Errors: errs}
	}
	k, err := KeyOf(s, l, u)
	if err != nil {
		if s.Gone(u) {
			return v, ErrGone
		}
		return v, &UnitError{Unit: u, Errors: []inline.Error{{Message: err.Error()}}}
	}
	share := s.Share
	if !l.Shared() {
		share = nil
	}
	if v, ok := share.get(k).(T); ok {
		return v, nil
	}
	if v, ok := Stored(s, l, k); ok {
		share.put(k, v)
		s.remember(inFlight{l.Name(), u}, l.Size(v))
		return v, nil
	}
	v, err = GuardedValue(s.Host.Log, u.ID, func() (T, error) { return l.Compile(ctx, s, u) })
	if _, wrong := WrongWith(err); wrong && s.Gone(u) {
		return v, ErrGone
	}
	if edited := s.Edited(u); err != nil || edited { // if so, the key may be that of another text
		return v, err
	}
	share.put(k, v)
	s.saveLater(u, func() {
		if Save(s, l, u, k, v) && l.Size(v) > 0 {
			s.forget(inFlight{l.Name(), u})
		}
	})
	return v, nil
}

// saveLater keeps a result beside what is done with it; what a workspace watches, when
// that was told.
func (s *Session) saveLater(u *load.Unit, save func()) {
	if s.Share != nil && u.Root {
		s.Host.Store.Later(save)
		return
	}
	s.ahead.Go(save)
}

// Stored returns the result of a layer that the store has under a key.
func Stored[T any](s *Session, l Layer[T], k Key) (v T, ok bool) {
	data, ok := s.Host.Store.Get(k)
	if !ok {
		return v, false
	}
	v, err := l.Decode(data)
	if err != nil {
		s.Host.Log.Warn("a cache entry cannot be read; its package is compiled again", zap.String("layer", l.Name()), zap.Error(err))
		var zero T
		return zero, false
	}
	return v, true
}

// Save keeps a result in the store, unless it rests on text that is not on disk, and
// reports whether it did.
func Save[T any](s *Session, l Layer[T], u *load.Unit, k Key, v T) bool {
	if s.IsUnsaved(u) {
		return false
	}
	data, err := l.Encode(v)
	if err != nil {
		s.Host.Log.Error("a result cannot be encoded", zap.String("package", u.Path), zap.String("layer", l.Name()), zap.Error(err))
		return false
	}
	return s.Host.Store.Put(k, data)
}

// ErrGone says that files are missing which the load has named. Another load finds
// them again, or says what is wrong.
var ErrGone = errors.New("files of the go command's caches were removed meanwhile; try again")

// Gone reports whether files are missing that the load has named for a unit: its own,
// or the export data of what it imports, as after "go clean -cache".
func (s *Session) Gone(u *load.Unit) bool {
	if s.Tolerant {
		return false
	}
	missing := func(name string) bool {
		_, err := os.Lstat(name)
		return errors.Is(err, fs.ErrNotExist)
	}
	for _, name := range u.Files {
		if _, ok := s.Config.Overlay[name]; !ok && missing(name) {
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

// IsUnsaved reports whether what is known of a unit rests on text that is not on disk,
// such as what somebody is typing.
func (s *Session) IsUnsaved(u *load.Unit) bool {
	return len(s.Unsaved) > 0 && slices.ContainsFunc(slices.Concat(u.Files, u.GoFiles), func(name string) bool {
		_, ok := s.Unsaved[name]
		return ok
	})
}

// LoadErrors returns what a load found wrong with a unit, but for what its compile words.
func LoadErrors(u *load.Unit) []inline.Error {
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
