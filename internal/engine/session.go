package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// A session is one load of packages: everything that is asked about them while
// their files stay as they are.
type session struct {
	engine   *Engine
	cfg      load.Config
	compiler *gc.Compiler
	checker  checker
	roots    []*load.Unit
	units    map[string]*load.Unit // by import path, if no path means two packages
	hashes   *hasher
	cpu      *semaphore.Weighted // compiles and type checks at once
	jobs     int64               // how many those may be
	timeout  time.Duration       // of one compile; 0 for none
	// lowPriority is set for compiles of text that is being typed.
	lowPriority bool
	share       *share // in what other sessions found; nil for none
	// tolerant takes files that are missing for what is wrong with a unit: to load again
	// has not brought them back.
	tolerant bool
	// unsaved are the texts that are not on disk: what follows from them is not kept there.
	unsaved map[string][]byte
	// texts are those of files that were read, noted and hashed for this session.
	texts map[string][]byte

	// ahead runs what will be asked soon; it ends with the session.
	ahead     sync.WaitGroup
	aheadStop context.CancelFunc
	aheadCtx  context.Context

	// intrinsicPackages tells the packages outside which no function is an
	// intrinsic, nil if that is not known.
	intrinsicPackages func() []string

	mu         sync.Mutex
	locals     map[*load.Unit]*future[*localResult]
	kept       keptLocals // those of locals that can be read again
	intrinsics map[string]*future[map[string]bool]
	noted      map[string]noted    // of files, before they were read or compiled
	moved      map[*load.Unit]bool // whose files were written meanwhile
	watches    map[*load.Unit]*future[*basis]
}

// A localResult is a unit's own part, or why there is none.
type localResult struct {
	linkable *resolve.Linkable
	missing  string // a sentence; "" if linkable is set
	errors   []inline.Error
}

func newSession(e *Engine, cfg load.Config, tc *gc.Toolchain, loaded *load.Result) *session {
	e.warnOf(tc.Version)
	aheadCtx, aheadStop := context.WithCancel(context.Background())
	s := &session{
		aheadCtx: aheadCtx, aheadStop: aheadStop,
		engine: e, cfg: cfg,
		compiler: gc.NewCompiler(tc, e.temp),
		checker: checker{
			target:  target{tc.Version, tc.GOOS, tc.GOARCH, tc.GOROOT},
			imports: newImporter(tc.GOARCH), log: e.log,
		},
		units:      uniqueUnits(loaded.Units),
		roots:      sortedRoots(loaded.Roots),
		hashes:     newHasher(),
		cpu:        semaphore.NewWeighted(int64(e.options.Jobs)),
		jobs:       int64(e.options.Jobs),
		locals:     make(map[*load.Unit]*future[*localResult]),
		intrinsics: make(map[string]*future[map[string]bool]),
		noted:      make(map[string]noted),
		moved:      make(map[*load.Unit]bool),
		watches:    make(map[*load.Unit]*future[*basis]),
	}
	s.checker.read = s.read
	s.intrinsicPackages = sync.OnceValue(s.askIntrinsicPackages)
	return s
}

// read reads the files of a unit, but for those of which the session has the text.
func (s *session) read(u *load.Unit) (*source, error) {
	return readSource(u, func(name string) ([]byte, bool) {
		if text, ok := s.cfg.Overlay[name]; ok {
			return text, true
		}
		return s.texts[name], false
	})
}

// close ends what runs ahead.
func (s *session) close() {
	s.aheadStop()
	s.ahead.Wait()
}

// lookAhead begins with the packages that u imports, as linking u will ask for
// most of them: what is kept of them is read while u is compiled, and the others
// are compiled once u is, so that their syntax trees are not in memory together.
// The function that it returns says that u is compiled.
func (s *session) lookAhead(u *load.Unit) (compiled func()) {
	done := make(chan struct{})
	s.ahead.Go(func() {
		missing := make(chan *load.Unit, len(u.Imports))
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			if s.aheadCtx.Err() != nil {
				return
			}
			dep := u.Imports[path]
			if key, err := s.key(dep); err == nil && s.engine.store.has(key) {
				s.begin(dep)
			} else {
				missing <- dep
			}
		}
		close(missing)
		select {
		case <-done:
		case <-s.aheadCtx.Done():
			return
		}
		for range s.engine.options.Jobs {
			s.ahead.Go(func() {
				for dep := range missing {
					s.begin(dep)
				}
			})
		}
	})
	return func() { close(done) }
}

