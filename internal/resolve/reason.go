package resolve

import (
	"fmt"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// reasonOf turns the compiler's words about a function that it cannot inline
// into a reason (cmd/compile/internal/inline: InlineImpossible, hairyVisitor).
func reasonOf(r remark.Remark) *inline.Reason {
	text := r.Text
	switch {
	case r.Budget > 0:
		return &inline.Reason{Code: inline.CodeTooExpensive, Message: fmt.Sprintf("cost %d exceeds budget %d", r.Cost, r.Budget)}
	case strings.HasPrefix(text, "marked go:norace"):
		return &inline.Reason{Code: inline.CodeRaceBuild, Message: text}
	case strings.HasPrefix(text, "marked "):
		return &inline.Reason{Code: inline.CodeNoinlineDirective, Message: text}
	case text == "no function body":
		return &inline.Reason{Code: inline.CodeNoBody, Message: "no Go body: assembly, or linked by name"}
	case strings.HasPrefix(text, "unhandled op "):
		op := strings.TrimPrefix(text, "unhandled op ")
		return &inline.Reason{Code: inline.CodeUnhandledOp, Op: op, Message: "the inliner does not handle " + opWord(op)}
	case text == "call to recover":
		return &inline.Reason{Code: inline.CodeUnhandledOp, Op: "RECOVER", Message: "the inliner does not handle recover"}
	case text == "defer call in range func":
		return &inline.Reason{Code: inline.CodeUnhandledOp, Op: "DEFER", Message: "defers inside a range-over-func loop"}
	case text == "recursive" || text == "recursive function":
		return &inline.Reason{Code: inline.CodeRecursive, Message: "recursive"}
	}
	return &inline.Reason{Code: inline.CodeOther, Message: text}
}

// opWord names a compiler op by the word that stands in the source.
func opWord(op string) string {
	switch op {
	case "DEFER", "GO", "SELECT", "RECOVER", "RANGE", "SWITCH", "GOTO", "BREAK", "CONTINUE":
		return strings.ToLower(op)
	case "TAILCALL":
		return "a tail call"
	}
	return "op " + op
}

// inliningOff is the reason in a package that is compiled with -l.
func inliningOff(path string) *inline.Reason {
	return reason(inline.CodeInliningOff, "the build turns inlining off for package %s (-gcflags=-l)", path)
}

func reason(code inline.ReasonCode, format string, args ...any) *inline.Reason {
	if len(args) > 0 {
		format = fmt.Sprintf(format, args...)
	}
	return &inline.Reason{Code: code, Message: format}
}
