package workspace

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"
	"golang.org/x/tools/txtar"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A rig is a workspace on a module in a temporary directory.
type rig struct {
	t       *testing.T
	dir     string
	host    *session.Host
	w       *Workspace
	options Options
	logs    *observer.ObservedLogs

	mu        sync.Mutex
	published []*Snapshot
}

// newRig lays out an archive and begins a workspace on it. Its cache lasts as
// long as the test.
func newRig(t *testing.T, archive string, change ...func(*Options)) *rig {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{t: t, dir: dir}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		r.write(f.Name, string(f.Data))
	}
	// What is younger than a load is looked at once more, which tests would count.
	old := time.Now().Add(-time.Minute)
	if err := filepath.WalkDir(dir, func(name string, _ fs.DirEntry, _ error) error { return os.Chtimes(name, old, old) }); err != nil {
		t.Fatal(err)
	}
	r.options = Options{Tests: true, Jobs: 2, Timeout: time.Minute}
	r.options.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOPROXY=off", "GOWORK=")
	for _, f := range change {
		f(&r.options)
	}
	core, logs := observer.New(zapcore.DebugLevel)
	r.logs = logs
	if r.host, err = session.NewHost(session.HostOptions{CacheDir: sharedCache(t), Log: zap.New(core)}); err != nil {
		t.Fatal(err)
	}
	r.w = New(r.host, r.options, func(s *Snapshot) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.published = append(r.published, s)
	})
	t.Cleanup(func() {
		if err := r.w.Close(); err != nil {
			t.Error(err)
		}
		if err := r.host.Close(); err != nil {
			t.Error(err)
		}
		r.checkPublished()
	})
	return r
}

// oracle is an engine whose cache no workspace writes.
var oracle = sync.OnceValues(func() (*session.Host, error) {
	dir, err := cacheOnce()
	if err != nil {
		return nil, err
	}
	return session.NewHost(session.HostOptions{CacheDir: filepath.Join(dir, "oracle")})
})

var cacheOnce = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "inlinelens-test-*") })

