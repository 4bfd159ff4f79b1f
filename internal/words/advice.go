package words

import "github.com/inlinelens/inlinelens/internal/inline"

// Advice says what a reader can do about a reason, in Markdown that has no markup
// but code spans; "" where nothing is to be done.
func Advice(c inline.ReasonCode) string { return advice[c] }

var advice = map[inline.ReasonCode]string{
	inline.CodeTooExpensive:      "Move the rare path into a function of its own, and keep the common path small. A call of that function adds 58 or more to the cost; the usual budget is 80. Measure with a benchmark whether that is faster.",
	inline.CodeNoinlineDirective: "Somebody asked for this: remove the directive if its reason is gone. No directive does the opposite: `//go:inline` does nothing.",
	inline.CodeRecursive:         "Write a loop instead, or handle the case that ends the recursion in a function around it.",
	inline.CodeBigCaller:         "Split the caller. Generated code and large tables in functions are the usual cause.",
	inline.CodeUnhandledOp:       "The statement keeps the whole function from being inlined, whatever its cost. Test in a small function, and call the function with the statement only when there is something to do.",
	inline.CodeNoBody:            "Functions in assembly or linked by name cannot be inlined. Call them less often, with more work in each call.",
	inline.CodeInterfaceMethod:   "If you need only one concrete type, use that type. With a profile (`-pgo`), the compiler can test for the usual type and call its method directly.",
	inline.CodeFuncValue:         "Keep the function around the call small. If it is inlined where a function literal is passed, the call becomes a direct call. A call of a parameter costs 18 instead of 58.",
	inline.CodeTypeParameter:     "Types of the same shape share one body, which finds methods of the type parameter in a dictionary. Pass the operation as an argument, or write the function for the type that matters.",
	inline.CodeInliningOff:       "Build without `-gcflags=-l`, which is for debugging.",
	inline.CodeRaceBuild:         "Build without `-race`. The directive prevents inlining only in instrumented builds.",
	inline.CodeClosureLimit:      "A function literal that is called once may cost 800; one that is called at several places, 160. Call it at one place only.",
}
