//go:build unix

package engine

import (
	"os"
	"strings"
	"syscall"
	"testing"
)

// A text that is edited after the load has taken its edits, and before it has read
// the directory, is in the next load. The load is kept there by a file that is a
// pipe, which nobody writes to.
func TestWorkspaceEditWhileListing(t *testing.T) {
	r := newRig(t, "-- go.mod --\nmodule m\n\ngo 1.26\n-- a/a.go --\npackage a\n\nfunc A() int { return B() }\n")
	pipe := r.path("a/pipe_test.go")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(syscall.Mkfifo(pipe, 0o666))
	r.open("a/a.go")
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // when the load reads it
	check(err)
	r.open("a/b.go")
	r.w.Edit(r.path("a/b.go"), []byte("package a\n\nfunc B() int { return 1 }\n"))
	check(r.w.Notice(t.Context()))
	check(os.Remove(pipe))
	r.write("a/pipe_test.go", "package a\n")
	check(w.Close())
	r.wantCalls("a/a.go", "B inlined")
	r.wantCalls("a/b.go")
	if note := r.file("a/b.go").Note; strings.Contains(note, "not on disk") {
		t.Errorf("the edited file is no part of the package: %s", note)
	}
}
