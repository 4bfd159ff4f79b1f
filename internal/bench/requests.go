package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// proc is a file of more than 5,000 lines.
var proc = subject{path: "runtime", file: "proc.go"}

// requests measures what an editor asks of a fresh file: with the settings that
// people start with, and with a hint on each call.
func (r *rig) requests() (rows []row, err error) {
	rows, err = r.requestsUnder(nil, "")
	if err != nil {
		return nil, err
	}
	more, err := r.requestsUnder(allHints, ", every status shown")
	for i := range more { // thousands of hints, which nobody reads: not judged
		more[i].goal = ""
	}
	return append(rows, more...), err
}

func (r *rig) requestsUnder(settings map[string]any, label string) (rows []row, err error) {
	d, err := r.desk(proc)
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := r.connect(fakeeditor.Options{Settings: settings, Folders: []string{d.root}}, d.env, r.program, "serve")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	defer c.problem.catch(&err)
	c.Open(d.file)
	c.awaitFresh()
	const lines = 5000
	if n := strings.Count(c.Text(d.file), "\n"); n < lines {
		return nil, fmt.Errorf("%s has only %d lines", d.file, n)
	}
	doc := protocol.TextDocumentIdentifier{URI: uri.File(d.file)}
	for _, kind := range []struct {
		method string
		params func(i uint32) any
	}{
		{protocol.MethodTextDocumentInlayHint, func(uint32) any {
			return &protocol.InlayHintParams{TextDocument: doc, Range: protocol.Range{End: protocol.Position{Line: lines}}}
		}},
		{protocol.MethodTextDocumentCodeLens, func(uint32) any { return &protocol.CodeLensParams{TextDocument: doc} }},
		{protocol.MethodTextDocumentHover, func(i uint32) any {
			return map[string]any{"textDocument": doc, "position": protocol.Position{Line: i * 37 % lines, Character: 8}}
		}},
	} {
		var took []time.Duration
		for i := range uint32(500) {
			begun := time.Now()
			if err := c.Call(kind.method, kind.params(i), nil); err != nil {
				return nil, err
			}
			took = append(took, time.Since(begun))
		}
		work := fmt.Sprintf("%s, %d lines of %s%s, p99", kind.method, lines, d.s.file, label)
		rows = append(rows, below(work, percentile(took, 99), 5*time.Millisecond))
	}
	return rows, nil
}

// below is a row whose goal is a time that is not measured against anything.
func below(work string, took, goal time.Duration) row {
	return row{work: work, ours: milliseconds(took), goal: "under " + goal.String(), met: took < goal}
}

func milliseconds(d time.Duration) string {
	return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000)
}

func percentile(took []time.Duration, p int) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[(len(sorted)-1)*p/100]
}

// keystrokes measures what requests wait for while somebody types and unsaved
// text is compiled.
func (r *rig) keystrokes() (rows []row, err error) {
	d, err := r.desk(netHTTP)
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := r.connect(fakeeditor.Options{
		Settings: map[string]any{"inlinelens": map[string]any{"trigger": "type"}}, Folders: []string{d.root},
	}, d.env, r.program, "serve")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	defer c.problem.catch(&err)
	c.Open(d.file)
	c.awaitFresh()
	line := d.edit(c)
	var latencies []time.Duration
	for i := range 100 {
		begun := time.Now()
		at := strings.LastIndex(c.Text(d.file), "}\n")
		c.Splice(d.file, at, at, string("\t_ = 123456789\n"[i%15]))
		rng := protocol.Range{Start: protocol.Position{Line: line - 40}, End: protocol.Position{Line: line + 10}}
		if err := c.Call(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(d.file)}, Range: rng,
		}, nil); err != nil {
			return nil, err
		}
		latencies = append(latencies, time.Since(begun))
		// Somebody who types fast, and goes on when a compile has begun in a pause.
		time.Sleep(80 * time.Millisecond)
		if i%10 == 9 {
			time.Sleep(600 * time.Millisecond)
		}
	}
	return []row{below("longest wait for hints, 100 keystrokes with `trigger: type`", slices.Max(latencies), 10*time.Millisecond)}, nil
}

// start measures the time from the start of the process until it serves.
func (r *rig) start() (rows []row, err error) {
	var took []time.Duration
	for range 4 * r.runs {
		c, err := r.connect(fakeeditor.Options{Folders: []string{r.work()}}, nil, r.program, "serve")
		if err != nil {
			return nil, err
		}
		took = append(took, time.Since(c.started))
		if err := c.end(); err != nil {
			return nil, err
		}
	}
	return []row{below("start of the process → `initialize` answered", percentile(took, 50), 50*time.Millisecond)}, nil
}

const (
	// pause is for servers to come to rest.
	pause = 10 * time.Second
	// goplsDelay is how long gopls is given for what it does after a save; it waits for a
	// second before it begins.
	goplsDelay = 3 * time.Second
)

// memoryOfDay measures memory after 20 open files and 50 saves, against gopls
// in the same session.
func (r *rig) memoryOfDay() (rows []row, err error) {
	d, err := r.desk(netHTTP)
	if err != nil {
		return nil, err
	}
	defer d.close()
	var besides []string
	names, err := filepath.Glob(filepath.Join(d.dir, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		base := filepath.Base(name)
		if base != d.s.file && !strings.HasSuffix(base, "_js.go") && !strings.HasSuffix(base, "_test.go") && len(besides) < 19 {
			besides = append(besides, base)
		}
	}
	c, err := d.ours(besides...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	var tenth, peak int64
	for i := range 50 {
		if _, err := d.save(c, false); err != nil {
			return nil, err
		}
		if i == 9 {
			time.Sleep(pause)
			tenth, _ = memoryOf(c.process.Process.Pid)
		}
	}
	time.Sleep(pause)
	after, peak := memoryOf(c.process.Process.Pid)
	if err := os.WriteFile(d.file, []byte(d.text), 0o666); err != nil {
		return nil, err
	}
	g, err := d.gopls(false, besides...)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, g.kill()) }()
	defer g.problem.catch(&err)
	for range 50 {
		line := d.edit(g)
		g.Save(d.file)
		// An answer about the text as it is now.
		if err := g.Call(protocol.MethodTextDocumentHover, map[string]any{
			"textDocument": protocol.TextDocumentIdentifier{URI: uri.File(d.file)}, "position": protocol.Position{Line: line, Character: 5},
		}, nil); err != nil {
			return nil, err
		}
		time.Sleep(goplsDelay) // it has no sign for the end of what it does after a save
	}
	time.Sleep(2 * pause)
	theirs, theirPeak := memoryOf(g.process.Process.Pid)
	ratio := float64(after) / float64(theirs)
	return []row{
		{
			work: "memory after 20 open files of net/http and 50 saves", ours: megabytes(after) + ", at most " + megabytes(peak),
			rival: "gopls: " + megabytes(theirs) + ", at most " + megabytes(theirPeak),
			ratio: fmt.Sprintf("%.2f×", ratio), goal: "a tenth", met: ratio <= 0.1,
		},
		{
			work: "the same, flat", ours: megabytes(after), rival: "after 10 saves: " + megabytes(tenth),
			ratio: fmt.Sprintf("%.2f×", float64(after)/float64(tenth)), goal: "within 1.15×", met: float64(after) <= 1.15*float64(tenth),
		},
	}, nil
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+500_000)/1_000_000) }
