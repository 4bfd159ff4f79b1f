package editors

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestNeovim goes through what the plugin does, on the newest Neovim and on the
// oldest that Debian still has, with gopls in the same buffer.
func TestNeovim(t *testing.T) {
	for _, suite := range []string{"forky", "trixie"} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			testNeovim(t, suite)
		})
	}
}

// A vim is a screen with Neovim on it.
type vim struct{ *screen }

// newVim starts Neovim with a copy of the plugin, as a plugin manager makes one.
func newVim(t *testing.T, suite, init string) vim {
	nvim := install(t, suite, "nvim", "neovim")
	dir, file := sample(t)
	plugin := filepath.Join(t.TempDir(), "nvim")
	if err := os.CopyFS(plugin, os.DirFS("nvim")); err != nil {
		t.Fatal(err)
	}
	init, err := filepath.Abs(filepath.Join("testdata", init))
	if err != nil {
		t.Fatal(err)
	}
	return vim{newScreen(t, dir, []string{"PLUGIN=" + plugin}, nvim, "-u", init, file)}
}

// command runs a command of the command line.
func (v vim) command(command string) {
	v.t.Helper()
	v.keys(":"+command, "Enter")
}

// at puts the cursor on a text, and a line of the file near the top of the screen.
func (v vim) at(top, text string) {
	v.t.Helper()
	v.command("call search('" + top + "', 'cw')")
	v.keys("zt", "C-y", "C-y", "C-y") // a lens above the first line of a window is out of sight
	v.command("call search('" + text + "', 'cw')")
}

// dismiss moves the cursor, which closes a floating window that shows a text.
func (v vim) dismiss(shown string) {
	v.t.Helper()
	v.keys("j")
	v.gone(shown)
}

func testNeovim(t *testing.T, suite string) {
	s := newVim(t, suite, "init.lua")
	newest := suite == "forky"
	check := func() { s.at("^func (o Order) Check", "o.\\zsCheck()") } // the cursor on the call, the function on top

	// Lenses above functions, our hints at calls, and those of gopls too.
	check()
	s.await("not inlinable: 95/80 (15 over)", "if err := o.Check ✗ 95/80(); err", `fmt.Errorf ✓(format: "order`, "state: fresh.")
	s.shot("hints")
	s.at("^func bar", "^func bar")
	s.await("bar ◐ 1/2(price: p)", "inlinable 71/80 · inlined at 2 of 2 calls")
	if newest {
		s.command("lua print('enabled ' .. tostring(vim.lsp.is_enabled('inlinelens')))")
		s.await("enabled true")
	}

	// While a function is edited, its lens says of what time it is. Lines that are as
	// they were keep their hints.
	check()
	s.keys("O", "// more", "Escape")
	s.await("state: stale.", "not inlinable: 95/80 (15 over)", "not inlinable: defer · as of the last save", "o.Check ✗ 95/80()")
	s.keys("u")
	s.await("state: fresh.", "o.Check ✗ 95/80()")

	// Saved, it is compiled.
	s.command(`%s/"order %d is for nothing", o.ID/"nothing"/`)
	s.command("w")
	check()
	s.await("state: fresh.", "not inlinable: 91/80 (11 over)", "o.Check ✗ 91/80()")

	// Broken, it says why, in which nothing is taken for an item of the status line, and
	// what is shown says of what time it is.
	s.keys("O", `_ = int("%{41+1}")`, "Escape")
	s.command("w")
	s.await("state: failed: ", "％{41+1}", "not inlinable: 91/80 (11 over) · as of the last compile", "o.Check ✗ 91/80()")
	s.shot("broken")
	s.command("lua for _, d in ipairs(vim.diagnostic.get(0)) do if d.source == 'inlinelens' then print(d.message) end end")
	s.await("No verdicts on inlining: the package does not compile")
	s.keys("dd")
	s.command("w")
	check()
	s.await("state: fresh.", "o.Check ✗ 91/80()")

	// What is asked for at the cursor.
	s.command("InlineLens explain")
	s.await("not-inlined Order.Check: cost 91 exceeds budget 80 (market.go:22)")
	s.dismiss("not-inlined Order.Check")
	inCheck := func() { s.at("^func (o Order) Check", "o.Amount <= 0") }
	inCheck()
	s.command("InlineLens explain")
	s.await("not inlinable Order.Check: cost 91 exceeds budget 80", "  line  cost  total", "    24    84     89  fmt.Errorf 80", "over budget from here")
	s.shot("explain")
	s.dismiss("line  cost  total")
	check()
	s.command("lua vim.lsp.buf.hover()")
	s.await("(main.Order).Check on pkg.go.dev") // from gopls
	if newest {
		s.await("A near miss: over budget by 11.")
		s.shot("hover")
	} else {
		s.gone("A near miss") // this Neovim cannot show a second hover
	}
	s.dismiss("pkg.go.dev")
	check()
	s.command("InlineLens calls")
	s.await("Order.Check: not-inlined: cost 91 exceeds budget 80", "[Quickfix List] calls: (*Book).Add")
	s.shot("calls")
	s.command("cfirst")
	s.command("cclose")
	s.command("echo 'at ' .. trim(getline('.'))")
	s.await("at b.mu.Lock()")
	s.at("^func (o Order) Check", "^func (o Order) Check")
	s.command("InlineLens calls")
	s.await("in (*Book).Add: Order.Check: not-inlined: cost 91 exceeds budget 80", "[Quickfix List] calls: Order.Check")
	s.command("cclose")
	s.gone("[Quickfix List]")
	s.at("^type Ledger", "^type Ledger")
	s.command("InlineLens calls")
	s.await("no calls are known at the cursor")

	// The cost of each line, down to the closing brace.
	inCheck()
	s.command("InlineLens cost")
	s.await(" 84 ██████████ 89/80 │ ", "91/80 │         return nil   return 1 · constant 1", "fmt.Errorf 80", "│ }")
	s.shot("cost")
	s.keys("O", "Escape") // an edit of the function hides it
	s.gone("█")
	s.keys("u")
	inCheck()
	s.command("InlineLens cost")
	s.await("██████████")
	s.command("InlineLens cost")
	s.gone("█")

	// A code action of the server's: the same costs as hints.
	s.command("lua vim.lsp.buf.code_action({ apply = true, filter = function(a) return a.title:find('explain cost of') end })")
	s.await("return fmt.Errorf ✓(format: \"nothing\") +84 = 89/80 · over")
	s.shot("cost-hints")

	s.command("InlineLens toggle") // takes them away, too
	s.await("hints hidden")
	s.gone("+84 = 89/80")
	s.gone("✗ 91/80")
	s.command("InlineLens toggle")
	check()
	s.await("o.Check ✗ 91/80()")

	s.command("InlineLens report")
	s.await("Order.Check  not inlinable: cost 91 exceeds budget 80", "(*Book).Add  not inlinable: the inliner does not handle defer")
	s.shot("report")
	s.command("q")
	s.gone("not inlinable: cost 91 exceeds budget 80")
	s.command("InlineLens nonsense")
	s.await(`unknown subcommand "nonsense"; the subcommands are: calls, cost, explain, preset, report, toggle`)

	// Help, whose tags come with the plugin: not every way to install it makes them.
	s.command("help :InlineLens")
	s.await("2. COMMANDS", "Shows the report of the buffer's package in a new")
	s.shot("help")
	for tag, title := range map[string]string{
		"inlinelens": "1. INTRODUCTION", "inlinelens-options": "3. OPTIONS", "inlinelens-status": "4. STATUS LINE", "inlinelens-highlights": "5. HIGHLIGHTS",
	} {
		s.command("help " + tag)
		s.command("echo 'help on ' .. trim(getline('.'))")
		s.await("help on " + title)
	}
	s.command("helpclose")
	s.command("checkhealth inlinelens")
	s.await("server running; buffers: 1", "gopls is running beside it", "go version go1.", "OK Neovim "+map[bool]string{true: "0.12", false: "0.10"}[newest])
	s.shot("health")
	s.command("bd")
	s.command("lua require('inlinelens').setup({ cmd = { 'nowhere' }, nonsense = 1 })")
	s.await(`unknown option "nonsense"; the options are: autostart, cmd, lenses, settings`)
	s.command("checkhealth inlinelens")
	s.await(`the server "nowhere" is not executable`, "go install github.com/inlinelens/inlinelens/cmd/inlinelens@latest")
	s.command("bd")
	s.leavesNothing(":qa!", "Enter")
}

