package report

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// minShownCost is the cost from which a part is worth a word, and its line is never
// folded.
const minShownCost = 10

// largestParts returns the parts of a line that are worth a word, largest first.
func largestParts(parts []cost.Part) []cost.Part {
	list := slices.DeleteFunc(slices.Clone(parts), func(p cost.Part) bool { return p.Cost < minShownCost })
	slices.SortStableFunc(list, func(a, b cost.Part) int { return cmp.Compare(b.Cost, a.Cost) })
	return list
}

// appendPart appends what a part's cost was spent on: "58 call of fmt.Fprintf
// 123/80".
func appendPart(b []byte, p *cost.Part, pkg string) []byte {
	b = strconv.AppendInt(b, int64(p.Cost), 10)
	b = append(b, ' ')
	b = appendWhat(b, p, pkg)
	why := noteOf(p)
	if m := tooExpensive.FindStringSubmatch(why); m != nil {
		return append(b, " "+m[1]+"/"+m[2]...)
	}
	if why != "" {
		b = append(b, ": "...)
		b = words.AppendPlain(b, why)
	}
	return b
}

// tooExpensive matches the note on a call of a function that is over its budget.
var tooExpensive = regexp.MustCompile(`^cost ([0-9]+) exceeds budget ([0-9]+)$`)

// appendWhat names a part.
func appendWhat(b []byte, p *cost.Part, pkg string) []byte {
	named := func(b []byte, otherwise string) []byte {
		if p.Callee == "" {
			return append(b, otherwise...)
		}
		// Its type arguments are shapes, which nobody has written.
		return words.AppendShort(b, linkname.Generic(p.Callee), pkg)
	}
	switch p.What {
	case cost.Call, cost.ThrowCall:
		if statement := wrapped(p.Callee); statement != "" {
			return append(append(b, "call of the function that the compiler makes for the "...), statement+" statement"...)
		}
		return named(append(b, "call of "...), "a function value")
	case cost.InterfaceCall:
		return named(append(b, "call of "...), "an interface's method")
	case cost.ParamCall:
		return append(b, "call of a parameter or captured variable"...)
	case cost.InlinedCall:
		return append(named(b, "a callee"), " inlined"...)
	case cost.CheapCall, cost.IntrinsicCall:
		return named(append(b, "free call of "...), "an intrinsic")
	case cost.Closure:
		return append(b, "function literal"...) // or the wrapper of a defer or go statement
	case cost.PointerCheck:
		return append(b, "call in a literal of cgo, which checks pointers"...)
	case cost.LikelyTest:
		return append(b, "test for the likely callee"...)
	case cost.Panic, cost.Append:
		return append(b, p.What...)
	}
	b = append(b, strings.ReplaceAll(string(p.What), "-", " ")...)
	if p.Count > 1 {
		b = append(b, " ×"...)
		b = strconv.AppendInt(b, int64(p.Count), 10)
	}
	return b
}

// noteOf is why a part costs that much, where its name does not say it.
func noteOf(p *cost.Part) string {
	if p.What == cost.InlinedCall {
		return ""
	}
	if strings.HasPrefix(p.Note, "recursive: ") {
		if wrapped(p.Callee) != "" {
			return ""
		}
		return "its cost is counted later"
	}
	return reasonWords(p.Note)
}

// reasonWords is a reason of the compiler's in the words of verdicts.
func reasonWords(text string) string {
	if op, ok := strings.CutPrefix(text, "unhandled op "); ok {
		return "the inliner does not handle " + blockerWord(op)
	}
	return strings.TrimPrefix(text, "function too complex: ")
}

// wrapped tells the statement that the compiler wraps in a function of that name;
// "" for other functions.
func wrapped(name string) string {
	last := name[strings.LastIndexByte(name, '.')+1:]
	for _, statement := range [...]string{"defer", "go"} {
		if strings.HasPrefix(last, statement+"wrap") {
			return statement
		}
	}
	return ""
}

// The groups of a sum.
var costGroups = []struct {
	one, many string
	of        []cost.What
}{
	{"call not inlined", "calls not inlined", []cost.What{cost.Call, cost.ThrowCall, cost.InterfaceCall}},
	{"call of a parameter", "calls of parameters", []cost.What{cost.ParamCall}},
	{"inlined call", "inlined calls", []cost.What{cost.InlinedCall}},
	{"test for a likely callee", "tests for likely callees", []cost.What{cost.LikelyTest}},
	{"function literal", "function literals", []cost.What{cost.Closure}},
	{"pointer check of cgo", "pointer checks of cgo", []cost.What{cost.PointerCheck}},
	{"other node", "other nodes", nil}, // the rest; the last
}

// appendSpent appends what a function's cost is spent on, in few words: "464 on 8
// calls not inlined, 16 on a function literal, 97 on 92 other nodes".
func appendSpent(b []byte, parts []cost.Part) []byte {
	costs, counts := make([]int, len(costGroups)), make([]int, len(costGroups))
	for i := range parts {
		g := slices.IndexFunc(costGroups, func(g struct {
			one, many string
			of        []cost.What
		},
		) bool {
			return slices.Contains(g.of, parts[i].What)
		})
		if g < 0 {
			g = len(costGroups) - 1
		}
		costs[g] += parts[i].Cost
		counts[g] += parts[i].Count
	}
	sep := ""
	for i, g := range costGroups {
		if counts[i] == 0 {
			continue
		}
		b = append(b, sep...)
		b = appendGrouped(b, costs[i])
		b = append(b, " on "...)
		b = appendGrouped(b, counts[i])
		b = append(b, ' ')
		if counts[i] == 1 {
			b = append(b, g.one...)
		} else {
			b = append(b, g.many...)
		}
		sep = ", "
	}
	return b
}
