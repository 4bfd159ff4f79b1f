package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// A client is an editor in front of one language server, which is a process of
// its own.
type client struct {
	*fakeeditor.Editor
	process *exec.Cmd
	pipe    io.Closer
	log     *os.File
	started time.Time
	problem *problem
}

// A pipe joins a process's standard streams to one connection.
type pipe struct {
	io.Reader
	io.WriteCloser
}

// serverLog is the file of the rig that has what the last server has logged.
const serverLog = "server.log"

// connect starts a server and initializes it.
func (r *rig) connect(o fakeeditor.Options, env []string, args ...string) (c *client, err error) {
	c = &client{process: exec.CommandContext(r.ctx, args[0], args[1:]...), problem: &problem{}}
	defer c.problem.catch(&err)
	c.process.Dir = r.work()
	c.process.Env = append(os.Environ(), append([]string{
		"GOCACHE=" + r.gocache, "INLINELENS_CACHE=" + r.facts, "GOFLAGS=", "GOWORK=off", "GOPACKAGESDRIVER=off",
	}, env...)...)
	if c.log, err = os.Create(r.sub(serverLog)); err != nil {
		return nil, err
	}
	c.process.Stderr = c.log
	in, err := c.process.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := c.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.started = time.Now()
	if err := c.process.Start(); err != nil {
		return nil, err
	}
	c.pipe = in
	c.Editor = fakeeditor.Connect(c.problem, pipe{out, in}, o)
	c.Initialize()
	return c, nil
}

// end ends the server; it is killed if it does not go.
func (c *client) end() (err error) {
	defer c.log.Close()
	func() {
		defer c.problem.catch(&err)
		c.Shutdown()
	}()
	_ = c.pipe.Close()
	gone := make(chan error, 1)
	go func() { gone <- c.process.Wait() }()
	select {
	case werr := <-gone:
		return errors.Join(err, werr)
	case <-time.After(10 * time.Second):
		return errors.Join(err, fmt.Errorf("%s does not end", c.process.Path), c.process.Process.Kill())
	}
}

// kill ends a rival without asking: it may be busy with what nobody waits for.
func (c *client) kill() error {
	defer c.log.Close()
	err := c.process.Process.Kill()
	_ = c.process.Wait() // it was killed
	return err
}

// A problem is what the editor tells when a server does what no server should:
// a test's view of a benchmark.
type problem struct {
	testing.TB // for the methods that the editor does not call
	cleanups   []func()
}

type failure struct{ error }

func (p *problem) Helper()                           {}
func (p *problem) Cleanup(f func())                  { p.cleanups = append(p.cleanups, f) }
func (p *problem) Context() context.Context          { return context.Background() }
func (p *problem) Errorf(format string, args ...any) { p.Fatalf(format, args...) }
func (p *problem) Fatalf(format string, args ...any) { panic(failure{fmt.Errorf(format, args...)}) }
func (p *problem) Fatal(args ...any)                 { panic(failure{errors.New(fmt.Sprint(args...))}) }

// catch makes the editor's failure an error.
func (p *problem) catch(err *error) {
	switch v := recover().(type) {
	case nil:
	case failure:
		*err = errors.Join(*err, v.error)
	default:
		panic(v)
	}
}
