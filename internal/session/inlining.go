package session

import (
	"context"
	"errors"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// Inlining is the layer of a unit's own verdicts: what follows from its own compile,
// and can be linked with what the compiles of other units told.
var Inlining inliningLayer

type inliningLayer struct{}

func (inliningLayer) Name() string                               { return "inlining" }
func (inliningLayer) Version() string                            { return "19" }
func (inliningLayer) Key(s *Session, u *load.Unit) (Key, error)  { return s.Key(u) }
func (inliningLayer) Encode(k *resolve.Linkable) ([]byte, error) { return encodeLocal(k.Local) }
func (inliningLayer) Shared() bool                               { return true }
func (inliningLayer) Size(k *resolve.Linkable) int {
	return len(k.Sites) + len(k.Package.Functions) + len(k.Foreign)
}

func (inliningLayer) Decode(data []byte) (*resolve.Linkable, error) {
	l, err := decodeLocal(data)
	if err != nil {
		return nil, err
	}
	return resolve.NewLinkable(l), nil
}

func (inliningLayer) Compile(ctx context.Context, s *Session, u *load.Unit) (*resolve.Linkable, error) {
	compiled := func() {}
	if u.Root {
		compiled = s.lookAhead(u)
	}
	defer compiled()
	return s.Compile(ctx, u)
}

// Retries is how often a compile is begun again whose temporary files were removed.
const Retries = 3

// Compile compiles a unit and joins what the compiler says with its syntax.
func (s *Session) Compile(ctx context.Context, u *load.Unit) (k *resolve.Linkable, err error) {
	for range Retries {
		if k, err = s.compileOnce(ctx, u); !errors.Is(err, gc.ErrTempGone) {
			break
		}
	}
	return k, err
}

func (s *Session) compileOnce(ctx context.Context, u *load.Unit) (*resolve.Linkable, error) {
	if u.Files == nil { // unsafe, builtin
		return resolve.NewLinkable(&resolve.Local{Package: *s.Broken(u, nil)}), nil
	}
	s.RecordStamps(u)
	src, err := s.Read(u)
	if err != nil {
		return nil, &UnitError{Unit: u, Errors: []inline.Error{{Message: err.Error()}}}
	}
	share := s.shareOf(src)
	if huge := s.Host.huge; huge != nil && u.Root && src.Size() >= hugeSource {
		huge()
	}
	if err := s.CPU.Acquire(ctx, share); err != nil {
		return nil, err
	}
	defer s.CPU.Release(share)

	job, cleanup, err := s.Job(u)
	if err != nil {
		return nil, err
	}
	defer cleanup()
	// What the types reach is read until the verdicts are there.
	shared := s.SharesTypes(u)
	src.Packages = s.Checker.Imports.Acquire(shared)
	release := func() { s.Checker.Imports.Release(src.Packages, shared) }
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
		return nil, &UnitError{Unit: u, Errors: compileErrors(out.Errors)}
	}
	l := src.Calls.Resolve(out.Remarks, probes)
	for _, p := range out.Problems {
		l.Package.Problems = append(l.Package.Problems, inline.Problem{Text: p})
	}
	if out.NumProblems > 0 {
		s.Host.Log.Info("lines of the compiler's output were not understood",
			zap.String("package", u.Path), zap.Int("number", out.NumProblems), zap.Strings("lines", out.Problems[:min(len(out.Problems), 3)]))
	}
	if verdicts = true; watch != nil {
		watch.Set(&Compiled{Remarks: out.Remarks, Src: src, Release: release}, nil)
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
func (s *Session) shareOf(src *typecheck.Source) int64 {
	switch {
	case src.Size() < largeSource:
		return 1
	case s.Jobs > 2:
		return s.Jobs - 1
	}
	return s.Jobs
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
