package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// The packages that somebody works on in a day, in this order and then again.
var dayPackages = []string{
	"net/http", "go/types", "encoding/json", "text/template", "strings", "go/parser",
	"net/url", "regexp", "compress/flate", "archive/zip", "html/template", "database/sql",
	"image/png", "math/big", "crypto/tls", "go/printer", "encoding/xml", "net/netip",
	"bufio", "fmt", "sort", "strconv", "time", "go/ast",
}

const (
	hours           = 8
	packagesAnHour  = 6
	savesInAPackage = 8

	idling = 5 * time.Second
)

// An idleState is what a server holds when it has nothing to do.
type idleState struct {
	memory      int64 // bytes, resident
	descriptors int
	threads     int
	files       int           // below its temporary directories
	idle        time.Duration // of processor time while nothing happens, for idling
}

// day measures whether a working day leaves anything behind: packages opened,
// edited, broken, mended, saved and closed, other settings, files that change on
// disk. What the server holds in the end is compared with the first hour's. The
// copy of the Go installation is not what it was afterwards.
func (r *rig) day() (rows []row, err error) {
	d, err := r.desk(netHTTP)
	if err != nil {
		return nil, err
	}
	defer d.close()
	temp := r.sub("day-temp")
	if err := os.Mkdir(temp, 0o777); err != nil {
		return nil, err
	}
	chosen := &settings{}
	c, err := r.connect(fakeeditor.Options{Settings: map[string]any{"inlinelens": chosen}, Folders: []string{d.root}}, append(d.env, "TMPDIR="+temp), r.program, "serve")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	defer c.problem.catch(&err)
	random := rand.New(rand.NewPCG(1, 2)) // the same day each time
	var first, last idleState
	for hour := range hours {
		if err := d.hour(c, chosen, hour, random); err != nil {
			return nil, err
		}
		time.Sleep(pause)
		if last, err = restOf(c.process.Process.Pid, temp); err != nil {
			return nil, err
		}
		if hour == 0 {
			first = last
		}
		progress("  hour %d: %+v", hour+1, last)
	}
	held := func(r idleState) string {
		return fmt.Sprintf("%d descriptors, %d threads, %d temporary files", r.descriptors, r.threads, r.files)
	}
	work := fmt.Sprintf("at rest after %d hours: %d saves in %d packages, other settings, files written again", hours, hours*packagesAnHour*savesInAPackage, len(dayPackages))
	const rival = "after the first hour: "
	ratio := float64(last.memory) / float64(first.memory)
	return []row{
		{
			work: work + "; memory", ours: megabytes(last.memory), rival: rival + megabytes(first.memory),
			ratio: fmt.Sprintf("%.2f×", ratio), goal: "within 1.25×", met: ratio <= 1.25,
		},
		{
			work: "the same; what else it holds", ours: held(last), rival: rival + held(first), goal: "no more (threads: 4)",
			met: last.descriptors <= first.descriptors && last.files <= first.files && last.threads <= first.threads+4,
		},
		{
			work: fmt.Sprintf("the same; processor time in %v in which nothing happens", idling), ours: last.idle.String(),
			goal: "under 50ms", met: last.idle < 50*time.Millisecond,
		},
	}, nil
}

// hour is one of the day: in every other one, text is compiled while it is typed.
func (d *desk) hour(c *client, chosen *settings, hour int, random *rand.Rand) error {
	chosen.set(c, "trigger", []string{"save", "type"}[hour%2])
	for i := range packagesAnHour {
		path := dayPackages[(hour*packagesAnHour+i)%len(dayPackages)]
		files, err := goFilesOf(filepath.Join(d.root, filepath.FromSlash(path)))
		if err != nil {
			return err
		}
		random.Shuffle(len(files), func(a, b int) { files[a], files[b] = files[b], files[a] })
		files = files[:min(3, len(files))]
		for _, file := range files {
			c.Open(file)
		}
		for n := range savesInAPackage {
			d.rig.edits++
			if err := c.change(files[n%len(files)], d.rig.edits); err != nil {
				return err
			}
		}
		c.awaitFresh()
		for _, file := range files {
			c.Close(file)
		}
	}
	c.Open(d.file)
	defer c.Close(d.file)
	for _, arch := range []string{"arm64", "amd64"} {
		chosen.set(c, "build.goarch", arch)
		c.awaitArch(arch)
	}
	return c.rewrite(d.dir) // as when another branch is checked out
}

