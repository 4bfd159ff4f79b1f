// Package pager shows long output on a terminal a screen at a time, as git does: with the
// program that PAGER names, or less.
//
// What fits on the screen is written as it is. It knows nothing of what is shown.
package pager

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"sync"
	"syscall"
)

// Options say where the output goes.
type Options struct {
	Terminal *os.File
	Rows     int       // of the terminal
	Direct   io.Writer // to the terminal, for what needs no pages
	// Before is called before the program gets the terminal, Ended when the user has
	// left it; Left is true then.
	Before, Ended func()
}

// A Pager is a writer to a terminal. It keeps what is written until that is more than a
// screen; then it starts the program, which gets that and all that follows. It must be
// closed.
type Pager struct {
	options Options

	mu     sync.Mutex
	kept   []byte // until it is clear whether there is more than a screen
	lines  int    // in kept
	direct bool   // pages are no longer waited for
	input  io.WriteCloser
	// left is closed when the program has ended, and ended when Options.Ended has returned
	// then; they are nil before the program starts.
	left, ended chan struct{}
}

// Wanted reports whether there is a program that shows pages: PAGER may be empty or "cat"
// for none.
func Wanted() bool { return len(command()) > 0 }

// New returns a pager. It must be Wanted.
func New(o Options) *Pager { return &Pager{options: o} }

// command is the program with its arguments, nil for none.
func command() []string {
	line, set := os.LookupEnv("PAGER")
	switch {
	case set && (line == "" || line == "cat"), os.Getenv("TERM") == "dumb":
		return nil
	case set && runtime.GOOS != "windows": // it may have arguments and quotes
		return []string{"/bin/sh", "-c", line}
	case set:
		return []string{line}
	}
	if name, err := exec.LookPath("less"); err == nil {
		return []string{name}
	}
	return nil
}

// environ has less show colors, as git does, and the keys that matter.
func environ() []string {
	env := os.Environ()
	if os.Getenv("LESS") == "" {
		env = append(env, `LESS=FRXPs(?eEND:G\: end., /\: search, q\: quit)$`)
	}
	return env
}

// Write implements io.Writer. After the user has left the program, it fails with EPIPE.
func (p *Pager) Write(text []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.input != nil:
		return p.toProgram(text)
	case p.direct:
		return p.options.Direct.Write(text)
	}
	p.kept = append(p.kept, text...)
	p.lines += bytes.Count(text, []byte("\n"))
	if p.lines < p.options.Rows {
		return len(text), nil
	}
	if p.start() != nil {
		p.direct = true // without pages is better than not at all
	}
	if err := p.flush(); err != nil {
		return 0, err
	}
	return len(text), nil
}

// toProgram writes to the program.
func (p *Pager) toProgram(text []byte) (int, error) {
	n, err := p.input.Write(text)
	if errors.Is(err, os.ErrClosed) { // it has ended
		err = syscall.EPIPE
	}
	return n, err
}

// start starts the program.
func (p *Pager) start() error {
	line := command()
	cmd := exec.Command(line[0], line[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.Env = p.options.Terminal, os.Stderr, environ()
	input, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	p.options.Before()
	if err := cmd.Start(); err != nil {
		return errors.Join(err, input.Close())
	}
	signal.Ignore(os.Interrupt) // from now on it is meant for the program
	p.input, p.left, p.ended = input, make(chan struct{}), make(chan struct{})
	go func() {
		defer close(p.ended)
		_ = cmd.Wait() // its exit status says nothing of what it was given
		close(p.left)
		p.options.Ended()
	}()
	return nil
}

// flush writes what was kept.
func (p *Pager) flush() error {
	kept := p.kept
	p.kept = nil
	if p.input != nil {
		_, err := p.toProgram(kept)
		return err
	}
	_, err := p.options.Direct.Write(kept)
	return err
}

// Left reports whether the user has left the program.
func (p *Pager) Left() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.left:
		return true
	default:
		return false
	}
}

// Close shows what was kept, or waits until the user leaves the program.
func (p *Pager) Close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.input == nil {
		return p.flush()
	}
	err := p.input.Close()
	<-p.ended
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
