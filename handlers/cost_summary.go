package handlers

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
)

// A costSummary is what a hover or an explanation says of what a function costs. What a
// part costs, and what is left without it, is arithmetic; what the compiler would do
// with the rest is not said, as it was not asked.
type costSummary struct {
	parts []cost.Part // those that cost most
	lines []costLine  // those that cost most, where no part costs much

	blockers []cost.Blocker // what makes inlining impossible
	sum      int            // of all parts, where there are blockers and the compiler names no cost
	budget   int

	without []cost.Part // the parts that are too much; none where they are too many
	left    int         // what the rest costs

	unexplained int
}

// worth is what a part has to cost to be named.
const worth = 5

// tooMany is how many parts are still worth naming as those that are too much.
const tooMany = 3

// summarize chooses what is said of a cost.
func summarize(c *breakdown.FunctionCosts, e extent) costSummary {
	s := costSummary{budget: c.Budget, unexplained: c.Unexplained}
	parts := namedParts(c.Parts)
	if !c.Inlinable || 2*c.Cost > c.Budget || e.lines {
		s.parts = parts[:min(len(parts), e.parts)]
		if len(parts) == 0 && !e.lines {
			s.lines = largestLines(c.Parts, e.parts)
		}
	}
	switch {
	case c.Inlinable:
	case len(c.Blockers) == 0:
		s.without, s.left = tooMuch(parts, c.Cost, c.Budget)
	default:
		s.blockers = c.Blockers
		if !c.Printed {
			s.sum = c.Cost
		}
	}
	return s
}

// namedParts returns the parts that are calls, literals and the like and not cheap, the
// largest first.
func namedParts(parts []cost.Part) []cost.Part {
	return slices.DeleteFunc(byCost(parts, func(p cost.Part) int { return p.Cost }), func(p cost.Part) bool {
		return p.Cost < worth || !isCall(p.What) && p.What != cost.Closure && p.What != cost.Panic && p.What != cost.Append
	})
}

// largestLines returns the n lines that cost most; none if that is not much.
func largestLines(parts []cost.Part, n int) []costLine {
	on := make([]costPart, len(parts))
	for i := range parts {
		on[i] = costPart{Part: &parts[i]}
	}
	lines := byCost(linesOf(on, func(p costPart) uint32 { return uint32(p.Pos.Line) }), func(l costLine) int { return l.cost })
	if len(lines) == 0 || lines[0].cost < worth {
		return nil
	}
	return lines[:min(len(lines), n)]
}

// tooMuch returns the first of some parts without which a cost is within the budget, and
// what is left then; none where there are too many.
func tooMuch(parts []cost.Part, total, budget int) (without []cost.Part, left int) {
	left = total
	n := 0
	for left > budget && n < min(len(parts), tooMany) {
		left -= parts[n].Cost
		n++
	}
	if left > budget {
		return nil, 0
	}
	return parts[:n], left
}

// linesOf lays out parts, which are in order, by lines, and adds those up.
func linesOf(parts []costPart, line func(costPart) uint32) []costLine {
	var lines []costLine
	total := 0
	for _, p := range parts {
		total += p.Cost
		if n := len(lines); n == 0 || lines[n-1].line != line(p) {
			lines = append(lines, costLine{line: line(p), at: p.at})
		}
		l := &lines[len(lines)-1]
		l.cost += p.Cost
		l.total = total
		l.parts = append(l.parts, p)
	}
	return lines
}
