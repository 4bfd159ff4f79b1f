package server

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/prove"
)

var (
	randomSeed  = flag.Uint64("random.seed", 0, "the seed of the only random session; 0 for those of every run")
	randomSteps = flag.Int("random.steps", 250, "how many steps a random session has")
)

// randomSessions is how many sessions there are, with the seeds from 1.
var randomSessions = prove.Or[uint64](1, 40)

// TestRandom goes through sessions of random steps, mostly without waiting for
// what they bring about. Now and then it does wait, and compares what the server
// shows with what one shows that has just been started on the same texts.
//
// The steps of a seed are the same in each run, but not what the server is doing
// when they come.
func TestRandom(t *testing.T) {
	leaveNothing(t)
	// The server and those that it is compared with have caches of their own, with
	// nothing in common but the standard library.
	own, others := filepath.Join(t.TempDir(), "own"), filepath.Join(t.TempDir(), "others")
	warmUp(t, own)
	must(t, os.CopyFS(others, os.DirFS(own)))
	if *randomSeed != 0 {
		t.Run(fmt.Sprint(*randomSeed), func(t *testing.T) { randomSession(t, *randomSeed, own, others) })
		return
	}
	for seed := range randomSessions {
		t.Run(fmt.Sprint(seed+1), func(t *testing.T) { randomSession(t, seed+1, own, others) })
	}
}

// warmUp fills a cache with what sessions need of the standard library.
func warmUp(t *testing.T, cache string) {
	s := newSession(t, 0)
	s.e = s.start(cache)
	for path := range s.originals {
		if filepath.Ext(path) == ".go" {
			s.e.Open(path)
		}
	}
	s.e.Await("verdicts", func() (bool, string) {
		lines, settled := states(t, s.e)
		return settled && len(lines) == 3, strings.Join(lines, "\n")
	})
	s.e.Shutdown()
}

// A session is an editor at work on a module, with what it has done to it.
type session struct {
	t   *testing.T
	r   *rand.Rand
	e   *fakeeditor.Editor
	dir string // the module's

	originals map[string]string // texts at the beginning, by path
	open      map[string]bool
	broken    map[string]bool // what may not compile, by path
	settings  atomic.Pointer[map[string]any]
	push      bool // settings are sent; otherwise the server asks for them
	count     int  // of steps, and of what has to have a name of its own
}

// newSession lays out a module for a session.
func newSession(t *testing.T, seed uint64) *session {
	s := &session{
		t: t, r: rand.New(rand.NewPCG(seed, 0)),
		open: map[string]bool{}, broken: map[string]bool{},
	}
	s.push = s.chance(0.5)
	s.layOut()
	s.settings.Store(&map[string]any{"hints": all["inlinelens"].(map[string]any)["hints"], "delay": "20ms"})
	return s
}

// randomSession goes through the session of a seed. The server and those that it
// is compared with keep their results in two directories.
func randomSession(t *testing.T, seed uint64, own, others string) {
	s := newSession(t, seed)
	s.e = s.start(own)
	for len(s.open) < 3 {
		stepOpen(s)
	}
	steps, quiet := *randomSteps, 0
	var log []string
	defer func() {
		if t.Failed() {
			t.Logf("the last steps of seed %d, which ended with settings %v:\n%s", seed, *s.settings.Load(), strings.Join(log[max(0, len(log)-100):], "\n"))
		}
	}()
	for s.count = range steps {
		log = append(log, fmt.Sprintf("%4d %s", s.count, s.step()))
		if s.chance(0.15) {
			time.Sleep(time.Duration(s.r.IntN(60)) * time.Millisecond)
		}
		if quiet++; quiet < 40+s.r.IntN(20) && s.count < steps-1 {
			continue
		}
		quiet = 0
		log = append(log, "     quiet: "+s.settle())
		s.compare(others)
	}
	s.e.Shutdown()
}

// start starts a server and an editor with the session's settings, which it asks
// for. The cache is the one in the directory.
func (s *session) start(cache string) *fakeeditor.Editor {
	served := serveWith(s.t, func(o *Options) { o.Engine.CacheDir = cache })
	e := fakeeditor.Connect(s.t, served.conn, fakeeditor.Options{Folders: []string{s.dir}, Settings: map[string]any{"inlinelens": s}})
	e.Initialize()
	// Settings that are sent before it has asked for the first ones would be lost.
	e.Await("registrations", func() (bool, string) {
		return e.Registered(protocol.MethodWorkspaceDidChangeWatchedFiles) != nil, "none"
	})
	return e
}

