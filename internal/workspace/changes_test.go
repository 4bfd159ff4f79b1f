package workspace

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A change that is left to the load under way, which is to read the file as it is then,
// is not lost where that load fails.
func TestChangeLeftToLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.go")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	write("package p\n\nfunc f() int { return 1 }\n")
	w := &Workspace{
		dirs: make(map[string]*directory), keys: make(map[string]string), seen: make(map[string]textState),
		shared: session.NewSharedResults(),
	}
	w.edits.Store(&map[string][]byte{})
	d := newDirectory(dir, dir, false)
	v := &view{dir: d, open: map[string]bool{file: true}, state: stateLoading, changed: make(map[string]textState)}
	w.dirs[dir], d.views[""] = d, v
	v.loaded = &loaded{unit: &load.Unit{GoFiles: []string{file}}, result: &load.Result{}}
	v.texts = textsIn(dir, nil)
	r := &viewRun{w: w, view: v, stop: func() {}, open: []string{file}}
	v.run = r
	r.reading.set(v.texts, false)

	write("package p\n\nfunc f() int { return 2 }\n")
	w.fileChanged(file)
	if v.state != stateLoading {
		t.Fatalf("the load is %s, though it has yet to read the file", v.state)
	}
	w.setResult(r, &result{errors: []inline.Error{{Message: "its files changed"}}}, nil, nil)
	w.runEnded(r)
	if !v.state.pending() {
		t.Errorf("the view is %s after a load that failed, and did not read the change", v.state)
	}
}

// What failed is tried again as soon as somebody may know of it, which is before its
// run has cleaned up behind itself.
func TestStuck(t *testing.T) {
	failed := &result{errors: []inline.Error{{Message: "no memory"}}}
	fine := &result{unit: &inline.Package{}}
	for _, test := range []struct {
		name string
		view view
		want bool
	}{
		{"failed", view{result: failed}, true},
		{"failed, cleaning up", view{result: failed, state: stateFinishing}, true},
		{"failed, tried again", view{result: failed, state: stateCompiling}, false},
		{"failed, about to be tried again", view{result: failed, state: stateCompilePending}, false},
		{"failed, stopped for a new try", view{result: failed, state: stateStoppingToCompile}, false},
		{"fine", view{result: fine}, false},
		{"nothing known yet", view{}, false},
	} {
		if got := test.view.stuck(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
