package workspace

import (
	"slices"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A directory is what a workspace keeps of a directory with open files: a view
// for each unit that an open file belongs to. A file outside of any module, and a
// script, stand for themselves.
type directory struct {
	key  string
	dir  string
	file string // the file that is loaded alone; "" for a package
	// script says that the file is loaded alone because it is a script.
	script bool
	open   map[string]bool
	notes  map[string]string // why an open file belongs to no unit
	views  map[string]*view  // by variant

	outlines map[string]*outline // of open files, of the text that was compiled last
	files    map[string]*File
	current  *Current
	changed  bool // files is not what the views know
}

func newDirectory(key, dir string, script bool) *directory {
	d := &directory{
		key: key, dir: dir, script: script,
		open: make(map[string]bool), notes: make(map[string]string), views: make(map[string]*view),
		outlines: make(map[string]*outline), files: make(map[string]*File),
	}
	if key != dir {
		d.file = key
	}
	return d
}

// variants is the order in which a directory's units are shown.
var variants = []string{"", "test", "xtest"}

// inOrder returns the directory's views.
func (d *directory) inOrder() []*view {
	views := make([]*view, 0, len(d.views))
	for _, variant := range variants {
		if v := d.views[variant]; v != nil {
			views = append(views, v)
		}
	}
	return views
}

// A work is what must be done for a view.
type work uint8

const (
	workNone work = iota
	workCompile
	workLoad // and to compile
)

// A view is one unit that is kept current: what is known of it, and what is done
// about it. It belongs to the workspace's goroutine.
type view struct {
	dir     *directory
	variant string
	open    map[string]bool // the files that show its verdicts

	state viewState
	since time.Time // of the last change that made work necessary
	after time.Time // when the next run may begin
	run   *viewRun  // nil if none is under way
	// changed has the files that have changed since the load under way began, as the
	// run is going to read them.
	changed map[string]textState

	loaded *loaded              // what the last load found; nil if there is none, or it failed
	texts  map[string]textState // of the directory's Go files, as loaded and compiled last
	result *result              // what the last run told; nil before the first
	good   *result              // the last result with verdicts; nil before the first
	reuse  *reuse
	kept   map[session.Key]bool // the shared results that the last run made use of
}

// request asks for a run, and stops the one that is under way.
func (v *view) request(needed work, now time.Time) {
	event := eventCompileRequested
	if needed == workLoad || v.loaded == nil {
		event = eventLoadRequested
	}
	v.advance(event)
	v.since = now
	v.stopRun()
}

// advance changes the view's state. An event that cannot be in this state changes
// nothing, and is reported as false.
func (v *view) advance(e viewEvent) (ok bool) {
	v.state, ok = v.state.after(e)
	return ok
}

func (v *view) stopRun() {
	if v.run != nil {
		v.run.stop()
	}
}

// A loaded is what a load found of a unit.
type loaded struct {
	loadSpec
	tc     *gc.Toolchain
	sums   map[string]string // hashes of files that are known without reading them
	result *load.Result
	unit   *load.Unit           // nil if the package has no such unit; errors may say why
	errors []inline.Error       // of the package, where there is no unit
	texts  map[string]textState // the directory's Go files at the load's begin
	about  inline.Package       // Path, Go, GOOS and GOARCH
	name   string               // of the package, without that of its external test; "" if it is not known
	// watched is what is looked at after a save; nil until it is known. It belongs to the
	// workspace's goroutine.
	watched *watched
	deps    map[string]string // directories of the packages that it imports, directly or not, with their names; those of std left out
}

// fragile reports whether what is missing may come into being anywhere.
func (l *loaded) fragile() bool {
	return l == nil || l.unit == nil || len(session.LoadErrors(l.unit)) > 0
}

// dependsOn reports whether a package in dir is imported, directly or not.
func (l *loaded) dependsOn(dir string) bool {
	_, ok := l.deps[dir]
	return ok
}

// depsOf returns the directories on whose files a load depends, with the names of
// the packages in them.
func depsOf(result *load.Result) map[string]string {
	deps := make(map[string]string)
	for _, u := range result.Units {
		if !u.Std && u.Dir != "" && !u.Root {
			deps[u.Dir] = u.Name
		}
	}
	return deps
}

// A result is what a run told of its unit. It is immutable.
type result struct {
	loaded   *loaded         // nil if that failed
	unit     *inline.Package // nil if there are no verdicts
	linkable *resolve.Linkable
	calls    map[inline.Position][]*inline.Call
	funcs    map[inline.Position][]*inline.Function
	promises promises       // about the unit
	partial  bool           // another one will add to it
	errors   []inline.Error // why there are none
	// loadFailed says that it is the load that failed: what the last one found does not
	// hold any more.
	loadFailed bool
	texts      map[string]textState   // of the files that the user wrote, as they were read
	files      map[string]bool        // the open files that are in the unit
	notes      map[string]string      // why the others are not, by file
	tags       map[string][]string    // what would make them a part of the package, by file
	about      inline.Package         // Path, Go, GOOS and GOARCH, as far as they are known
	cpu        *semaphore.Weighted    // of the run
	shared     *session.SharedResults // as well
	at         time.Time              // when it was told
	took       time.Duration          // until then, from the change that asked for it
}

func (r *result) failed() bool { return r.unit == nil && len(r.errors) > 0 }

// index finds the unit's calls and functions by their places.
func (r *result) index(unit *inline.Package) {
	r.unit = unit
	r.calls = make(map[inline.Position][]*inline.Call, len(unit.Calls))
	for i := range unit.Calls {
		c := &unit.Calls[i]
		r.calls[c.Pos] = append(r.calls[c.Pos], c)
	}
	r.funcs = make(map[inline.Position][]*inline.Function, len(unit.Functions))
	for i := range unit.Functions {
		f := &unit.Functions[i]
		r.funcs[f.Pos] = append(r.funcs[f.Pos], f)
	}
}

// update makes the directory's entry and files again if what they say has
// changed, and reports whether it has.
func (d *directory) update() bool {
	now := d.describe()
	if d.current != nil && !d.changed && sameEntry(d.current, now) {
		return false
	}
	d.current = now
	if d.changed {
		d.files = d.build()
		d.changed = false
	}
	files := make(map[string]*File, len(d.files))
	for name, f := range d.files {
		g := *f
		g.Package = now
		files[name] = &g
	}
	d.files = files
	return true
}

// describe makes the directory's entry of what its views know.
func (d *directory) describe() *Current {
	c := &Current{Dir: d.key, State: StateFresh, Units: d.units()}
	compiling, failed := false, false
	var last time.Time
	for _, v := range d.inOrder() {
		compiling = compiling || v.state.incomplete()
		r := v.result
		if r == nil {
			continue
		}
		if c.Path == "" {
			c.Path = r.about.Path
			c.Go, c.GOOS, c.GOARCH = r.about.Go, r.about.GOOS, r.about.GOARCH
		}
		c.Partial = c.Partial || r.partial
		if r.at.After(last) {
			c.Took, last = r.took, r.at
		}
		failed = failed || r.failed()
	}
	switch {
	case compiling:
		c.State = StateCompiling
	case failed:
		c.State = StateFailed
		c.Errors = d.errors()
	}
	return c
}

// units returns those of which there are verdicts.
func (d *directory) units() []*inline.Package {
	var units []*inline.Package
	for _, v := range d.inOrder() {
		if v.result != nil && v.result.unit != nil {
			units = append(units, v.result.unit)
		}
	}
	return units
}

// goodUnits returns the last unit of each view of which there were verdicts.
func (d *directory) goodUnits() []*inline.Package {
	var units []*inline.Package
	for _, v := range d.inOrder() {
		if v.good != nil {
			units = append(units, v.good.unit)
		}
	}
	return units
}

// errors returns those of all views, each once: a test variant repeats the
// package's. An external test imports the package, so what is wrong with that is all
// that is wrong with the test, as far as anybody knows.
func (d *directory) errors() []inline.Error {
	var all []inline.Error
	for _, v := range d.inOrder() {
		if v.result == nil || v.variant == "xtest" && len(all) > 0 {
			continue
		}
		for _, e := range v.result.errors {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	return all
}

func sameEntry(a, b *Current) bool {
	return a.Path == b.Path && a.State == b.State && a.Partial == b.Partial && a.Took == b.Took &&
		a.Go == b.Go && a.GOOS == b.GOOS && a.GOARCH == b.GOARCH &&
		slices.Equal(a.Errors, b.Errors) && slices.Equal(a.Units, b.Units)
}

// build puts the verdicts of the views to the open files. A file that no run has
// looked at is left out. All files without verdicts have the same errors: those of the
// directory, as its entry has them.
func (d *directory) build() map[string]*File {
	files := make(map[string]*File, len(d.open))
	for name, note := range d.notes {
		files[name] = &File{Name: name, Note: note}
	}
	errors, asserted := d.errors(), d.asserted()
	from := callersIn(callsOf(d.units()))
	var before map[inline.Declaration][]*inline.Call // of the last results with verdicts
	for _, v := range d.inOrder() {
		r := v.result
		if r == nil {
			continue
		}
		for name := range v.open {
			switch outline := d.outlines[name]; {
			case r.notes[name] != "":
				files[name] = &File{Name: name, Note: r.notes[name], Tags: r.tags[name]}
			case r.failed() && v.good != nil && v.good.files[name] && outline != nil:
				if before == nil {
					before = callersIn(callsOf(d.goodUnits()))
				}
				files[name] = outline.file(name, v.good, before)
				files[name].Errors = errors
			case r.failed():
				files[name] = &File{Name: name, Errors: errors}
			case r.unit != nil && r.files[name] && outline != nil:
				files[name] = outline.file(name, r, from)
				files[name].Asserted = asserted
			}
		}
	}
	return files
}

// fail says that nothing is known because of an error.
func (d *directory) fail(err error) {
	d.current = &Current{Dir: d.key, State: StateFailed, Errors: []inline.Error{{Message: err.Error()}}}
	d.changed = false
	clear(d.files)
	for name := range d.open {
		d.files[name] = &File{Name: name, Package: d.current, Errors: d.current.Errors}
	}
}
