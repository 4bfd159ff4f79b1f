package main

import (
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// A pty is a terminal that a test reads.
type pty struct {
	tty *os.File // what the program writes to

	mu   sync.Mutex
	text strings.Builder
}

func newPTY(t *testing.T) *pty {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	fd := int(master.Fd())
	if err := unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	peer, _, errno := unix.Syscall(unix.SYS_IOCTL, uintptr(fd), unix.TIOCGPTPEER, unix.O_RDWR|unix.O_NOCTTY)
	if errno != 0 {
		t.Fatal(errno)
	}
	p := &pty{tty: os.NewFile(peer, "tty")}
	if err := unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: 40}); err != nil {
		t.Fatal(err)
	}
	var reading sync.WaitGroup
	reading.Go(func() {
		buf := make([]byte, 4096)
		for {
			n, err := master.Read(buf)
			p.mu.Lock()
			p.text.Write(buf[:n])
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	})
	t.Cleanup(func() {
		p.tty.Close()
		reading.Wait() // the last writer is gone, so reading fails
		master.Close()
	})
	return p
}

// await waits until the terminal has got a text.
func (p *pty) await(t *testing.T, text string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		p.mu.Lock()
		got := p.text.String()
		p.mu.Unlock()
		if strings.Contains(got, text) {
			return got
		}
		if time.Now().After(deadline) {
			t.Fatalf("the terminal got %q, and no %q", got, text)
		}
	}
}

func TestTerminalOf(t *testing.T) {
	p := newPTY(t)
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	if got := terminalOf(p.tty); got != (terminal{is: true, color: true, width: 40, height: 24}) {
		t.Errorf("a terminal is %+v", got)
	}
	t.Setenv("TERM", "dumb")
	if terminalOf(p.tty).color {
		t.Error("colour with TERM=dumb")
	}
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "1")
	if terminalOf(p.tty).color {
		t.Error("colour with NO_COLOR")
	}
	if got := terminalOf(&strings.Builder{}); got != (terminal{}) {
		t.Errorf("a buffer is a terminal: %+v", got)
	}
}

// TestProgress holds that the line appears, fits, makes way for other output, and
// is gone at the end.
func TestProgress(t *testing.T) {
	p := newPTY(t)
	t.Setenv("TERM", "xterm")
	pr := newProgress(p.tty)
	pr.set("compiling", 3, 12, "example.com/a/package/with/a/long/name")
	const line = "\rinlinelens: compiling 3/12 example.com…\x1b[K"
	p.await(t, line)
	if _, err := pr.over(p.tty).Write([]byte("output\r\n")); err != nil {
		t.Fatal(err)
	}
	p.await(t, "\x1b[K\r\x1b[Koutput\r")
	pr.set("loading", 0, 0, "")
	p.await(t, "\rinlinelens: loading\x1b[K")
	pr.stop()
	if _, err := p.tty.WriteString("end"); err != nil {
		t.Fatal(err)
	}
	if got := p.await(t, "end"); !strings.HasSuffix(got, "inlinelens: loading\x1b[K\r\x1b[Kend") {
		t.Errorf("the line is not gone: %q", got)
	}
}

// TestQuickWorkHasNoProgress holds that work of less than a second shows nothing.
func TestQuickWorkHasNoProgress(t *testing.T) {
	p := newPTY(t)
	pr := newProgress(p.tty)
	pr.set("compiling", 1, 2, "p")
	pr.stop()
	if _, err := p.tty.WriteString("end"); err != nil {
		t.Fatal(err)
	}
	if got := p.await(t, "end"); got != "end" {
		t.Errorf("the terminal got %q", got)
	}
}

var progressLine = regexp.MustCompile(`\r(inlinelens: [^\r]*)?\x1b\[K`)

// TestPager holds that output which is longer than the terminal goes through the program
// that PAGER names, in full and without a progress line, and that shorter output does not.
func TestPager(t *testing.T) {
	t.Setenv("INLINELENS_CACHE", t.TempDir())
	t.Setenv("TERM", "xterm")
	shows := func(pager, args string) string {
		t.Setenv("PAGER", pager)
		p := newPTY(t)
		if code := run(t.Context(), strings.Fields(args), p.tty, p.tty); code != exitFine {
			t.Errorf("%s with PAGER=%q: exit status %d", args, pager, code)
		}
		if _, err := p.tty.WriteString("done"); err != nil {
			t.Fatal(err)
		}
		return progressLine.ReplaceAllString(strings.TrimSuffix(p.await(t, "done"), "done"), "")
	}
	for args, paged := range map[string]bool{
		"report errors":                           true,
		"report -status unknown errors":           false, // a summary
		"report -near-misses 5 errors":            false,
		"explain -color never errors.As":          true,
		"explain errors.New":                      false,
		"demo":                                    true,
		"report -format json -color never errors": true,
	} {
		want := shows("cat", args) // nothing but the terminal
		if paged {
			want = "pages:\r\n" + want + "end\r\n"
		}
		if got := shows(`echo pages:; cat; echo end`, args); got != want {
			t.Errorf("%s: the terminal got %d bytes, want %d: %.1000q", args, len(got), len(want), got)
		}
	}
	// A reader who leaves ends the work, and that is no error.
	if got := shows("head -n 1", "report -color never strings"); !strings.HasPrefix(got, "strings (go1.") || strings.Count(got, "\n") != 1 {
		t.Errorf("of a program that leaves the terminal got %q", got)
	}
	shows("true", "report strings")
}
