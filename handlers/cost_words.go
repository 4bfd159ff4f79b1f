package handlers

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// This file has the short words of costs.

// lineParts is how many parts of a line are named: the others are its rest.
const lineParts = 3

// lineWords says what a line's cost is spent on, the largest first:
//
//	fmt.Errorf 58 · panic 2 · rest 4
func (d *Document) lineWords(l *costLine, n int) string {
	var b strings.Builder
	rest := l.cost
	for i, p := range byCost(l.parts, func(p costPart) int { return p.Cost }) {
		// One part more is as short as the rest.
		if i >= n && len(l.parts) > n+1 {
			b.WriteString(" · rest " + strconv.Itoa(rest))
			break
		}
		if i > 0 {
			b.WriteString(" · ")
		}
		b.WriteString(d.partName(p.Part) + " " + strconv.Itoa(p.Cost))
		rest -= p.Cost
	}
	return b.String()
}

// byCost returns a list with what costs most first.
func byCost[T any](list []T, costs func(T) int) []T {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b T) int { return cmp.Compare(costs(b), costs(a)) })
	return list
}

// partName names what a part is: the callee of a call, otherwise the construct.
func (d *Document) partName(p *cost.Part) string {
	if name := d.callee(p); name != "" {
		return name
	}
	if name := wrapper(p); name != "" {
		return name
	}
	if name, ok := partNames[p.What]; ok {
		return name
	}
	return strings.ReplaceAll(string(p.What), "-", " ")
}

// partNames names the parts whose kind, with blanks, is not what a reader would say.
var partNames = map[cost.What]string{
	cost.InterfaceCall: "method call",
	cost.ParamCall:     "call of a parameter",
	cost.LikelyTest:    "test for the likely callee",
	cost.Closure:       "function literal",
	cost.PointerCheck:  "pointer check of cgo",
	cost.Literal:       "constant",
}

// callee is the short name of what a part calls, without type arguments; "" where
// it is not known.
func (d *Document) callee(p *cost.Part) string {
	if p.Callee == "" || isWrapper(p) {
		return ""
	}
	return d.short(linkname.Generic(p.Callee))
}

// isWrapper reports whether a part is the call of what the compiler makes of the
// call in a go or defer statement.
func isWrapper(p *cost.Part) bool { return wrapper(p) != "" }

// wrapper says what such a call is; "" for others. The compiler puts the wrapper
// where the statement is.
func wrapper(p *cost.Part) string {
	name := p.Callee[strings.LastIndexByte(p.Callee, '.')+1:]
	switch {
	case p.CalleePos.Line != p.Pos.Line || p.CalleePos.File != p.Pos.File:
	case strings.HasPrefix(name, "deferwrap"):
		return "deferred call"
	case strings.HasPrefix(name, "gowrap"):
		return "call in a goroutine"
	}
	return ""
}
