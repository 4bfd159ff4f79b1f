// Package report turns inline.Package values into what a person or a program
// reads: an aligned text, the source with the verdicts written below each call,
// or JSON Lines.
//
// Every printer streams. A package is written when it is handed over and then
// forgotten; only counters stay, so a report on the whole standard library needs
// no more memory than one on its largest package. Within a package the order is
// that of the source: file, line, column. Nothing here depends on the order of a
// map, so the same packages always give the same bytes.
//
// What the package does not do: it starts no process, knows no language server
// protocol, decides no verdict, and opens no file except the sources that the
// annotate format shows, through Options.ReadFile.
package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// A Printer writes packages in one format.
type Printer interface {
	// Package writes p. Packages of one import path must follow each other, the
	// package itself before its test variants: what a variant repeats of the
	// package is not written again. The printer keeps nothing of p.
	Package(p *inline.Package) error
	// Close writes what belongs to the end (the summary) and everything that is
	// still buffered. It does not close the writer below.
	Close() error
}

// Options says what is printed and how.
type Options struct {
	// Dir is the working directory, absolute. Files below it are named relative
	// to it, others by their absolute names. "" names all absolutely.
	Dir string
	// Errors gets the errors of packages, in every format, in the manner of the
	// go command: "# path", then a line for each. With nil the text formats write
	// them among the packages, and JSON has them in its objects only.
	Errors io.Writer
	// AllErrors shows all errors of all packages, not only the first.
	AllErrors bool
	// Color makes text and annotated source carry SGR sequences.
	Color bool
	// Width is the number of columns of the terminal; 0 means no limit. Only
	// annotated source breaks its lines by it.
	Width int
	// Filter picks what is printed and counted; nil picks everything.
	Filter *Filter
	// Tree says how much of the bodies of inlined callees is shown in text and
	// annotated source. JSON always has the whole tree.
	Tree Tree
	// ReadFile returns the text that was compiled under an absolute file name;
	// nil reads the disk. Only annotated source uses it.
	ReadFile func(name string) ([]byte, error)
	// NearMisses, if not 0, is how many functions are written that are a little over
	// their budget, and nothing else is.
	NearMisses int
	// Unfolded shows every line of a long function whose cost is taken apart.
	Unfolded bool
}

// A Tree says which calls in the body of an inlined callee are shown below the call.
type Tree uint8

// The ways to show inlined bodies.
const (
	TreeRemaining Tree = iota // the calls that are still made, with the inlined ones that lead to them
	TreeAll                   // every call
	TreeNone                  // nothing
)

var treeNames = [...]string{TreeRemaining: "remaining", TreeAll: "all", TreeNone: "none"}

// ParseTree returns the Tree that is called name: remaining, all or none.
func ParseTree(name string) (Tree, error) {
	for i, n := range treeNames {
		if n == name {
			return Tree(i), nil
		}
	}
	return 0, fmt.Errorf("unknown tree %q: want one of %s", name, strings.Join(treeNames[:], ", "))
}

// Formats lists the names that New understands.
func Formats() []string { return []string{"text", "annotate", "json"} }

// New returns the printer of a format, writing to w. The printer buffers whole
// packages; w need not be buffered.
func New(format string, w io.Writer, o Options) (Printer, error) {
	if o.ReadFile == nil {
		o.ReadFile = regular.ReadFile
	}
	if o.Filter == nil {
		o.Filter = &Filter{}
	}
	switch {
	case o.NearMisses > 0 && format == "annotate":
		return nil, fmt.Errorf("near misses have no annotated source; leave -format out, or say json")
	case o.NearMisses > 0:
		return newNear(w, format == "json", o), nil
	}
	switch format {
	case "text":
		return newText(w, o), nil
	case "annotate":
		return newAnnotate(w, o), nil
	case "json":
		return newJSON(w, o), nil
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(Formats(), ", "))
}
