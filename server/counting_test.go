package server

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// TestPassingBy holds that of what hovers pass by that follow each other closely only
// the last is counted.
func TestPassingBy(t *testing.T) {
	core, logs := observer.New(zapcore.DebugLevel)
	s := &server{log: zap.New(core)}
	s.ctx, s.stop = context.WithCancel(t.Context())
	defer s.stop()
	s.work.server = s
	c := &counting{server: s}
	f := &workspace.File{}
	target := func(source string) workspace.Target { return workspace.Target{Source: source} }
	n, passing := c.request(f, target("first"))
	if passing {
		t.Error("the first hover passes by")
	}
	<-n.done
	for i := range 4 {
		if _, passing := c.request(f, target(fmt.Sprint(i))); !passing {
			t.Error("a hover that follows another one at once does not pass by")
		}
	}
	again, _ := c.request(f, target("3"))
	if same, _ := c.request(f, target("3")); same != again {
		t.Error("the same is counted twice")
	}
	s.background.Wait()
	var counted []string
	for _, e := range logs.FilterMessage("not counted").All() { // as there is no engine
		counted = append(counted, e.ContextMap()["source"].(string))
	}
	slices.Sort(counted)
	if want := []string{"3", "first"}; !slices.Equal(counted, want) {
		t.Errorf("counted for %q, want %q", counted, want)
	}
	if counting := c.await(t.Context(), f, target("closely"), nil); counting {
		t.Error("a hover that follows another one closely does not wait")
	}
	c.asked = time.Now().Add(-2 * hoverInterval)
	if _, passing := c.request(f, target("later")); passing {
		t.Error("a hover after a while passes by")
	}
	s.background.Wait()
}

// TestHoverCost hovers until the costs are there: of functions, of callees in the
// package and in the standard library.
func TestHoverCost(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	for _, test := range []struct{ at, want string }{
		{"Twice(s string)", "[`strings.ToUpper`]("},
		{"ToUpper(s) + plus", "[`strings.Map`]("},
		{"Over(s string)", "because of `defer`"},
	} {
		e.Await("the costs at "+test.at, func() (bool, string) {
			begun := time.Now()
			hover := e.Hover(a, test.at)
			// The machine of a test may be busy; a hover that waited for a compile would
			// not show it here, but that it says what it waits for does.
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("a hover took %v", took)
			}
			known := strings.Contains(hover, test.want)
			if !known && !strings.Contains(hover, "is still being counted") {
				t.Fatalf("hover without costs: %s", hover)
			}
			return known, hover
		})
	}
	var explained protocol.MarkupContent
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{
		"command": handlers.CommandExplain, "arguments": []any{placeOf(e, a, "Twice(s string)")},
	}, &explained))
	if !strings.Contains(explained.Value, "| 60 | **129** |") || !strings.Contains(explained.Value, "over budget from here") {
		t.Errorf("explained: %s", explained.Value)
	}
	lenses := e.Lenses(a)
	if !slices.ContainsFunc(lenses, func(l string) bool { return strings.Contains(l, "129/80 (49 over)") }) {
		t.Errorf("lenses: %q", lenses)
	}

	at := e.At(a, "Twice(s string)")
	var actions []protocol.CodeAction
	p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(a)}, Range: protocol.Range{Start: at, End: at}}
	p.Context.Diagnostics, p.Context.Only = []protocol.Diagnostic{}, []protocol.CodeActionKind{handlers.KindExplainCost}
	titles := func() string {
		t.Helper()
		must(t, e.Call(protocol.MethodTextDocumentCodeAction, p, &actions))
		if len(actions) != 1 {
			t.Fatalf("actions: %+v", actions)
		}
		return actions[0].Title
	}
	if title := titles(); title != "Inlinelens: explain cost of Twice line by line" {
		t.Error(title)
	}
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, actions[0].Command, nil))
	if title := titles(); title != "Inlinelens: hide cost of Twice" {
		t.Error(title)
	}
}