// TestNeovimLazy has the plugin come with the first Go file, as the documentation has
// it for lazy.nvim.
func TestNeovimLazy(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../docs/editors.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`vim.opt.rtp:append(plugin.dir .. "/editors/nvim")`, `vim.cmd.runtime("plugin/inlinelens.lua")`, `ft = "go"`} {
		if !strings.Contains(string(text), line) {
			t.Errorf("docs/editors.md has no longer what testdata/lazy.lua does: %s", line)
		}
	}
	s := newVim(t, "forky", "lazy.lua")
	s.at("^func (o Order) Check", "o.Check()")
	s.await("not inlinable: 95/80 (15 over)", "if err := o.Check ✗ 95/80(); err")
	s.command("help inlinelens")
	s.await("1. INTRODUCTION")
	s.leavesNothing(":qa!", "Enter")
}

// TestNeovimInstalled has the plugin as a package of Neovim's own, and a Go file opened
// where the server is not installed: it is said once, with what to do.
func TestNeovimInstalled(t *testing.T) {
	for _, suite := range []string{"forky", "trixie"} {
		t.Run(suite, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			plugin := filepath.Join(dir, "pack", "inlinelens", "start", "inlinelens")
			if err := os.CopyFS(plugin, os.DirFS("nvim")); err != nil {
				t.Fatal(err)
			}
			tags, err := os.ReadFile(filepath.Join(plugin, "doc", "tags"))
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range []string{"a.go", "b.go"} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte("package p\n"), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(install(t, suite, "nvim", "neovim"), "--headless", "--clean",
				"--cmd", "set packpath^="+dir, "--cmd", "filetype on",
				"a.go", "+edit b.go", "+sleep 100m", "+edit a.go", "+sleep 100m",
				"+InlineLens report", "+help inlinelens", `+lua print("\nhelp: " .. vim.fn.getline("."))`,
				"+helptags "+filepath.Join(plugin, "doc"), "+qa!")
			cmd.Dir, cmd.Env = dir, append(environment(t, dir), "PATH=/usr/bin:/bin")
			out, err := cmd.CombinedOutput()
			text := strings.ReplaceAll(string(out), "\r\n", "\n")
			if err != nil || !strings.Contains(text, "\nhelp: 1. INTRODUCTION") {
				t.Errorf("%v: %s", err, text)
			}
			// Once for the files, and once for the command.
			if n := strings.Count(text, `"inlinelens" is not executable`); n != 2 || !strings.Contains(text, "go install github.com/inlinelens/inlinelens/cmd/inlinelens@latest") {
				t.Errorf("%d times it said that there is no server: %s", n, text)
			}
			made, err := os.ReadFile(filepath.Join(plugin, "doc", "tags"))
			if err != nil || string(made) != string(tags) {
				t.Errorf("doc/tags is not what :helptags makes (%v): %s", err, made)
			}
		})
	}
}
