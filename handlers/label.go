package handlers

import (
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file has the words of hints. Short ones are marks that differ by shape, since
// hints have no colors: the fewest characters that tell a status and its reason apart
// from all others. Full ones have the reason's own sentence.
//
//	status        short                       full
//	inlined       ✓                           inlined 12/80
//	not-inlined   ✗ 355/80                    not-inlined: cost 355 exceeds budget 80
//	              ✗ defer                     not-inlined: the inliner does not handle defer
//	              ✗                           not-inlined: and the sentence on go and defer statements
//	dynamic       ↪ dynamic                   dynamic: and what is called
//	intrinsic     ✓ intrinsic                 intrinsic
//	eliminated    ∅ eliminated                eliminated: and why
//	mixed         ◐ 2/3                       mixed: inlined in 2 of 3 instances
//	unknown       ? unknown                   unknown: and why

// The marks of short labels.
const (
	markInlined    = "✓"
	markStays      = "✗"
	markDynamic    = "↪"
	markMixed      = "◐"
	markEliminated = "∅"
	markUnknown    = "?"
)

// callLabel returns what a hint says of a call.
func callLabel(c *inline.Call, full bool) string {
	if full {
		return fullLabel(c)
	}
	switch c.Status {
	case inline.StatusInlined:
		return markInlined
	case inline.StatusNotInlined:
		return missLabel(c)
	case inline.StatusDynamic:
		return markDynamic + " dynamic"
	case inline.StatusIntrinsic:
		return markInlined + " intrinsic"
	case inline.StatusEliminated:
		return markEliminated + " eliminated"
	case inline.StatusMixed:
		n, of := instances(c)
		return markMixed + " " + n + "/" + of
	}
	return markUnknown + " " + c.Status.String()
}

// fullLabel is the full label of a call.
func fullLabel(c *inline.Call) string {
	switch {
	case c.Status == inline.StatusMixed:
		n, of := instances(c)
		return "mixed: inlined in " + n + " of " + of + " instances"
	case c.Reason != nil:
		return c.Status.String() + ": " + clip(c.Reason.Message, maxSentence)
	case c.Status == inline.StatusInlined && c.Budget > 0:
		return "inlined " + costOf(c.Cost, c.Budget)
	}
	return c.Status.String()
}

// missLabel is the short label of a call that was not inlined.
func missLabel(c *inline.Call) string {
	label := markStays
	over := c.Budget > 0 && c.Cost > c.Budget
	if over {
		label += " " + costOf(c.Cost, c.Budget)
	}
	if c.Reason == nil {
		return label
	}
	switch c.Reason.Code {
	case inline.CodeDeferStatement, inline.CodeGoStatement:
		return markStays // the statement says why
	case inline.CodeOther:
		return label
	case inline.CodeTooExpensive:
		if over {
			return label
		}
	}
	return label + " " + reasonWords(c.Reason)
}

// reasonWords says a reason in a few words.
func reasonWords(r *inline.Reason) string {
	switch r.Code {
	case inline.CodeUnhandledOp:
		return strings.ToLower(r.Op)
	case inline.CodeNoinlineDirective:
		return "noinline"
	case inline.CodeOther:
		return clip(r.Message, maxWords)
	}
	if w, ok := codeWords[r.Code]; ok {
		return w
	}
	return string(r.Code)
}

// codeWords has the reasons whose code, with blanks, is not short or clear enough.
var codeWords = map[inline.ReasonCode]string{
	inline.CodeTooExpensive:    "too expensive",
	inline.CodeBigCaller:       "big caller",
	inline.CodeNoBody:          "no body",
	inline.CodeGoStatement:     "go statement",
	inline.CodeDeferStatement:  "defer statement",
	inline.CodeInterfaceMethod: "interface method",
	inline.CodeFuncValue:       "function value",
	inline.CodeTypeParameter:   "type parameter",
	inline.CodeDeadCode:        "dead code",
	inline.CodeRaceBuild:       "race build",
	inline.CodeInliningOff:     "inlining off",
	inline.CodeClosureLimit:    "closure limit",
}

// What a lens and a hint have room for of a sentence, in characters.
const (
	maxWords    = 40
	maxSentence = 80
)

// clip cuts s to n characters, between two clauses if it can, with an ellipsis for
// what is missing, and makes it one line.
func clip(s string, n int) string {
	count := 0
	for i := range s {
		if count++; count <= n {
			continue
		}
		s = s[:i]
		if clause := strings.LastIndex(s, "; "); clause > 0 {
			s = s[:clause]
		}
		s = strings.TrimRight(s, " ,:;") + "…"
		break
	}
	return string(words.AppendPlain(nil, s))
}

// costOf is a cost beside its budget: 12/80.
func costOf(cost, budget int) string {
	return strconv.Itoa(cost) + "/" + strconv.Itoa(budget)
}

// instances counts the instances of a generic caller in which c was inlined, and all.
func instances(c *inline.Call) (inlined, all string) {
	n := 0
	for i := range c.Instances {
		if c.Instances[i].Status == inline.StatusInlined {
			n++
		}
	}
	return strconv.Itoa(n), strconv.Itoa(len(c.Instances))
}
