// Package session is about one load of packages: its units are compiled and typed, and
// what each layer tells of them is kept, in memory and on disk, as long as it holds.
//
// It knows nothing of open files and of editors, and starts no process itself:
// internal/load and internal/gc do.
package session

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

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// A Session is one load of packages: everything that is asked about them while
// their files stay as they are.
type Session struct {
	Options
	Host     *Host
	Compiler *gc.Compiler
	Checker  typecheck.Checker
	Roots    []*load.Unit
	units    map[string]*load.Unit // by import path, if no path means two packages
	Hashes   *hasher
	Share    *share // in what other sessions found; nil for none

	// ahead runs what will be asked soon; it ends with the session.
	ahead     sync.WaitGroup
	aheadStop context.CancelFunc
	aheadCtx  context.Context

	// intrinsicPackages tells the packages outside which no function is an
	// intrinsic, nil if that is not known.
	intrinsicPackages func() []string
	buildFlags        func() []string // see listBuildFlags

	mu      sync.Mutex
	results map[inFlight]any     // of *future[T], for the layer's T
	kept    keptResults          // those of results that can be read again
	stamps  map[string]ReadStamp // of files, before they were read or compiled
	moved   map[*load.Unit]bool  // whose files were written meanwhile
	watches map[*load.Unit]*future.Future[*Compiled]
}

// Options are all that a session is made of. Only the first three must be set.
type Options struct {
	// Config is that of the load. Its Overlay has the texts that are not on disk: what
	// follows from them is not kept there. The session adds what -overlay replaces.
	Config    load.Config
	Toolchain *gc.Toolchain
	Loaded    *load.Result

	CPU     *semaphore.Weighted // compiles and type checks at once; nil for as many as the host has jobs
	Jobs    int64               // how many those may be
	Timeout time.Duration       // of one compile; 0 for none
	// LowPriority is set for compiles of text that is being typed.
	LowPriority bool
	// Tolerant takes files that are missing for what is wrong with a unit: to load again
	// has not brought them back.
	Tolerant bool

	Shared  *SharedResults // what other sessions found; nil for none
	Carried *Carried       // what earlier sessions of the same view left; nil for none
	// Sums are hashes of files that are known without reading them. The session adds to them.
	Sums map[string]string
	// Texts are those of files that were read already, and noted.
	Texts  map[string][]byte
	Stamps map[string]ReadStamp
	// Known are results that are not to be asked for.
	Known   map[*load.Unit]*resolve.Linkable
	Unsaved map[string][]byte // Config.Overlay as it came; set by New
}

// New makes a session. It must be closed. The error is about a file that -overlay
// puts in the place of another.
func New(h *Host, o Options) (*Session, error) {
	h.warnOf(o.Toolchain.Version)
	h.shown.add(o.Loaded)
	if !o.Config.OverlayKept {
		o.Unsaved = o.Config.Overlay
	}
	var err error
	if o.Config.Overlay, err = overlay(o.Config, o.Loaded); err != nil {
		return nil, err
	}
	if o.CPU == nil {
		o.Jobs = int64(h.Jobs)
		o.CPU = semaphore.NewWeighted(o.Jobs)
	}
	tc := o.Toolchain
	s := &Session{
		Options: o, Host: h,
		Compiler: gc.NewCompiler(tc, h.Temp),
		Checker: typecheck.Checker{
			Target: typecheck.Target{Version: tc.Version, GOOS: tc.GOOS, GOARCH: tc.GOARCH, GOROOT: tc.GOROOT},
			Log:    h.Log,
		},
		units:   uniqueUnits(o.Loaded.Units),
		Roots:   sortedRoots(o.Loaded.Roots),
		Hashes:  newHasher(o.Sums),
		results: make(map[inFlight]any),
		stamps:  make(map[string]ReadStamp),
		moved:   make(map[*load.Unit]bool),
		watches: make(map[*load.Unit]*future.Future[*Compiled]),
	}
	maps.Copy(s.stamps, o.Stamps)
	for u, k := range o.Known {
		f := future.New[*resolve.Linkable]()
		f.Set(k, nil)
		s.results[inFlight{Inlining.Name(), u}] = f
	}
	if o.Shared != nil {
		s.Share = &share{all: o.Shared, used: make(map[Key]bool)}
	}
	s.Checker.Read = s.Read
	s.intrinsicPackages = sync.OnceValue(s.askIntrinsicPackages)
	s.buildFlags = sync.OnceValue(s.listBuildFlags)
	s.takeCarried()
	s.aheadCtx, s.aheadStop = context.WithCancel(context.Background())
	return s, nil
}

// With returns a session on the same load with another text of a file. It keeps
// nothing.
func (s *Session) With(file string, text []byte) (*Session, error) {
	o := s.Options
	o.Config.Overlay = WithText(o.Config.Overlay, file, text)
	o.Shared, o.Carried, o.Sums, o.Texts, o.Stamps, o.Known = nil, nil, nil, nil, nil, nil
	t, err := New(s.Host, o)
	if err != nil {
		return nil, err
	}
	t.Compiler, t.Checker.Imports, t.intrinsicPackages = s.Compiler, s.Checker.Imports, s.intrinsicPackages
	return t, nil
}

// WithText returns an overlay with one more text.
func WithText(overlay map[string][]byte, file string, text []byte) map[string][]byte {
	more := make(map[string][]byte, len(overlay)+1)
	maps.Copy(more, overlay)
	more[file] = text
	return more
}

// Read reads the files of a unit, but for those of which the session has the text.
func (s *Session) Read(u *load.Unit) (*typecheck.Source, error) {
	return typecheck.Read(u, func(name string) ([]byte, bool) {
		if text, ok := s.Config.Overlay[name]; ok {
			return text, true
		}
		return s.Texts[name], false
	})
}

