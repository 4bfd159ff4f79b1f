// Package engine is the front for those who ask once: it loads patterns, and calls back
// with the verdicts, costs, explanations or advice on what they name.
//
// It decides nothing itself: internal/session has units compiled and keeps what they
// told, internal/breakdown and internal/trial build on that. It knows nothing of the
// language server protocol.
package engine

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/explain"
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

// Remember keeps a text under a name in the cache, where Recall finds it, until the
// cache needs the room. Where there is no cache, it is lost with the engine.
func (e *Engine) Remember(name, text string) {
	e.host.Store.Put(sha256.Sum256([]byte(name)), []byte(text))
}

// Recall returns the text that Remember kept under a name; "" if there is none.
func (e *Engine) Recall(name string) string {
	text, _ := e.host.Store.Get(sha256.Sum256([]byte(name)))
	return string(text)
}

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
	return l.Do(ctx, func(ctx context.Context, s *session.Session, confirmed func(context.Context) error) error {
		return e.run(ctx, s, confirmed, emit)
	})
}

// run gives the session's roots their verdicts and emits them, once confirmed
// has returned nil.
func (e *Engine) run(ctx context.Context, s *session.Session, confirmed func(context.Context) error, emit func(*inline.Package) error) error {
	roots := s.Roots
	e.progress(Progress{Stage: "compiling", Total: len(roots)})
	var mu sync.Mutex
	done := 0
	advance := func(u *load.Unit, by int) {
		mu.Lock()
		defer mu.Unlock()
		done += by
		e.progress(Progress{Stage: "compiling", Done: done, Total: len(roots), Package: u.Path})
	}
	verdicts := func(ctx context.Context, u *load.Unit) (*inline.Package, error) {
		advance(u, 0)
		p, err := s.Verdicts(ctx, u)
		if err == nil {
			advance(u, 1)
		}
		return p, err
	}
	return inOrder(ctx, s, verdicts, func(ctx context.Context, next func() (*inline.Package, error)) error {
		if err := confirmed(ctx); err != nil {
			return err
		}
		return emitWithTests(roots, next, emit)
	})
}

func (e *Engine) progress(p Progress) {
	if e.onChange != nil {
		e.onChange(p)
	}
}

// Costs loads patterns and calls emit once for each unit that they name, sorted
// by path and variant, never concurrently. Errors are those of Run.
func (e *Engine) Costs(ctx context.Context, cfg load.Config, patterns []string, emit func(*breakdown.PackageCosts) error) error {
	return e.with(ctx, cfg, patterns, func(s *session.Session) error {
		of := func(ctx context.Context, u *load.Unit) (*breakdown.PackageCosts, error) {
			return breakdown.Of(ctx, s, u)
		}
		return inOrder(ctx, s, of, func(_ context.Context, next func() (*breakdown.PackageCosts, error)) error {
			for range s.Roots {
				p, err := next()
				if err != nil {
					return err
				}
				if err := emit(p); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// Explain loads a pattern, finds the function that q asks for in what it names,
// and takes its cost apart. Errors are those of Run, and *explain.NotFoundError.
func (e *Engine) Explain(ctx context.Context, cfg load.Config, pattern string, q explain.Query) (*explain.Explanation, error) {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, []string{pattern})
	if err != nil {
		return nil, err
	}
	defer l.End()
	return explain.Function(ctx, l, pattern, q, func(path string) {
		e.progress(Progress{Stage: "compiling", Total: 1, Package: path})
	})
}

// with loads patterns and has work done on what they name.
func (e *Engine) with(ctx context.Context, cfg load.Config, patterns []string, work func(*session.Session) error) error {
	e.progress(Progress{Stage: "loading"})
	l, err := session.Begin(ctx, e.host, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.End()
	return l.With(work)
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

// Advise loads patterns and calls l.Emit with the advice on each function of the
// packages that is wanted, in the order of packages and of their source. Errors are
// those of Run.
func (e *Engine) Advise(ctx context.Context, cfg load.Config, patterns []string, l trial.List) error {
	return e.with(ctx, cfg, patterns, func(s *session.Session) error {
		total, err := e.countWanted(ctx, s, l.Wanted)
		if err != nil {
			return err
		}
		if l.Counted != nil {
			l.Counted(total)
		}
		g, ctx := errgroup.WithContext(ctx)
		g.SetLimit(s.Host.Jobs + 1)
		// Each unit's advice waits here for that of those before it.
		answers := make([]chan *trial.Advice, len(s.Roots))
		for i := range answers {
			answers[i] = make(chan *trial.Advice, adviceAhead)
		}
		g.Go(func() error { return e.emitAdvice(ctx, s, answers, total, l.Emit) })
		for i, u := range s.Roots {
			g.Go(func() error {
				defer close(answers[i])
				own := l
				own.Emit = func(a *trial.Advice) error { return send(ctx, answers[i], a) }
				return trial.AdviseUnit(ctx, s, u, &own)
			})
		}
		return g.Wait()
	})
}

// adviceAhead is on how many functions of a unit advice may be there before that of the
// units before it is.
const adviceAhead = 1024

// countWanted returns on how many functions advice is wanted.
func (e *Engine) countWanted(ctx context.Context, s *session.Session, wanted func(*inline.Package, *inline.Function) bool) (total int, err error) {
	done := 0
	count := func(ctx context.Context, u *load.Unit) (n int, err error) {
		k, err := session.Result(ctx, s, session.Inlining, u)
		if _, wrong := session.WrongWith(err); wrong {
			return 0, nil
		}
		if err != nil {
			return 0, err
		}
		for i := range k.Package.Functions {
			if wanted(&k.Package, &k.Package.Functions[i]) {
				n++
			}
		}
		return n, nil
	}
	err = inOrder(ctx, s, count, func(_ context.Context, next func() (int, error)) error {
		for _, u := range s.Roots {
			n, err := next()
			if err != nil {
				return err
			}
			total += n
			done++
			e.progress(Progress{Stage: "compiling", Done: done, Total: len(s.Roots), Package: u.Path})
		}
		return nil
	})
	return total, err
}

// emitAdvice hands out the advice on the functions of units, one unit after another.
func (e *Engine) emitAdvice(ctx context.Context, s *session.Session, answers []chan *trial.Advice, total int, emit func(*trial.Advice) error) error {
	done := 0
	for i, u := range s.Roots {
		e.progress(Progress{Stage: "trying changes", Done: done, Total: total, Package: u.Path})
		for open := true; open; {
			var a *trial.Advice
			select {
			case a, open = <-answers[i]:
			case <-ctx.Done():
				return ctx.Err()
			}
			if !open {
				break
			}
			if err := emit(a); err != nil {
				return err
			}
			done++
			e.progress(Progress{Stage: "trying changes", Done: done, Total: total, Package: u.Path})
		}
	}
	return nil
}
