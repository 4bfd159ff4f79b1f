//go:build unix

package pager

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// A pages is a pager whose terminal is a file.
type pages struct {
	*Pager
	direct   strings.Builder
	terminal *os.File
	begun    int
	ended    chan struct{}
}

func newPages(t *testing.T, program string) *pages {
	t.Helper()
	t.Setenv("PAGER", program)
	t.Setenv("TERM", "xterm")
	f, err := os.Create(filepath.Join(t.TempDir(), "terminal"))
	if err != nil {
		t.Fatal(err)
	}
	p := &pages{terminal: f, ended: make(chan struct{})}
	p.Pager = New(Options{
		Terminal: f, Rows: 4, Direct: &p.direct,
		Before: func() { p.begun++ }, Ended: func() { close(p.ended) },
	})
	t.Cleanup(func() { f.Close() })
	return p
}

// shown is what the program has written.
func (p *pages) shown(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(p.terminal.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func write(t *testing.T, p *pages, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if n, err := p.Write([]byte(text)); n != len(text) || err != nil {
			t.Fatal(n, err)
		}
	}
}

func TestPages(t *testing.T) {
	defer goleak.VerifyNone(t)
	short := newPages(t, "sed 's/^/page: /'")
	write(t, short, "a\nb\n", "c\n")
	if short.direct.String() != "" {
		t.Errorf("before the end the terminal got %q", short.direct.String())
	}
	if err := short.Close(); err != nil || short.direct.String() != "a\nb\nc\n" || short.begun != 0 || short.Left() {
		t.Errorf("%v: %q", err, short.direct.String())
	}
	long := newPages(t, "sed 's/^/page: /'")
	write(t, long, "a\nb\n", "c\nd\n", "e\n")
	if err := long.Close(); err != nil || long.direct.String() != "" || long.begun != 1 || !long.Left() {
		t.Errorf("%v: %q", err, long.direct.String())
	}
	if got := long.shown(t); got != "page: a\npage: b\npage: c\npage: d\npage: e\n" {
		t.Errorf("the program wrote %q", got)
	}
}

// TestLeft holds that a reader who leaves is noticed, by who waits and by who writes.
func TestLeft(t *testing.T) {
	defer goleak.VerifyNone(t)
	p := newPages(t, "head -n 1")
	write(t, p, "a\nb\nc\nd\n")
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		t.Fatal("the program does not end")
	}
	if !p.Left() {
		t.Error("it is not known that the reader has left")
	}
	if _, err := p.Write([]byte("e\n")); !errors.Is(err, syscall.EPIPE) {
		t.Errorf("a write gives %v", err)
	}
	if err := p.Close(); err != nil || p.shown(t) != "a\n" {
		t.Errorf("%v: %q", err, p.shown(t))
	}
}

// TestWanted holds when there are no pages.
func TestWanted(t *testing.T) {
	for _, test := range []struct {
		pager, term string
		want        bool
	}{{"", "xterm", false}, {"cat", "xterm", false}, {"more", "dumb", false}, {"more", "xterm", true}} {
		t.Setenv("PAGER", test.pager)
		t.Setenv("TERM", test.term)
		if Wanted() != test.want {
			t.Errorf("%+v", test)
		}
	}
}
