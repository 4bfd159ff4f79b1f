// Package engine keeps what is current: it turns patterns into units, units
// into verdicts, and remembers on disk what a compile told.
//
// It knows nothing of the language server protocol, and starts no process
// itself: internal/load and internal/gc do.
package engine

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// Options are an engine's settings. The zero value is useful.
type Options struct {
	// CacheDir is where results are kept. "" means the folder inlinelens in the
	// user's cache directory, or the environment variable INLINELENS_CACHE;
	// "off" means that nothing is kept.
	CacheDir string
	// Jobs is how many units are worked on at once; 0 means GOMAXPROCS.
	Jobs int
	// Log gets what is worth a look later; nil for none.
	Log *zap.Logger
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
	options Options
	log     *zap.Logger
	temp    *gc.Temp
	store   *store
}

// New makes an engine. A cache that cannot be used is logged and done without;
// the error is about temporary files.
func New(o Options) (*Engine, error) {
	if o.Jobs <= 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	e := &Engine{options: o, log: o.Log}
	if e.log == nil {
		e.log = zap.NewNop()
	}
	temp, err := gc.NewTemp("")
	if err != nil {
		return nil, fmt.Errorf("making a directory for temporary files: %w; set TMPDIR to one that can be written", err)
	}
	e.temp = temp
	e.store = openStore(o.CacheDir, e.log)
	return e, nil
}

// Close removes the engine's temporary files and tidies its cache.
func (e *Engine) Close() error {
	return errors.Join(e.store.close(), e.temp.Close())
}

// Run loads patterns and calls emit once for each unit that they name, sorted
// by path and variant, from one goroutine, each as soon as it and those before
// it are ready. What is wrong with a unit is in its Errors; the error that Run
// returns means that nothing could be done, that a pattern named nothing, that
// ctx is done, or is emit's.
func (e *Engine) Run(ctx context.Context, cfg load.Config, patterns []string, emit func(*inline.Package) error) error {
	e.progress(Progress{Stage: "loading"})
	s, err := e.open(ctx, cfg, patterns)
	if err != nil {
		return err
	}
	defer s.close()
	for _, note := range s.notes {
		e.log.Warn(note)
	}
	roots := s.roots
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
	ahead := make(chan struct{}, 4*e.options.Jobs)
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
	for range e.options.Jobs {
		g.Go(func() error {
			for i := range next {
				mu.Lock()
				e.progress(Progress{Stage: "compiling", Done: done, Total: len(roots), Package: roots[i].Path})
				mu.Unlock()
				p, err := s.verdicts(ctx, roots[i])
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
		for i := range roots {
			select {
			case p := <-results[i]:
				<-ahead
				if err := emit(p); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	return s.failures
}

func (e *Engine) progress(p Progress) {
	if e.options.Progress != nil {
		e.options.Progress(p)
	}
}

// open loads the patterns and finds the toolchain that compiles them.
func (e *Engine) open(ctx context.Context, cfg load.Config, patterns []string) (*session, error) {
	g, gctx := errgroup.WithContext(ctx)
	var tc *gc.Toolchain
	var loaded *load.Result
	env := cfg.Env
	if env == nil {
		env = os.Environ()
	}
	// A go command that is stopped, because the load beside it has failed, leaves its
	// temporary directory behind, and a C compiler that it asks leaves files: in
	// ours they go with ours.
	env = append(env[:len(env):len(env)], "GOTMPDIR="+e.temp.Dir, "TMPDIR="+e.temp.Dir)
	g.Go(func() (err error) {
		tc, err = gc.FindToolchain(gctx, cfg.Dir, env)
		return err
	})
	forecast := forecastKey(cfg, patterns)
	cfg.Forecast = e.lastBuilt(forecast)
	g.Go(func() (err error) {
		loaded, err = load.Load(gctx, cfg, patterns...)
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	e.keepBuilt(forecast, cfg.Forecast, loaded.Built)
	flags, err := parseFlags(cfg.BuildFlags)
	if err != nil {
		return nil, err
	}
	if cfg.Overlay, err = overlay(cfg, loaded); err != nil {
		return nil, err
	}
	return newSession(e, cfg, tc, loaded, flags), nil
}

// overlay returns the texts that stand for files: what is unsaved, and what the
// user's -overlay replaces and is in a unit. Both are one to the engine.
func overlay(cfg load.Config, loaded *load.Result) (map[string][]byte, error) {
	if len(loaded.Replaced) == 0 {
		return cfg.Overlay, nil
	}
	all := maps.Clone(cfg.Overlay)
	if all == nil {
		all = make(map[string][]byte)
	}
	for _, u := range loaded.Units {
		for _, name := range u.Files {
			file, ok := loaded.Replaced[name]
			if !ok || all[name] != nil {
				continue
			}
			text, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading what -overlay puts in the place of %s: %w", name, err)
			}
			all[name] = text
		}
	}
	return all, nil
}

// sortedRoots returns the units that a report is about, in its order.
func sortedRoots(units []*load.Unit) []*load.Unit {
	roots := slices.Clone(units)
	slices.SortStableFunc(roots, compareUnits)
	return roots
}
