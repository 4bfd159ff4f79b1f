package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
	"github.com/inlinelens/inlinelens/internal/gopls"
)

// A desk is a copy of the Go installation with one package open in it, of which
// one file has a function that grows by one line with each edit: a call, which is
// what we tell of, of something that escapes, which is what gopls tells of.
type desk struct {
	rig   *rig
	s     subject
	root  string // of the module, which is the standard library
	dir   string // the package's
	file  string // the one that is edited
	clean []byte // its text as it was
	text  string
	env   []string

	tests      string // the test file
	cleanTests []byte
}

// A function that can be inlined after each other edit only, and the line of the
// test file that calls it: its hint tells when the test variant is fresh.
const (
	flip     = "\n//go:noinline\nfunc inlinelensFlip() {\n}\n"
	flipped  = "\n//no:noinline\nfunc inlinelensFlip() {\n}\n"
	flipCall = "func inlinelensTest() { inlinelensFlip() }\n"
)

// allHints are settings under which each call has a hint.
var allHints = map[string]any{"inlinelens": map[string]any{"hints": map[string]any{
	"statuses": []string{"inlined", "not-inlined", "dynamic", "intrinsic", "eliminated", "mixed", "unknown"}, "reasons": nil, "overrun": 0,
}}}

func (r *rig) desk(s subject) (*desk, error) {
	root, err := r.copyGoroot()
	if err != nil {
		return nil, err
	}
	d := &desk{rig: r, s: s, root: filepath.Join(root, "src")}
	d.dir = filepath.Join(d.root, filepath.FromSlash(s.path))
	d.file = filepath.Join(d.dir, s.file)
	d.env = []string{"PATH=" + filepath.Join(root, "bin") + string(os.PathListSeparator) + os.Getenv("PATH"), "GOROOT=", "GOTOOLCHAIN=local"}
	if d.clean, err = os.ReadFile(d.file); err != nil {
		return nil, err
	}
	if s.test != "" {
		d.tests = filepath.Join(d.dir, s.test)
		if d.cleanTests, err = os.ReadFile(d.tests); err != nil {
			return nil, err
		}
		if err := os.WriteFile(d.tests, append(d.cleanTests[:len(d.cleanTests):len(d.cleanTests)], "\n"+flipCall...), 0o666); err != nil {
			return nil, err
		}
	}
	d.text = string(d.clean) + flip + "\nvar inlinelensSink *int\n\nfunc inlinelensBench(x *int) *int { return x }\n\nfunc inlinelensBenchCaller() {\n}\n"
	return d, os.WriteFile(d.file, []byte(d.text), 0o666)
}

func (d *desk) close() error {
	err := os.WriteFile(d.file, d.clean, 0o666)
	if d.tests != "" {
		err = errors.Join(err, os.WriteFile(d.tests, d.cleanTests, 0o666))
	}
	return err
}

// edit makes the function grow by a call, and returns the call's line, 0-based.
func (d *desk) edit(c *client) (line uint32) {
	d.rig.edits++ // no text comes twice, as what was told of one is remembered
	text := c.Text(d.file)
	before, after := flip, flipped // of one length
	if !strings.Contains(text, flip) {
		before, after = flipped, flip
	}
	place := strings.Index(text, before)
	c.Splice(d.file, place, place+len(before), after)
	at := strings.LastIndex(text, "}\n")
	c.Splice(d.file, at, at, fmt.Sprintf("\tinlinelensSink = inlinelensBench(new(int)) // %d\n", d.rig.edits))
	return uint32(strings.Count(text[:at], "\n"))
}

// ours starts our server and opens the file, and those besides.
func (d *desk) ours(besides ...string) (c *client, err error) {
	c, err = d.rig.connect(fakeeditor.Options{Settings: allHints, Folders: []string{d.root}}, d.env, d.rig.program, "serve")
	if err != nil {
		return nil, err
	}
	defer c.problem.catch(&err)
	c.Open(d.file)
	for _, name := range besides {
		c.Open(filepath.Join(d.dir, name))
	}
	c.awaitFresh()
	return c, nil
}

// awaitFresh waits until all open packages are fresh.
func (c *client) awaitFresh() {
	c.Await("fresh packages", func() (bool, string) {
		var status handlers.StatusParams
		ok := c.Status(&status) && len(status.Packages) > 0
		for _, p := range status.Packages {
			ok = ok && p.State == "fresh" && !p.Partial
		}
		return ok, fmt.Sprintf("%+v %+v", status, firstError(status))
	})
}

// save edits and saves, and returns how long it took until the new call's hint
// could be asked for, or with all until the hints of the open test file could, too.
func (d *desk) save(c *client, all bool) (took time.Duration, err error) {
	defer c.problem.catch(&err)
	line := d.edit(c)
	begun := time.Now()
	c.Save(d.file)
	c.Await("the hint of the new call", func() (bool, string) {
		var hints []protocol.InlayHint
		rng := protocol.Range{Start: protocol.Position{Line: line}, End: protocol.Position{Line: line + 1}}
		if err := c.Call(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(d.file)}, Range: rng,
		}, &hints); err != nil {
			return false, err.Error()
		}
		return len(hints) > 0, fmt.Sprint(hints)
	})
	if all {
		d.awaitTests(c)
	}
	return time.Since(begun), nil
}

