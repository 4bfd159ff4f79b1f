package rewrite

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
)

// What the compiler counts in the place of what has moved: a call with a few names
// around it. The rest is not worth predicting exactly: the compiler has the word.
const (
	callCost = 58
	slack    = 6
)

// most is how many candidates are worth a compile each.
const most = 6

// A Selection is what is worth a try, and why not more is.
type Selection struct {
	// Try are the changes after which, going by the breakdown, the function may be
	// within its budget, the ones to try first in front: those that move least of what
	// runs often.
	Try []Candidate
	// Why says why there is nothing to try; "" if there is something.
	Why string
	// Swaps are changes after which it may be within its budget, too, and whose new
	// function runs on all ways that do not look cold. They are no advice.
	Swaps []Candidate
	// Refused are the places that would be worth a try, could they be changed.
	Refused []Refusal
}

// Select picks the changes that are worth a try.
func (p *Package) Select(file *ast.File, text []byte, decl *ast.FuncDecl, b *cost.Breakdown) Selection {
	f, why := p.open(file, text, decl)
	if f == nil {
		return Selection{Why: "it cannot be changed: " + why}
	}
	var s Selection
	var dear []Candidate // that leave too much
	all, refused := f.candidates(func(c *Candidate) bool {
		if c.Predicted = c.predict(b); c.feasible(b) {
			return true
		}
		dear = append(dear, *c)
		return false
	})
	for _, r := range refused {
		if c := (Candidate{Kind: r.Kind, Line: r.Line, EndLine: r.EndLine}); c.feasible(b) {
			s.Refused = append(s.Refused, r)
		}
	}
	for i := range all {
		c := &all[i]
		c.Predicted = c.predict(b)
		switch {
		case !c.feasible(b):
			dear = append(dear, *c)
		case c.Runs == Always:
			s.Swaps = append(s.Swaps, *c)
		default:
			s.Try = append(s.Try, *c)
		}
	}
	if len(s.Try) == 0 {
		s.Why = f.whyNone(&s, dear, b)
		return s
	}
	s.Try = Ranked(s.Try)
	s.Try = s.Try[:min(len(s.Try), most)]
	return s
}

// Ranked sorts changes, those first that leave the most on the way that runs often, and
// leaves out those that are no advice.
func Ranked(list []Candidate) []Candidate {
	slices.SortStableFunc(list, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.End-a.Start, b.End-b.Start), cmp.Compare(a.Start, b.Start))
	})
	// A loop that is all of a branch would move twice.
	moved := make(map[[2]int]bool)
	return slices.DeleteFunc(list, func(c Candidate) bool {
		place := [2]int{c.Start, c.End}
		again := moved[place]
		moved[place] = true
		return again || c.Runs == Always
	})
}

// whyNone says why none of a function's parts is worth a try.
func (f *function) whyNone(s *Selection, dear []Candidate, b *cost.Breakdown) string {
	if len(s.Swaps) > 0 {
		c := &s.Swaps[0]
		return fmt.Sprintf("the part that can move (%s) runs on the main path: each call of the function would also call the new one", Lines(c.Line, c.EndLine))
	}
	slices.SortStableFunc(dear, func(a, b Candidate) int { return cmp.Compare(a.Predicted, b.Predicted) })
	i := slices.IndexFunc(dear, func(c Candidate) bool { return f.canMove(&c) })
	switch {
	case i < 0:
		return "no part of it can move"
	case len(b.Blockers) > 0:
		return "no part that can move has the statement that prevents inlining"
	}
	least := dear[i]
	if least.Predicted >= b.Cost {
		return "no part of it that can move costs more than a call"
	}
	does := "moved"
	if !least.Kind.Outlines() {
		does = "gone"
	}
	return fmt.Sprintf("no part of it that can move costs enough: with %s (%s) %s it would still cost %d/%d or more",
		Lines(least.Line, least.EndLine), least.Kind.Part(), does, least.Predicted, b.Budget)
}

// canMove reports whether a place can be changed.
func (f *function) canMove(c *Candidate) bool {
	same := func(other *Candidate) bool {
		return other.Kind == c.Kind && other.Start == c.Start && other.End == c.End
	}
	list, _ := f.candidates(same)
	return slices.ContainsFunc(list, func(other Candidate) bool { return same(&other) })
}

// rank orders changes by how little becomes a call of what runs often.
func rank(c *Candidate) int {
	switch {
	case c.Runs == Never:
		return 0
	case c.Runs == Seldom:
		return 1
	case c.Kind == SlowPath:
		return 2
	case c.Kind == Loop:
		return 4
	}
	return 3
}

// feasible reports whether a candidate may bring the function within its budget:
// nothing that is impossible stays, and the cost that stays is low enough.
func (c *Candidate) feasible(b *cost.Breakdown) bool {
	for _, x := range b.Blockers {
		if !c.moves(x.Pos.Line) {
			return false
		}
	}
	if c.Kind == Unwrap {
		return c.predict(b) <= b.Budget // the body, which has no cost in the breakdown, comes on top
	}
	return c.predict(b) <= b.Budget+slack && (len(b.Blockers) > 0 || c.predict(b) < b.Cost)
}

// moves reports whether a line moves.
func (c *Candidate) moves(line int) bool {
	return c.Line <= line && line <= c.EndLine || line == c.CallLine
}

// predict says what the function will cost at the least.
func (c *Candidate) predict(b *cost.Breakdown) int {
	sum := b.Unexplained
	for i := range b.Parts {
		if !c.moves(b.Parts[i].Pos.Line) {
			sum += b.Parts[i].Cost
		}
	}
	if c.Kind.Outlines() {
		sum += callCost
	}
	return sum
}
