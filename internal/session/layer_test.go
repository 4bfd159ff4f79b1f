package session

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A testLayer does what a test wants in place of a compile.
type testLayer struct {
	mu       sync.Mutex
	compiles int
	do       func(context.Context) error
}

func (*testLayer) Name() string                          { return "test" }
func (*testLayer) Version() string                       { return "1" }
func (*testLayer) Key(*Session, *load.Unit) (Key, error) { return Key{1}, nil }
func (*testLayer) Shared() bool                          { return true }
func (*testLayer) Size(int) int                          { return 0 }
func (*testLayer) Encode(n int) ([]byte, error)          { return []byte(strconv.Itoa(n)), nil }
func (*testLayer) Decode(data []byte) (int, error)       { return strconv.Atoi(string(data)) }
func (l *testLayer) Compile(ctx context.Context, _ *Session, _ *load.Unit) (int, error) {
	l.mu.Lock()
	l.compiles++
	n := l.compiles
	l.mu.Unlock()
	if l.do != nil {
		if err := l.do(ctx); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// layerSession returns a session of one unit with a file.
func layerSession(t *testing.T, h *Host, shared *SharedResults) (*Session, *load.Unit) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.go")
	if err := os.WriteFile(file, []byte("package a"), 0o600); err != nil {
		t.Fatal(err)
	}
	u := &load.Unit{ID: "a", Path: "a", Files: []string{file}}
	s, err := New(h, Options{Toolchain: &gc.Toolchain{GOARCH: "amd64"}, Loaded: &load.Result{}, Shared: shared})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Hashes.file(file); err != nil { // as for a key
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s, u
}

// TestLayer holds what a layer's results have in common, whatever they are: each is
// made once for all who ask, handed on by way of the workspace and of the store, and
// what went wrong is neither.
func TestLayer(t *testing.T) {
	h, err := NewHost(HostOptions{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	l := new(testLayer)
	ask := func(s *Session, u *load.Unit) (int, error) { return Result[int](context.Background(), s, l, u) }

	shared := NewSharedResults()
	s, u := layerSession(t, h, shared)
	stopped, stop := context.WithCancel(context.Background())
	l.do = func(ctx context.Context) error { stop(); return ctx.Err() }
	if _, err := Result[int](stopped, s, l, u); !errors.Is(err, context.Canceled) {
		t.Errorf("who is stopped gets %v", err)
	}
	l.do = func(context.Context) error { panic("a mistake") }
	s, u = layerSession(t, h, shared)
	var wrong *UnitError
	if _, err := ask(s, u); !errors.As(err, &wrong) || !strings.Contains(wrong.Error(), "a mistake") {
		t.Errorf("a panic is the error %v", err)
	}
	s, u = layerSession(t, h, shared)
	l.do = func(context.Context) error { return os.WriteFile(u.Files[0], []byte("package b"), 0o600) }
	if n, err := ask(s, u); n != 3 || err != nil {
		t.Errorf("a result of a file that was written meanwhile: %d, %v", n, err)
	}
	s.Close()
	if h.Store.Has(mustKey(t, s, l, u)) || len(shared.results) > 0 {
		t.Error("what was made of a file that was written meanwhile is kept")
	}

	l.do = nil
	s, u = layerSession(t, h, shared)
	var asking sync.WaitGroup
	for range 5 {
		asking.Go(func() {
			if n, err := ask(s, u); n != 4 || err != nil {
				t.Errorf("one of several who ask gets %d, %v", n, err)
			}
		})
	}
	asking.Wait()
	if s, u = layerSession(t, h, shared); l.compiles != 4 {
		t.Errorf("%d compiles", l.compiles)
	} else if n, err := ask(s, u); n != 4 || err != nil {
		t.Errorf("another session of the workspace gets %d, %v", n, err)
	}
	s.Close()
	s, u = layerSession(t, h, nil)
	for !h.Store.Has(mustKey(t, s, l, u)) { // it is kept beside what is done with it
		continue
	}
	if n, err := ask(s, u); n != 4 || err != nil {
		t.Errorf("a later program gets %d, %v", n, err)
	}
}

func mustKey(t *testing.T, s *Session, l *testLayer, u *load.Unit) Key {
	t.Helper()
	k, err := KeyOf[int](s, l, u)
	if err != nil {
		t.Fatal(err)
	}
	return k
}
