//go:build unix

package workspace

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A text that is edited after the load has taken its edits, and before the go command
// has read the directory, is in the next load. The load is kept there by a go command
// that waits before it lists anything.
func TestWorkspaceEditWhileListing(t *testing.T) {
	goCommand, err := exec.LookPath("go")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(err)
	bin := t.TempDir()
	listing, goOn := filepath.Join(bin, "listing"), filepath.Join(bin, "go-on")
	script := "#!/bin/sh\nif [ \"$1\" = list ]; then\n  : >'" + listing + "'\n  while [ ! -e '" + goOn + "' ]; do sleep 0.01; done\nfi\nexec '" + goCommand + "' \"$@\"\n"
	check(os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777))
	t.Setenv("PATH", bin+string(filepath.ListSeparator)+os.Getenv("PATH"))
	r := newRig(t, "-- go.mod --\nmodule m\n\ngo 1.26\n-- a/a.go --\npackage a\n\nfunc A() int { return B() }\n")
	r.open("a/a.go")
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(listing); err == nil {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the go command is not asked for a list")
		}
	}
	r.open("a/b.go")
	r.w.Edit(r.path("a/b.go"), []byte("package a\n\nfunc B() int { return 1 }\n"))
	check(r.w.Notice(t.Context()))
	check(os.WriteFile(goOn, nil, 0o666))
	r.wantCalls("a/a.go", "B inlined")
	r.wantCalls("a/b.go")
	if note := r.file("a/b.go").Note; strings.Contains(note, "not on disk") {
		t.Errorf("the edited file is no part of the package: %s", note)
	}
}
