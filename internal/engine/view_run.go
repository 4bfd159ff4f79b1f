package engine

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"go.uber.org/zap"
	"golang.org/x/sync/semaphore"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// A viewRun works once on a view: it loads, if it must, and compiles. It has its own
// copy of all that it needs, and hands what it finds to the workspace.
type viewRun struct {
	setup
	w        *Workspace
	view     *view // its key only; what is in it belongs to the workspace's goroutine
	log      *zap.Logger
	ctx      context.Context
	stop     context.CancelFunc
	since    time.Time // of the change that asked for it
	appeared int       // changes of files until its begin

	cpu      *semaphore.Weighted
	shared   *sharedLocals
	warm     *warm // which is the run's while it lasts
	open     []string
	loaded   *loaded
	last     *result
	under    *loading // until its end is seen to; nil if there is none
	outlines map[string]*outline

	// need is what is left to do, stopped says that nobody waits for it any more,
	// and told that all has been told and only cleaning up is left. They belong to
	// the workspace's goroutine.
	need    need
	stopped bool
	told    bool
	// changed has the files that have changed since the load began, as the run is
	// going to read them. It belongs to the workspace's goroutine.
	changed map[string]textState
	// failure is why nothing could be loaded. It is set before the end.
	failure error

	gone int // how often files that were loaded have gone

	mu      sync.Mutex
	listing map[string]textState
	readOn  bool
}

// report says how far the run is: with which texts it loads, and whether it has
// begun to read the files themselves.
func (r *viewRun) report(listing map[string]textState, readOn bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.listing, r.readOn = listing, readOn
}

// progress returns what was reported last.
func (r *viewRun) progress() (listing map[string]textState, readOn bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listing, r.readOn
}

// rounds is how often a run begins again because a file has changed under its hands.
const rounds = 4

// errMoved means that a file has changed since it was loaded or read.
var errMoved = errors.New("a file has changed meanwhile")

// work does the run. The first step to fail ends it; of a run that was stopped
// nothing is to be heard.
func (r *viewRun) work(need need) {
	err := r.guarded(need)
	if err == nil || r.ctx.Err() != nil {
		return
	}
	r.log.Debug("failed", zap.Error(err))
	res := &result{errors: []inline.Error{{Message: err.Error()}}}
	if r.loaded != nil {
		res.about = r.loaded.about
	}
	r.tell(res, nil, nil)
}

func (r *viewRun) guarded(need need) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(r.log, r.view.dir.dir, p)
		}
		r.endLoad(nil)
	}()
	for range rounds {
		if need == needLoad {
			before := r.stamps()
			err := r.load()
			if r.ctx.Err() == nil && !maps.Equal(before, r.stamps()) {
				r.log.Debug("once more: a file was written meanwhile")
				continue
			}
			if err != nil {
				r.failure = err
				return err
			}
			l := r.loaded
			r.w.do(func() { r.w.accept(r, l) })
		}
		switch need, err = r.compile(); {
		case errors.Is(err, errGone):
			need = needLoad
			r.gone++
			r.log.Debug("once more: files that were loaded are gone")
		case errors.Is(err, errMoved):
			r.log.Debug("once more: a file has changed meanwhile")
		default:
			return err
		}
	}
	return fmt.Errorf("tried to compile the package in %s: its files changed under the compiler's hands %d times; save one of them when nothing writes there any more", r.setup.dir, rounds)
}

// stamps returns those of the Go files that the load reads of the directory.
func (r *viewRun) stamps() map[string]stamp {
	stamps := make(map[string]stamp)
	add := func(name string) {
		if s, err := stampOf(name); err == nil {
			stamps[name] = s
		}
	}
	if r.alone != "" {
		add(r.alone)
		return stamps
	}
	entries, _ := os.ReadDir(r.view.dir.dir) // the go command words what is wrong with it
	for _, e := range entries {
		if isGo(e.Name()) && (r.variant != "" || !isTest(e.Name())) {
			add(filepath.Join(r.view.dir.dir, e.Name()))
		}
	}
	return stamps
}

