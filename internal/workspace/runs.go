package workspace

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/session"
)

// pause is how far apart the beginnings of a view's runs are at least, so that
// many changes in a row do not start a process each.
const pause = 50 * time.Millisecond

// schedule starts the runs that can begin.
func (w *Workspace) schedule() {
	var waiting []*view
	running := 0
	for _, v := range w.allViews() {
		switch {
		case v.state.running():
			running++
		case v.state.pending():
			waiting = append(waiting, v)
		}
	}
	slices.SortStableFunc(waiting, func(a, b *view) int { return a.since.Compare(b.since) })
	now := time.Now()
	stuck := running == 0
	for _, v := range waiting {
		switch {
		case running > w.options.Jobs: // one more, as some wait for a go command
			return
		case now.Before(v.after):
			stuck = false
			time.AfterFunc(v.after.Sub(now), w.signal)
		case !w.mustWait(v):
			w.start(v)
			running++
			stuck = false
		}
	}
	if stuck && len(waiting) > 0 {
		w.start(waiting[0]) // imports were turned round since the last loads
	}
}

// mustWait reports whether the view's load has to wait for another view: for a
// package that it imports, as its files are, and may be about to change.
func (w *Workspace) mustWait(v *view) bool {
	if v.state != stateLoadPending || v.loaded == nil {
		return false
	}
	return slices.ContainsFunc(w.allViews(), func(p *view) bool {
		return p != v && p.state != stateIdle && v.buildsOn(p)
	})
}

// buildsOn reports whether what p's unit is made of goes into v's load. Tests go
// into nothing but the external test beside them.
func (v *view) buildsOn(p *view) bool {
	if p.variant != "" && (p.dir != v.dir || p.variant == "xtest" || v.variant != "xtest") {
		return false
	}
	return v.loaded.dependsOn(p.dir.dir)
}

// start begins a run for a view.
func (w *Workspace) start(v *view) {
	now := time.Now()
	ctx, cancel := context.WithCancel(context.Background())
	r := &viewRun{
		w: w, view: v, ctx: ctx, stop: cancel,
		since: v.since, appeared: w.appeared,
		loadSpec: loadSpec{options: w.options, dir: v.dir.dir, file: v.dir.file, variant: v.variant, pattern: "."},
		cpu:      w.cpu, shared: w.shared, reuse: v.reuse,
		open: sortedKeys(v.open), loaded: v.loaded, last: v.result, outlines: maps.Clone(v.dir.outlines),
		log: w.log.With(zap.String("dir", v.dir.dir), zap.String("variant", v.variant)),
	}
	if r.file != "" {
		r.pattern = r.file
	} else if home, path := w.importer(v.dir.dir); home != "" {
		r.loadSpec.dir, r.pattern = home, path
	}
	first := workCompile
	if v.state == stateLoadPending {
		first = workLoad
		w.noteBuildFiles(v)
	}
	w.advance(v, eventStarted)
	v.run, v.changed, v.after = r, make(map[string]textState), now.Add(pause)
	w.runs.Go(func() {
		defer cancel()
		r.do(first)
		w.do(func() { w.runEnded(r) })
	})
}

// importer finds a package of the module cache, or of a vendor directory, among
// those that other views import: what modules it is built with, theirs say. It
// returns the directory of one of them, and the package's import path there.
func (w *Workspace) importer(dir string) (importer, path string) {
	if !strings.Contains(dir, "@") && !slices.Contains(strings.Split(filepath.ToSlash(dir), "/"), "vendor") {
		return "", ""
	}
	for _, v := range w.allViews() {
		if v.dir.dir == dir || v.loaded == nil || !v.loaded.dependsOn(dir) {
			continue
		}
		for _, u := range v.loaded.result.Units {
			if u.Dir == dir && u.ForTest == "" {
				return v.loaded.loadSpec.dir, u.Path
			}
		}
	}
	return "", ""
}