// sharedCache is one for all tests of the process, so that each does not compile
// the standard library again.
func sharedCache(t *testing.T) string {
	t.Helper()
	dir, err := cacheOnce()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

func (r *rig) path(name string) string { return filepath.Join(r.dir, filepath.FromSlash(name)) }

func (r *rig) write(name, text string) {
	r.t.Helper()
	file := r.path(name)
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		r.t.Fatal(err)
	}
	// A reader sees the one text or the other.
	if err := os.WriteFile(file+"~", []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
	if err := os.Rename(file+"~", file); err != nil {
		r.t.Fatal(err)
	}
}

// save writes files, by name and text in turn, and says so.
func (r *rig) save(namesAndTexts ...string) {
	r.t.Helper()
	var names []string
	for i := 0; i < len(namesAndTexts); i += 2 {
		r.write(namesAndTexts[i], namesAndTexts[i+1])
		names = append(names, r.path(namesAndTexts[i]))
	}
	r.w.Changed(names...)
}

// replace saves a file with a part of its text replaced.
func (r *rig) replace(name, old, text string) {
	r.t.Helper()
	data, err := os.ReadFile(r.path(name))
	if err != nil {
		r.t.Fatal(err)
	}
	if !strings.Contains(string(data), old) {
		r.t.Fatalf("%s has no %q", name, old)
	}
	r.save(name, strings.Replace(string(data), old, text, 1))
}

func (r *rig) open(names ...string) {
	for _, name := range names {
		r.w.Open(r.path(name))
	}
}

func (r *rig) wait() *Snapshot {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	if err := r.w.Wait(ctx); err != nil {
		r.t.Fatal(err)
	}
	return r.w.Snapshot()
}

// eventually waits for a snapshot that is as wanted.
func (r *rig) eventually(what string, ok func(*Snapshot) bool) *Snapshot {
	r.t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(5 * time.Millisecond) {
		if s := r.w.Snapshot(); ok(s) {
			return s
		}
	}
	r.t.Fatalf("never: %s", what)
	return nil
}

// loads returns how often a unit was loaded, and compiles how often a session
// began on one, since the last call of either.
func (r *rig) counts() (loads, compiles int) {
	for _, e := range r.logs.TakeAll() {
		switch e.Message {
		case "load":
			loads++
		case "compile":
			compiles++
		}
	}
	return loads, compiles
}

// file returns what is known of a file.
func (r *rig) file(name string) *File {
	r.t.Helper()
	f := r.w.Snapshot().Files[r.path(name)]
	if f == nil {
		r.t.Fatalf("nothing is known of %s", name)
	}
	return f
}

// calls returns the calls of a file as "callee status"; none if its package does
// not compile as it is.
func (r *rig) calls(name string) []string {
	r.t.Helper()
	f := r.file(name)
	if len(f.Errors) > 0 {
		return nil
	}
	return callsIn(f)
}

func callsIn(f *File) []string {
	var all []string
	for _, c := range f.Calls {
		all = append(all, fmt.Sprintf("%s %s", f.Text[c.Callee.Start:c.Callee.End], c.Status))
	}
	return all
}

// wantCalls waits until all is done and compares a file's calls.
func (r *rig) wantCalls(name string, want ...string) {
	r.t.Helper()
	r.wait()
	if diff := cmp.Diff(want, r.calls(name)); diff != "" {
		r.t.Errorf("calls of %s (-want +got):\n%s", name, diff)
	}
}

// wantState waits until all is done and compares the state of the package in a
// directory.
func (r *rig) wantState(dir string, want State) *Current {
	r.t.Helper()
	for _, p := range r.wait().Packages {
		if p.Dir == r.path(dir) {
			if p.State != want {
				r.t.Errorf("%s is %s (%v), want %s", dir, p.State, p.Errors, want)
			}
			return p
		}
	}
	r.t.Fatalf("there is no package in %s", dir)
	return nil
}

// wantFresh waits until all is done, and compares what is known of the open
// files with what loading and compiling their packages from scratch tells.
func (r *rig) wantFresh() {
	r.t.Helper()
	s := r.wait()
	units := make(map[string]*inline.Package) // by file
	for _, p := range s.Packages {
		if _, err := os.Stat(p.Dir); err == nil && !load.IsGo(p.Dir) {
			maps.Copy(units, r.fresh(p.Dir))
		}
	}
	for name, f := range s.Files {
		u, ok := units[name]
		switch {
		case f.Package.State == StateCompiling || f.Package.Partial:
			r.t.Errorf("%s: %s, partial: %v, when all is done", name, f.Package.State, f.Package.Partial)
		case !ok && !load.IsGo(f.Package.Dir):
			if f.Unit != nil && len(f.Errors) == 0 || f.Note == "" && f.Package.State != StateFailed {
				r.t.Errorf("%s: no package has it, and it is %s, with note %q", name, f.Package.State, f.Note)
			}
		case ok && len(u.Errors) > 0:
			if len(f.Errors) == 0 || f.Package.State != StateFailed {
				r.t.Errorf("%s: it is %s, and should have failed with %v", name, f.Package.State, u.Errors)
			}
		case ok:
			if len(f.Errors) > 0 {
				r.t.Errorf("%s has the errors %v", name, f.Errors)
			}
			if diff := cmp.Diff(u, f.Unit); diff != "" {
				r.t.Errorf("%s is %s %v (-fresh +workspace):\n%s", name, f.Package.State, f.Package.Errors, diff)
			}
			if text := r.text(name); text != string(f.Text) {
				r.t.Errorf("%s: the text is not what is there", name)
			}
		}
	}
}

// fresh returns the units of a directory's files as one who has known nothing
// finds them.
func (r *rig) fresh(dir string) map[string]*inline.Package {
	r.t.Helper()
	units := make(map[string]*inline.Package)
	ctx := context.Background()
	cfg := load.Config{Dir: dir, Env: r.options.Env, BuildFlags: r.options.BuildFlags, Tests: r.options.Tests, Overlay: *r.w.edits.Load()}
	loaded, err := load.Load(ctx, cfg, ".")
	if err != nil {
		return units
	}
	tc, err := gc.FindToolchain(ctx, dir, cfg.Env)
	if err != nil {
		r.t.Fatal(err)
	}
	e, err := oracle()
	if err != nil {
		r.t.Fatal(err)
	}
	s, err := session.New(e, session.Options{Config: cfg, Toolchain: tc, Loaded: loaded})
	if err != nil {
		r.t.Fatal(err)
	}
	defer s.Close()
	for _, root := range s.Roots {
		u, err := s.Verdicts(ctx, root)
		if err != nil {
			r.t.Fatal(err)
		}
		for _, name := range root.GoFiles {
			if units[name] == nil { // the package goes before its test variant
				units[name] = u
			}
		}
	}
	return units
}

func (r *rig) text(name string) string {
	if text, ok := (*r.w.edits.Load())[name]; ok {
		return string(text)
	}
	text, _ := os.ReadFile(name)
	return string(text)
}

// checkPublished holds what is true of every snapshot.
func (r *rig) checkPublished() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, s := range r.published {
		if !slices.IsSortedFunc(s.Packages, func(a, b *Current) int { return strings.Compare(a.Dir, b.Dir) }) {
			r.t.Errorf("snapshot %d: packages are not sorted", i)
		}
		for _, p := range s.Packages {
			if (p.State == StateFailed) != (len(p.Errors) > 0) {
				r.t.Errorf("snapshot %d: %s is %s with errors %v", i, p.Dir, p.State, p.Errors)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(s.Files)) {
			f := s.Files[name]
			if f.Name != name || !slices.Contains(s.Packages, f.Package) {
				r.t.Errorf("snapshot %d: %s does not belong to a package of it", i, name)
			}
			checkFile(r.t, f)
		}
	}
}

// checkFile holds what is true of every file.
func checkFile(t *testing.T, f *File) {
	t.Helper()
	if f.Unit == nil && (f.Text != nil || f.Calls != nil || f.Funcs != nil) {
		t.Errorf("%s has verdicts without a unit", f.Name)
	}
	if len(f.Errors) > 0 && f.Note != "" {
		t.Errorf("%s has errors and the note %q", f.Name, f.Note)
	}
	if f.Note == "" && f.Tags != nil {
		t.Errorf("%s is told the tags %q without a note", f.Name, f.Tags)
	}
	if f.Unit != nil && f.Note != "" {
		t.Errorf("%s has verdicts and the note %q", f.Name, f.Note)
	}
	inside := func(s position.Span) bool { return s.Start >= 0 && s.Start < s.End && s.End <= len(f.Text) }
	end := 0
	for _, b := range f.Blocks {
		if !inside(b) || b.Start < end {
			t.Errorf("%s: block %v", f.Name, b)
		}
		end = b.End
	}
	paren := -1
	for _, c := range f.Calls {
		if !inside(c.Callee) || !inside(c.Name) || c.Paren <= paren || c.End > len(f.Text) || c.Func >= len(f.Funcs) {
			t.Errorf("%s: call %+v", f.Name, c)
			continue
		}
		paren = c.Paren
		want := "("
		if c.Via == "range" {
			want = "for"
		}
		if !strings.HasPrefix(string(f.Text[c.Paren:]), want) {
			t.Errorf("%s: call at %q", f.Name, f.Text[c.Paren:c.End])
		}
		if c.Func >= 0 && f.Funcs[c.Func].Function.Name != c.Caller && !strings.Contains(c.Caller, "[") {
			t.Errorf("%s: call of %s in %s stands in %s", f.Name, c.Call.Callee, c.Caller, f.Funcs[c.Func].Function.Name)
		}
	}
	at := -1
	for _, fn := range f.Funcs {
		if !inside(fn.Name) || !inside(fn.Decl) || fn.Name.Start <= at {
			t.Errorf("%s: function %s", f.Name, fn.Function.Name)
		}
		at = fn.Name.Start
	}
}
