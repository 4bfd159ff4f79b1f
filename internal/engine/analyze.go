package engine

import (
	"context"
	"errors"
	"slices"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// analyze finds a unit's own part: in the cache, or by compiling it. The error
// means that ctx is done or that the machine failed; what is wrong with the
// unit is in the result.
func (s *session) analyze(ctx context.Context, u *load.Unit) (*localResult, error) {
	if errs := loadErrors(u); len(errs) > 0 {
		return &localResult{errors: errs, missing: missing(u, errs)}, nil
	}
	key, err := s.key(u)
	if err != nil {
		if s.gone(u) {
			return nil, errGone
		}
		errs := []inline.Error{{Message: err.Error()}}
		return &localResult{errors: errs, missing: missing(u, errs)}, nil
	}
	if l, ok := s.engine.store.local(key); ok {
		s.remember(u, l)
		return &localResult{linkable: resolve.NewLinkable(l)}, nil
	}
	compiled := func() {}
	if u.Root {
		compiled = s.lookAhead(u)
	}
	l, errs, err := s.compile(ctx, u)
	compiled()
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		if s.gone(u) {
			return nil, errGone
		}
		s.edited(u) // if so, they may be another text's
		return &localResult{errors: errs, missing: missing(u, errs)}, nil
	}
	if !s.edited(u) { // else the key may be that of another text
		s.keepLocal(u, key, l)
	}
	return &localResult{linkable: resolve.NewLinkable(l)}, nil
}

// keepLocal keeps a unit's own part, beside what is done with it; what a workspace
// watches, when that was told.
func (s *session) keepLocal(u *load.Unit, k key, l *resolve.Local) {
	if s.isUnsaved(u) {
		return
	}
	if s.share != nil && u.Root {
		s.engine.store.keepLocalLater(k, l)
		return
	}
	s.ahead.Go(func() {
		if s.engine.store.keepLocal(k, l) {
			s.forget(u)
		}
	})
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

// retries is how often a compile is begun again whose temporary files were removed.
const retries = 3

// compile compiles a unit and joins what the compiler says with its syntax.
func (s *session) compile(ctx context.Context, u *load.Unit) (l *resolve.Local, errs []inline.Error, err error) {
	for range retries {
		if l, errs, err = s.compileOnce(ctx, u); !errors.Is(err, gc.ErrTempGone) {
			break
		}
	}
	return l, errs, err
}

func (s *session) compileOnce(ctx context.Context, u *load.Unit) (*resolve.Local, []inline.Error, error) {
	if u.Files == nil { // unsafe, builtin
		return &resolve.Local{Package: *s.broken(u, nil)}, nil, nil
	}
	s.note(u)
	src, err := s.read(u)
	if err != nil {
		return nil, []inline.Error{{Message: err.Error()}}, nil
	}
	share := s.shareOf(src)
	if huge := s.engine.options.Huge; huge != nil && u.Root && src.size() >= hugeSource {
		huge()
	}
	if err := s.cpu.Acquire(ctx, share); err != nil {
		return nil, nil, err
	}
	defer s.cpu.Release(share)

	job, cleanup, err := s.job(u)
	if err != nil {
		return nil, nil, err
	}
	defer cleanup()
	// What the types reach is read until the verdicts are there.
	shared := s.sharesTypes(u)
	src.world = s.checker.imports.acquire(shared)
	release := func() { s.checker.imports.release(src.world, shared) }
	watch, verdicts := s.watched(u), false
	defer func() {
		if watch == nil || !verdicts {
			release()
		}
	}()
	out, probes, err := s.remarks(ctx, u, src, job)
	var crash *gc.CompilerError
	switch {
	case errors.As(err, &crash):
		s.engine.log.Error("the compiler failed", zap.String("package", u.Path), zap.Error(err))
		return nil, []inline.Error{{Message: err.Error()}}, nil
	case err != nil:
		return nil, nil, err
	}
	if len(out.Errors) > 0 {
		return nil, compileErrors(out.Errors), nil
	}
	l := src.calls.Resolve(out.Remarks, probes)
	for _, p := range out.Problems {
		l.Package.Problems = append(l.Package.Problems, inline.Problem{Text: p})
	}
	if out.NumProblems > 0 {
		s.engine.log.Info("lines of the compiler's output were not understood",
			zap.String("package", u.Path), zap.Int("number", out.NumProblems), zap.Strings("lines", out.Problems[:min(len(out.Problems), 3)]))
	}
	if verdicts = true; watch != nil {
		watch.set(&basis{remarks: costRemarks(out.Remarks), src: src, release: release}, nil)
	}
	return l, nil, nil
}

const (
	// largeSource is the size in bytes from which at most one other unit is worked on
	// beside a unit: the types and the syntax of package runtime take 100 MB for a moment.
	largeSource = 2 << 20
	// hugeSource is the size from which they take hundreds of megabytes.
	hugeSource = 4 << 20
)

// shareOf is how much of the machine a unit gets.
func (s *session) shareOf(src *source) int64 {
	switch {
	case src.size() < largeSource:
		return 1
	case s.jobs > 2:
		return s.jobs - 1
	}
	return s.jobs
}

func compileErrors(list []remark.Error) []inline.Error {
	errs := make([]inline.Error, 0, len(list))
	for _, e := range list {
		errs = append(errs, inline.Error{
			Pos:     inline.Position{File: e.File, Line: e.Line, Col: e.Col},
			Message: e.Message,
		})
	}
	return errs
}