// current reports whether what a run has to say is still wanted.
func (w *Workspace) current(r *viewRun) bool {
	v := r.view
	return v.run == r && !v.state.stopping() && w.has(v)
}

// advance is view.advance. What a view cannot meet in its state is a fault of this
// package, which is logged.
func (w *Workspace) advance(v *view, e viewEvent) {
	if !v.advance(e) {
		w.log.Error("impossible change of a view", zap.String("dir", v.dir.dir), zap.String("variant", v.variant), zap.Stringer("state", v.state), zap.Stringer("event", e))
	}
}

// has reports whether a view is still one of the workspace's.
func (w *Workspace) has(v *view) bool {
	return w.dirs[v.dir.key] == v.dir && v.dir.views[v.variant] == v
}

// setLoaded takes over what a run's load found.
func (w *Workspace) setLoaded(r *viewRun, l *loaded) {
	if !w.current(r) {
		return
	}
	v := r.view
	w.advance(v, eventLoaded)
	v.loaded = l
	v.texts = maps.Clone(l.texts)
	maps.Copy(v.texts, v.changed)
	clear(v.changed)
}

// setResult takes over what a run tells of its unit.
func (w *Workspace) setResult(r *viewRun, res *result, outlines map[string]*outline, kept map[session.Key]bool) {
	if !w.current(r) {
		return
	}
	v := r.view
	v.result, v.kept = res, kept
	if res.loadFailed {
		v.loaded, v.texts = nil, nil
	}
	if res.unit != nil {
		v.good = res
	}
	if res.partial {
		w.advance(v, eventPartial)
	} else {
		w.advance(v, eventResult)
	}
	maps.Copy(v.texts, res.texts)
	for name, o := range outlines {
		if v.open[name] {
			v.dir.outlines[name] = o
		}
	}
	v.dir.changed = true
}

// runEnded sees to what is to be done after a run.
func (w *Workspace) runEnded(r *viewRun) {
	v := r.view
	left := len(v.changed) > 0 // to this run, which never came to read them
	v.run, v.changed = nil, nil
	w.advance(v, eventEnded)
	if !w.has(v) {
		return
	}
	if v.state.pending() { // it was stopped
		if v.loaded.fragile() && r.appeared != w.appeared {
			w.advance(v, eventLoadRequested)
		}
		return
	}
	now := time.Now()
	switch {
	case left, v.loaded.fragile() && r.appeared != w.appeared:
		v.request(workLoad, now) // what was missing may have come meanwhile
	case slices.ContainsFunc(sortedKeys(v.open), func(name string) bool { return !slices.Contains(r.open, name) }):
		v.request(workCompile, now)
	}
	w.prune()
}

// prune drops the shared results that no view has use for. Those of runs under
// way are not known to be of use yet, so it mostly waits for their end.
func (w *Workspace) prune() {
	live := make(map[session.Key]bool)
	running := false
	for _, v := range w.allViews() {
		running = running || v.state.running()
		maps.Copy(live, v.kept)
	}
	if !running || w.shared.Full() {
		w.shared.Prune(live)
	}
}

// publishChanges publishes what is known if it is not what was published last.
func (w *Workspace) publishChanges() {
	changed := w.outdated
	w.outdated = false
	for _, d := range w.dirs {
		if w.update(d) {
			changed = true
		}
	}
	if !changed {
		return
	}
	s := &Snapshot{Files: make(map[string]*File, len(w.keys))}
	for _, d := range w.dirs {
		s.Packages = append(s.Packages, d.current)
		maps.Copy(s.Files, d.files)
	}
	slices.SortFunc(s.Packages, func(a, b *Current) int {
		return strings.Compare(a.Dir, b.Dir)
	})
	w.snapshot.Store(s)
	w.publish(s)
}

// update is directory.update for the workspace: a panic there becomes the
// directory's error.
func (w *Workspace) update(d *directory) bool {
	changed, err := session.GuardedValue(w.log, d.dir, func() (bool, error) { return d.update(), nil })
	if err != nil {
		d.fail(err)
		changed = true
	}
	return changed
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
