package engine

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// inlining is the layer of a unit's own verdicts: what follows from its own compile,
// and can be linked with what the compiles of other units told.
type inliningLayer struct{}

var inlining inliningLayer

func (inliningLayer) name() string                               { return "inlining" }
func (inliningLayer) version() string                            { return "12" }
func (inliningLayer) key(s *session, u *load.Unit) (key, error)  { return s.key(u) }
func (inliningLayer) encode(k *resolve.Linkable) ([]byte, error) { return encodeLocal(k.Local) }
func (inliningLayer) shared() bool                               { return true }
func (inliningLayer) size(k *resolve.Linkable) int {
	return len(k.Sites) + len(k.Package.Functions) + len(k.Foreign)
}

func (inliningLayer) decode(data []byte) (*resolve.Linkable, error) {
	l, err := decodeLocal(data)
	if err != nil {
		return nil, err
	}
	return resolve.NewLinkable(l), nil
}

func (inliningLayer) compile(ctx context.Context, s *session, u *load.Unit) (*resolve.Linkable, error) {
	compiled := func() {}
	if u.Root {
		compiled = s.lookAhead(u)
	}
	defer compiled()
	return s.compile(ctx, u)
}

// retries is how often a compile is begun again whose temporary files were removed.
const retries = 3

// compile compiles a unit and joins what the compiler says with its syntax.
func (s *session) compile(ctx context.Context, u *load.Unit) (k *resolve.Linkable, err error) {
	for range retries {
		if k, err = s.compileOnce(ctx, u); !errors.Is(err, gc.ErrTempGone) {
			break
		}
	}
	return k, err
}

func (s *session) compileOnce(ctx context.Context, u *load.Unit) (*resolve.Linkable, error) {
	if u.Files == nil { // unsafe, builtin
		return resolve.NewLinkable(&resolve.Local{Package: *s.broken(u, nil)}), nil
	}
	s.note(u)
	src, err := s.read(u)
	if err != nil {
		return nil, &unitError{u, []inline.Error{{Message: err.Error()}}}
	}
	share := s.shareOf(src)
	if huge := s.host.huge; huge != nil && u.Root && src.size() >= hugeSource {
		huge()
	}
	if err := s.cpu.Acquire(ctx, share); err != nil {
		return nil, err
	}
	defer s.cpu.Release(share)

	job, cleanup, err := s.job(u)
	if err != nil {
		return nil, err
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
	if err != nil {
		return nil, err
	}
	if len(out.Errors) > 0 {
		return nil, &unitError{u, compileErrors(out.Errors)}
	}
	l := src.calls.Resolve(out.Remarks, probes)
	for _, p := range out.Problems {
		l.Package.Problems = append(l.Package.Problems, inline.Problem{Text: p})
	}
	if out.NumProblems > 0 {
		s.host.log.Info("lines of the compiler's output were not understood",
			zap.String("package", u.Path), zap.Int("number", out.NumProblems), zap.Strings("lines", out.Problems[:min(len(out.Problems), 3)]))
	}
	if verdicts = true; watch != nil {
		watch.set(&compiled{remarks: out.Remarks, src: src, release: release}, nil)
	}
	return resolve.NewLinkable(l), nil
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
