package server

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// with returns all, with more settings in it.
func with(more map[string]any) map[string]any {
	section := map[string]any{"hints.statuses": []string{"inlined", "not-inlined"}, "hints.overrun": 0}
	for name, value := range more {
		section[name] = value
	}
	return section
}

// set pushes settings to the server.
func set(e *fakeeditor.Editor, section map[string]any) {
	e.Notify(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"settings": map[string]any{"inlinelens": section}})
}

// TestSettings changes settings while files are open: they take effect at once.
func TestSettings(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod":    "module example.com/m\n\ngo 1.26\n",
		"a.go":      "package m\n\nfunc f() { g(); h() }\n\n//go:noinline\nfunc h() {}\n",
		"g.go":      "//go:build !special\n\npackage m\n\nfunc g() {}\n",
		"s.go":      "//go:build special\n\npackage m\n\n//go:noinline\nfunc g() {}\n",
		"a_test.go": "package m\n\nfunc t() { g() }\n",
	})
	a, test := filepath.Join(dir, "a.go"), filepath.Join(dir, "a_test.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(nil)})
	e.Open(a)
	e.Open(test)
	const g, h, special = "3: func f() { g‹✓›", "3: func f() { g(); h‹✗ noinline›", "3: func f() { g‹✗ noinline›"
	const inTest = "3: func t() { g‹✓›"
	awaitHints(t, e, a, g, h)
	awaitHints(t, e, test, inTest)

	before := e.Refreshes()[protocol.MethodWorkspaceInlayHintRefresh]
	set(e, with(map[string]any{"hints.statuses": []string{"not-inlined"}}))
	if got := e.Hints(a); !slices.Equal(got, []string{h}) {
		t.Errorf("hints of those not inlined: %q", got)
	}
	e.Await("a refresh", func() (bool, string) {
		r := e.Refreshes()[protocol.MethodWorkspaceInlayHintRefresh]
		return r > before, fmt.Sprint(r)
	})
	// Both forms, and what is left out is as it was in the beginning.
	set(e, map[string]any{"hints": map[string]any{"enabled": false}})
	if got := e.Hints(a); got != nil {
		t.Errorf("hints: %q", got)
	}
	set(e, nil)
	if got := e.Hints(a); !slices.Equal(got, []string{g, h}) {
		t.Errorf("hints: %q", got)
	}

	set(e, with(map[string]any{"build": map[string]any{"flags": []string{"-tags=special"}}}))
	awaitHints(t, e, a, special, h)
	set(e, with(map[string]any{"tests": false}))
	awaitHints(t, e, a, g, h)
	awaitHints(t, e, test)
	set(e, with(map[string]any{"build.goarch": "arm64"}))
	e.Await("another architecture", func() (bool, string) {
		var s handlers.StatusParams
		ok := e.Status(&s)
		return ok && s.Packages[0].State == "fresh" && s.Packages[0].GOARCH == "arm64", fmt.Sprintf("%+v", s)
	})
	if messages := e.Messages(); messages != nil {
		t.Errorf("it shows %q", messages)
	}
}

// TestSettingsBuildFlags changes what the compiler is told, by flags and by
// GOFLAGS.
func TestSettingsBuildFlags(t *testing.T) {
	dir := write(t, map[string]string{
		"go.mod": "module m\n\ngo 1.22\n",
		"a.go":   "package m\n\nfunc f() { g(); h(nil) }\nfunc g() {}\n\n//go:norace\nfunc h(p *int) {}\n",
	})
	a := filepath.Join(dir, "a.go")
	all := map[string]any{"hints.reasons": []string{"inlining-off", "race-build"}}
	e, _ := edit(t, fakeeditor.Options{Initialization: with(all)})
	e.Open(a)
	const plain, off, race = "3: func f() { g‹✓›(); h‹✓›", "3: func f() { g‹✗ inlining off›(); h‹✗ inlining off›", "3: func f() { g‹✓›(); h‹✗ race build›"
	now := func(build map[string]any, want string) {
		t.Helper()
		s := maps.Clone(all)
		s["build"] = build
		set(e, with(s))
		lines := strings.Split(want, "; ")
		awaitHints(t, e, a, "3: func f() { "+strings.TrimPrefix(strings.TrimSuffix(lines[0], "()"), "3: func f() { "), "3: func f() { g(); "+lines[1])
	}
	now(nil, plain)
	now(map[string]any{"flags": []string{"-gcflags=-l"}}, off)
	now(map[string]any{"flags": []string{"-race"}}, race)
	now(map[string]any{"env": map[string]string{"GOFLAGS": "-race"}}, race)
	now(map[string]any{"env": map[string]string{"GOFLAGS": "-gcflags=-l"}}, off)
	now(map[string]any{"env": map[string]string{"GOFLAGS": "-gcflags=-l"}, "flags": []string{"-gcflags=-l=4"}}, plain)
	now(map[string]any{"flags": []string{"-gcflags=m=-l"}}, off)
	now(map[string]any{"flags": []string{"-gcflags=other/...=-l"}}, plain)
	if messages := e.Messages(); messages != nil {
		t.Errorf("it shows %q", messages)
	}
}

