package workspace

import (
	"runtime"
	"testing"
	"time"
)

// Of a file that is forgotten nothing remains, also if it had a note instead of
// verdicts.
func TestWorkspaceForgetNoted(t *testing.T) {
	r := newRig(t, small, func(o *Options) { o.Tests = false })
	r.open("a/a.go", "a/in_test.go", "b/b.go")
	r.wait()
	if f := r.file("a/in_test.go"); f.Note == "" {
		t.Errorf("a test has no note, though tests are switched off: %+v", f)
	}
	r.w.Forget(r.path("a/in_test.go"))
	if f := r.wait().Files[r.path("a/in_test.go")]; f != nil {
		t.Errorf("of a file that was forgotten is known: %+v", f)
	}
}

// A file that is excluded says which constraint keeps it out, also where the load
// is one that is remembered.
func TestWorkspaceNoteOfRememberedLoad(t *testing.T) {
	r := newRig(t, small+`
-- a/a_windows.go --
package a

func onWindows() int { return own() }
-- a/tagged.go --
//go:build special

package a

func special() int { return own() }
`)
	time.Sleep(50 * time.Millisecond) // a file system's clock is coarse
	r.open("a/a.go")
	r.wait()
	r.w.Forget(r.path("a/a.go"))
	r.wait()
	r.logs.TakeAll()
	r.open("a/a.go")
	r.wait()
	if n := r.logs.FilterMessage("nothing to load").Len(); n != 1 {
		t.Fatalf("%d loads were remembered, want 1", n)
	}
	r.open("a/a_windows.go", "a/tagged.go")
	r.wait()
	for name, want := range map[string]string{
		"a/a_windows.go": "excluded by its name: _windows is for GOOS=windows, and GOOS is " + runtime.GOOS,
		"a/tagged.go":    "excluded by //go:build special: the tag special is not set (-tags=special sets it)",
	} {
		if f := r.file(name); f.Note != want {
			t.Errorf("%s: note %q, want %q", name, f.Note, want)
		}
	}
	r.wantCalls("a/a.go", "b.B inlined", "own inlined")
}
