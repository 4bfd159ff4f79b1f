package editors

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// timeout is how long something may take to appear. The first compile of all that
// the sample needs is part of it.
const timeout = 90 * time.Second

// A screen is a terminal with one program in it, as tmux shows it.
type screen struct {
	t      *testing.T
	tmux   string
	socket string
	home   string // where the program, and all that it starts, writes
}

// newScreen starts a program on a terminal of 150 columns and 60 lines.
func newScreen(t *testing.T, dir string, env []string, args ...string) *screen {
	t.Helper()
	// A socket's path must be short, which that of a test's directory is not.
	sockets, err := os.MkdirTemp("", "screen-")
	if err != nil {
		t.Fatal(err)
	}
	s := &screen{t: t, tmux: install(t, "forky", "tmux", "tmux"), socket: filepath.Join(sockets, "s"), home: t.TempDir()}
	command := []string{"-f", "/dev/null", "new-session", "-d", "-x", "150", "-y", "60", "-c", dir}
	command = append(append(append(command, "--", "env"), environment(t, s.home)...), env...) // tmux's own flag does not set PATH
	s.run(append(command, args...)...)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the screen at the end:\n%s", s.text())
		}
		_, _ = s.call("kill-server") // it ends by itself when the program does
		if err := os.RemoveAll(sockets); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *screen) call(args ...string) (string, error) {
	out, err := exec.Command(s.tmux, append([]string{"-u", "-S", s.socket}, args...)...).CombinedOutput()
	return string(out), err
}

func (s *screen) run(args ...string) string {
	s.t.Helper()
	out, err := s.call(args...)
	if err != nil {
		s.t.Fatalf("tmux %s: %v: %s", args, err, out)
	}
	return out
}

// keys presses keys, by tmux's names for them: Enter, Escape, C-s, or text.
func (s *screen) keys(keys ...string) {
	s.t.Helper()
	s.run(append([]string{"send-keys"}, keys...)...)
}

// text is what the screen shows.
func (s *screen) text() string {
	out, err := s.call("capture-pane", "-p")
	if err != nil {
		return fmt.Sprintf("no screen: %v: %s", err, out)
	}
	return out
}

// await waits until the screen shows all of some texts.
func (s *screen) await(texts ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("%q", texts), func(shown string) bool {
		for _, text := range texts {
			if !strings.Contains(shown, text) {
				return false
			}
		}
		return true
	})
}

// pressUntil presses keys, again and again, until the screen shows a text soon after.
func (s *screen) pressUntil(text string, keys ...string) {
	s.t.Helper()
	for deadline := time.Now().Add(timeout); ; {
		s.keys(keys...)
		for soon := time.Now().Add(3 * time.Second); time.Now().Before(soon); time.Sleep(50 * time.Millisecond) {
			if strings.Contains(s.text(), text) {
				return
			}
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("within %v the screen did not show %q, however often %q were pressed", timeout, text, keys)
		}
	}
}

// gone waits until the screen shows none of some texts.
func (s *screen) gone(texts ...string) {
	s.t.Helper()
	s.until(fmt.Sprintf("no %q", texts), func(shown string) bool {
		for _, text := range texts {
			if strings.Contains(shown, text) {
				return false
			}
		}
		return true
	})
}

func (s *screen) until(what string, ok func(shown string) bool) {
	s.t.Helper()
	for deadline := time.Now().Add(timeout); ; time.Sleep(50 * time.Millisecond) {
		shown := s.text()
		if ok(shown) {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("within %v the screen did not show %s", timeout, what)
		}
	}
}

// shots is where pictures of screens are kept, with their colours as a terminal
// understands them: cat shows one.
const shots = "../.editors/screens"

// shot keeps what the screen shows, for somebody to look at.
func (s *screen) shot(name string) {
	s.t.Helper()
	if err := os.MkdirAll(shots, 0o777); err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(shots, strings.ReplaceAll(s.t.Name(), "/", "-")+"-"+name+".ansi")
	if err := os.WriteFile(file, []byte(s.run("capture-pane", "-e", "-p")), 0o666); err != nil {
		s.t.Fatal(err)
	}
}

// leavesNothing ends the editor with some keys. One server runs until then; afterwards
// there is no process any more that it or the editor had started, and no file of the
// server's.
func (s *screen) leavesNothing(keys ...string) {
	s.t.Helper()
	s.ends(keys...)
	if files := s.leftovers(); len(files) > 0 {
		s.t.Errorf("the server has left the files %q", files)
	}
}

// ends ends the editor with some keys, and waits until no process is left.
func (s *screen) ends(keys ...string) {
	s.t.Helper()
	if servers := named(below(s.t, s.home), "inlinelens"); len(servers) != 1 {
		s.t.Errorf("%d servers run below the editor, want 1", len(servers))
	}
	s.keys(keys...)
	for deadline := time.Now().Add(timeout); ; time.Sleep(50 * time.Millisecond) {
		processes := below(s.t, s.home)
		if len(processes) == 0 {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%v after the editor was told to end there are the processes %v", timeout, processes)
		}
	}
}

// leftovers are the server's temporary files.
func (s *screen) leftovers() []string {
	s.t.Helper()
	files, err := filepath.Glob(filepath.Join(s.home, "tmp", ".inlinelens*"))
	if err != nil {
		s.t.Fatal(err)
	}
	return files
}
