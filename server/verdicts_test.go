package server

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestCallersInTests shows in a lens the calls that a test makes, from the moment
// on at which the test is compiled until it is closed.
func TestCallersInTests(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":    "module example.com/m\n\ngo 1.26\n",
		"a.go":      "package m\n\nfunc f() {}\n\nfunc g() { f() }\n",
		"a_test.go": "package m\n\nfunc t() { f(); g() }\n",
	})
	a, test := filepath.Join(dir, "a.go"), filepath.Join(dir, "a_test.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(nil)})
	awaitLenses := func(want ...string) {
		t.Helper()
		e.Await("lenses", func() (bool, string) {
			got := e.Lenses(a)
			ok := slices.EqualFunc(got, want, strings.HasSuffix)
			return ok, strings.Join(got, "\n")
		})
	}
	e.Open(a)
	awaitLenses("inlined at 1 of 1 call", "inlinable 2/80")
	e.Open(test)
	awaitLenses("inlined at 2 of 2 calls", "inlined at 1 of 1 call")
	e.Edit(test, "f(); g()", "f(); go f()")
	e.Save(test)
	awaitLenses("inlined at 2 of 3 calls", "inlinable 2/80")
	e.Close(test)
	awaitLenses("inlined at 1 of 1 call", "inlinable 2/80")
}

// TestPatientHints answers a client that cannot be told to ask again when there
// are verdicts, and at once when it is known that there are none.
func TestPatientHints(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":      "module example.com/m\n\ngo 1.26\n",
		"a.go":        "package m\n\nfunc f() {}\n\nfunc g() { f() }\n",
		"other.go":    "//go:build ignore\n\npackage m\n\nfunc h() { f() }\n",
		"b/broken.go": "package b\n\nfunc f() { g() }\n",
	})
	deaf := strings.Replace(fakeeditor.Capable, `"inlayHint": {"refreshSupport": true}, `, "", 1)
	e, _ := edit(t, fakeeditor.Options{Capabilities: deaf, Initialization: with(nil)})
	for file, want := range map[string][]string{
		"a.go": {"5: func g() { f‹✓›"}, "other.go": nil, "b/broken.go": nil,
	} {
		name := filepath.Join(dir, filepath.FromSlash(file))
		e.Open(name)
		if got := e.Hints(name); !slices.Equal(got, want) {
			t.Errorf("%s: the first answer is %q, want %q", file, got, want)
		}
	}
}
