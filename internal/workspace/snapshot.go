package workspace

import (
	"time"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
)

// A Snapshot is what is known now of the packages that the open files belong
// to. It is immutable, and replaced whole.
type Snapshot struct {
	// Packages has one entry for each directory with open files, and for each open
	// file that is compiled alone, sorted by Dir: one outside of all modules, and a
	// script, which the build tag ignore keeps out of the package beside it.
	Packages []*Current
	// Files are the open files by absolute name. One that is not in it has not
	// been looked at yet.
	Files map[string]*File
}

// A State says how what is known of a package relates to its files.
type State string

// The states. That a buffer has unsaved edits is not known here: the server
// makes a fresh package stale for the reader.
const (
	StateCompiling State = "compiling" // at work; what an older compile told is withdrawn where its text changed
	StateFresh     State = "fresh"     // the verdicts are those of the files as they were last read
	StateFailed    State = "failed"    // Errors say why there are no verdicts
)

// A Current is what is known of the units of one directory. Immutable.
type Current struct {
	Dir   string // absolute; the file's name for one that is compiled alone
	Path  string // import path; "" while it is not known
	State State
	// Partial is set while reasons that lie in other packages are still to come:
	// calls that need them are not in Files yet.
	Partial bool
	Errors  []inline.Error // with StateFailed: the first is what to show
	Units   []*inline.Package
	Go      string // toolchain, "go1.26.8"; "" while it is not known
	GOOS    string
	GOARCH  string
	Took    time.Duration // of the last run, from the change that asked for it
}

// A File is what is known of one open file. Immutable.
type File struct {
	Name    string // absolute
	Package *Current
	// Unit is the one whose verdicts the file shows; nil while there are none.
	Unit *inline.Package
	// Text is what was compiled. Positions below are byte offsets in it.
	Text []byte
	// Errors say why there are no verdicts on the file as it is: its package does not
	// load, or does not compile. Unit is then the last one that did, nil if none has.
	Errors []inline.Error
	// Blocks are the file's top-level declarations, with their doc comments, in
	// order: the pieces that verdicts move with when the text is edited.
	Blocks []position.Span
	Calls  []FileCall     // by Paren
	Funcs  []FileFunction // by Name.Start
	// Asserted is what is asserted of the package; nil if nothing is, or while that cannot
	// be judged.
	Asserted *Asserted
	// result is what the verdicts come from; nil where Unit is.
	result *result
	Note   string // why the file has no verdicts, if that is nobody's error: excluded by build constraints, no Go package, ...
	// Tags is what the build flag -tags has to name so that the file is a part of its
	// package; nil where Note is about something else.
	Tags []string
}

// A FileCall is a call with its places in its file's text, as byte offsets.
type FileCall struct {
	*inline.Call
	Callee position.Span // the expression that is called: "x.f" of x.f(1), without type arguments
	Name   position.Span // its last identifier: "f"; for a range clause the keyword range; for a literal the keyword func
	Paren  int           // of "(": what Call.Pos names; of the for keyword for Via "range"
	End    int           // just behind ")"; of a range clause's expression
	Func   int           // index in Funcs of the innermost function around it; -1 for an initializer of the package
}

// A FileFunction is a function with its places in its file's text.
type FileFunction struct {
	*inline.Function
	Name     position.Span // of a declared function's name; of the keyword func or for of others
	Decl     position.Span // the whole function, doc comment not included
	Declared bool          // a function or method declaration, not a literal or range body
	// CalledFrom lists the calls of it in the units of its package, by file and
	// position; calls from other packages are not known here.
	CalledFrom []*inline.Call
}
