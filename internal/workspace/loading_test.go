package workspace

import (
	"fmt"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/load"
)

// TestWorkspaceEditWhileLoading edits a file while its package is being loaded,
// and takes the edit back afterwards: what was compiled is the edit, though what
// was loaded was the file.
func TestWorkspaceEditWhileLoading(t *testing.T) {
	const file = "package a\n\nfunc A() int { return own() }\n\n//go:noinline\nfunc own() int { return 1 }\n"
	const edited = "package a\n\nfunc A() int { return own() }\n\nfunc own() int { return 1 }\n"
	for _, after := range []time.Duration{0, 2 * time.Millisecond, 10 * time.Millisecond, 30 * time.Millisecond, 60 * time.Millisecond} {
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			r := newRig(t, "-- go.mod --\nmodule m\n\ngo 1.26\n-- a/a.go --\n"+file)
			r.w.Open(r.path("a/a.go"))
			time.Sleep(after)
			r.w.Edit(r.path("a/a.go"), []byte(edited))
			r.wantCalls("a/a.go", "own inlined")
			r.w.Edit(r.path("a/a.go"), []byte(file))
			r.wantCalls("a/a.go", "own not-inlined")
			r.w.Edit(r.path("a/a.go"), []byte(edited))
			r.wantCalls("a/a.go", "own inlined")
			r.w.Edit(r.path("a/a.go"), nil)
			r.wantCalls("a/a.go", "own not-inlined")
		})
	}
}

// What a run has listed is the run's alone: a change while it reads that is noted
// elsewhere.
func TestWorkspaceChangeWhileReading(t *testing.T) {
	const file = "/m/a/a.go"
	before, now := stateOfText(file, []byte("package a\n\nvar x = 1\n"), textState{}), stateOfText(file, []byte("package a\n\nvar x = 2\n"), textState{})
	listing := map[string]textState{file: before}
	v := &view{
		dir:    newDirectory("/m/a", "/m/a", false),
		loaded: &loaded{unit: &load.Unit{}},
		state:  stateLoading, run: new(viewRun), changed: make(map[string]textState),
	}
	v.run.reading.set(listing, true)
	if n := v.ownFileChanged(file, now, true); n != workCompile {
		t.Errorf("a change of a body makes necessary: %v", n)
	}
	if listing[file] != before || v.changed[file] != now {
		t.Error("the run's listing was changed, which it may be reading")
	}
}
