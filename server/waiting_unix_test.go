//go:build unix

package server

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// countedWrites is a connection that counts what is written to it.
type countedWrites struct {
	io.ReadWriteCloser
	writes atomic.Int64
}

func (c *countedWrites) Write(p []byte) (int, error) {
	n, err := c.ReadWriteCloser.Write(p)
	c.writes.Add(1)
	return n, err
}

// TestWaiting has the go command hang: no request waits for it that an editor makes
// by itself, the client sees what is under way, and a shutdown ends it.
func TestWaiting(t *testing.T) {
	bin := t.TempDir()
	pid := filepath.Join(bin, "pid")
	script := "#!/bin/sh\necho $$ >" + pid + ".new && mv " + pid + ".new " + pid + "\nexec sleep 1000\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := write(t, module)
	a := filepath.Join(dir, "a.go")
	s := serve(t)
	conn := &countedWrites{ReadWriteCloser: s.conn}
	e := fakeeditor.Connect(t, conn, fakeeditor.Options{})
	e.Initialize()
	e.Open(a)
	var started []byte
	e.Await("a go command", func() (bool, string) {
		started, _ = os.ReadFile(pid)
		return len(started) > 0, ""
	})
	e.Await("progress", func() (bool, string) {
		steps := e.Progress()
		ok := len(steps) == 2 && steps[0].Kind == "create" && steps[1].Kind == "begin" && steps[0].Token == steps[1].Token
		return ok, fmt.Sprint(steps)
	})
	var status handlers.StatusParams
	if !e.Status(&status) || status.Packages[0].State != "compiling" {
		t.Errorf("status: %+v", status)
	}
	start := time.Now()
	for i := range 50 {
		e.Edit(a, "package m\n", fmt.Sprintf("package m\n// %d\n", i))
		if got := e.Hints(a); got != nil {
			t.Errorf("hints of what was not compiled: %q", got)
		}
		e.Lenses(a)
		e.Hover(a, "kept(x)\n")
		e.Save(a)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("200 requests and 50 saves took %v", took)
	}
	// What somebody asks for waits, until nobody wants it any more.
	place := placeOf(e, a, "kept(x)\n")
	e.Interrupt(handlers.MethodCost, place, 50*time.Millisecond)
	answered, sent := make(chan error, 1), conn.writes.Load()
	go func() { answered <- e.Call(handlers.MethodCost, place, nil) }()
	e.Await("that the request is sent", func() (bool, string) { return conn.writes.Load() > sent, "" })
	start = time.Now()
	e.Shutdown()
	if err := <-answered; code(err) != requestFailed || !strings.Contains(err.Error(), errNoWork.Error()) {
		t.Errorf("the cost, asked for before the end: %v", err)
	}
	if err := s.wait(t); err != nil {
		t.Error(err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("the end took %v", took)
	}
	number, err := strconv.Atoi(strings.TrimSpace(string(started)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(number, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("process %d is still there: %v", number, err)
	}
}

// TestProgress has work last, and end.
func TestProgress(t *testing.T) {
	bin := t.TempDir()
	script := "#!/bin/sh\nsleep 1\necho 'not today' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := write(t, module)
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(filepath.Join(dir, "a.go"))
	e.Await("progress that ends", func() (bool, string) {
		steps := e.Progress()
		n := len(steps)
		ok := n >= 3 && steps[0].Kind == "create" && steps[1].Kind == "begin" && steps[1].Title != "" && steps[1].Message != "" && steps[n-1].Kind == "end"
		for i := range steps {
			ok = ok && steps[i].Token == steps[0].Token
		}
		return ok, fmt.Sprint(steps)
	})
	e.Await("the failure", func() (bool, string) {
		var status handlers.StatusParams
		ok := e.Status(&status) && status.Packages[0].State == "failed"
		return ok && strings.Contains(status.Packages[0].Error.Message, "not today"), fmt.Sprintf("%+v", status)
	})
}

// TestProgressOnce holds that a client which shows the state of packages gets no
// progress beside it, unless it asks for that.
func TestProgressOnce(t *testing.T) {
	bin := t.TempDir()
	script := "#!/bin/sh\nsleep 1\necho 'not today' >&2\nexit 1\n"
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte(script), 0o777); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	dir := write(t, module)
	e, _ := edit(t, fakeeditor.Options{Capabilities: strings.Replace(fakeeditor.Capable, `, "progress": true`, "", 1)})
	e.Open(filepath.Join(dir, "a.go"))
	e.Await("the failure", func() (bool, string) {
		var status handlers.StatusParams
		return e.Status(&status) && len(status.Packages) == 1 && status.Packages[0].State == "failed", fmt.Sprintf("%+v", status)
	})
	if steps := e.Progress(); len(steps) > 0 {
		t.Errorf("progress beside the status: %+v", steps)
	}
}
