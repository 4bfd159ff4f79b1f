package advice

import (
	"cmp"
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

// Feasible lists the changes after which, going by the breakdown, the function may
// be within its budget, the ones to try first in front: those that move least of
// what runs often.
func (p *Package) Feasible(file *ast.File, text []byte, decl *ast.FuncDecl, b *cost.Breakdown) ([]Candidate, []Refusal) {
	all, refused := p.Candidates(file, text, decl)
	if len(all) == 0 {
		return nil, refused
	}
	all = slices.DeleteFunc(all, func(c Candidate) bool { return !c.feasible(b) })
	for i := range all {
		all[i].Predicted = all[i].predict(b)
	}
	slices.SortStableFunc(all, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(rank(&a), rank(&b)), cmp.Compare(a.End-a.Start, b.End-b.Start))
	})
	return all[:min(len(all), most)], refused
}

// rank orders kinds by how little they take from the way that runs most.
func rank(c *Candidate) int {
	switch c.Kind {
	case Unwrap:
		return 0
	case ColdPath:
		return 1
	case SlowPath:
		return 2
	case Branch:
		return 3
	case Loop:
		return 4
	case AfterChecks:
	}
	return 5
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
