package workspace

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A loadSpec says what is loaded of a view, and how.
type loadSpec struct {
	options Options
	dir     string // where the go command runs
	pattern string
	file    string // the file that is loaded alone; "" for a package
	variant string
}

func (s *loadSpec) config(edits map[string][]byte) load.Config {
	return load.Config{
		Dir: s.dir, Env: s.options.Env, BuildFlags: s.options.BuildFlags,
		Overlay: edits, Tests: s.variant != "", Only: s.variant,
	}
}

// A slowError says that a load took longer than it may.
type slowError struct {
	dir   string
	after time.Duration
}

func (e *slowError) Error() string {
	return fmt.Sprintf("tried to load the package in %s: stopped after %v, its time limit; check whether \"go list -deps\" ends there", e.dir, e.after)
}

// load loads the view's package.
func (r *viewRun) load() error {
	l := &loaded{loadSpec: r.loadSpec}
	var edits map[string][]byte
	// A text that is edited before the report is not taken for a change of what
	// this load reads.
	for listed := false; !listed; {
		now := r.w.edits.Load()
		edits = *now
		if r.file != "" {
			l.texts = map[string]textState{r.file: stateOf(r.file, edits)}
		} else {
			l.texts = textsIn(r.view.dir.dir, edits)
		}
		r.reading.set(l.texts, false)
		listed = now == r.w.edits.Load()
	}
	r.endLoad(nil)

	slow := &slowError{r.loadSpec.dir, r.options.Timeout}
	ctx, cancel := context.WithTimeoutCause(r.ctx, r.options.Timeout, slow)
	r.log.Debug("load", zap.String("pattern", r.pattern))
	cfg := r.config(edits)
	began := time.Now()
	under, err := session.Begin(ctx, r.w.host, cfg, []string{r.pattern})
	if err == nil {
		r.under = under
		context.AfterFunc(under.Ctx, cancel)
		l.result, err = under.Wait()
	} else {
		defer cancel()
	}
	if err != nil {
		if errors.Is(context.Cause(ctx), slow) {
			err = slow
		}
		return err
	}
	l.tc, l.sums = under.Toolchain, under.Sums
	l.find(r.variant)
	l.describe()
	l.deps = depsOf(l.result)
	for _, note := range l.result.FlagNotes {
		r.log.Warn(note)
	}
	r.loaded = l
	r.w.noteDisk(l, began)
	return nil
}

// endLoad sees to the end of the load under way. If a session on it has come to
// its end, the load is kept for a later start of the program.
func (r *viewRun) endLoad(s *session.Session) {
	if r.under == nil {
		return
	}
	if s != nil {
		r.under.Remember(s.Hashes.Sums)
	}
	r.under.End()
	r.under = nil
}

// find finds the view's unit among the roots.
func (l *loaded) find(variant string) {
	for _, u := range l.result.Roots {
		if u.Variant == variant {
			l.unit = u
			return
		}
	}
	for _, u := range l.result.Roots {
		l.errors = append(l.errors, session.LoadErrors(u)...)
	}
}

// note says why an open file is not in the view's unit.
func (l *loaded) note(file string) string {
	if e, ok := l.result.Excluded(file); ok {
		return e.Message
	}
	if !l.texts[file].exists() {
		return "the file is not on disk, so it belongs to no package"
	}
	return "the go command does not include it in the package of its directory"
}

// describe says what a load knows of its unit's verdicts before there are any.
func (l *loaded) describe() {
	l.about = inline.Package{Go: l.tc.Version, GOOS: l.tc.GOOS, GOARCH: l.tc.GOARCH}
	if l.unit != nil {
		l.about.Path = l.unit.Path
		l.name = l.unit.Name
		if l.variant == "xtest" {
			l.about.Path = l.unit.ForTest
			l.name = strings.TrimSuffix(l.name, "_test")
		}
	}
}
