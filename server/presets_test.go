package server

import (
	"fmt"
	"path/filepath"
	"testing"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/settings"
)

// TestPresets goes through the presets by the command, and holds what is remembered,
// where, and what wins over that.
func TestPresets(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module example.com/m\n\ngo 1.26\n",
		"a.go": "package m\n\nfunc f(g func()) { small(); kept(); g(); far() }\n\nfunc small() {}\n\n" +
			"//go:noinline\nfunc kept() {}\n\nfunc far() {\n\tdefer kept()\n}\n",
	})
	a := filepath.Join(dir, "a.go")
	cache := filepath.Join(t.TempDir(), "cache")
	const (
		inlined  = "3: func f(g func()) { small‹✓›"
		noinline = "3: func f(g func()) { small(); kept‹✗ noinline›"
		handled  = "3: func f(g func()) { small(); kept(); g(); far‹✗ defer›"
		deferred = "11: defer kept‹✗›"
	)
	all, stays, near := []string{inlined, noinline, handled, deferred}, []string{noinline, handled, deferred}, []string{noinline}
	start := func(folder string, section map[string]any) *fakeeditor.Editor {
		s := serveWith(t, func(o *Options) { o.Engine.CacheDir = cache })
		e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{Folders: []string{folder}, Settings: map[string]any{"inlinelens": section}})
		e.Initialize()
		e.Open(a)
		return e
	}
	choose := func(e *fakeeditor.Editor, want handlers.HintState, arguments ...any) {
		t.Helper()
		var state handlers.HintState
		params := map[string]any{"command": handlers.CommandPreset, "arguments": arguments}
		if err := e.Call(protocol.MethodWorkspaceExecuteCommand, params, &state); err != nil || state != want {
			t.Errorf("chosen with %v: %+v, %v; want %+v", arguments, state, err, want)
		}
	}
	states := map[string]handlers.HintState{"": {Title: "as set"}}
	for _, p := range settings.Presets() {
		states[p.Name] = handlers.HintState{Preset: p.Name, Title: p.Title}
	}

	e := start(dir, nil)
	awaitHints(t, e, a, all...)
	choose(e, states["stays"])
	awaitHints(t, e, a, stays...)
	e.Await("the count", func() (bool, string) {
		var status handlers.StatusParams
		e.Status(&status)
		return len(status.Packages) == 1 && status.Hints == states["stays"] && status.Packages[0].Hinted == 3 && status.Packages[0].Calls == 5, fmt.Sprintf("%+v", status)
	})
	choose(e, states["near-misses"])
	awaitHints(t, e, a, near...)
	choose(e, states["off"])
	awaitHints(t, e, a)
	choose(e, states["all"])
	choose(e, states["near-misses"], "near-misses")
	awaitHints(t, e, a, near...)
	if err := e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandPreset, "arguments": []any{"some"}}, nil); err == nil {
		t.Error("a preset that there is not was chosen")
	}
	e.Shutdown()

	// Hints that are shown again are all, and that is remembered.
	e = start(dir, nil)
	choose(e, states["off"], "off")
	for range 2 {
		must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandToggleHints}, nil))
		awaitHints(t, e, a, all...)
		must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandToggleHints}, nil))
		awaitHints(t, e, a)
	}
	e.Shutdown()
	e = start(dir, nil)
	awaitHints(t, e, a, all...)
	choose(e, states["near-misses"], "near-misses")
	awaitHints(t, e, a, near...)
	e.Shutdown()

	// It is remembered, for this folder.
	e = start(dir, nil)
	awaitHints(t, e, a, near...)
	e.Shutdown()
	e = start(t.TempDir(), nil)
	awaitHints(t, e, a, all...)
	e.Shutdown()

	// What the user has set wins, and comes back after the presets. It is not forgotten
	// for what is chosen meanwhile.
	e = start(dir, map[string]any{"hints.reasons": []string{"unhandled-op"}})
	awaitHints(t, e, a, handled)
	choose(e, states["all"])
	awaitHints(t, e, a, all...)
	choose(e, states["off"], "off")
	awaitHints(t, e, a)
	choose(e, states[""])
	awaitHints(t, e, a, handled)
	choose(e, states["stays"], "stays")
	set(e, map[string]any{"hints.preset": "near-misses"})
	awaitHints(t, e, a, near...)
	e.Shutdown()
	e = start(dir, map[string]any{"hints.preset": "stays"})
	awaitHints(t, e, a, stays...)
	e.Shutdown()
	e = start(dir, nil)
	awaitHints(t, e, a, near...)
}
