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

type shownResult struct {
	Shown bool `json:"shown"`
}

// toggleCost runs CommandShowCost on the function at a text, and returns whether its
// costs are shown then.
func toggleCost(t *testing.T, e *fakeeditor.Editor, path, text string) bool {
	t.Helper()
	var result *shownResult
	must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{
		"command": handlers.CommandShowCost, "arguments": []any{placeOf(e, path, text)},
	}, &result))
	if result == nil {
		t.Fatalf("there is no function at %q", text)
	}
	return result.Shown
}

// TestShowCost has the cost of each line shown, beside other hints, and taken away
// again in all the ways there are.
func TestShowCost(t *testing.T) {
	dir := write(t, costly)
	a, b := filepath.Join(dir, "a.go"), filepath.Join(dir, "b.go")
	e, _ := edit(t, fakeeditor.Options{Settings: map[string]any{"inlinelens": map[string]any{"hints": map[string]any{"statuses": []string{"inlined"}}}}})
	e.Open(a)
	e.Open(b)
	const (
		plusInOver = "10: return plus‹✓›"
		useInB     = "5: func use() string { return plus‹✓›"
	)
	plain := []string{plusInOver, "16: return strings.ToUpper(s) + plus‹✓›"}
	costs := []string{
		plusInOver, "16: return strings.ToUpper(s) + plus‹✓›", "16: return strings.ToUpper(s) + plus(s) +‹+69 = 69/80›",
		"18: ToLower(s)‹+60 = 129/80 · over›",
	}
	awaitHints(t, e, a, plain...)
	awaitFresh(t, e)
	before := e.Refreshes()[protocol.MethodWorkspaceInlayHintRefresh]
	if !toggleCost(t, e, a, "Twice(s string)") {
		t.Error("not shown")
	}
	awaitHints(t, e, a, costs...)
	e.Await("a refresh", func() (bool, string) {
		n := e.Refreshes()[protocol.MethodWorkspaceInlayHintRefresh]
		return n > before, fmt.Sprint(n)
	})
	hints := e.InlayHints(a)
	if tip, ok := hints[len(hints)-1].Tooltip.(*protocol.MarkupContent); !ok || !strings.Contains(tip.Value, "strings.ToLower") || !strings.Contains(tip.Value, "58") {
		t.Errorf("tooltip: %+v", hints[len(hints)-1].Tooltip)
	}
	if toggleCost(t, e, a, "ToUpper(s) + plus") {
		t.Error("shown after a second time")
	}
	awaitHints(t, e, a, plain...)

	// Lines above move them; an edit of another function leaves them, but what it
	// changes in the costs is seen once it is saved.
	toggleCost(t, e, a, "Twice(s string)")
	e.Edit(a, "func plus(s string) string { return s + s }", "func plus(s string) string { return s + s + s }\n")
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›", "17: return strings.ToUpper(s) + plus(s) +‹+69 = 69/80›", "19: ToLower(s)‹+60 = 129/80 · over›")
	e.Save(a)
	// The string concatenation is one operation, with one name more.
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›", "17: return strings.ToUpper(s) + plus(s) +‹+70 = 70/80›", "19: ToLower(s)‹+60 = 130/80 · over›")

	// While the package does not compile they are away: the other hints are as of the
	// last compile, and stay.
	e.Edit(b, "plus(\"a\")", "plus(1)")
	e.Save(b)
	awaitFailed(t, e, "cannot use 1")
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›")
	e.Edit(b, "plus(1)", "plus(\"a\")")
	e.Save(b)
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›", "17: return strings.ToUpper(s) + plus(s) +‹+70 = 70/80›", "19: ToLower(s)‹+60 = 130/80 · over›")
	awaitHints(t, e, b, useInB)

	// An edit of the function ends them, also if it is taken back.
	e.Edit(a, "ToLower(s)\n}", "ToTitle(s)\n}")
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›")
	e.Edit(a, "ToTitle(s)\n}", "ToLower(s)\n}")
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›")

	// So does hiding all hints.
	toggleCost(t, e, a, "Twice(s string)")
	for range 2 {
		must(t, e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{"command": handlers.CommandToggleHints}, nil))
	}
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›")

	// And closing the file.
	toggleCost(t, e, a, "Twice(s string)")
	toggleCost(t, e, a, "Over(s string)")
	e.Await("costs of two functions", func() (bool, string) {
		hints := strings.Join(e.Hints(a), "\n")
		return strings.Count(hints, " = ") == 6 && strings.Count(hints, "· over") == 2, hints
	})
	e.Close(a)
	e.Open(a)
	awaitHints(t, e, a, plusInOver, "17: return strings.ToUpper(s) + plus‹✓›")
}

// TestShowCostGone holds that a function that is no more takes its costs with it.
func TestShowCostGone(t *testing.T) {
	dir := write(t, costly)
	b := filepath.Join(dir, "b.go")
	// Hints of calls are switched off, those of costs were asked for.
	e, _ := edit(t, fakeeditor.Options{Settings: map[string]any{"inlinelens": map[string]any{"hints": map[string]any{"enabled": false}}}})
	e.Open(b)
	awaitFresh(t, e)
	toggleCost(t, e, b, "useless")
	toggleCost(t, e, b, "use()")
	awaitHints(t, e, b, "3: func useless(f func()) { f(); f(); f(); f(); f() }‹+95 = 95/80 · over›", useCost(69))
	e.Edit(b, "func useless(f func()) { f(); f(); f(); f(); f() }", "// Nothing.")
	awaitHints(t, e, b, useCost(69))
	// A function of another name is another one, though its costs are the same.
	e.SetText(b, strings.ReplaceAll(e.Text(b), "use()", "used()"))
	e.Save(b)
	awaitFresh(t, e)
	awaitHints(t, e, b)
}

func useCost(cost int) string {
	return fmt.Sprintf("5: func use() string { return plus(\"a\") + Twice(\"b\") }‹+%d = %d/80›", cost, cost)
}

// TestShowCostFails holds what the command answers where it cannot show anything.
func TestShowCostFails(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	run := func(e *fakeeditor.Editor, text string) (result *shownResult, err error) {
		err = e.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{
			"command": handlers.CommandShowCost, "arguments": []any{placeOf(e, a, text)},
		}, &result)
		return result, err
	}
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	awaitFresh(t, e)
	if result, err := run(e, "package"); result != nil || err != nil {
		t.Errorf("outside of functions: %v, %v", result, err)
	}
	e.Edit(a, "return plus(s)", "return plus(plus(s))")
	if _, err := run(e, "Over("); code(err) != requestFailed {
		t.Errorf("in a function that was edited: %v", err)
	}
	bare, _ := edit(t, fakeeditor.Options{Capabilities: `{"workspace": {"executeCommand": {}}}`})
	bare.Open(a)
	if _, err := run(bare, "Over("); code(err) != requestFailed || !strings.Contains(err.Error(), "no inlay hints") {
		t.Errorf("in an editor without hints: %v", err)
	}
}
