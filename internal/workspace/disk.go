package workspace

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A disk remembers how the files were that loads have read, so that changes are found
// of which nobody tells: an editor need not watch files, and git or another program
// may change them. It costs a stat call for each file.
//
// Looked at are the directories of open packages, and of what these import from the
// modules that are worked on. What is in the module cache, in vendor directories and
// in the standard library does not change, or a build file changes with it.
type disk struct {
	mu   sync.Mutex
	dirs map[string]*dirState
	// builds are files such as go.mod; one that is not there has the zero stamp.
	builds map[string]session.Stamp
}

// A dirState is how a directory was.
type dirState struct {
	changed int64 // when files last came or went, in nanoseconds since 1970; 0 if it is not there
	files   map[string]session.Stamp
}

// watched is what a view's load depends on.
type watched struct {
	dirs   []string
	builds []string
}

// watch returns what is to be looked at for a view.
func (l *loaded) watch() watched {
	own := l.loadSpec.dir
	if l.unit != nil && l.unit.Dir != "" {
		own = l.unit.Dir
	}
	w := watched{dirs: []string{own}, builds: buildFilesAbove(own)}
	roots := map[string]bool{} // of modules, as far as they are known
	for dir := range l.deps {
		if !mayChange(dir) {
			continue
		}
		w.dirs = append(w.dirs, dir)
		for d := dir; !roots[d]; d = filepath.Dir(d) {
			roots[d] = true
			if mod := filepath.Join(d, "go.mod"); isFile(mod) {
				w.builds = append(w.builds, mod)
				break
			}
		}
	}
	return w
}

// mayChange reports whether the files of a directory are worked on.
func mayChange(dir string) bool {
	parts := strings.Split(filepath.ToSlash(dir), "/")
	return !strings.Contains(dir, "@") && !slices.Contains(parts, "vendor")
}

// buildFilesAbove returns the files that say which modules there are for a directory, and
// what is promised of them, those included that may come.
func buildFilesAbove(dir string) []string {
	var files []string
	for d := dir; ; d = filepath.Dir(d) {
		mod, work := filepath.Join(d, "go.mod"), filepath.Join(d, "go.work")
		files = append(files, mod, work)
		if isFile(mod) {
			files = append(files, filepath.Join(d, "go.sum"), filepath.Join(d, assertion.FileName), filepath.Join(d, compare.BaselineName))
		}
		if isFile(work) {
			files = append(files, filepath.Join(d, "go.work.sum"))
		}
		if isFile(mod) || isFile(work) {
			files = append(files, filepath.Join(d, "vendor", "modules.txt"))
		}
		if d == filepath.Dir(d) {
			return files
		}
	}
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.Mode().IsRegular()
}

// note remembers how the files are that a load has read which began at a time, and
// returns those that are not as they were known to be. What was written since the load
// began may not be what it has read: it will be taken for changed.
func (k *disk) note(w watched, began time.Time) (changed []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.dirs == nil {
		k.dirs, k.builds = make(map[string]*dirState), make(map[string]session.Stamp)
	}
	unsure := began.Add(-tick).UnixNano()
	for _, dir := range w.dirs {
		if d := k.dirs[dir]; d != nil {
			changed = append(changed, d.look(dir)...)
			continue
		}
		d := &dirState{files: make(map[string]session.Stamp)}
		d.look(dir)
		if d.changed >= unsure {
			d.changed = 0
		}
		for name, s := range d.files {
			if s.Modified >= unsure {
				d.files[name] = session.Stamp{}
			}
		}
		k.dirs[dir] = d
	}
	for _, name := range w.builds {
		if _, known := k.builds[name]; known {
			changed = append(changed, k.lookAt(name)...)
			continue
		}
		k.lookAt(name)
		if s := k.builds[name]; s.Modified >= unsure {
			k.builds[name] = session.Stamp{Size: -1}
		}
	}
	return changed
}

// tick is how coarse the clocks of file systems are.
const tick = 20 * time.Millisecond

// look returns the files that are not as they were when it was called last.
func (k *disk) look(all []watched) (changed []string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	dirs, builds := make(map[string]bool), make(map[string]bool)
	for _, w := range all {
		for _, dir := range w.dirs {
			if d := k.dirs[dir]; d != nil && !dirs[dir] {
				changed = append(changed, d.look(dir)...)
			}
			dirs[dir] = true
		}
		for _, name := range w.builds {
			if _, known := k.builds[name]; known && !builds[name] {
				changed = append(changed, k.lookAt(name)...)
			}
			builds[name] = true
		}
	}
	for dir := range k.dirs {
		if !dirs[dir] {
			delete(k.dirs, dir)
		}
	}
	for name := range k.builds {
		if !builds[name] {
			delete(k.builds, name)
		}
	}
	return changed
}

// lookAt looks at a build file.
func (k *disk) lookAt(name string) (changed []string) {
	before := k.builds[name]
	k.builds[name], _ = session.StampOf(name) // the zero stamp for one that is not there
	if k.builds[name] != before {
		return []string{name}
	}
	return nil
}

// look brings d up to date, and returns the files that are not as they were.
func (d *dirState) look(dir string) (changed []string) {
	var now int64
	if info, err := os.Stat(dir); err == nil {
		now = info.ModTime().UnixNano()
	}
	if now != d.changed {
		d.changed = now
		entries, _ := os.ReadDir(dir) // one that cannot be read has no files
		for _, e := range entries {
			name := filepath.Join(dir, e.Name())
			if _, known := d.files[name]; !known && e.Type()&fs.ModeDir == 0 && (load.IsGo(name) || load.IsSource(name)) {
				d.files[name] = session.Stamp{}
			}
		}
	}
	for name, before := range d.files {
		switch s, err := session.StampOf(name); {
		case err != nil:
			delete(d.files, name)
			changed = append(changed, name)
		case s != before:
			d.files[name] = s
			changed = append(changed, name)
		}
	}
	return changed
}

// Saved says that a file was saved. Other than Changed it looks also for changes of
// what open packages depend on that nobody has told of.
func (w *Workspace) Saved(file string) {
	w.do(func() {
		w.changed(file)
		w.lookAtDisk()
	})
}

// lookAtDisk looks for changes, beside the work that a save has caused.
func (w *Workspace) lookAtDisk() {
	if w.looking {
		w.lookAgain = true
		return
	}
	var all []watched
	for _, v := range w.allViews() {
		if v.loaded != nil && v.loaded.watched != nil {
			all = append(all, *v.loaded.watched)
		}
	}
	if len(all) == 0 {
		return
	}
	w.looking = true
	w.runs.Go(func() {
		changed := w.disk.look(all)
		w.do(func() {
			w.looking = false
			for _, file := range changed {
				w.changed(file)
			}
			if w.lookAgain {
				w.lookAgain = false
				w.lookAtDisk()
			}
		})
	})
}

// noteDisk remembers how the files are that a load has read, beside what is done next.
func (w *Workspace) noteDisk(l *loaded, began time.Time) {
	w.noting.Add(1)
	w.runs.Go(func() {
		files := l.watch()
		changed := w.disk.note(files, began)
		w.do(func() {
			w.noting.Add(-1)
			l.watched = &files
			for _, file := range changed {
				w.changed(file)
			}
		})
	})
}
