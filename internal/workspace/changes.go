package workspace

import (
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/load"
)

// assign gives an open file to the view of the unit that it belongs to.
func (w *Workspace) assign(d *directory, file string) {
	variant, note := "", ""
	if load.IsTest(file) {
		variant = "test"
		if stateOf(file, *w.edits.Load()).external() {
			variant = "xtest"
		}
		if !w.options.Tests {
			note = "this is a test file, and the setting tests is off"
		}
	}
	if d.notes[file] != note {
		delete(d.notes, file)
		if note != "" {
			d.notes[file] = note
		}
		d.changed = true
	}
	for _, v := range d.views {
		if v.open[file] && (v.variant != variant || note != "") {
			delete(v.open, file)
			w.drop(d, v)
		}
	}
	if note != "" {
		return
	}
	v := d.views[variant]
	if v == nil {
		v = &view{dir: d, variant: variant, open: make(map[string]bool), reuse: new(reuse)}
		d.views[variant] = v
		v.request(workLoad, time.Now())
	}
	if !v.open[file] {
		v.open[file] = true
		d.changed = true
		if v.state == stateIdle {
			v.request(workCompile, time.Now())
		}
	}
}

// drop ends a view that no open file has use for.
func (w *Workspace) drop(d *directory, v *view) {
	d.changed = true
	if len(v.open) > 0 {
		return
	}
	v.stopRun()
	delete(d.views, v.variant)
}

// allViews returns every view, in an order that does not change.
func (w *Workspace) allViews() []*view {
	var views []*view
	for _, key := range sortedKeys(w.dirs) {
		views = append(views, w.dirs[key].inOrder()...)
	}
	return views
}

// changed sees to it that what depends on a file or directory is made again, if
// that is not as it was when it was last looked at.
func (w *Workspace) changed(file string) {
	if load.IsBuildFile(file) {
		w.buildFileChanged(file)
		return
	}
	if base := filepath.Base(file); base == assertion.FileName || base == compare.BaselineName {
		w.promisesChanged(filepath.Dir(file))
		return
	}
	if load.IsGo(file) || load.IsSource(file) {
		if info, err := os.Stat(file); err != nil || !info.IsDir() {
			w.fileChanged(file)
			return
		}
	}
	if info, err := os.Stat(file); err != nil || info.IsDir() {
		w.dirChanged(file)
	}
}

// promisesChanged has the packages of a module compiled again, whose file of assertions or
// baseline has changed: their verdicts are known, and are judged anew.
func (w *Workspace) promisesChanged(root string) {
	for _, v := range w.allViews() {
		if load.Within(v.dir.dir, root) {
			v.request(workCompile, time.Now())
		}
	}
}

// dirChanged looks at all directories that matter and are dir or below it.
func (w *Workspace) dirChanged(dir string) {
	dirs := make(map[string]bool)
	for _, v := range w.allViews() {
		dirs[v.dir.dir] = true
		if v.loaded != nil {
			for dep := range v.loaded.deps {
				dirs[dep] = true
			}
		}
	}
	for _, d := range sortedKeys(dirs) {
		if load.Within(d, dir) {
			for _, name := range w.filesIn(d) {
				w.fileChanged(name)
			}
		}
	}
}

