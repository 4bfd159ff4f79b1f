package editors

import (
	"os"
	"path/filepath"
	"testing"
)

// TestNeovim goes through what the plugin does, on the newest Neovim and on the
// oldest that Debian still has, with gopls in the same buffer.
func TestNeovim(t *testing.T) {
	for _, suite := range []string{"forky", "trixie"} {
		t.Run(suite, func(t *testing.T) { testNeovim(t, suite) })
	}
}

func testNeovim(t *testing.T, suite string) {
	nvim := install(t, suite, "nvim", "neovim")
	dir, file := sample(t)
	plugin, err := filepath.Abs("nvim")
	if err != nil {
		t.Fatal(err)
	}
	init, err := filepath.Abs("testdata/init.lua")
	if err != nil {
		t.Fatal(err)
	}
	s := newScreen(t, dir, append(environment(t), "PLUGIN="+plugin), nvim, "-u", init, file)

	// Lenses above functions, our hints at calls, and those of gopls too.
	s.keys(":19", "Enter", "zt", ":22", "Enter")
	s.await("not inlinable: 95/80 (15 over)", "if err := o.Check call 95/80(); err", `fmt.Errorf(format: "order`, "state: fresh.")
	s.keys(":69", "Enter", "zt")
	s.await("bar mixed 1/2(price: p)", "inlinable 71/80 · inlined at 2 of 2 calls")

	// An edit withdraws the verdicts of its function, and no others.
	s.keys(":19", "Enter", "zt", ":22", "Enter", "/Check()", "Enter", "O", "// more", "Escape")
	s.await("state: stale.")
	s.keys("u")
	s.await("state: fresh.", "o.Check call 95/80()")

	// Saved, it is compiled.
	s.keys(`:%s/"order %d is for nothing", o.ID/"nothing"/`, "Enter", ":w", "Enter", ":19", "Enter", "zt", ":22", "Enter")
	s.await("state: fresh.", "not inlinable: 91/80 (11 over)", "o.Check call 91/80()")

	// Broken, it says why, and shows nothing that is not so.
	s.keys(":26", "Enter", "O", "broken", "Escape", ":w", "Enter")
	s.await("state: failed: ", "broken")
	s.gone("call 91/80")
	s.keys("dd", ":w", "Enter", ":19", "Enter", "zt", ":22", "Enter")
	s.await("state: fresh.", "o.Check call 91/80()")

	// What is asked for at the cursor.
	s.keys(":22", "Enter", "fC", ":InlineLens explain", "Enter")
	s.await("not inlinable Order.Check: cost 91 exceeds budget 80")
	s.keys("j", "k", ":22", "Enter", "fC", ":lua vim.lsp.buf.hover()", "Enter")
	s.await("cost 91 exceeds budget 80", "func (o Order) Check() error") // the second is from gopls
	s.keys("j", "k", ":InlineLens calls", "Enter")
	s.await("in (*Book).Add: Order.Check: not-inlined: cost 91 exceeds budget 80", "[Quickfix List] calls: Order.Check")
	s.keys(":cclose", "Enter", ":19", "Enter", "zt", ":22", "Enter", ":InlineLens cost", "Enter")
	s.await("██████████", "91/80", "fmt.Errorf")
	s.keys("j", "O", "Escape") // an edit of the function hides it
	s.gone("█")
	s.keys("u", ":19", "Enter", "zt", ":22", "Enter", ":InlineLens cost", "Enter")
	s.await("██████████")
	s.keys(":InlineLens cost", "Enter")
	s.gone("█")

	s.keys(":InlineLens toggle", "Enter")
	s.await("hints are hidden")
	s.gone("call 91/80")
	s.keys(":InlineLens toggle", "Enter")
	s.await("o.Check call 91/80()")

	s.keys(":InlineLens report", "Enter")
	s.await("Order.Check", "cost 91 exceeds budget 80")
	s.keys(":q", "Enter", ":checkhealth inlinelens", "Enter")
	s.await("a server runs; buffers: 1", "gopls runs beside it", "go version go1.")
	s.keys(":bd", "Enter", ":InlineLens nonsense", "Enter")
	s.await(`there is no "nonsense"; there are: calls, cost, explain, report, toggle`)

	if _, err := os.Stat(filepath.Join(plugin, "doc", "tags")); err == nil {
		t.Error("the test has written into the plugin")
	}
	leavesNoServer(t, s, ":qa!", "Enter")
}
