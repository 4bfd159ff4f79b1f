//go:build unix

package main

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// TestServeSignals ends the session as editors do that do not ask: Emacs hangs up on
// its processes. Nothing is left, for which serve looks.
func TestServeSignals(t *testing.T) {
	dir := t.TempDir()
	a := filepath.Join(dir, "a.go")
	for name, text := range map[string]string{"go.mod": "module example.com/m\n\ngo 1.26\n", "a.go": "package m\n\nfunc f() { g() }\n\n//go:noinline\nfunc g() {}\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	// What a process ignores, as these tests do under nohup, its children ignore too.
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP)
	defer signal.Stop(hangups)
	for _, sig := range []syscall.Signal{syscall.SIGHUP, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			p := serve(t)
			e := fakeeditor.Connect(t, p, fakeeditor.Options{})
			e.Initialize()
			e.Open(a)
			e.Await("a hint", func() (bool, string) {
				got := strings.Join(e.Hints(a), "\n")
				return got != "", got
			})
			if err := p.cmd.Process.Signal(sig); err != nil {
				t.Fatal(err)
			}
			if code := p.wait(t); code != 2 || !strings.Contains(p.stderr.String(), "interrupted") {
				t.Errorf("exit code %d; standard error: %s", code, p.stderr.String())
			}
		})
	}
}
