package report

import "github.com/inlinelens/inlinelens/internal/inline"

// Errors writes why packages do not compile, for commands that print nothing else of
// packages. It writes to Options.Errors.
type Errors struct {
	errors errorPrinter
	names  namer
}

// NewErrors returns a printer of errors alone.
func NewErrors(o Options) *Errors { return &Errors{newErrors(o), newNamer(o.Dir)} }

// Package writes the errors of a package.
func (e *Errors) Package(p *inline.Package) error {
	_, err := e.errors.add(nil, &e.names, p, p.Errors)
	return err
}

// Close says how many packages were left out.
func (e *Errors) Close() error {
	_, err := e.errors.end(nil)
	return err
}
