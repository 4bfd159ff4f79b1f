package engine

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// ErrOutdated means that a package has changed since its verdicts were found, so
// that they are about to be replaced, and what its functions cost with them.
var ErrOutdated = errors.New("the package has changed since it was compiled")

// Costs returns what the functions cost of the unit that has a source file: f's
// own, or one that f's unit is built of, the standard library included. They are
// those of the text that the verdicts in f are about. For most packages that takes
// a compile, which goes on as long as somebody waits for it.
//
// The error is ctx's, ErrOutdated, or says why there are none.
func (w *Workspace) Costs(ctx context.Context, f *File, source string) (*UnitCosts, error) {
	k, err := f.costKey(source)
	if err != nil {
		return nil, err
	}
	return w.costs.get(ctx, k, func(ctx context.Context) (*UnitCosts, error) { return w.count(ctx, k) })
}

// KnownCosts returns what Costs would if that takes no work, otherwise nil.
func (w *Workspace) KnownCosts(f *File, source string) *UnitCosts {
	k, err := f.costKey(source)
	if err != nil {
		return nil
	}
	return w.costs.known(k)
}

// costKey names the costs of the unit that has a source file.
func (f *File) costKey(source string) (costKey, error) {
	r := f.result
	switch {
	case f.Note != "":
		return costKey{}, fmt.Errorf("there are no verdicts on %s: %s", filepath.Base(f.Name), f.Note)
	case len(f.Errors) > 0:
		return costKey{}, fmt.Errorf("the package does not compile: %s", f.Errors[0].Message)
	case r == nil:
		return costKey{}, fmt.Errorf("%s has not been compiled yet", filepath.Base(f.Name))
	}
	own := r.loaded.unit
	if slices.Contains(own.GoFiles, source) {
		return costKey{result: r, unit: own}, nil
	}
	dir := filepath.Dir(source)
	for _, u := range own.Closure() {
		if u.Dir == dir && u != own && slices.Contains(u.GoFiles, source) {
			return costKey{result: r, unit: u}, nil
		}
	}
	return costKey{}, fmt.Errorf("none of the packages that %s is built of has %s", own.Path, source)
}

// count counts the costs of a unit.
func (w *Workspace) count(ctx context.Context, k costKey) (c *UnitCosts, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = panicked(w.log, k.unit.ID, p)
		}
	}()
	s, err := w.costSession(k.result)
	if err != nil {
		return nil, err
	}
	defer s.close()
	s.note(k.unit)
	p, err := s.costs(ctx, k.unit)
	switch {
	case err != nil:
		return nil, err
	case s.edited(k.unit), k.own() && k.result.otherTexts(s):
		return nil, ErrOutdated // the compiler may have read another text
	case len(p.Package.Errors) > 0:
		return nil, unitError(k.unit, p.Package.Errors[0])
	}
	return newUnitCosts(p), nil
}

func unitError(u *load.Unit, e inline.Error) error {
	return errors.New(missing(u, []inline.Error{e}))
}

// costSession begins a session on what a result rests on. No go command runs for it.
func (w *Workspace) costSession(r *result) (*session, error) {
	l := r.loaded
	cfg := l.setup.config(*w.edits.Load())
	var err error
	if cfg.Overlay, err = overlay(cfg, l.result); err != nil {
		return nil, err
	}
	s := newSession(w.engine, cfg, l.tc, l.result)
	s.cpu, s.jobs = r.cpu, int64(l.options.Jobs)
	s.unsaved = *w.edits.Load()
	s.timeout = l.options.Timeout // and not at low priority: somebody waits
	s.share = &share{all: r.shared, used: make(map[key]bool)}
	if l.sums != nil {
		s.hashes.sums = maps.Clone(l.sums)
	}
	for name, state := range r.texts {
		if _, unsaved := cfg.Overlay[name]; !unsaved {
			s.hashes.sums[name] = hex.EncodeToString(state.sum[:])
		}
	}
	if s.gone(l.unit) {
		s.close()
		w.reload(l)
		return nil, ErrOutdated
	}
	if r.otherTexts(s) {
		s.close()
		return nil, ErrOutdated
	}
	own := newFuture[*localResult]()
	own.set(&localResult{linkable: r.linkable}, nil)
	s.locals[l.unit] = own
	return s, nil
}

// otherTexts reports whether the unit's files are not those that the result is about.
func (r *result) otherTexts(s *session) bool {
	texts, err := readTexts(s, r.loaded.unit)
	if err != nil || len(texts) != len(r.texts) {
		return true
	}
	for name, text := range texts {
		if sha256.Sum256(text) != r.texts[name].sum {
			return true
		}
	}
	return false
}

// pruneCosts drops the costs of units that are no more, and stops counting those
// of texts that are no more.
func (w *Workspace) pruneCosts() {
	if w.costs.empty() {
		return
	}
	views := w.allViews()
	w.costs.prune(func(k costKey) (live, moved bool) {
		for _, v := range views {
			if r := v.result; r != nil && k.holdsIn(r) {
				return true, k.own() && v.movedSince(r)
			}
		}
		return false, true
	})
}

// movedSince reports whether a file is known to have another text than r is about.
func (v *view) movedSince(r *result) bool {
	for name, state := range r.texts {
		if now, ok := v.texts[name]; ok && now.sum != state.sum {
			return true
		}
	}
	return false
}
