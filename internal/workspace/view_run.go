package workspace

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

	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A viewRun works once on a view: it loads, if it must, and compiles. It has its own
// copy of all that it needs, and hands what it finds to the workspace.
type viewRun struct {
	// These are set at its start and do not change.
	loadSpec
	w        *Workspace
	view     *view // its key only; what is in it belongs to the workspace's goroutine
	log      *zap.Logger
	ctx      context.Context
	stop     context.CancelFunc
	since    time.Time // of the change that asked for it
	appeared int       // changes of files until its start
	cpu      *semaphore.Weighted
	shared   *session.SharedResults
	open     []string
	last     *result
	outlines map[string]*outline

	// These belong to the run's goroutine.
	reuse  *reuse // the view's, which only its run touches
	loaded *loaded
	under  *session.Loading // until its end is seen to; nil if there is none
	gone   int              // how often files that were loaded have gone

	reading reading
}

// A reading says how far a run is with the files of its directory. The run writes it,
// and the workspace's goroutine reads it.
type reading struct {
	mu      sync.Mutex
	listing map[string]textState
	begun   bool
}

// set says with which texts a run loads, and whether it has begun to read the files
// themselves.
func (p *reading) set(listing map[string]textState, begun bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.listing, p.begun = listing, begun
}

// get returns what was set last.
func (p *reading) get() (listing map[string]textState, begun bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.listing, p.begun
}

// maxRounds is how often a run begins again because a file has changed under its hands.
const maxRounds = 4

// errMoved means that a file has changed since it was loaded or read.
var errMoved = errors.New("a file has changed meanwhile")

// do does the run. The first step to fail ends it; of a run that was stopped
// nothing is to be heard.
func (r *viewRun) do(first work) {
	loadFailed, err := session.GuardedValue(r.log, r.view.dir.dir, func() (bool, error) {
		defer r.endLoad(nil)
		return r.rounds(first)
	})
	if err == nil || r.ctx.Err() != nil {
		return
	}
	r.log.Debug("failed", zap.Error(err))
	res := &result{errors: []inline.Error{{Message: err.Error()}}, loadFailed: loadFailed}
	if r.loaded != nil {
		res.about = r.loaded.about
	}
	r.sendResult(res, nil, nil)
}

// rounds loads and compiles, again if files change meanwhile. It also returns whether
// it was a load that failed.
func (r *viewRun) rounds(next work) (loadFailed bool, err error) {
	for range maxRounds {
		if next == workLoad {
			before := r.stamps()
			err := r.load()
			if r.ctx.Err() == nil && !maps.Equal(before, r.stamps()) {
				r.log.Debug("once more: a file was written meanwhile")
				continue
			}
			if err != nil {
				return true, err
			}
			l := r.loaded
			r.w.do(func() { r.w.setLoaded(r, l) })
		}
		switch next, err = r.compile(); {
		case errors.Is(err, session.ErrGone):
			next = workLoad
			r.gone++
			r.log.Debug("once more: files that were loaded are gone")
		case errors.Is(err, errMoved):
			r.log.Debug("once more: a file has changed meanwhile")
		default:
			return false, err
		}
	}
	return false, fmt.Errorf("tried to compile the package in %s: its files changed during the compile %d times; save one of them when they no longer change", r.loadSpec.dir, maxRounds)
}

// stamps returns those of the Go files that the load reads of the directory.
func (r *viewRun) stamps() map[string]session.Stamp {
	stamps := make(map[string]session.Stamp)
	add := func(name string) {
		if s, err := session.StampOf(name); err == nil {
			stamps[name] = s
		}
	}
	if r.file != "" {
		add(r.file)
		return stamps
	}
	entries, _ := os.ReadDir(r.view.dir.dir) // the go command words what is wrong with it
	for _, e := range entries {
		if load.IsGo(e.Name()) && (r.variant != "" || !load.IsTest(e.Name())) {
			add(filepath.Join(r.view.dir.dir, e.Name()))
		}
	}
	return stamps
}