// awaitTests waits for the verdict that the last edit brings in the test file.
func (d *desk) awaitTests(c *client) {
	inlined := strings.Contains(c.Text(d.file), flipped)
	line := uint32(strings.Count(string(d.cleanTests), "\n") + 1)
	rng := protocol.Range{Start: protocol.Position{Line: line}, End: protocol.Position{Line: line + 1}}
	c.Await("the new verdict in "+d.tests, func() (bool, string) {
		var hints []struct {
			Label any `json:"label"`
		}
		if err := c.Call(protocol.MethodTextDocumentInlayHint, &protocol.InlayHintParams{
			TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(d.tests)}, Range: rng,
		}, &hints); err != nil {
			return false, err.Error()
		}
		seen := fmt.Sprint(hints)
		return len(hints) == 1 && strings.Contains(seen, "noinline") == !inlined, seen
	})
}

// gopls starts gopls with the compiler optimization details of the package, and
// opens the file.
func (d *desk) gopls(details bool, besides ...string) (c *client, err error) {
	name, err := gopls.Install(d.rig.ctx)
	if err != nil {
		return nil, err
	}
	c, err = d.rig.connect(fakeeditor.Options{Folders: []string{d.root}}, d.env, name, "serve")
	if err != nil {
		return nil, err
	}
	defer c.problem.catch(&err)
	c.Open(d.file)
	for _, name := range besides {
		c.Open(filepath.Join(d.dir, name))
	}
	if details {
		if err := c.Call(protocol.MethodWorkspaceExecuteCommand, map[string]any{
			"command": "gopls.gc_details", "arguments": []any{uri.File(d.file)},
		}, nil); err != nil {
			return c, fmt.Errorf("turning on the compiler optimization details: %w", err)
		}
	}
	return c, nil
}

// saveGopls is save for gopls: until the details of the new call are published.
func (d *desk) saveGopls(c *client) (took time.Duration, err error) {
	defer c.problem.catch(&err)
	line := d.edit(c)
	begun := time.Now()
	c.Save(d.file)
	c.Await("the details of the new call", func() (bool, string) {
		p := c.Diagnostics(d.file)
		if p == nil {
			return false, "no diagnostics"
		}
		for _, diag := range p.Diagnostics {
			if source, _ := diag.Source.Get(); diag.Range.Start.Line == line && strings.Contains(source, "optimizer") {
				return true, ""
			}
		}
		return false, fmt.Sprintf("%d diagnostics", len(p.Diagnostics))
	})
	return time.Since(begun), nil
}

// saves measures saves in an editor.
func (r *rig) saves(s subject) (rows []row, err error) {
	d, err := r.desk(s)
	if err != nil {
		return nil, err
	}
	defer d.close()
	we, floors, err := d.saveOften("")
	if err != nil {
		return nil, err
	}
	withTests, testFloors, err := d.saveOften(s.test)
	if err != nil {
		return nil, err
	}
	they, err := d.saveOftenGopls()
	if err != nil {
		return nil, err
	}
	const floor = "compiler to its first escape remark"
	rival := "gopls " + gopls.Version + ", compiler optimization details"
	what := "save → fresh hints, " + s.path
	tests := what + ", with its test variant (" + s.test + " is open)"
	return []row{
		faster(what, rival, median(we), median(they), 10),
		within(what, floor, median(we), median(floors), 1.15),
		faster(tests, rival, median(withTests), median(they), 10),
		within(tests, "both compilers at once, to their first escape remarks", median(withTests), median(testFloors), 1.15),
	}, nil
}

// settleTime is for what a server still does when it has told all, so that the floor
// is not measured beside it.
const settleTime = 500 * time.Millisecond

// saveOften measures our saves, and by turns the compiler alone on the same text.
// With a test file open, a save counts until the test variant is fresh too.
func (d *desk) saveOften(test string) (saves, floors []sample, err error) {
	floor := func() (time.Duration, error) {
		e := edit{file: d.rig.file(d.s), text: d.file}
		if test != "" {
			return d.rig.floorWithTests(d.s.path, e)
		}
		_, compile, err := d.rig.floor(d.s.path, e)
		return compile, err
	}
	var besides []string
	if test != "" {
		besides = append(besides, test)
	}
	c, err := d.ours(besides...)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	for i := -1; i < 3*d.rig.runs; i++ { // a tenth is much here, and they are short
		took, err := d.save(c, test != "")
		if err != nil {
			return nil, nil, err
		}
		time.Sleep(settleTime)
		compile, err := floor()
		if err != nil {
			return nil, nil, err
		}
		if i >= 0 {
			saves, floors = append(saves, sample{wall: took}), append(floors, sample{wall: compile})
		}
	}
	return saves, floors, nil
}

// saveOftenGopls measures saves with gopls.
func (d *desk) saveOftenGopls() (saves []sample, err error) {
	c, err := d.gopls(true)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.kill()) }()
	for i := -1; i < d.rig.runs; i++ {
		took, err := d.saveGopls(c)
		if err != nil {
			return nil, err
		}
		if i >= 0 {
			saves = append(saves, sample{wall: took})
		}
	}
	return saves, nil
}

// firstError is the first error of the packages, for a message; nil for none.
func firstError(status handlers.StatusParams) any {
	for _, p := range status.Packages {
		if p.Error != nil {
			return *p.Error
		}
	}
	return nil
}
