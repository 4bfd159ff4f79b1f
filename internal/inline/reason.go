package inline

// A Reason says why a function cannot be inlined or why a call was not.
type Reason struct {
	Code    ReasonCode
	Op      string   // with CodeUnhandledOp: DEFER, GO, SELECT, RECOVER, ...
	Message string   // one sentence for a person
	At      Position // where the cause lies, if it is not the call or function itself
}

// A ReasonCode is the stable name of a kind of reason.
type ReasonCode string

// The reason codes.
const (
	CodeTooExpensive      ReasonCode = "too-expensive"
	CodeNoinlineDirective ReasonCode = "noinline-directive"
	CodeRecursive         ReasonCode = "recursive"
	CodeBigCaller         ReasonCode = "big-caller"
	CodeUnhandledOp       ReasonCode = "unhandled-op"
	CodeNoBody            ReasonCode = "no-body"
	CodeGoStatement       ReasonCode = "go-statement"
	CodeDeferStatement    ReasonCode = "defer-statement"
	CodeInterfaceMethod   ReasonCode = "interface-method"
	CodeFuncValue         ReasonCode = "func-value"
	CodeTypeParameter     ReasonCode = "type-parameter"
	CodeDeadCode          ReasonCode = "dead-code"
	CodeRaceBuild         ReasonCode = "race-build"
	CodeInliningOff       ReasonCode = "inlining-off"
	CodeClosureLimit      ReasonCode = "closure-limit"
	CodeOther             ReasonCode = "other"
)

// ReasonCodes lists every code with the sentence that documents it.
func ReasonCodes() []struct {
	Code ReasonCode
	Doc  string
} {
	return []struct {
		Code ReasonCode
		Doc  string
	}{
		{CodeTooExpensive, "the callee's cost exceeds the budget"},
		{CodeNoinlineDirective, "a directive at the callee prevents it: //go:noinline, or one that implies it"},
		{CodeRecursive, "inlining would put a function into itself, or repeat a cycle of calls"},
		{CodeBigCaller, "the caller has 5,000 nodes or more, so only callees up to a cost of 20 are inlined"},
		{CodeUnhandledOp, "the callee has a statement that the inliner does not handle: defer, go, select, recover, ..."},
		{CodeNoBody, "the callee has no Go body: it is written in assembly or linked by name"},
		{CodeGoStatement, "the call is made by a go statement"},
		{CodeDeferStatement, "the call is made by a defer statement"},
		{CodeInterfaceMethod, "the callee is a method of an interface, found at run time"},
		{CodeFuncValue, "the callee is a function value, found at run time"},
		{CodeTypeParameter, "the callee is a method of a type parameter, found in a dictionary at run time"},
		{CodeDeadCode, "the call is unreachable, so the compiler removed it"},
		{CodeRaceBuild, "instrumented builds do not inline this callee"},
		{CodeInliningOff, "the build turns inlining off (`-gcflags=-l`), for the caller or the callee"},
		{CodeClosureLimit, "the function literal is called more than once, and exceeds the smaller budget for that"},
		{CodeOther, "anything else, in the compiler's own words"},
	}
}