// MarshalJSON makes the session stand for its settings, as they are when they are sent.
func (s *session) MarshalJSON() ([]byte, error) { return json.Marshal(*s.settings.Load()) }

// compare holds that the session's server shows what a new one shows.
func (s *session) compare(cache string) {
	fresh := s.start(cache)
	paths := sorted(s.open)
	for _, path := range paths {
		fresh.OpenText(path, s.e.Text(path))
	}
	agree(s.t, s.e, fresh, 40, paths...)
	fresh.Shutdown()
}

// layOut copies two packages of the standard library, of which one imports the
// other, into a module, and puts a file beside it that is in none.
func (s *session) layOut() {
	s.t.Helper()
	dir, err := filepath.EvalSymlinks(s.t.TempDir())
	must(s.t, err)
	s.dir = filepath.Join(dir, "module")
	s.originals = map[string]string{
		filepath.Join(s.dir, "go.mod"): "module example.com/random\n\ngo 1.26\n",
		filepath.Join(dir, "alone.go"): "package main\n\nfunc main() { f(1) }\n\nfunc f(x int) int { return x }\n",
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	must(s.t, err)
	for to, from := range map[string]string{"slices": "slices", "syntax": "regexp/syntax"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(goroot)), "src", from, "*.go"))
		must(s.t, err)
		for _, file := range files {
			text, err := os.ReadFile(file)
			must(s.t, err)
			if to == "slices" && strings.HasSuffix(file, "_test.go") && filepath.Base(file) != "example_test.go" {
				continue // it needs what only the standard library can import
			}
			s.originals[filepath.Join(s.dir, to, filepath.Base(file))] = strings.ReplaceAll(string(text), `"slices"`, `"example.com/random/slices"`)
		}
	}
	for path, text := range s.originals {
		s.write(path, text)
	}
}

// write writes a file as another program would. The server is not told.
func (s *session) write(path, text string) {
	s.t.Helper()
	must(s.t, os.MkdirAll(filepath.Dir(path), 0o777))
	must(s.t, os.WriteFile(path, []byte(text), 0o666))
}

// goFiles returns the Go files that there are on disk or in the editor, in order.
func (s *session) goFiles() []string {
	all := map[string]bool{}
	for path := range s.open {
		all[path] = true
	}
	for _, name := range filesBelow(s.t, filepath.Dir(s.dir)) {
		if filepath.Ext(name) == ".go" {
			all[filepath.Join(filepath.Dir(s.dir), name)] = true
		}
	}
	return sorted(all)
}

// onDisk returns the text of a file on disk; ok is false if there is none.
func onDisk(path string) (text string, ok bool) {
	data, err := os.ReadFile(path)
	return string(data), err == nil
}

// settle makes a quiet point of the session: mostly, what is broken is repaired
// and all is saved.
func (s *session) settle() string {
	did := "nothing was done"
	if s.chance(0.75) {
		did = "repaired"
		for _, path := range sorted(s.broken) {
			s.repair(path)
		}
	}
	if s.chance(0.7) {
		did += ", saved"
		for _, path := range sorted(s.open) {
			if text, ok := onDisk(path); !ok || text != s.e.Text(path) {
				s.e.Save(path)
			}
		}
	}
	return did
}

// repair gives a file its original text; one that has none it deletes.
func (s *session) repair(path string) {
	delete(s.broken, path)
	text, ok := s.originals[path]
	switch {
	case !ok:
		if s.open[path] {
			s.e.Close(path)
			delete(s.open, path)
		}
		os.Remove(path)
	case s.open[path]:
		s.e.SetText(path, text)
		s.e.Save(path)
		return
	default:
		s.write(path, text)
	}
	s.e.Changed(path)
}

func (s *session) chance(p float64) bool { return s.r.Float64() < p }

// pick returns one of several.
func pick[T any](s *session, from []T) T { return from[s.r.IntN(len(from))] }

// name returns a word that was not used before.
func (s *session) name(prefix string) string { return fmt.Sprintf("%s%d", prefix, s.count) }

// openFiles returns the open files that have a text in which something can be
// done, in order.
func (s *session) openFiles() []string {
	return slices.DeleteFunc(sorted(s.open), func(path string) bool { return s.e.Text(path) == "" })
}
