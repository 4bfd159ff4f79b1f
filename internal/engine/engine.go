// Package engine is the front for those who ask once: it loads patterns, and calls back
// with the verdicts, costs, explanations or advice on what they name.
//
// It decides nothing itself: internal/session has units compiled and keeps what they
// told, internal/breakdown and internal/trial build on that. It knows nothing of the
// language server protocol.
package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/trial"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// Options are an engine's settings. The zero value is useful.
type Options struct {
	// CacheDir is where results are kept. "" means the folder inlinelens in the
	// user's cache directory, or the environment variable INLINELENS_CACHE;
	// "off" means that nothing outlives the engine. Otherwise it is absolute.
	CacheDir string
	// Jobs is how many units are worked on at once; 0 means GOMAXPROCS.
	Jobs int
	// Log gets what is worth a look later; nil for none.
	Log *zap.Logger
	// Huge, if not nil, is called before work on a unit that somebody asked for
	// whose syntax and types are going to take hundreds of megabytes.
	Huge func()
	// Progress, if not nil, is told of each step, from several goroutines.
	Progress func(Progress)
}

// Progress says how far a run is.
type Progress struct {
	Stage   string // "loading", "compiling"
	Done    int    // root units that have their verdicts
	Total   int    // root units; 0 while loading
	Package string // the one just begun or finished
}

// An Engine answers for any number of runs. Its methods may be called from
// several goroutines.
type Engine struct {
	host     *session.Host
	onChange func(Progress) // nil for none
}

// New makes an engine. A cache that cannot be used is logged and done without;
// the error is about temporary files, or about a name that cannot be meant.
func New(o Options) (*Engine, error) {
	h, err := session.NewHost(session.HostOptions{CacheDir: o.CacheDir, Jobs: o.Jobs, Log: o.Log, Huge: o.Huge})
	if err != nil {
		return nil, err
	}
	return &Engine{host: h, onChange: o.Progress}, nil
}

// Close removes the engine's temporary files and tidies its cache.
func (e *Engine) Close() error { return e.host.Close() }

// Run loads patterns and calls emit once for each unit that they name, sorted
// by path and variant, from one goroutine, each as soon as it and those before
// it are ready. What is wrong with a unit is in its Errors; the error that Run
// returns means that nothing could be done, that a pattern named nothing, that
// ctx is done, or is emit's.
//
// What the last load of the same patterns found is mostly true still. Run works
// on it while it loads again, and emits nothing before the load has confirmed it.
func (e *Engine) Run(ctx context.Context, cfg load.Config, patterns []string, emit func(*inline.Package) error) error {
	emitted := make(map[string]bool) // by ID, before something went that was loaded
	once := func(tolerant bool) error {
		seen := 0
		return e.runOnce(ctx, cfg, patterns, tolerant, func(p *inline.Package) error {
			seen++
			if id := fmt.Sprintf("%d %s %s", seen, p.Path, p.Variant); !emitted[id] {
				emitted[id] = true
				return emit(p)
			}
			return nil
		})
	}
	err := once(false)
	for n := 0; n < session.Retries && errors.Is(err, session.ErrGone); n++ {
		err = once(n == session.Retries-1)
	}
	return err
}

// runOnce is Run for a go command's caches that nobody cleans meanwhile.
func (e *Engine) runOnce(ctx context.Context, cfg load.Config, patterns []string, tolerant bool, emit func(*inline.Package) error) error {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.End()
	l.Tolerant = tolerant
	if s := l.Guess(); s != nil {
		err := e.run(l.Guessed, s, l.Confirmed, emit)
		s.Close()
		// Whatever went wrong, it counts only if there was nothing wrong with the guess.
		if outdated := l.Confirmed(ctx); !errors.Is(outdated, session.ErrNewLoad) {
			return l.Ended(s, cmp.Or(err, outdated))
		}
	}
	return l.With(func(s *session.Session) error {
		return e.run(ctx, s, func(context.Context) error { return nil }, emit)
	})
}

