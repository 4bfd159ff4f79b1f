package report

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/similar"
	"github.com/inlinelens/inlinelens/internal/words"
)

// An UnmatchedError says that a name in a filter is that of no function or file.
type UnmatchedError struct {
	flag, pattern string
	what          string // that it does not match
	way           string // what else to do, or ""
	near          []string
}

func (e *UnmatchedError) Error() string {
	s := fmt.Sprintf("%s %s matches no %s", e.flag, e.pattern, e.what)
	if len(e.near) > 0 {
		return s + similar.DidYouMean(e.near)
	}
	return s + e.way
}

// Checked returns a printer that prints as p does. Its Close fails with an
// UnmatchedError, and prints nothing, if a name in the filter matched nothing in all
// packages: a misspelt name must not look like a function that calls nothing. Tests
// says whether test files are among what is printed.
func Checked(p Printer, f *Filter, tests bool) Printer {
	c := &checked{Printer: p, tests: tests}
	if f.Func != nil {
		c.names = append(c.names, newWanted("-func", f.Func))
	}
	if f.Callee != nil {
		c.names = append(c.names, newWanted("-callee", f.Callee))
	}
	for _, pattern := range f.Files {
		c.files = append(c.files, &wantedFile{pattern: pattern, near: similar.New(path.Base(pattern))})
	}
	return c
}

type checked struct {
	Printer
	names  []*wantedName
	files  []*wantedFile
	tests  bool
	broken bool
}

// A wantedName is a name in a filter that matched nothing yet.
type wantedName struct {
	flag    string
	pattern *NamePattern
	found   bool
	near    *similar.Search
}

func newWanted(flag string, p *NamePattern) *wantedName {
	return &wantedName{flag: flag, pattern: p, near: similar.New(p.plain)}
}

// look considers a function: where it is declared, or that it is called.
func (w *wantedName) look(p *inline.Package, name string) {
	switch {
	case w.found || name == "":
	case w.pattern.Match(name):
		w.found = true
	case w.pattern.re == nil && !strings.Contains(name, ".func"):
		w.near.AddFunction(w.written(p, linkname.Generic(name)))
	}
}

// written is a link name with as much of its path as the pattern has.
func (w *wantedName) written(p *inline.Package, name string) string {
	switch {
	case strings.Contains(w.pattern.plain, "/"):
		return name
	case strings.Contains(w.pattern.plain, "."):
		return string(words.AppendShort(nil, name, ""))
	}
	return linkname.Within(p.Path, p.Name, name)
}

// A wantedFile is a file pattern of a filter.
type wantedFile struct {
	pattern string
	found   bool
	near    *similar.Search
}

func (w *wantedFile) look(file string) {
	switch name := filepath.ToSlash(file); {
	case w.found:
	case matchFile(w.pattern, name):
		w.found = true
	default:
		w.near.Add(path.Base(name))
	}
}

// Package implements Printer.
func (c *checked) Package(p *inline.Package) error {
	c.broken = c.broken || len(p.Errors) > 0
	for _, w := range c.names {
		for i := 0; i < len(p.Functions) && !w.found; i++ {
			w.look(p, p.Functions[i].Name)
		}
		for i := 0; i < len(p.Calls) && !w.found; i++ {
			w.look(p, p.Calls[i].Caller)
			w.look(p, p.Calls[i].Callee)
		}
	}
	for _, w := range c.files {
		last := ""
		for i := 0; i < len(p.Functions) && !w.found; i++ {
			if file := p.Functions[i].Pos.File; file != last {
				w.look(file)
				last = file
			}
		}
		for i := 0; i < len(p.Calls) && !w.found; i++ {
			if file := p.Calls[i].Pos.File; file != last {
				w.look(file)
				last = file
			}
		}
	}
	return c.Printer.Package(p)
}

// Close implements Printer.
func (c *checked) Close() error {
	for _, w := range c.names {
		if !w.found {
			name := linkname.Base(w.pattern.plain)
			return c.unmatched(w.flag, w.pattern.String(), "function", strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Benchmark"), w.near)
		}
	}
	for _, w := range c.files {
		if !w.found {
			return c.unmatched("-file", w.pattern, "file with functions or calls", strings.HasSuffix(w.pattern, "_test.go"), w.near)
		}
	}
	return c.Printer.Close()
}

// unmatched makes the error about a name, which may look like one of a test.
func (c *checked) unmatched(flag, pattern, what string, ofTest bool, near *similar.Search) error {
	e := &UnmatchedError{flag: flag, pattern: pattern, what: what, near: near.Names()}
	if c.broken {
		e.what += " of the packages that compile"
	}
	if ofTest && !c.tests {
		e.way = "; -tests adds the test files"
	}
	return e
}
