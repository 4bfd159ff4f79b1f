// Package rewrite proposes changes that may make a function inlinable: to move a
// part of it into a function of its own, or to take the body out of a function
// literal that is called once. The changes keep what the program does.
//
// What would not keep it, or cannot be shown to, is refused, with the reason.
// Whether a change makes the function inlinable is not known here: the package
// starts no process and knows no costs but the breakdown that it is given, which
// tells it what is worth trying. Only the compiler can say the rest.
//
// Positions are byte offsets in the text of one file.
package rewrite

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
)

// A Package is what the changes are worked out from.
type Package struct {
	Fset  *token.FileSet
	Files []*ast.File // with their comments
	Types *types.Package
	Info  *types.Info // Types, Defs, Uses and Selections
	Sizes types.Sizes
	// Taken reports whether a name stands in files of the directory that are not
	// in Files: tests, or those for other systems. It may be nil.
	Taken func(name string) bool

	names map[string]bool          // all identifiers in Files
	given map[string]*ast.FuncDecl // names of new functions, by the one that they are for
	// packages has for each file the names under which it knows the packages it imports.
	packages map[*ast.File]map[*types.Package]string
}

// A Kind names what a candidate does.
type Kind string

// The kinds of candidates. All but Unwrap move code into a new function.
const (
	ColdPath Kind = "cold-path" // a branch that ends in a panic or makes an error
	SlowPath Kind = "slow-path" // all that follows a fast path
	Branch   Kind = "branch"    // another branch
	// AfterChecks is all that follows checks that return errors.
	AfterChecks Kind = "after-checks"
	Loop        Kind = "loop"        // a loop
	Unwrap      Kind = "unwrap-call" // a function literal that is called once
)

// Part says what of a function a change of the kind is about.
func (k Kind) Part() string {
	switch k {
	case ColdPath:
		return "where it fails"
	case SlowPath:
		return "the slow path"
	case AfterChecks:
		return "everything after the checks"
	case Branch:
		return "a branch"
	case Loop:
		return "the loop"
	case Unwrap:
		return "a function literal"
	}
	return ""
}

// Outlines reports whether a change of the kind moves code into a new function.
func (k Kind) Outlines() bool { return k != Unwrap }

// A Candidate is a change that keeps what the program does.
type Candidate struct {
	Kind       Kind
	Start, End int // what is moved or unwrapped
	Line       int // 1-based, of Start
	EndLine    int // 1-based, of the last line of it
	// Call is where a literal is called that is unwrapped, and its line, 1-based; both
	// are 0 if that is where it stands.
	Call, CallLine int
	Name           string // of the new function or method; "" with Unwrap
	// Edits turn the file's text into the new one. They are in the order of the
	// source and do not overlap.
	Edits []Edit
	// Cheaper are other edits, after which the function costs a little less and is a
	// little slower: a call in the place of a panic is not followed by a return. nil if
	// there are none.
	Cheaper []Edit
	// Runs says how often the call of the new function runs, Where on which ways: "where
	// it panics". Stays has it in words.
	Runs  Frequency
	Where string
	// Exit is the statement at whose condition the function returns without the call,
	// where that is what tells: an offset, and its line, 1-based. Otherwise they are 0.
	Exit, ExitLine int
	// Predicted is what the function will cost, going by the breakdown: a reason
	// to try the change, nothing more. 0 if there was no breakdown.
	Predicted int
}

// An Edit replaces the text between two offsets.
type Edit struct {
	Start, End int
	New        string
}

// A Refusal says why a place is not changed.
type Refusal struct {
	Kind    Kind
	Line    int // 1-based
	EndLine int // 1-based, of the last line of it
	Why     string
}

// Lines names lines of a file: "line 3" or "lines 3–5".
func Lines(first, last int) string {
	if first == last {
		return fmt.Sprintf("line %d", first)
	}
	return fmt.Sprintf("lines %d–%d", first, last)
}

// Apply returns the text with the edits made.
func Apply(text []byte, edits []Edit) []byte {
	var b bytes.Buffer
	at := 0
	for _, e := range edits {
		b.Write(text[at:e.Start])
		b.WriteString(e.New)
		at = e.End
	}
	b.Write(text[at:])
	return b.Bytes()
}

// tidied returns edits of a function with the same effect, after which it is
// formatted if it was before. Lines may end in a carriage return, which gofmt would
// take away.
func (f *function) tidied(edits []Edit) []Edit {
	start, end := f.offset(f.decl.Pos()), f.behind("").End
	text := f.text[start:end]
	plain := bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	if before, ok := formatted(plain); !ok || !bytes.Equal(before, plain) {
		return edits
	}
	within := make([]Edit, len(edits))
	for i, e := range edits {
		within[i] = Edit{e.Start - start, e.End - start, e.New}
	}
	now := bytes.ReplaceAll(Apply(text, within), []byte("\r\n"), []byte("\n"))
	want, ok := formatted(now)
	if !ok || bytes.Equal(now, want) {
		return edits
	}
	// What has moved is not known any more: one edit of all lines that differ.
	same, tail := 0, 0
	for same < min(len(plain), len(want)) && plain[same] == want[same] {
		same++
	}
	for tail < min(len(plain), len(want))-same && plain[len(plain)-1-tail] == want[len(want)-1-tail] {
		tail++
	}
	same = bytes.LastIndexByte(plain[:same], '\n') + 1
	tail -= bytes.IndexByte(plain[len(plain)-tail:], '\n') + 1
	at := func(offset int) int { // in the file
		if len(plain) == len(text) {
			return start + offset
		}
		return start + offset + bytes.Count(plain[:offset], []byte("\n"))
	}
	return []Edit{{at(same), at(len(plain) - tail), f.ended(string(want[same : len(want)-tail]))}}
}

// formatted formats declarations.
func formatted(decls []byte) ([]byte, bool) {
	const header = "package p\n\n"
	text, err := format.Source(append([]byte(header), decls...))
	return bytes.TrimPrefix(text, []byte(header)), err == nil
}