// TestSettingsInvalid sets what is not allowed: it is said once, and the old
// values stay.
func TestSettingsInvalid(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"hints.place": "nowhere"})})
	told := func(want ...string) {
		t.Helper()
		e.Await("messages", func() (bool, string) {
			messages := e.Messages()
			ok := len(messages) == len(want)
			for i := range want {
				ok = ok && strings.Contains(messages[i], want[i])
			}
			return ok, fmt.Sprintf("%q", messages)
		})
	}
	place, style := `setting hints.place cannot be "nowhere": want`, `setting hints.style cannot be 7: want`
	told(place)
	e.Open(a)
	hints := []string{"9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›"}
	awaitHints(t, e, a, hints...)

	set(e, with(map[string]any{"hints.style": "full"}))
	full := e.Hints(a)
	if slices.Equal(full, hints) {
		t.Fatal("the style changes nothing")
	}
	for range 3 {
		set(e, with(map[string]any{"hints.style": 7}))
	}
	if got := e.Hints(a); !slices.Equal(got, full) {
		t.Errorf("after an invalid setting: %q", got)
	}
	told(place, style)
	set(e, with(nil))
	if got := e.Hints(a); !slices.Equal(got, hints) {
		t.Errorf("after it is gone: %q", got)
	}
	set(e, with(map[string]any{"hints.style": 7}))
	told(place, style, style) // again: it was right in between
	set(e, with(map[string]any{"hints.colour": "red", "hints.style": "full"}))
	told(place, style, style, "setting hints.colour")
	set(e, with(map[string]any{"hints.colour": "red"}))
	if got := e.Hints(a); !slices.Equal(got, hints) {
		t.Errorf("what is not known keeps others from their defaults: %q", got)
	}
	for _, odd := range []string{`5`, `"x"`, `null`, `[]`, `{"inlinelens":5}`, `{"gopls":{}}`} {
		e.Notify(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"settings": rawJSON(odd)})
	}
	told(place, style, style, "setting hints.colour", "the settings cannot be 5")
}

type rawJSON string

func (r rawJSON) MarshalJSON() ([]byte, error) { return []byte(r), nil }

// TestSettingsPulled holds that work begins with the settings that the editor
// answers with, and that they are asked for again.
func TestSettingsPulled(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	answer := map[string]any{"inlinelens": with(map[string]any{"hints.enabled": false})}
	e, _ := edit(t, fakeeditor.Options{Settings: answer})
	e.Open(a)
	awaitFresh(t, e)
	awaitHints(t, e, a)
	answer["inlinelens"] = with(nil)
	e.Notify(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"settings": nil})
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
}

// TestLogLevel changes what is logged.
func TestLogLevel(t *testing.T) {
	level := zap.NewAtomicLevelAt(zapcore.ErrorLevel)
	s := serveWith(t, func(o *Options) { o.Level = &level })
	e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{})
	e.Initialize()
	await := func(want zapcore.Level) {
		t.Helper()
		e.Await("the level", func() (bool, string) { return level.Level() == want, level.String() })
	}
	await(zapcore.ErrorLevel) // as the command line has it, while the settings say nothing
	set(e, map[string]any{"logLevel": "debug"})
	await(zapcore.DebugLevel)
	set(e, map[string]any{})
	await(zapcore.InfoLevel)
}

// TestTyping has unsaved text compiled.
func TestTyping(t *testing.T) {
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"trigger": "type", "delay": "1ms"})})
	// An editor may have unsaved text from the beginning.
	unsaved := strings.Replace(module["a.go"], "//go:noinline\n", "", 1)
	e.OpenText(a, unsaved)
	awaitHints(t, e, a, "8: return small‹✓›", "8: return small(x) + kept‹✓›")
	e.Edit(a, "func kept", "//go:noinline\nfunc kept")
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
	if text, err := os.ReadFile(a); err != nil || string(text) != module["a.go"] {
		t.Errorf("the file on disk is %q now, %v", text, err)
	}
	e.Edit(a, "small(x) + kept(x)", "kept(x) + kept(x)")
	awaitHints(t, e, a, "9: return kept‹✗ noinline›", "9: return kept(x) + kept‹✗ noinline›")
	e.Save(a)
	awaitHints(t, e, a, "9: return kept‹✗ noinline›", "9: return kept(x) + kept‹✗ noinline›")

	// Without it, the file counts again, though the text is another.
	e.Edit(a, "//go:noinline\n", "")
	awaitHints(t, e, a, "8: return kept‹✓›", "8: return kept(x) + kept‹✓›")
	set(e, with(map[string]any{"trigger": "save"}))
	awaitHints(t, e, a, "8: return kept‹✗ noinline›", "8: return kept(x) + kept‹✗ noinline›")
	set(e, with(map[string]any{"trigger": "type", "delay": "1ms"}))
	awaitHints(t, e, a, "8: return kept‹✓›", "8: return kept(x) + kept‹✓›")

	// A closed file is that on disk.
	e.Close(a)
	e.Open(a)
	awaitHints(t, e, a, "9: return kept‹✗ noinline›", "9: return kept(x) + kept‹✗ noinline›")
}

// TestDelay holds that nothing is compiled while somebody types.
func TestDelay(t *testing.T) {
	dir := write(t, twoOpen)
	a := filepath.Join(dir, "a.go")
	e, s := edit(t, fakeeditor.Options{Initialization: with(map[string]any{"trigger": "type", "delay": "10s"})})
	e.Open(a)
	awaitHints(t, e, a, "9: return small‹✓›", "9: return small(x) + kept‹✗ noinline›")
	awaitFresh(t, e)
	s.logs.TakeAll()
	e.Edit(a, "small(x) + kept(x)", "kept(x)")
	// Another package, opened later, is compiled at once.
	b := filepath.Join(dir, "b", "b.go")
	e.Open(b)
	awaitHints(t, e, b, "4: g‹✓›")
	if got := e.Hints(a); got != nil {
		t.Errorf("hints of what was typed just now: %q", got)
	}
	if n := s.logs.FilterMessage("compile").Len(); n != 1 {
		t.Errorf("%d compiles, want 1, of the package that was opened", n)
	}
	set(e, with(map[string]any{"trigger": "type", "delay": "1ms"}))
	e.Edit(a, "return kept(x)", "return kept(x) + 1")
	awaitHints(t, e, a, "9: return kept‹✗ noinline›")
}
