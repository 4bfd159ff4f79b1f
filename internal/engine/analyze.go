package engine

import (
	"context"
	"errors"
	"os"
	"slices"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
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
		errs := []inline.Error{{Message: err.Error()}}
		return &localResult{errors: errs, missing: missing(u, errs)}, nil
	}
	if l, ok := s.engine.store.local(key); ok {
		return &localResult{linkable: resolve.NewLinkable(l)}, nil
	}
	if u.Root {
		s.lookAhead(u)
	}
	l, errs, err := s.compile(ctx, u)
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		return &localResult{errors: errs, missing: missing(u, errs)}, nil
	}
	s.engine.store.keepLocal(key, l)
	return &localResult{linkable: resolve.NewLinkable(l)}, nil
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

// compile compiles a unit and joins what the compiler says with its syntax. The
// type check runs while the compiler does, unless the compiler has to be given
// a probe, which is made of the types.
func (s *session) compile(ctx context.Context, u *load.Unit) (*resolve.Local, []inline.Error, error) {
	if u.Files == nil { // unsafe, builtin
		return &resolve.Local{Package: *s.broken(u, nil)}, nil, nil
	}
	if err := s.cpu.Acquire(ctx, 1); err != nil {
		return nil, nil, err
	}
	defer s.cpu.Release(1)

	src, err := parse(u, s.cfg.Overlay)
	if err != nil {
		return nil, []inline.Error{{Message: err.Error()}}, nil
	}
	job, cleanup, err := s.job(u)
	if err != nil {
		return nil, nil, err
	}
	defer cleanup()

	shared := s.sharesTypes(u)
	packages := s.types.acquire(shared)
	defer s.types.release(packages, shared)
	var out *gc.Output
	var probes map[string]bool
	if src.generic {
		s.check(u, src, packages)
		var text []byte
		if text, probes = resolve.Probe(src.pkg, src.info, src.files); text != nil {
			name, err := s.probeFile(u, text)
			if err != nil {
				return nil, nil, err
			}
			defer os.Remove(name)
			job.Files = append(slices.Clone(job.Files), name)
		}
		if out, err = s.compiler.Compile(ctx, job); err == nil && probes != nil && len(out.Errors) > 0 {
			// The errors may be the probe's.
			job.Files, probes = job.Files[:len(job.Files)-1], nil
			out, err = s.compiler.Compile(ctx, job)
		}
	} else {
		var g errgroup.Group
		g.Go(func() (err error) {
			out, err = s.compiler.Compile(ctx, job)
			return err
		})
		g.Go(func() error { s.check(u, src, packages); return nil })
		err = g.Wait()
	}
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
	tc := s.compiler.Toolchain
	l := resolve.Resolve(resolve.Input{
		Path: u.Path, LinkPath: job.ImportPath, Variant: u.Variant,
		Go: tc.Version, GOOS: tc.GOOS, GOARCH: tc.GOARCH, Race: s.flags.instrumented,
		Fset: src.fset, Files: src.files, Types: src.pkg, Info: src.info,
		Remarks: out.Remarks, Probes: probes,
	})
	for _, p := range out.Problems {
		l.Package.Problems = append(l.Package.Problems, inline.Problem{Text: p})
	}
	return l, nil, nil
}

func compileErrors(list []gc.Error) []inline.Error {
	errs := make([]inline.Error, 0, len(list))
	for _, e := range list {
		errs = append(errs, inline.Error{
			Pos:     inline.Position{File: e.File, Line: e.Line, Col: e.Col},
			Message: e.Message,
		})
	}
	return errs
}
