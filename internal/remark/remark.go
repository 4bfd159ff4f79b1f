package remark

// A Remark is one thing that the compiler printed about inlining or
// devirtualization. File, Line and Col are the compiler's: File is absolute
// where the compiler made it so, Line and Col are 1-based, Col counts bytes and
// is 0 where the compiler leaves it out (from column 255 on, or after a //line
// directive without one).
type Remark struct {
	Kind Kind
	File string
	Line int
	Col  int
	// Orig is the place in the file that was compiled, where a //line directive
	// made the compiler name another one; nil elsewhere. Unlike Col, Orig.Col is
	// there.
	Orig *Place
	// Name is the function that the remark is about, as printed: the function
	// that can or cannot be inlined, the callee of "inlining call to", the
	// caller of "considered 'big'". For Devirtualizing it is the expression x.M.
	Name string
	Cost int // CanInline: the cost. CannotInline with "too complex": the cost. 0 elsewhere.
	// HotCall: the callee's cost.
	// Budget is what CannotInline "too complex" names; 0 elsewhere.
	Budget int
	// Text is what follows: CannotInline's reason, the caller of RecursiveCycle,
	// the type of Devirtualizing (the function, if How says that a profile chose it).
	Text string
	How  How // Devirtualizing only
	// Score is what GOEXPERIMENT=newinliner adds to InliningCall; 0 elsewhere.
	Score int
}

// A Place is a position in a file; Line and Col are 1-based, Col counts bytes
// and is 0 from column 255 on.
type Place struct {
	File string
	Line int
	Col  int
}

// How tells the forms of Devirtualizing apart.
type How uint8

// The forms of devirtualization. Those by profile put a direct call beside the
// dynamic one, which stays.
const (
	HowStatic       How = iota // the call has one possible callee, a method of Text
	HowPartial                 // to a method that is itself promoted from an interface: still dynamic
	HowPGOInterface            // by profile: NAME is an interface method, Text the likely callee
	HowPGOFunc                 // by profile: NAME is a func value, Text the likely callee
)

// A Kind tells the forms of remarks apart.
type Kind uint8

// The forms of remarks that matter. Everything else that the compiler is known
// to print is dropped by the parser.
//
// Positions: CanInline, CannotInline and BigCaller have the function's, BenchLoop
// the for statement's, HotCallee none, the others the call's.
const (
	_              Kind = iota
	CanInline           // can inline NAME with cost N as: ...
	CannotInline        // cannot inline NAME: TEXT
	InliningCall        // inlining call to NAME
	Devirtualizing      // devirtualizing NAME to TEXT (also "partially", and by profile)
	BigCaller           // function NAME considered 'big'; ...
	RecursiveCycle      // cannot inline NAME into TEXT: repeated recursive cycle
	HotCallee           // hot-node enabled increased budget=N for func=NAME (-d=pgodebug=1): Budget is N
	HotCall             // hot-budget check allows inlining for call NAME (cost N) at POS in function TEXT
	BenchLoop           // skip inlining within testing.B.loop for TEXT (go1.24, go1.25): calls in the loop's body stay calls
)
