package server

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// all are settings under which each call has a hint.
var all = map[string]any{"inlinelens": map[string]any{"hints": map[string]any{
	"statuses": []string{"inlined", "not-inlined", "dynamic", "intrinsic", "eliminated", "mixed", "unknown"}, "reasons": nil, "overrun": 0,
}}}

// module is a small one.
var module = map[string]string{
	"go.mod": "module example.com/m\n\ngo 1.26\n",
	"a.go": `package m

func small(x int) int { return x + 1 }

//go:noinline
func kept(x int) int { return x + 2 }

func Use(x int) int {
	return small(x) + kept(x)
}
`,
}

// twoOpen is module with a second package.
var twoOpen = map[string]string{
	"go.mod": module["go.mod"],
	"a.go":   module["a.go"],
	"b/b.go": "package b\n\nfunc f() {\n\tg()\n}\n\nfunc g() {}\n",
}

// awaitHints waits until a file's hints are those.
func awaitHints(t *testing.T, e *fakeeditor.Editor, path string, want ...string) {
	t.Helper()
	e.Await("the hints of "+filepath.Base(path), func() (bool, string) {
		got := strings.Join(e.Hints(path), "\n")
		return got == strings.Join(want, "\n"), got
	})
}

// awaitFresh waits until all packages are fresh, and returns what the server says.
func awaitFresh(t *testing.T, e *fakeeditor.Editor) handlers.StatusParams {
	t.Helper()
	var status handlers.StatusParams
	e.Await("fresh packages", func() (bool, string) {
		status = handlers.StatusParams{}
		ok := e.Status(&status) && len(status.Packages) > 0
		for _, p := range status.Packages {
			ok = ok && p.State == "fresh" && !p.Partial
		}
		return ok, fmt.Sprintf("%+v", status)
	})
	return status
}

// TestSession goes the way of a file: opened, edited, saved, broken, repaired,
// closed.
func TestSession(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{Settings: all, Folders: []string{dir}})
	e.Open(a)
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
	status := awaitFresh(t, e)
	if p := status.Packages[0]; p.Path != "example.com/m" || p.Dir != dir || p.Go == "" || p.GOOS == "" {
		t.Errorf("status %+v", p)
	}
	e.Await("a refresh", func() (bool, string) {
		r := e.Refreshes()
		return r[protocol.MethodWorkspaceInlayHintRefresh] > 0 && r[protocol.MethodWorkspaceCodeLensRefresh] > 0, fmt.Sprint(r)
	})
	if lenses := e.Lenses(a); len(lenses) != 3 || !strings.Contains(lenses[0], "inlinable") {
		t.Errorf("lenses: %q", lenses)
	}
	if hover := e.Hover(a, "kept(x)\n"); !strings.Contains(hover, "noinline") {
		t.Errorf("hover: %q", hover)
	}

	// What is edited has no hints; what stands below moves.
	e.Edit(a, "package m\n", "package m\n\n// A comment.\n")
	e.Edit(a, "return small(x) + kept(x)", "return small(x)")
	awaitHints(t, e, a)
	e.Await("a stale package", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status)
		return ok && status.Packages[0].State == "stale", fmt.Sprintf("%+v", status)
	})
	e.Edit(a, "func Use(x int) int {\n\treturn small(x)", "func Use(x int) int {\n\treturn small(x) + kept(x)")
	awaitHints(t, e, a, "11: return small‹✓›", "11: return small(x) + kept‹✗ noinline›")

	e.Edit(a, "//go:noinline\n", "")
	e.Save(a)
	awaitHints(t, e, a, "10: return small‹✓›", "10: return small(x) + kept‹✓›")

	e.Edit(a, "x + 2", "x + y")
	e.Save(a)
	e.Await("a failure", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && status.Packages[0].State == "failed" && status.Packages[0].Error != nil
		return ok && strings.Contains(status.Packages[0].Error.Message, "undefined: y"), fmt.Sprintf("%+v", status)
	})
	awaitHints(t, e, a, "10: return small‹✓›", "10: return small(x) + kept‹✓›") // as of the last compile
	e.Edit(a, "x + y", "x + 3")
	e.Save(a)
	awaitHints(t, e, a, "10: return small‹✓›", "10: return small(x) + kept‹✓›")

	// A file that another program changes.
	awaitFresh(t, e)
	e.Close(a)
	e.Shutdown()
	if err := s.wait(t); err != nil {
		t.Error(err)
	}
	if unknown := e.Unknown(); unknown != nil {
		t.Errorf("it calls %q", unknown)
	}
	if messages := e.Messages(); messages != nil {
		t.Errorf("it shows %q", messages)
	}
}

// awaitFailed waits until the only package has failed, with that in the message.
func awaitFailed(t *testing.T, e *fakeeditor.Editor, message string) {
	t.Helper()
	e.Await(fmt.Sprintf("a failure with %q", message), func() (bool, string) {
		var status handlers.StatusParams
		if !e.Status(&status) || len(status.Packages) != 1 {
			return false, fmt.Sprintf("%+v", status)
		}
		p := status.Packages[0]
		if p.State != "failed" || p.Error == nil {
			return false, fmt.Sprintf("%+v", p)
		}
		return strings.Contains(p.Error.Message, message), p.Error.Message
	})
}
