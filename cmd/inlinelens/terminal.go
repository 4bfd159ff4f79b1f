package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// A terminal is what is known of a writer: whether a person reads it, in colour,
// and how large it is.
type terminal struct {
	is            bool
	color         bool
	width, height int // columns and lines; 0 when not known
}

// terminalOf looks at a writer. Colour is for terminals that can show it, unless
// NO_COLOR (https://no-color.org) is set to anything.
func terminalOf(w io.Writer) terminal {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return terminal{}
	}
	t := terminal{is: true, color: os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if width, height, err := term.GetSize(int(f.Fd())); err == nil {
		t.width, t.height = width, height
	}
	return t
}

// colors are the values of -color.
var colors = []string{"auto", "always", "never"}

const colorUsage = "`when` to use colors: auto (on a terminal; the default), always\nor never"

// colored returns t with the wish of the -color flag.
func (t terminal) colored(wish string) terminal {
	switch wish {
	case "always":
		t.color = true
	case "never":
		t.color = false
	}
	return t
}

// A progress is one line on a terminal that says how far the work is. It appears
// when the work takes longer than a second, and is gone when it ends. Everything
// else that is written meanwhile must pass through over, so that lines never mix.
type progress struct {
	w     io.Writer
	width int

	mu     sync.Mutex
	latest string // what to show; "" before anything is known
	stage  string
	begun  time.Time // the stage was
	shown  bool
	done   chan struct{}
	ended  sync.Once // done
	wg     sync.WaitGroup
}

// The times of a progress line.
const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// newProgress returns a progress that writes to w; on anything but a terminal it
// is silent. It must be stopped.
func newProgress(w io.Writer) *progress {
	t := terminalOf(w)
	p := &progress{w: w, width: t.width, done: make(chan struct{})}
	if !t.is || os.Getenv("TERM") == "dumb" {
		return p
	}
	p.wg.Go(func() {
		wait := time.NewTimer(progressAfter)
		defer wait.Stop()
		for {
			select {
			case <-p.done:
				return
			case <-wait.C:
			}
			p.mu.Lock()
			if p.latest != "" {
				p.draw()
			}
			p.mu.Unlock()
			wait.Reset(progressEvery)
		}
	})
	return p
}

// set says what is going on; it may be called from any goroutine.
func (p *progress) set(stage string, done, total int, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	b.WriteString(stage)
	if total > 0 {
		fmt.Fprintf(&b, " %d/%d", done, total)
	}
	if what != "" {
		b.WriteString(" ")
		b.WriteString(what)
	}
	if stage != p.stage {
		p.stage, p.begun = stage, time.Now()
	}
	if left := timeLeft(time.Since(p.begun), done, total); left > 0 {
		fmt.Fprintf(&b, ", about %v left", left)
	}
	p.latest = b.String()
}

// timeLeft estimates how long work goes on of which a part is done; 0 where that is too
// early to say, or too soon over.
func timeLeft(took time.Duration, done, total int) time.Duration {
	if took < 3*time.Second || done == 0 || done >= total {
		return 0
	}
	left := time.Duration(float64(took) * float64(total-done) / float64(done))
	if left < 5*time.Second {
		return 0
	}
	return left.Round(time.Second)
}

// draw rewrites the line. Errors of the terminal are not worth a word.
func (p *progress) draw() {
	line := []rune("inlinelens: " + p.latest)
	if p.width > 1 && len(line) >= p.width {
		line = append(line[:p.width-2], '…')
	}
	fmt.Fprintf(p.w, "\r%s\x1b[K", string(line))
	p.shown = true
}

// clear removes the line. The lock is held.
func (p *progress) clear() {
	if p.shown {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.shown = false
	}
}

// stop removes the line for good. It may be called again.
func (p *progress) stop() {
	p.ended.Do(func() { close(p.done) })
	p.wg.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// over returns a writer to w that makes way for each write.
func (p *progress) over(w io.Writer) io.Writer { return &overProgress{p, w} }

type overProgress struct {
	p *progress
	w io.Writer
}

func (o *overProgress) Write(b []byte) (int, error) {
	o.p.mu.Lock()
	defer o.p.mu.Unlock()
	o.p.clear()
	return o.w.Write(b)
}
