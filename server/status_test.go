package server

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// awaitStates waits until the packages, by directory or file, are in those states.
func awaitStates(t *testing.T, e *fakeeditor.Editor, want map[string]string) {
	t.Helper()
	e.Await(fmt.Sprint("the states ", want), func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && len(status.Packages) == len(want)
		for _, p := range status.Packages {
			ok = ok && p.State == want[p.Dir]
		}
		return ok, fmt.Sprintf("%+v", status)
	})
}

// TestStale holds that unsaved edits make a package stale, also one of a single
// file, and that a file without verdicts does not.
func TestStale(t *testing.T) {
	dir := write(t, map[string]string{
		"m/go.mod":        "module example.com/m\n\ngo 1.26\n",
		"m/a/a.go":        "package a\n\nfunc f() {}\n",
		"m/a/a_test.go":   "package a\n\nfunc t() { f() }\n",
		"m/a/a_plan9.go":  "package a\n",
		"alone/alone.go":  "package main\n\nfunc main() {}\n",
		"alone/second.go": "package main\n\nfunc main() {}\n",
	})
	a, alone, second := filepath.Join(dir, "m/a"), filepath.Join(dir, "alone/alone.go"), filepath.Join(dir, "alone/second.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"tests": false})})
	for _, path := range []string{filepath.Join(a, "a.go"), filepath.Join(a, "a_test.go"), filepath.Join(a, "a_plan9.go"), alone, second} {
		e.Open(path)
	}
	awaitStates(t, e, map[string]string{a: "fresh", alone: "fresh", second: "fresh"})
	e.Edit(alone, "main()", "main( )")
	awaitStates(t, e, map[string]string{a: "fresh", alone: "stale", second: "fresh"})
	e.Edit(filepath.Join(a, "a_test.go"), "f()", "f( )")
	e.Edit(alone, "main( )", "main()")
	awaitStates(t, e, map[string]string{a: "fresh", alone: "fresh", second: "fresh"})
	e.Edit(filepath.Join(a, "a.go"), "f()", "f( )")
	awaitStates(t, e, map[string]string{a: "stale", alone: "fresh", second: "fresh"})
}
