package handlers

import (
	"fmt"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// What is chosen of a cost's parts, by their kinds and sizes.
func TestSummarize(t *testing.T) {
	part := func(what cost.What, total, line int) cost.Part {
		return cost.Part{What: what, Cost: total, Count: 1, Pos: inline.Position{Line: line}}
	}
	costs := func(total int, parts ...cost.Part) *breakdown.FunctionCosts {
		b := &cost.Breakdown{Cost: total, Budget: 80, Printed: true, Inlinable: total <= 80, Parts: parts}
		return &breakdown.FunctionCosts{Breakdown: b}
	}
	blocked := costs(100, part(cost.Call, 60, 1))
	blocked.Blockers = []cost.Blocker{{Op: "DEFER"}}
	unprinted := costs(100, part(cost.Call, 60, 1))
	unprinted.Blockers, unprinted.Printed = blocked.Blockers, false
	for _, test := range []struct {
		name  string
		costs *breakdown.FunctionCosts
		lines bool
		want  string
	}{
		{"the largest part is too much", costs(100, part(cost.Call, 10, 1), part(cost.Call, 60, 2), part(cost.Literal, 30, 3)), false, "parts 60 10; without 60: 40"},
		{"two parts are too much", costs(150, part(cost.Call, 60, 1), part(cost.Call, 50, 2), part(cost.Call, 40, 3)), false, "parts 60 50; without 60 50: 40"},
		{"too many are too much", costs(330, part(cost.Call, 62, 1), part(cost.Call, 62, 2), part(cost.Call, 62, 3), part(cost.Call, 62, 4), part(cost.Call, 62, 5)), false, "parts 62 62"},
		{"cheap, and inlinable", costs(40, part(cost.Call, 40, 1)), false, ""},
		{"cheap, but asked for by lines", costs(40, part(cost.Call, 40, 1)), true, "parts 40"},
		{"expensive, but inlinable", costs(60, part(cost.Call, 60, 1)), false, "parts 60"},
		{"no large parts", costs(90, part(cost.Literal, 30, 1), part(cost.Literal, 20, 1), part(cost.Literal, 40, 2)), false, "lines 50 40"},
		{"no large parts, and a table of all lines", costs(90, part(cost.Literal, 90, 1)), true, ""},
		{"something stands in the way", blocked, false, "parts 60; blockers DEFER"},
		{"something stands in the way of what has no cost", unprinted, false, "parts 60; blockers DEFER, of 100/80"},
	} {
		s := summarize(test.costs, extent{parts: 2, lines: test.lines})
		var said []string
		list := func(what string, costs []int) {
			if len(costs) > 0 {
				said = append(said, what+strings.Trim(fmt.Sprint(costs), "[]"))
			}
		}
		list("parts ", mapped(s.parts, func(p cost.Part) int { return p.Cost }))
		list("lines ", mapped(s.lines, func(l costLine) int { return l.cost }))
		list("without ", mapped(s.without, func(p cost.Part) int { return p.Cost }))
		if len(s.without) > 0 {
			said[len(said)-1] += fmt.Sprint(": ", s.left)
		}
		for _, b := range s.blockers {
			said = append(said, "blockers "+b.Op)
		}
		if s.sum > 0 {
			said[len(said)-1] += fmt.Sprintf(", of %d/%d", s.sum, s.budget)
		}
		if got := strings.Join(said, "; "); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func mapped[T any](list []T, to func(T) int) (result []int) {
	for _, v := range list {
		result = append(result, to(v))
	}
	return result
}
