package gc

// A Remark is one thing that the compiler printed about inlining or
// devirtualization. File, Line and Col are the compiler's: File is absolute
// where the compiler made it so, Line and Col are 1-based, Col counts bytes and
// is 0 where the compiler leaves it out (beyond column 255, or after a //line
// directive without one).
type Remark struct {
	Kind Kind
	File string
	Line int
	Col  int
	// Name is the function that the remark is about, as printed: the function
	// that can or cannot be inlined, the callee of "inlining call to", the
	// caller of "considered 'big'". For Devirtualizing it is the expression x.M.
	Name string
	Cost int // CanInline: the cost. CannotInline with "too complex": the cost. 0 elsewhere.
	// Budget is what CannotInline "too complex" names; 0 elsewhere.
	Budget int
	// Text is what follows: CannotInline's reason, the caller of RecursiveCycle,
	// the type of Devirtualizing.
	Text string
}

// A Kind tells the forms of remarks apart.
type Kind uint8

// The forms of remarks that matter. Everything else that the compiler is known
// to print is dropped by the parser.
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
)