// change has somebody change a file, save it and look at it; at times it is saved in
// the middle of something, which does not compile.
func (c *client) change(file string, n int) error {
	doc := protocol.TextDocumentIdentifier{URI: uri.File(file)}
	text := c.Text(file)
	at := strings.LastIndex(text, "}\n")
	if at < 0 {
		return nil
	}
	if n%5 == 0 {
		c.Splice(file, at, at, "\tbroken(\n")
		c.Save(file)
		time.Sleep(200 * time.Millisecond)
		c.SetText(file, text)
	}
	end := len(text)
	c.Splice(file, end, end, fmt.Sprintf("\nfunc inlinelensDay%d(x int) int { return x + %d }\n\nvar _ = inlinelensDay%d(1)\n", n, n, n))
	c.Save(file)
	for _, method := range []string{protocol.MethodTextDocumentInlayHint, protocol.MethodTextDocumentCodeLens, protocol.MethodTextDocumentHover} {
		if err := c.Call(method, map[string]any{
			"textDocument": doc, "position": protocol.Position{Line: uint32(n % 50)},
			"range": protocol.Range{End: protocol.Position{Line: 1000}},
		}, nil); err != nil {
			return err
		}
	}
	time.Sleep(100 * time.Millisecond)
	return nil
}

// settings are an editor's, which it may change.
type settings struct {
	mu     sync.Mutex
	values map[string]any
}

func (s *settings) MarshalJSON() ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return json.Marshal(s.values)
}

// set changes one of them and tells the server.
func (s *settings) set(c *client, name string, value any) {
	s.mu.Lock()
	s.values = maps.Clone(s.values)
	if s.values == nil {
		s.values = map[string]any{}
	}
	s.values[name] = value
	s.mu.Unlock()
	c.Notify(protocol.MethodWorkspaceDidChangeConfiguration, map[string]any{"settings": nil})
}

func (c *client) awaitArch(arch string) {
	c.Await("packages for "+arch, func() (bool, string) {
		var status handlers.StatusParams
		ok := c.Status(&status) && len(status.Packages) > 0
		for _, p := range status.Packages {
			ok = ok && p.State == "fresh" && !p.Partial && p.GOARCH == arch
		}
		return ok, fmt.Sprintf("%+v %+v", status, firstError(status))
	})
}

// rewrite writes all Go files of a directory, with the texts that they have.
func (c *client) rewrite(dir string) error {
	files, err := goFilesOf(dir)
	if err != nil {
		return err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(file, text, 0o666); err != nil {
			return err
		}
	}
	c.Changed(files...)
	c.awaitFresh()
	return nil
}

func goFilesOf(dir string) (files []string, err error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	return slices.DeleteFunc(names, func(name string) bool {
		base := filepath.Base(name)
		return strings.HasSuffix(base, "_test.go") || strings.Contains(base, "_") || base == "doc.go"
	}), err
}

func restOf(pid int, temp string) (r idleState, err error) {
	r.memory, _ = memoryOf(pid)
	for dir, n := range map[string]*int{"fd": &r.descriptors, "task": &r.threads} {
		entries, err := os.ReadDir(fmt.Sprintf("/proc/%d/%s", pid, dir))
		if err != nil {
			return r, err
		}
		*n = len(entries)
	}
	before, err := processorTime(pid)
	if err != nil {
		return r, err
	}
	time.Sleep(idling)
	after, err := processorTime(pid)
	if err != nil {
		return r, err
	}
	r.idle = after - before
	err = filepath.WalkDir(temp, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			r.files++
		}
		return nil
	})
	return r, err
}

// processorTime is what a process has used so far, its children left out.
func processorTime(pid int) (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0, fmt.Errorf("/proc/%d/stat cannot be read: %s", pid, stat)
	}
	var user, system int64
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0, err
	}
	const tick = 10 * time.Millisecond // of the clock that Linux counts with here
	return time.Duration(user+system) * tick, nil
}