// filesIn returns the Go files of a directory, sorted, and those that loads have found
// there, which may have gone.
func (w *Workspace) filesIn(dir string) []string {
	files := sortedKeys(textsIn(dir, *w.edits.Load()))
	for _, v := range w.allViews() {
		if v.loaded == nil {
			continue
		}
		for _, u := range v.loaded.result.Units {
			if u.Dir == dir {
				files = append(files, u.GoFiles...)
			}
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// concerns reports whether a file may make a difference to an open package.
func (w *Workspace) concerns(file string) bool {
	dir := filepath.Dir(file)
	return slices.ContainsFunc(w.allViews(), func(v *view) bool {
		return v.dir.dir == dir || v.loaded.fragile() || v.loaded.dependsOn(dir)
	})
}

// fileChanged looks at a file that may be a part of a package.
func (w *Workspace) fileChanged(file string) {
	if !w.concerns(file) {
		w.appeared++
		return
	}
	now := stateOf(file, *w.edits.Load())
	before, known := w.seen[file]
	news := !known || before != now
	w.seen[file] = now
	w.appeared++ // without news, too: a load may have met the file half-written
	if key, ok := w.keys[file]; ok {
		if d := w.dirs[key]; now.exists() && now.script != d.script {
			w.forget(file) // it has become a script, or is none any more
			w.open(file)
		} else {
			w.assign(d, file)
		}
	}
	dir, at := filepath.Dir(file), time.Now()
	for _, v := range w.allViews() {
		var needed work
		switch {
		case v.dir.file == file, v.dir.file == "" && v.dir.dir == dir:
			needed = v.ownFileChanged(file, now, news)
		case news && v.dependsOn(dir, file, before, now):
			needed = workLoad
		}
		if needed == workNone && news && !v.state.running() && v.loaded.fragile() && now.exists() && !before.sameHeader(now) {
			needed = workLoad // it may be what was missing
		}
		if needed == workNone {
			needed = v.retry(dir)
		}
		if needed != workNone {
			v.request(needed, at)
		}
	}
}

// retry says what is to be done where a file in dir was written, though not with
// another text than is known, and there are no verdicts: what was wrong may have
// been the machine, or a file that was just being written.
func (v *view) retry(dir string) work {
	if !v.stuck() {
		return workNone
	}
	switch own := v.dir.dir == dir; {
	case v.loaded.fragile() && (own || v.loaded == nil || v.loaded.dependsOn(dir)):
		return workLoad
	case own && !v.loaded.fragile():
		return workCompile
	}
	return workNone
}

// stuck reports whether there are no verdicts, and nothing is done about it. A run
// that finishes does nothing about it: somebody may have read of the failure already.
func (v *view) stuck() bool {
	return !v.state.incomplete() && v.result != nil && v.result.failed()
}

// dependsOn reports whether the view's unit imports the package in dir, and a
// change of a file there makes a difference to it. A load that has not begun to
// read will see the files as they are; what the first one will find is not known
// while it is under way.
func (v *view) dependsOn(dir, file string, before, now textState) bool {
	if texts, _ := v.read(); texts == nil {
		return false
	}
	if v.loaded == nil {
		return true
	}
	name, ok := v.loaded.deps[dir]
	return ok && (!load.IsTest(file) || before.breaks(name) || now.breaks(name))
}

// read returns the states of the directory's Go files that the view's load, or
// the one under way, has begun with: nil if nothing has been read yet. Read on
// says that the files themselves have been read, or may have been.
func (v *view) read() (texts map[string]textState, readOn bool) {
	switch v.state {
	case stateLoadPending, stateStoppingToLoad:
		return nil, false
	case stateLoading:
		return v.run.reading.get()
	}
	return v.texts, true
}

// ownFileChanged says what a change of a file in the view's directory makes
// necessary.
//
// A Go file is compared with what the view has read of it, which it may have done
// before it was told of a change. Of others it is only known whether there is news.
func (v *view) ownFileChanged(file string, now textState, news bool) work {
	texts, readOn := v.read()
	if v.state == stateLoading && !readOn && load.IsGo(file) {
		v.changed[file] = now
	}
	before := texts[file]
	switch {
	case texts == nil && !readOn, (texts == nil || !load.IsGo(file)) && !news:
		return workNone
	case texts == nil, !load.IsGo(file):
		return workLoad // the last load failed, or may have been of another file
	case before == now:
		return workNone
	case load.IsTest(file) && v.loaded != nil && (before.breaks(v.loaded.name) || now.breaks(v.loaded.name)):
		return workLoad
	case load.IsTest(file) && (v.variant == "" || v.variant == "test" && before.otherTest() && now.otherTest()):
		return workNone
	case !before.sameHeader(now):
		return workLoad
	case v.variant == "xtest" && !now.external():
		return workLoad // the package that is tested is built again
	case !readOn:
		return workNone // the run will read it as it is now
	case v.loaded == nil || v.loaded.unit == nil || v.loaded.rebuilt(file):
		return workLoad
	}
	if v.state == stateLoading {
		v.changed[file] = now // the run is reading texts
	} else {
		texts[file] = now
	}
	return workCompile
}

// rebuilt reports whether the compiler is given another file in a file's place,
// which a load has made of it.
func (l *loaded) rebuilt(file string) bool {
	return l.unit.Cgo && slices.Contains(l.unit.GoFiles, file) && !slices.Contains(l.unit.Files, file)
}

// buildFileChanged sees to all packages whose modules a file may change.
func (w *Workspace) buildFileChanged(file string) {
	now := stateOf(file, nil)
	before, known := w.seen[file]
	news := !known || before != now
	w.seen[file] = now
	w.appeared++
	dir, at := filepath.Dir(file), time.Now()
	if filepath.Base(file) == "modules.txt" {
		dir = filepath.Dir(dir)
	}
	for _, name := range sortedKeys(w.keys) { // a file may now be in a module, or in none
		if key, _ := w.keyOf(name); load.Within(name, dir) && key != w.keys[name] {
			w.forget(name)
			w.open(name)
		}
	}
	for _, v := range w.allViews() {
		if (v.dir.file == "" || v.dir.script) && (news || v.stuck() && v.loaded.fragile()) && v.inModule(dir) {
			v.request(workLoad, at)
		}
	}
}

// noteBuildFiles notes the build files that a load of v is about to read. A later look
// at them then finds no news where there is none, though their times do not tell
// whether they were written before the load. What other views have not seen of them
// is news for these.
func (w *Workspace) noteBuildFiles(v *view) {
	for _, file := range buildFilesAbove(v.dir.dir) {
		before, known := w.seen[file]
		now := stateOf(file, nil)
		w.seen[file] = now
		if !known || before == now {
			continue
		}
		dir := filepath.Dir(file)
		if filepath.Base(file) == "modules.txt" {
			dir = filepath.Dir(dir)
		}
		for _, o := range w.allViews() {
			if o != v && (o.dir.file == "" || o.dir.script) && o.inModule(dir) {
				o.request(workLoad, time.Now())
			}
		}
		w.signal()
	}
}

// inModule reports whether the module or workspace in dir has a say in what the
// view's load finds.
func (v *view) inModule(dir string) bool {
	if load.Within(v.dir.dir, dir) || v.loaded.fragile() {
		return true
	}
	env := v.loaded.result.Env
	if env.Work != "" && filepath.Dir(env.Work) == dir || filepath.Dir(env.Mod) == dir {
		return true
	}
	for d := range v.loaded.deps {
		if load.Within(d, dir) {
			return true
		}
	}
	return false
}

// keyOf returns what an open file's directory is kept under: its name, or the
// file's where the file is compiled alone: for a script, and where the go command
// would find no module.
func (w *Workspace) keyOf(file string) (key string, script bool) {
	if !load.IsTest(file) && stateOf(file, *w.edits.Load()).script {
		return file, true
	}
	dir := filepath.Dir(file)
	if load.HasPackages(dir, w.options.Env) {
		return dir, false
	}
	return file, false
}
