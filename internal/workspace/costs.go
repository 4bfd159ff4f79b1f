package workspace

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
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
func (w *Workspace) Costs(ctx context.Context, f *File, source string) (*breakdown.UnitCosts, error) {
	k, err := f.costKey(source)
	if err != nil {
		return nil, err
	}
	return w.costs.get(ctx, k, func(ctx context.Context) (*breakdown.UnitCosts, error) {
		return session.GuardedValue(w.log, k.unit.ID, func() (*breakdown.UnitCosts, error) { return w.count(ctx, k) })
	})
}

// KnownCosts returns what Costs would if that takes no work, otherwise nil.
func (w *Workspace) KnownCosts(f *File, source string) *breakdown.UnitCosts {
	k, err := f.costKey(source)
	if err != nil {
		return nil
	}
	return w.costs.known(k)
}

// A Target is a function whose cost is asked for.
type Target struct {
	Source string          // a file of its unit
	Pos    inline.Position // of the function, as the verdicts have it
}

// FunctionCosts returns costs among which are those of one function, as Costs does. It
// takes a fraction of the time, as the compiler prints one tree in place of all.
func (w *Workspace) FunctionCosts(ctx context.Context, f *File, t Target) (*breakdown.UnitCosts, error) {
	k, err := f.costKey(t.Source)
	if err != nil {
		return nil, err
	}
	k.function = t.Pos
	return w.costs.get(ctx, k, func(ctx context.Context) (*breakdown.UnitCosts, error) {
		return session.GuardedValue(w.log, k.unit.ID, func() (*breakdown.UnitCosts, error) { return w.count(ctx, k) })
	})
}

// KnownFunctionCosts returns what FunctionCosts would if that takes no work, otherwise nil.
func (w *Workspace) KnownFunctionCosts(f *File, t Target) *breakdown.UnitCosts {
	k, err := f.costKey(t.Source)
	if err != nil {
		return nil
	}
	k.function = t.Pos
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

// count counts the costs of a unit, or of one function of it.
func (w *Workspace) count(ctx context.Context, k costKey) (*breakdown.UnitCosts, error) {
	s, err := w.sessionOn(k.result)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	s.RecordStamps(k.unit)
	p, err := costsIn(ctx, s, k)
	switch {
	case err != nil:
		return nil, err
	case s.Edited(k.unit), k.own() && k.result.otherTexts(s.Unsaved):
		return nil, ErrOutdated // the compiler may have read another text
	case len(p.Package.Errors) > 0:
		return nil, &session.UnitError{Unit: k.unit, Errors: p.Package.Errors}
	}
	return breakdown.NewUnitCosts(p), nil
}

func costsIn(ctx context.Context, s *session.Session, k costKey) (*breakdown.PackageCosts, error) {
	if !k.function.IsValid() {
		return breakdown.Of(ctx, s, k.unit)
	}
	known, err := session.Result(ctx, s, session.Inlining, k.unit)
	if wrong, ok := session.WrongWith(err); ok {
		return nil, &session.UnitError{Unit: k.unit, Errors: wrong.Errors}
	}
	if err != nil {
		return nil, err
	}
	list, err := breakdown.OfFunction(ctx, s, k.unit, &inline.Function{Pos: k.function}, nil, nil)
	if err != nil {
		return nil, err
	}
	return &breakdown.PackageCosts{Package: &known.Package, Functions: breakdown.Join(k.unit, known, list)}, nil
}

// sessionOn begins a session on what a result rests on. No go command runs for it.
func (w *Workspace) sessionOn(r *result) (*session.Session, error) {
	l := r.loaded
	edits := *w.edits.Load()
	sums := maps.Clone(l.sums)
	if sums == nil {
		sums = make(map[string]string)
	}
	for name, state := range r.texts {
		if !l.replaced(name, edits) {
			sums[name] = hex.EncodeToString(state.sum[:])
		}
	}
	s, err := session.New(w.host, session.Options{
		Config: l.loadSpec.config(edits), Toolchain: l.tc, Loaded: l.result,
		CPU: r.cpu, Jobs: int64(l.options.Jobs), Timeout: l.options.Timeout, // and not at low priority: somebody waits
		Shared: r.shared, Sums: sums, Known: map[*load.Unit]*resolve.Linkable{l.unit: r.linkable},
	})
	if err != nil {
		return nil, err
	}
	if s.Gone(l.unit) {
		s.Close()
		w.reload(l)
		return nil, ErrOutdated
	}
	if r.otherTexts(edits) {
		s.Close()
		return nil, ErrOutdated
	}
	return s, nil
}

// otherTexts reports whether the unit's files are not those that the result is about.
func (r *result) otherTexts(edits map[string][]byte) bool {
	texts, _, err := r.loaded.readTexts(edits)
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

// reload has what rests on a load loaded again.
func (w *Workspace) reload(l *loaded) {
	w.do(func() {
		for _, v := range w.allViews() {
			if v.loaded == l && v.state != stateLoadPending && v.state != stateStoppingToLoad {
				v.request(workLoad, time.Now())
			}
		}
	})
}
