package server

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"go.uber.org/zap/zaptest/observer"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/testprogram"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		testprogram.Remove()
		os.Exit(code)
	}))
}

// A served is a server at work on one end of a pipe.
type served struct {
	conn net.Conn // the other end
	// mistakes is how many internal errors the test provokes.
	mistakes int
	logs     *observer.ObservedLogs
	end      chan error // gets what Serve returns
}

// serve starts a server with a cache of its own. When the test ends, so must it.
func serve(t *testing.T) *served {
	t.Helper()
	return serveWith(t, func(*Options) {})
}

// serveWith starts one with other options.
func serveWith(t *testing.T, change func(*Options)) *served {
	t.Helper()
	core, logs := observer.New(zapcore.DebugLevel)
	here, there := net.Pipe()
	s := &served{conn: here, logs: logs, end: make(chan error, 1)}
	options := Options{
		Engine:  engine.Options{CacheDir: filepath.Join(t.TempDir(), "cache")},
		Log:     zap.New(core),
		Version: "v1.2.3",
	}
	change(&options)
	go func() { s.end <- Serve(context.Background(), there, options) }()
	t.Cleanup(func() {
		here.Close()
		s.wait(t)
		if all := logs.FilterMessage("internal error").All(); len(all) != s.mistakes {
			for _, e := range all {
				t.Errorf("%s: %v", e.Message, e.ContextMap())
			}
		}
	})
	return s
}

// wait returns what Serve returned, once it has.
func (s *served) wait(t *testing.T) error {
	t.Helper()
	select {
	case err := <-s.end:
		s.end <- err
		return err
	case <-time.After(30 * time.Second):
		t.Fatal("the server does not end")
		return nil
	}
}

// edit starts a server and an editor that is initialized.
func edit(t *testing.T, o fakeeditor.Options) (*fakeeditor.Editor, *served) {
	t.Helper()
	s := serve(t)
	e := fakeeditor.Connect(t, s.conn, o)
	e.Initialize()
	return e, s
}

// write writes files, by name below a new directory, and returns that.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// A loop is a connection that gives back what is written to it.
type loop struct {
	io.Reader
	written []byte
}

func (l *loop) Write(p []byte) (int, error) {
	l.written = append(l.written, p...)
	return len(p), nil
}

func (l *loop) Close() error { return nil }