// Close ends what runs ahead.
func (s *Session) Close() {
	s.aheadStop()
	s.ahead.Wait()
}

// lookAhead begins with the packages that u imports, as linking u will ask for
// most of them: what is kept of them is read while u is compiled, and the others
// are compiled once u is, so that their syntax trees are not in memory together.
// The function that it returns says that u is compiled.
func (s *Session) lookAhead(u *load.Unit) (compiled func()) {
	done := make(chan struct{})
	s.ahead.Go(func() {
		missing := make(chan *load.Unit, len(u.Imports))
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			if s.aheadCtx.Err() != nil {
				return
			}
			dep := u.Imports[path]
			if HasResult(s, Inlining, dep) {
				s.compileAhead(dep)
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
		for range s.Host.Jobs {
			s.ahead.Go(func() {
				for dep := range missing {
					s.compileAhead(dep)
				}
			})
		}
	})
	return func() { close(done) }
}

// compileAhead sees to a package that will be asked for. An error comes again where the
// answer is needed.
func (s *Session) compileAhead(u *load.Unit) {
	if s.aheadCtx.Err() == nil {
		_, _ = Result(s.aheadCtx, s, Inlining, u)
	}
}

// sortedRoots returns the units that a report is about, in its order.
func sortedRoots(units []*load.Unit) []*load.Unit {
	roots := slices.Clone(units)
	slices.SortStableFunc(roots, compareUnits)
	return roots
}

func compareUnits(a, b *load.Unit) int {
	return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Variant, b.Variant), cmp.Compare(a.ID, b.ID))
}

// Verdicts returns the unit with the verdicts on all its calls.
func (s *Session) Verdicts(ctx context.Context, u *load.Unit) (*inline.Package, error) {
	k, err := Result(ctx, s, Inlining, u)
	if wrong, ok := WrongWith(err); ok {
		return s.Broken(u, wrong.Errors), nil
	}
	if err != nil {
		return nil, err
	}
	facts := &Facts{Session: s, Ctx: ctx, Units: s.UnitsByPath(u)}
	p := k.Link(facts)
	s.DescribeBuild(u, p)
	return p, facts.Err
}

// Broken is the result of a unit that has no verdicts.
func (s *Session) Broken(u *load.Unit, errs []inline.Error) *inline.Package {
	tc := s.Compiler.Toolchain
	p := &inline.Package{
		Path: u.Path, Name: u.Name, Variant: u.Variant,
		Go: tc.Version, GOOS: tc.GOOS, GOARCH: tc.GOARCH,
		Errors: errs,
	}
	s.DescribeBuild(u, p)
	return p
}

// DescribeBuild says with what a unit was compiled that its verdicts depend on.
func (s *Session) DescribeBuild(u *load.Unit, p *inline.Package) {
	p.Flags = s.buildFlags()
	if u.PGO != "" {
		p.Profile, _ = s.Hashes.file(u.PGO) // one that cannot be read is an error of the load
	}
}

// listBuildFlags lists the flags and variables of the build that may change verdicts.
func (s *Session) listBuildFlags() []string {
	flags := load.CodeFlags(s.Config.BuildFlags, s.Loaded.Env.Flags)
	for _, v := range s.Compiler.Toolchain.Env {
		if name, value, _ := strings.Cut(v, "="); changesCode(name) && value != "" {
			flags = append(flags, v)
		}
	}
	slices.Sort(flags)
	return slices.Compact(flags)
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

// UnitsByPath maps import paths to units as u's compile resolves them.
func (s *Session) UnitsByPath(u *load.Unit) map[string]*load.Unit {
	if s.units != nil {
		return s.units
	}
	units := map[string]*load.Unit{u.Path: u}
	for _, d := range u.Closure() {
		units[d.Path] = d
	}
	return units
}

// SharesTypes reports whether the same paths mean the same packages for u as
// for all others, which test variants break.
func (s *Session) SharesTypes(u *load.Unit) bool {
	return s.units != nil || !slices.ContainsFunc(u.Closure(), func(d *load.Unit) bool { return d.ID != d.Path })
}

// Facts answers the linker's questions about other packages.
type Facts struct {
	Session *Session
	Ctx     context.Context
	Units   map[string]*load.Unit
	Err     error // of the first question that could not be answered
}

// Package compiles the package if that has not been done yet.
func (f *Facts) Package(path string) (*resolve.Linkable, string) {
	u := f.Units[path]
	if u == nil {
		return nil, fmt.Sprintf("package %s is not among those that the build lists", path)
	}
	k, err := Result(f.Ctx, f.Session, Inlining, u)
	if err != nil {
		if _, wrong := WrongWith(err); !wrong {
			f.Err = errors.Join(f.Err, err)
		}
		return nil, err.Error()
	}
	return k, ""
}

// Intrinsic asks the toolchain itself; only packages of the standard library
// have intrinsics.
func (f *Facts) Intrinsic(path, name string) (is bool, unknown string) {
	u := f.Units[path]
	if u == nil || !u.Std {
		return false, ""
	}
	if EscapeIntrinsic(path, name) {
		return true, ""
	}
	if !f.Session.MayHaveIntrinsics(u) {
		return false, ""
	}
	table, err := Result(f.Ctx, f.Session, Intrinsics, u)
	switch {
	case f.Ctx.Err() != nil:
		f.Err = errors.Join(f.Err, f.Ctx.Err())
	case err != nil:
		why, _, _ := strings.Cut(err.Error(), "\n")
		unknown = fmt.Sprintf("the compiler could not be asked whether %s.%s is an intrinsic: %s", path, name, why)
	}
	return table[name], unknown
}