// compile compiles the view's unit as its files are now, and tells what that
// told. With errMoved it returns what must be done to begin again.
func (r *viewRun) compile() (need, error) {
	l := r.loaded
	r.report(l.texts, true)
	res := r.newResult()
	if len(res.files) == 0 {
		if len(res.notes) == 0 {
			res.errors = l.errors
		}
		r.tell(res, nil, nil)
		return needNothing, nil
	}
	s, texts, err := r.session(res)
	if err != nil {
		return needLoad, err
	}
	defer s.close()
	r.log.Debug("compile", zap.String("unit", l.unit.ID))
	outlines := newFuture[map[string]*outline]()
	go func() { // while the compiler runs
		defer func() {
			if p := recover(); p != nil {
				outlines.set(nil, panicked(r.log, r.view.dir.dir, p))
			}
		}()
		outlines.set(r.outline(res, texts), nil)
	}()
	local, err := s.local(r.ctx, l.unit)
	if err != nil {
		return needNothing, err
	}
	if moved := max(r.moved(s), r.edited(s)); moved != needNothing {
		return moved, errMoved
	}
	if local.linkable == nil {
		res.errors = local.errors
		r.tell(res, nil, s)
		return needNothing, nil
	}
	shown, err := outlines.get(r.ctx)
	if err != nil {
		return needNothing, err
	}
	if err := r.link(s, local.linkable, res, shown); err != nil {
		return needNothing, err
	}
	s.close()
	if moved := r.edited(s); moved != needNothing {
		return moved, errMoved
	}
	r.warm.keep(s)
	r.endLoad(s)
	return needNothing, nil
}

// newResult begins a result: it says which open files the unit has, and why it
// has not got the others.
func (r *viewRun) newResult() *result {
	l := r.loaded
	res := &result{about: l.about, files: make(map[string]bool), notes: make(map[string]string), tags: make(map[string][]string), loaded: l, cpu: r.cpu, shared: r.shared}
	for _, name := range r.open {
		switch {
		case l.unit != nil && slices.Contains(l.unit.GoFiles, name):
			res.files[name] = true
		case l.unit != nil || len(l.errors) == 0:
			res.notes[name] = l.note(name)
			res.tags[name] = l.result.TagsFor(name)
		}
	}
	return res
}

// session begins a session on what was loaded, with the texts of the unit's
// files as they are now, and notes in res which those are. It fails with errMoved
// if the load would have to be done again for them.
func (r *viewRun) session(res *result) (*session, map[string][]byte, error) {
	l := r.loaded
	edits := *r.w.edits.Load()
	cfg := r.config(edits)
	var err error
	if cfg.Overlay, err = overlay(cfg, l.result); err != nil {
		return nil, nil, err
	}
	s := newSession(r.w.engine, cfg, l.tc, l.result)
	s.cpu, s.jobs = r.cpu, int64(r.options.Jobs)
	s.timeout, s.lowPriority = r.options.Timeout, len(edits) > 0
	s.share = &share{all: r.shared, used: make(map[key]bool)}
	r.warm.heat(s, l)
	texts, err := readTexts(s, l.unit)
	if err != nil {
		s.close()
		return nil, nil, err
	}
	s.texts = texts
	s.unsaved, s.tolerant = edits, r.gone > 1
	res.texts = make(map[string]textState, len(texts))
	for name, text := range texts {
		state := stateOfText(name, text, l.texts[name])
		res.texts[name] = state
		if _, unsaved := cfg.Overlay[name]; !unsaved {
			s.hashes.sums[name] = hex.EncodeToString(state.sum[:])
		}
		before, listed := l.texts[name]
		if !listed && r.alone == "" && filepath.Dir(name) == r.view.dir.dir || listed && before.sum != state.sum && !before.sameHeader(state) {
			s.close()
			return nil, nil, errMoved
		}
	}
	return s, texts, nil
}

// readTexts reads the files of a unit that the user wrote.
func readTexts(s *session, u *load.Unit) (map[string][]byte, error) {
	texts := make(map[string][]byte, len(u.GoFiles))
	for _, name := range u.GoFiles {
		text, ok := s.cfg.Overlay[name]
		if !ok {
			s.noteFile(name)
			var err error
			switch text, err = regular.ReadFile(name); {
			case errors.Is(err, fs.ErrNotExist):
				return nil, errMoved
			case err != nil:
				return nil, err
			}
		}
		texts[name] = text
	}
	return texts, nil
}

// moved says what must be done again because the files are not what was read.
func (r *viewRun) moved(s *session) need {
	for name, before := range s.texts {
		if _, unsaved := s.cfg.Overlay[name]; unsaved || s.unwritten(name) {
			continue
		}
		switch now, err := regular.ReadFile(name); {
		case err != nil:
			return needLoad
		case !bytes.Equal(before, now):
			return needCompile
		}
	}
	return needNothing
}

// edited says what must be done again because files were written while they were
// compiled. Of dependencies there is other export data then.
func (r *viewRun) edited(s *session) need {
	switch edited, others := s.forgetEdited(r.loaded.unit); {
	case others:
		return needLoad
	case edited:
		return needCompile
	}
	return needNothing
}

// tell hands a result to the workspace.
func (r *viewRun) tell(res *result, outlines map[string]*outline, s *session) {
	res.at = time.Now()
	res.took = res.at.Sub(r.since)
	var kept map[key]bool
	if s != nil {
		kept = s.share.keys()
	}
	r.w.do(func() { r.w.take(r, res, outlines, kept) })
}
