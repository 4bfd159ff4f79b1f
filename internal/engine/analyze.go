package engine

import (
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
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
	if u.Path == "unsafe" {
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

	var out *gc.Output
	var probes map[string]bool
	if src.generic {
		s.check(u, src)
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
		g.Go(func() error { s.check(u, src); return nil })
		err = g.Wait()
	}
	s.types.forget(s.world(u))
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

// A source is a unit's syntax and types.
type source struct {
	fset    *token.FileSet
	files   []*ast.File
	pkg     *types.Package
	info    *types.Info
	generic bool // some function has type parameters
}

// parse reads the unit's files. Syntax errors are left to the compiler, which
// words them; the error is about a file that cannot be read.
func parse(u *load.Unit, overlay map[string][]byte) (*source, error) {
	src := &source{fset: token.NewFileSet()}
	for _, name := range u.Files {
		text, ok := overlay[name]
		if !ok {
			var err error
			if text, err = os.ReadFile(name); err != nil {
				return nil, err
			}
		}
		f, _ := parser.ParseFile(src.fset, name, text, parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		src.files = append(src.files, f)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				src.generic = src.generic || d.Type.TypeParams != nil || genericReceiver(d)
			}
		}
	}
	return src, nil
}

func genericReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return false
	}
	t := d.Recv.List[0].Type
	if star, ok := ast.Unparen(t).(*ast.StarExpr); ok {
		t = star.X
	}
	switch ast.Unparen(t).(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// check types the unit. Errors are left to the compiler; what they leave
// without a type becomes unknown.
func (s *session) check(u *load.Unit, src *source) {
	src.info = &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Instances:  make(map[*ast.Ident]types.Instance),
	}
	cfg := types.Config{
		Importer:  s.types.For(u, s.world(u)),
		Sizes:     s.types.sizes,
		GoVersion: u.Lang,
		Error:     func(err error) { s.engine.log.Debug("type error", zap.String("package", u.Path), zap.Error(err)) },
	}
	src.pkg, _ = cfg.Check(u.Path, src.fset, src.files, src.info)
}

// probeFile writes a probe for one compile.
func (s *session) probeFile(u *load.Unit, text []byte) (string, error) {
	f, err := os.CreateTemp(s.engine.temp.Dir, resolve.ProbePrefix+"_*.go")
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	return f.Name(), errors.Join(err, f.Close())
}

// job makes the compiler's job of a unit. cleanup removes the files that hold
// unsaved text.
func (s *session) job(u *load.Unit) (job gc.Job, cleanup func(), err error) {
	var temps []string
	cleanup = func() {
		for _, name := range temps {
			os.Remove(name)
		}
	}
	embed, err := u.EmbedCfg()
	if err != nil {
		return job, cleanup, err
	}
	job = gc.Job{
		Dir: u.Dir, ImportPath: linkPath(u), Files: u.Files,
		Lang: u.Lang, Std: u.Std,
		Complete:   !u.Std && len(u.OtherFiles) == 0 && len(u.GoFiles) == len(u.Files),
		EmbedCfg:   embed,
		PGOProfile: u.PGO,
		Flags:      s.flags.compiler(u),
	}
	job.PackageFile, job.ImportMap = u.PackageFiles()
	for _, name := range u.Files {
		text, ok := s.cfg.Overlay[name]
		if !ok {
			continue
		}
		f, err := os.CreateTemp(s.engine.temp.Dir, "unsaved_*_"+filepath.Base(name))
		if err != nil {
			return job, cleanup, err
		}
		temps = append(temps, f.Name())
		_, err = f.Write(text)
		if err := errors.Join(err, f.Close()); err != nil {
			return job, cleanup, err
		}
		if job.Replace == nil {
			job.Replace = make(map[string]string)
		}
		job.Replace[name] = f.Name()
	}
	return job, cleanup, nil
}

// linkPath is what the unit's link names begin with.
func linkPath(u *load.Unit) string {
	if u.Name == "main" && u.Variant == "" {
		return "main"
	}
	return u.Path
}
