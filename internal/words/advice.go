package words

import "github.com/inlinelens/inlinelens/internal/inline"

// Advice says what a reader can do about a reason, in Markdown that has no markup
// but code spans; "" where nothing is to be done.
func Advice(c inline.ReasonCode) string { return advice[c] }

var advice = map[inline.ReasonCode]string{
	inline.CodeTooExpensive:      "A call that stays a call costs 57 of the 80 that a function may cost. Move the rare path, with its calls, into a function of its own, and leave the common one small. Whether that is faster is a question for a benchmark.",
	inline.CodeNoinlineDirective: "Somebody wanted it so: take the directive out if its reason is gone. There is no directive for the opposite: `//go:inline` does nothing.",
	inline.CodeRecursive:         "Write the loop out, or put the case that ends the recursion into a function around it.",
	inline.CodeBigCaller:         "Split the caller; generated code and large tables in functions are the usual cause.",
	inline.CodeUnhandledOp:       "The statement keeps the whole function from being inlined, whatever it costs. Keep the quick path apart from it: test in a small function, and call one that has the statement only where there is something to do.",
	inline.CodeNoBody:            "Assembly and linked names cannot be inlined. Call them less often, with more work each.",
	inline.CodeInterfaceMethod:   "Where one concrete type is meant, take that type. A profile (`-pgo`) lets the compiler test for the usual type and call it directly.",
	inline.CodeFuncValue:         "If the function around it is inlined where a function literal is passed, the call inside becomes a direct one: keep it small. A call of a parameter costs 17 and not 57.",
	inline.CodeTypeParameter:     "Types of one shape share one body, and a method of the type parameter is found in a dictionary. Pass the operation in, or write the function for the type that matters.",
	inline.CodeInliningOff:       "Build without `-gcflags=-l`, which debuggers ask for.",
	inline.CodeRaceBuild:         "Build without `-race`: the directive keeps the function apart only where calls are instrumented.",
	inline.CodeClosureLimit:      "A literal that is called once may cost 800; one that is called from several places 160. Call it in one place.",
}
