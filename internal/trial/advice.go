// Package trial has changes compiled, and tells what they bring: those that
// internal/rewrite works out for a function, in its own unit and in others that call it.
//
// It changes no file: a change is a text in the place of a file, on a session that keeps
// nothing.
package trial

import (
	"strings"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/rewrite"
)

// Advice is which changes would make a function inlinable. Each was compiled.
type Advice struct {
	Package  *inline.Package // its unit, without calls
	Function *inline.Function
	Calls    int // of the function, in its unit
	// Offers are the changes that the compiler has confirmed, the best one first.
	Offers []Offer
	Tried  int // changes that were compiled, those that did not help included
	// Why says why there are no offers; "" if there are some.
	Why string
	// Notes say what no change takes away, and, where there are no offers, which places
	// cannot be changed that might have helped. They are sentences.
	Notes []string
}

// An Offer is one change after which the compiler can inline the function.
type Offer struct {
	rewrite.Candidate
	File string // that the edits are of
	Text []byte // of the file, before them
	Cost int    // of the function with the change
	// Budget is what Cost was measured against.
	Budget int
	// Inlined is how many of the calls in the function's unit the compiler then
	// inlines. Those of other packages were not compiled.
	Inlined int
	// Elsewhere is the gain in other packages; nil if it was not tried.
	Elsewhere *Gain
}

// MostOffers is how many changes are offered for one function.
const MostOffers = 3

// Costliest returns the breakdown of a function, of several instances the one that
// costs most; nil if there is none. A nil function stands for all that are listed.
func Costliest(list []breakdown.FunctionCosts, f *inline.Function) (b *cost.Breakdown) {
	for _, c := range list {
		if (f == nil || c.Function == f) && (b == nil || c.Cost > b.Cost) {
			b = c.Breakdown
		}
	}
	return b
}

// Helpable reports whether a change may make a function inlinable: it is over its
// budget, or does what is never inlined, which may move. A package's own functions are
// left out of its test variant, which repeats them.
func Helpable(p *inline.Package, f *inline.Function) bool {
	return (p.Variant == "" || strings.HasSuffix(f.Pos.File, "_test.go")) &&
		f.Reason != nil && (f.Reason.Code == inline.CodeTooExpensive || f.Reason.Code == inline.CodeUnhandledOp)
}