// compile compiles the view's unit as its files are now, and tells what that
// told. With errMoved it returns what must be done to begin again.
func (r *viewRun) compile() (work, error) {
	l := r.loaded
	r.reading.set(l.texts, true)
	res := r.newResult()
	if len(res.files) == 0 {
		if len(res.notes) == 0 {
			res.errors = l.errors
		}
		r.sendResult(res, nil, nil)
		return workNone, nil
	}
	s, texts, err := r.session(res)
	if err != nil {
		return workLoad, err
	}
	defer s.Close()
	r.log.Debug("compile", zap.String("unit", l.unit.ID))
	outlines := future.New[map[string]*outline]()
	go func() { // while the compiler runs
		outlines.Set(session.GuardedValue(r.log, r.view.dir.dir, func() (map[string]*outline, error) { return r.outline(res, texts), nil }))
	}()
	promised := future.New[promises]()
	go func() {
		promised.Set(session.GuardedValue(r.log, r.view.dir.dir, func() (promises, error) { return r.promises(texts), nil }))
	}()
	k, err := session.Result(r.ctx, s, session.Inlining, l.unit)
	wrong, isWrong := session.WrongWith(err)
	if err != nil && !isWrong {
		return workNone, err
	}
	if moved := max(r.moved(s), r.edited(s)); moved != workNone {
		return moved, errMoved
	}
	if isWrong {
		res.errors = wrong.Errors
		r.sendResult(res, nil, s)
		return workNone, nil
	}
	shown, err := outlines.Get(r.ctx)
	if err != nil {
		return workNone, err
	}
	if res.promises, err = promised.Get(r.ctx); err != nil {
		return workNone, err
	}
	if err := r.link(s, k, res, shown); err != nil {
		return workNone, err
	}
	s.Close()
	if moved := r.edited(s); moved != workNone {
		return moved, errMoved
	}
	s.LeaveCarried()
	r.endLoad(s)
	return workNone, nil
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
func (r *viewRun) session(res *result) (*session.Session, map[string][]byte, error) {
	l := r.loaded
	edits := *r.w.edits.Load()
	texts, stamps, err := l.readTexts(edits)
	if err != nil {
		return nil, nil, err
	}
	r.reuse.update(l)
	res.texts = make(map[string]textState, len(texts))
	for name, text := range texts {
		state := stateOfText(name, text, l.texts[name])
		res.texts[name] = state
		if !l.replaced(name, edits) {
			r.reuse.sums[name] = hex.EncodeToString(state.sum[:])
		}
		before, listed := l.texts[name]
		if !listed && r.file == "" && filepath.Dir(name) == r.view.dir.dir || listed && before.sum != state.sum && !before.sameHeader(state) {
			return nil, nil, errMoved
		}
	}
	s, err := session.New(r.w.host, session.Options{
		Config: r.config(edits), Toolchain: l.tc, Loaded: l.result,
		CPU: r.cpu, Jobs: int64(r.options.Jobs), Timeout: r.options.Timeout,
		LowPriority: len(edits) > 0, Tolerant: r.gone > 1,
		Shared: r.shared, Carried: &r.reuse.carried, Sums: r.reuse.sums, Texts: texts, Stamps: stamps,
	})
	return s, texts, err
}

// replaced reports whether the compiler is given another text of a file than the one on
// disk.
func (l *loaded) replaced(name string, edits map[string][]byte) bool {
	return edits[name] != nil || l.result.Replaced[name] != ""
}

// readTexts reads the files of the unit that the user wrote, and how they were before.
func (l *loaded) readTexts(edits map[string][]byte) (texts map[string][]byte, stamps map[string]session.ReadStamp, err error) {
	texts, stamps = make(map[string][]byte, len(l.unit.GoFiles)), make(map[string]session.ReadStamp)
	for _, name := range l.unit.GoFiles {
		text := edits[name]
		if text == nil {
			if other := l.result.Replaced[name]; other != "" {
				text, err = regular.ReadFile(other)
			} else {
				session.RecordStamp(stamps, name)
				text, err = regular.ReadFile(name)
			}
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil, nil, errMoved
			case err != nil:
				return nil, nil, err
			}
		}
		texts[name] = text
	}
	return texts, stamps, nil
}

// moved says what must be done again because the files are not what was read.
func (r *viewRun) moved(s *session.Session) work {
	for name, before := range s.Texts {
		if _, unsaved := s.Config.Overlay[name]; unsaved || s.Unmodified(name) {
			continue
		}
		switch now, err := regular.ReadFile(name); {
		case err != nil:
			return workLoad
		case !bytes.Equal(before, now):
			return workCompile
		}
	}
	return workNone
}

// edited says what must be done again because files were written while they were
// compiled. Of dependencies there is other export data then.
func (r *viewRun) edited(s *session.Session) work {
	switch edited, others := s.ForgetEdited(r.loaded.unit); {
	case others:
		return workLoad
	case edited:
		return workCompile
	}
	return workNone
}

// sendResult hands a result to the workspace.
func (r *viewRun) sendResult(res *result, outlines map[string]*outline, s *session.Session) {
	res.at = time.Now()
	res.took = res.at.Sub(r.since)
	var kept map[session.Key]bool
	if s != nil {
		kept = s.Share.Keys()
	}
	r.w.do(func() { r.w.setResult(r, res, outlines, kept) })
}
