// Package cost divides the compiler's cost of a function into parts. The compiler
// sums the cost up over the nodes of the function's syntax tree; the package
// walks the same tree, as the compiler prints it, by the same rules, and names
// what each part of the sum was spent on.
//
// A tree is counted as soon as it is read, and is not kept: what remains is a
// TreeCost. What calls cost depends on the callees, whose own costs the compiler
// found before. So breakdowns are made at the end, when a Collector has all remarks.
//
// What the parts do not add up to is Unexplained; it is not spread over the parts.
// The package starts no process, reads no file, and knows no syntax trees but
// the compiler's. What it has to know of other packages it asks Facts.
//
// Positions are the compiler's: lines and columns are 1-based, columns count
// bytes, and are 0 where only the line is known.
package cost

import "github.com/inlinelens/inlinelens/internal/inline"

// A Breakdown is the cost of one function by part. It is immutable once it
// has been handed out.
type Breakdown struct {
	// Function is the function's name as the compiler prints it, without the
	// path of the package that is compiled: (*T).M, F.func1, Max[go.shape.int].
	Function string
	// Pos is where the compiler says that the function is: its name, but for
	// methods the receiver, and for literals the func keyword.
	Pos inline.Position
	// Declared is Pos after //line directives, and End is just behind the function in
	// the file of Pos. They are set where directives, or cgo, have moved the function.
	Declared, End inline.Position
	// Printed says that the compiler named a cost. It names none for functions
	// that are impossible to inline whatever they cost; Cost is then the sum of
	// the parts.
	Printed   bool
	Inlinable bool
	Cost      int
	Budget    int    // what Cost is measured against
	Reason    string // why it is not inlinable, in the compiler's words; "" if it is
	// Unexplained is Cost minus the sum of the parts. It may be negative.
	Unexplained int
	// Parts are in the order of the source.
	Parts []Part
	// Blockers are what makes inlining impossible, whatever the cost.
	Blockers []Blocker
	// Cut says that the compiler did not print the whole tree, which is too deep.
	Cut bool
}

// Sum returns what the parts add up to.
func (b *Breakdown) Sum() int {
	sum := 0
	for i := range b.Parts {
		sum += b.Parts[i].Cost
	}
	return sum
}

// A Part is what one construct costs, or several plain ones of the same kind on
// one line.
type Part struct {
	Pos   inline.Position // of the call's "(" for calls
	What  What
	Cost  int // all of it, for the Count of them
	Count int
	// Callee is set for calls of which the callee is known: a link name where its
	// package is known, otherwise as the compiler prints it.
	Callee    string
	CalleePos inline.Position // where it is declared; zero if not known
	Note      string          // why it costs that much, for calls; "" where What says it all
}

// A Blocker is a construct that makes its function impossible to inline.
type Blocker struct {
	Pos inline.Position
	Op  string // DEFER, GO, SELECT, RECOVER, ..., as in the compiler's remarks
}