// begin sees to a package that will be asked for. An error comes again where the
// answer is needed.
func (s *session) begin(u *load.Unit) {
	if s.aheadCtx.Err() == nil {
		_, _ = s.local(s.aheadCtx, u)
	}
}

func compareUnits(a, b *load.Unit) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Variant, b.Variant), cmp.Compare(a.ID, b.ID))
}

// verdicts returns the unit with the verdicts on all its calls.
func (s *session) verdicts(ctx context.Context, u *load.Unit) (*inline.Package, error) {
	r, err := s.local(ctx, u)
	if err != nil {
		return nil, err
	}
	if r.linkable == nil {
		return s.broken(u, r.errors), nil
	}
	facts := &facts{session: s, ctx: ctx, units: s.unitsByPath(u)}
	p := r.linkable.Link(facts)
	return p, facts.err
}

// broken is the result of a unit that has no verdicts.
func (s *session) broken(u *load.Unit, errs []inline.Error) *inline.Package {
	tc := s.compiler.Toolchain
	return &inline.Package{
		Path: u.Path, Name: u.Name, Variant: u.Variant,
		Go: tc.Version, GOOS: tc.GOOS, GOARCH: tc.GOARCH,
		Errors: errs,
	}
}

// local returns what the unit's own compile tells, compiling it at most once.
func (s *session) local(ctx context.Context, u *load.Unit) (*localResult, error) {
	s.mu.Lock()
	f := s.locals[u]
	if f == nil {
		f = newFuture[*localResult]()
		s.locals[u] = f
		s.mu.Unlock()
		f.set(s.analyzeShared(ctx, u))
	} else {
		s.kept.use(u)
		s.mu.Unlock()
	}
	return f.get(ctx)
}

// uniqueUnits returns the units by import path, nil if a path is the one of
// several, as with test variants.
func uniqueUnits(all map[string]*load.Unit) map[string]*load.Unit {
	units := make(map[string]*load.Unit, len(all))
	for _, u := range all {
		if units[u.Path] != nil {
			return nil
		}
		units[u.Path] = u
	}
	return units
}

// unitsByPath maps import paths to units as u's compile resolves them.
func (s *session) unitsByPath(u *load.Unit) map[string]*load.Unit {
	if s.units != nil {
		return s.units
	}
	units := map[string]*load.Unit{u.Path: u}
	for _, d := range u.Closure() {
		units[d.Path] = d
	}
	return units
}

// sharesTypes reports whether the same paths mean the same packages for u as
// for all others, which test variants break.
func (s *session) sharesTypes(u *load.Unit) bool {
	return s.units != nil || !slices.ContainsFunc(u.Closure(), func(d *load.Unit) bool { return d.ID != d.Path })
}

// facts answers the linker's questions about other packages.
type facts struct {
	session *session
	ctx     context.Context
	units   map[string]*load.Unit
	err     error // of the first question that could not be answered
}

// Package compiles the package if that has not been done yet.
func (f *facts) Package(path string) (*resolve.Linkable, string) {
	u := f.units[path]
	if u == nil {
		return nil, fmt.Sprintf("package %s is not among those that the build lists", path)
	}
	r, err := f.session.local(f.ctx, u)
	if err != nil {
		f.err = errors.Join(f.err, err)
		return nil, err.Error()
	}
	return r.linkable, r.missing
}

// Intrinsic asks the toolchain itself; only packages of the standard library
// have intrinsics.
func (f *facts) Intrinsic(path, name string) (is bool, unknown string) {
	u := f.units[path]
	if u == nil || !u.Std {
		return false, ""
	}
	if escapeIntrinsic(path, name) {
		return true, ""
	}
	table, err := f.session.intrinsicsOf(f.ctx, u)
	switch {
	case f.ctx.Err() != nil:
		f.err = errors.Join(f.err, f.ctx.Err())
	case err != nil:
		why, _, _ := strings.Cut(err.Error(), "\n")
		unknown = fmt.Sprintf("whether the compiler replaces %s.%s by instructions could not be asked: %s", path, name, why)
	}
	return table[name], unknown
}

func missing(u *load.Unit, errs []inline.Error) string {
	msg := "it could not be compiled"
	if len(errs) > 0 {
		msg, _, _ = strings.Cut(errs[0].Message, "\n")
		if pos := errs[0].Pos; pos.IsValid() {
			msg = fmt.Sprintf("%s:%d: %s", pos.File, pos.Line, msg)
		}
	}
	return fmt.Sprintf("package %s has no verdicts: %s", u.Path, msg)
}