// run gives the session's roots their verdicts and emits them, once confirmed
// has returned nil.
func (e *Engine) run(ctx context.Context, s *session.Session, confirmed func(context.Context) error, emit func(*inline.Package) error) error {
	roots := s.Roots
	e.progress(Progress{Stage: "compiling", Total: len(roots)})

	g, ctx := errgroup.WithContext(ctx)
	results := make([]chan *inline.Package, len(roots))
	for i := range results {
		results[i] = make(chan *inline.Package, 1)
	}
	var mu sync.Mutex
	done := 0
	// Workers take the roots in order and may run ahead of emit by a few, so
	// that what waits to be emitted stays small.
	ahead := make(chan struct{}, 16*e.host.Jobs)
	next := make(chan int)
	g.Go(func() error {
		defer close(next)
		for i := range roots {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
				return ctx.Err()
			}
			select {
			case next <- i:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	// More workers than there may be compiles: one that waits for a package that
	// another one compiles keeps nobody from beginning with the next root.
	for range 2 * e.host.Jobs {
		g.Go(func() error {
			for i := range next {
				mu.Lock()
				e.progress(Progress{Stage: "compiling", Done: done, Total: len(roots), Package: roots[i].Path})
				mu.Unlock()
				p, err := s.Verdicts(ctx, roots[i])
				if err != nil {
					return err
				}
				results[i] <- p
				mu.Lock()
				done++
				e.progress(Progress{Stage: "compiling", Done: done, Total: len(roots), Package: roots[i].Path})
				mu.Unlock()
			}
			return nil
		})
	}
	g.Go(func() error {
		if err := confirmed(ctx); err != nil {
			return err
		}
		return emitInOrder(ctx, roots, results, func(p *inline.Package) error {
			<-ahead
			return emit(p)
		})
	})
	return g.Wait()
}

// emitInOrder emits the results of the roots in their order. A package gets what
// its test variant tells of functions that only the tests instantiate.
func emitInOrder(ctx context.Context, roots []*load.Unit, results []chan *inline.Package, emit func(*inline.Package) error) error {
	var early *inline.Package // of the next root, where the one before needed it
	for i := range roots {
		p, err := early, error(nil)
		if early = nil; p == nil {
			if p, err = receive(ctx, results[i]); err != nil {
				return err
			}
		}
		if isTestOf(roots, i+1) {
			if early, err = receive(ctx, results[i+1]); err != nil {
				return err
			}
			p = tested(p, early)
		}
		if err := emit(p); err != nil {
			return err
		}
	}
	return nil
}

func receive(ctx context.Context, from <-chan *inline.Package) (*inline.Package, error) {
	select {
	case p := <-from:
		return p, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// isTestOf reports whether root i is the test variant of the one before.
func isTestOf(roots []*load.Unit, i int) bool {
	return i < len(roots) && roots[i].Variant == "test" && roots[i-1].Variant == "" && roots[i].Path == roots[i-1].Path
}

func (e *Engine) progress(p Progress) {
	if e.onChange != nil {
		e.onChange(p)
	}
}

// ReadSource reads a source file that is to be shown: one of a package that was
// loaded, or one below the directory of its module or GOROOT.
func (e *Engine) ReadSource(name string) ([]byte, error) { return e.host.ReadSource(name) }

// Gain loads patterns with an offer's change made, and counts the calls of its
// function. The go command builds the changed package for those that import it. The
// error says what does not load or compile.
func (e *Engine) Gain(ctx context.Context, cfg load.Config, patterns []string, a *trial.Advice, o *trial.Offer) (trial.Gain, error) {
	return trial.GainOf(ctx, e.host, session.Options{Config: cfg}, patterns, a, o)
}

// NewWorkspace returns a workspace without open files. Publish gets each new
// Snapshot, from one goroutine. The workspace must be closed before the engine.
func (e *Engine) NewWorkspace(o workspace.Options, publish func(*workspace.Snapshot)) *workspace.Workspace {
	return workspace.New(e.host, o, publish)
}

// Advise loads patterns and calls emit with the advice on each function of the
// packages that is wanted, one after another. Errors are those of Run.
func (e *Engine) Advise(ctx context.Context, cfg load.Config, patterns []string, wanted func(*inline.Package, *inline.Function) bool, emit func(*trial.Advice) error) error {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.End()
	return l.With(func(s *session.Session) error {
		for i, u := range s.Roots {
			e.progress(Progress{Stage: "compiling", Done: i, Total: len(s.Roots), Package: u.Path})
			if err := trial.AdviseUnit(ctx, s, u, wanted, emit); err != nil {
				return err
			}
		}
		return nil
	})
}
