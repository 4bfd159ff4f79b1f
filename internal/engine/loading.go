package engine

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// errOutdated ends the work on what the last load found when the packages are
// no longer so.
var errOutdated = errors.New("the packages have changed since the last load")

// A loading is a load under way, and what the last one of its kind found.
type loading struct {
	host     *host
	cfg      load.Config
	patterns []string
	ctx      context.Context
	env      []string // of the go command
	tc       *gc.Toolchain
	kind     key
	// tolerant is that of the sessions on it.
	tolerant bool

	cancel context.CancelFunc
	done   chan struct{} // closed when result and err are set
	result *load.Result
	err    error

	last    []byte          // what the last load found, encoded; nil if that is not kept
	guessed context.Context // ends when the load does not confirm it

	recalled    bool                   // there is no load: what the last one found is surely true
	sums        map[string]string      // of files that have not changed since
	found       []byte                 // what this load found, encoded
	fingerprint chan *load.Fingerprint // of it
	printing    sync.WaitGroup
}

// beginLoad finds the toolchain and begins to load.
func beginLoad(ctx context.Context, h *host, cfg load.Config, patterns []string) (*loading, error) {
	env := h.environ(cfg.Env)
	if _, err := os.Lstat(h.temp.Dir); err != nil {
		if err := h.temp.Restore(); err != nil {
			return nil, fmt.Errorf("tried to make the temporary directory again, which somebody has removed: %w", err)
		}
	}
	l := &loading{host: h, cfg: cfg, patterns: patterns, kind: forecastKey(cfg, patterns), done: make(chan struct{}), fingerprint: make(chan *load.Fingerprint, 1)}
	var err error
	ctx, l.cancel = context.WithCancel(ctx)
	l.ctx, l.env = ctx, env
	l.guessed = ctx
	found := newFuture[*gc.Toolchain]()
	go func() { found.set(gc.FindToolchain(ctx, cfg.Dir, env)) }()
	l.last, _ = h.store.get(foundKey(l.kind))
	if l.recall(found) {
		return l, nil
	}
	if err := load.CheckFiles(cfg, patterns); err != nil {
		l.cancel()
		return nil, err // the go command would never end
	}
	guessed, outdated := context.WithCancelCause(ctx)
	l.guessed = guessed
	cfg.Forecast = h.store.lastBuilt(l.kind)
	go func() {
		defer close(l.done)
		l.result, l.err = load.Load(ctx, cfg, patterns...)
		if l.err != nil {
			outdated(errOutdated)
			return
		}
		h.store.keepBuilt(l.kind, cfg.Forecast, l.result.Built)
		l.found = encodeResult(l.result)
		if !bytes.Equal(l.found, l.last) {
			outdated(errOutdated)
			h.store.put(foundKey(l.kind), l.found)
		}
		l.printing.Go(func() { l.fingerprint <- l.result.Fingerprint() })
	}()
	if l.tc, err = found.get(ctx); err != nil {
		l.end()
		<-found.done
		return nil, err
	}
	return l, nil
}

// end ends the load if it is still under way.
func (l *loading) end() {
	l.cancel()
	<-l.done
	l.printing.Wait()
}

// guess returns a session on what the last load found, nil if that is not kept.
func (l *loading) guess() *session {
	if l.last == nil {
		return nil
	}
	var result *load.Result
	var err error
	if l.recalled {
		result = l.result
	} else if result, err = decodeResult(l.last, l.cfg); err != nil { // l.result belongs to the load
		return nil
	}
	if !l.recalled && !plausible(result, places(l.cfg, l.patterns, l.tc)) {
		return nil
	}
	s, err := l.newSession(result)
	if err != nil {
		return nil
	}
	return s
}

// confirmed waits for the load, and returns nil if it found what the last one did.
func (l *loading) confirmed(ctx context.Context) error {
	select {
	case <-l.done:
	case <-ctx.Done():
		return ctx.Err()
	}
	return context.Cause(l.guessed)
}

// checkEnv returns what the go command has against the environment. Its directory for
// temporary files may be removed under its hands, and is then made again.
func (l *loading) checkEnv() (err error) {
	for range retries {
		if err = gc.CheckEnv(l.ctx, l.cfg.Dir, l.env); err == nil {
			return nil
		}
		if _, gone := os.Lstat(l.host.temp.Dir); gone == nil || l.host.temp.Restore() != nil {
			return err
		}
	}
	return err
}

// session waits for the load and returns a session on what it found.
func (l *loading) session() (*session, error) {
	<-l.done
	if l.err != nil {
		return nil, l.err
	}
	// The environment is new, or not as it was.
	if err := l.checkEnv(); err != nil {
		return nil, err
	}
	return l.newSession(l.result)
}

// with has work done on what was loaded, once it is, and returns what a run returns
// that did nothing else.
func (l *loading) with(work func(*session) error) error {
	s, err := l.session()
	if err != nil {
		return err
	}
	err = work(s)
	s.close()
	return l.ended(s, err)
}

// ended returns what a run returns that worked with s and ended with err.
func (l *loading) ended(s *session, err error) error {
	if err == nil {
		l.remember(s.hashes.sums)
	}
	return l.outcome(err)
}

// outcome is what a run returns that ended with err: what the load has to say
// to the user comes last.
func (l *loading) outcome(err error) error {
	if err != nil {
		return err
	}
	for _, note := range append(slices.Clip(l.result.FlagNotes), l.result.Notes...) {
		l.host.log.Warn(note)
	}
	var failures []error
	for _, f := range l.result.Failures {
		failures = append(failures, f)
	}
	return errors.Join(failures...)
}

func (l *loading) newSession(result *load.Result) (*session, error) {
	return newSession(l.host, sessionOptions{cfg: l.cfg, toolchain: l.tc, loaded: result, sums: l.sums, tolerant: l.tolerant})
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
			text, err := regular.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading what -overlay puts in the place of %s: %w", name, err)
			}
			all[name] = text
		}
	}
	return all, nil
}
