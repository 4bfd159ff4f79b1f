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
	sessionOptions
	host     *host
	compiler *gc.Compiler
	checker  checker
	roots    []*load.Unit
	units    map[string]*load.Unit // by import path, if no path means two packages
	hashes   *hasher
	share    *share // in what other sessions found; nil for none

	// ahead runs what will be asked soon; it ends with the session.
	ahead     sync.WaitGroup
	aheadStop context.CancelFunc
	aheadCtx  context.Context

	// intrinsicPackages tells the packages outside which no function is an
	// intrinsic, nil if that is not known.
	intrinsicPackages func() []string

	mu      sync.Mutex
	results map[inFlight]any    // of *future[T], for the layer's T
	kept    keptResults         // those of results that can be read again
	noted   map[string]noted    // of files, before they were read or compiled
	moved   map[*load.Unit]bool // whose files were written meanwhile
	watches map[*load.Unit]*future[*compiled]
}

// sessionOptions are all that a session is made of. Only the first three must be set.
type sessionOptions struct {
	// cfg is that of the load. Its Overlay has the texts that are not on disk: what
	// follows from them is not kept there. The session adds what -overlay replaces.
	cfg       load.Config
	toolchain *gc.Toolchain
	loaded    *load.Result

	cpu     *semaphore.Weighted // compiles and type checks at once; nil for as many as the host has jobs
	jobs    int64               // how many those may be
	timeout time.Duration       // of one compile; 0 for none
	// lowPriority is set for compiles of text that is being typed.
	lowPriority bool
	// tolerant takes files that are missing for what is wrong with a unit: to load again
	// has not brought them back.
	tolerant bool

	shared  *sharedResults // what other sessions found; nil for none
	carried *carried       // what earlier sessions of the same view left; nil for none
	// sums are hashes of files that are known without reading them. The session adds to them.
	sums map[string]string
	// texts are those of files that were read already, and noted.
	texts  map[string][]byte
	stamps map[string]noted
	// known are results that are not to be asked for.
	known   map[*load.Unit]*resolve.Linkable
	unsaved map[string][]byte // cfg.Overlay as it came; set by newSession
}

// newSession makes a session. It must be closed. The error is about a file that -overlay
// puts in the place of another.
func newSession(h *host, o sessionOptions) (*session, error) {
	h.warnOf(o.toolchain.Version)
	h.shown.add(o.loaded)
	o.unsaved = o.cfg.Overlay
	var err error
	if o.cfg.Overlay, err = overlay(o.cfg, o.loaded); err != nil {
		return nil, err
	}
	if o.cpu == nil {
		o.jobs = int64(h.jobs)
		o.cpu = semaphore.NewWeighted(o.jobs)
	}
	tc := o.toolchain
	s := &session{
		sessionOptions: o, host: h,
		compiler: gc.NewCompiler(tc, h.temp),
		checker: checker{
			target: target{tc.Version, tc.GOOS, tc.GOARCH, tc.GOROOT},
			log:    h.log,
		},
		units:   uniqueUnits(o.loaded.Units),
		roots:   sortedRoots(o.loaded.Roots),
		hashes:  newHasher(o.sums),
		results: make(map[inFlight]any),
		noted:   make(map[string]noted),
		moved:   make(map[*load.Unit]bool),
		watches: make(map[*load.Unit]*future[*compiled]),
	}
	maps.Copy(s.noted, o.stamps)
	for u, k := range o.known {
		f := newFuture[*resolve.Linkable]()
		f.set(k, nil)
		s.results[inFlight{inlining.name(), u}] = f
	}
	if o.shared != nil {
		s.share = &share{all: o.shared, used: make(map[key]bool)}
	}
	s.checker.read = s.read
	s.intrinsicPackages = sync.OnceValue(s.askIntrinsicPackages)
	s.takeCarried()
	s.aheadCtx, s.aheadStop = context.WithCancel(context.Background())
	return s, nil
}

// with returns a session on the same load with another text of a file. It keeps
// nothing.
func (s *session) with(file string, text []byte) (*session, error) {
	o := s.sessionOptions
	o.cfg.Overlay = withText(o.cfg.Overlay, file, text)
	o.shared, o.carried, o.sums, o.texts, o.stamps, o.known = nil, nil, nil, nil, nil, nil
	t, err := newSession(s.host, o)
	if err != nil {
		return nil, err
	}
	t.compiler, t.checker.imports, t.intrinsicPackages = s.compiler, s.checker.imports, s.intrinsicPackages
	return t, nil
}

// withText returns an overlay with one more text.
func withText(overlay map[string][]byte, file string, text []byte) map[string][]byte {
	more := make(map[string][]byte, len(overlay)+1)
	maps.Copy(more, overlay)
	more[file] = text
	return more
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
			if hasResult(s, inlining, dep) {
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
		for range s.host.jobs {
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
		_, _ = resultOf(s.aheadCtx, s, inlining, u)
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

// verdicts returns the unit with the verdicts on all its calls.
func (s *session) verdicts(ctx context.Context, u *load.Unit) (*inline.Package, error) {
	k, err := resultOf(ctx, s, inlining, u)
	if wrong, ok := wrongWith(err); ok {
		return s.broken(u, wrong.errors), nil
	}
	if err != nil {
		return nil, err
	}
	facts := &facts{session: s, ctx: ctx, units: s.unitsByPath(u)}
	p := k.Link(facts)
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
	k, err := resultOf(f.ctx, f.session, inlining, u)
	if err != nil {
		if _, wrong := wrongWith(err); !wrong {
			f.err = errors.Join(f.err, err)
		}
		return nil, err.Error()
	}
	return k, ""
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
	if !f.session.mayHaveIntrinsics(u) {
		return false, ""
	}
	table, err := resultOf(f.ctx, f.session, intrinsics, u)
	switch {
	case f.ctx.Err() != nil:
		f.err = errors.Join(f.err, f.ctx.Err())
	case err != nil:
		why, _, _ := strings.Cut(err.Error(), "\n")
		unknown = fmt.Sprintf("whether the compiler replaces %s.%s by instructions could not be asked: %s", path, name, why)
	}
	return table[name], unknown
}
