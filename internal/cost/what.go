package cost

// What names a kind of construct.
type What string

// The kinds of calls.
const (
	Call          What = "call"           // not inlined: 57, and 1 for the node
	InlinedCall   What = "inlined-call"   // would be inlined: the callee's cost, and 1
	InterfaceCall What = "interface-call" // of an interface's method: 57, and 1
	ParamCall     What = "param-call"     // of a parameter or captured variable: 17, and 1 (from Go 1.24 on)
	CheapCall     What = "cheap-call"     // of a function that the compiler counts as free: 1
	IntrinsicCall What = "intrinsic-call" // replaced by instructions: 1
	LikelyTest    What = "likely-test"    // what the compiler adds at a call of which a profile tells the likely callee
	ThrowCall     What = "throw-call"     // of runtime.throw: 80, and 1
)

// The other kinds that are listed one by one.
const (
	Panic   What = "panic"   // 1, and 1
	Closure What = "closure" // a function literal: 15, and 1; its body costs nothing here
	Append  What = "append"
	// PointerCheck is what cgo adds to a call that passes pointers to C: a function
	// literal with the check, and the call of the literal, which has the C function's.
	PointerCheck What = "pointer-check"
)

// The plain kinds, of which each costs 1, or 2 where the compiler says so. Those
// on one line make one part.
const (
	Name        What = "name"
	Literal     What = "literal"
	Operator    What = "operator"
	Assignment  What = "assignment"
	Declaration What = "declaration"
	Conversion  What = "conversion"
	Field       What = "field"
	Index       What = "index"
	Slice       What = "slice"
	Address     What = "address"
	Dereference What = "dereference"
	Composite   What = "composite-literal"
	Builtin     What = "builtin" // len, cap, make, new, copy, delete, print, min, ...
	Assertion   What = "type-assertion"
	If          What = "if"
	Loop        What = "loop"
	Switch      What = "switch"
	Case        What = "case"
	Return      What = "return"
	Jump        What = "jump" // break, continue, goto and labels
	Channel     What = "channel"
	MethodValue What = "method-value" // x.M that is not called
	Statement   What = "statement"    // defer, go, select
	Other       What = "other"
)

// plain reports whether constructs of the kind are listed together.
func (w What) plain() bool {
	switch w {
	case Call, InlinedCall, InterfaceCall, ParamCall, CheapCall, IntrinsicCall, ThrowCall, LikelyTest, Panic, Closure, Append, PointerCheck:
		return false
	}
	return true
}

// kinds names the compiler's operations.
var kinds = map[string]What{
	"NAME": Name, "NONAME": Name, "LINKSYMOFFSET": Name,
	"LITERAL": Literal, "NIL": Literal, "OFFSETOF": Literal,

	"ADD": Operator, "SUB": Operator, "OR": Operator, "XOR": Operator, "MUL": Operator, "DIV": Operator, "MOD": Operator,
	"LSH": Operator, "RSH": Operator, "AND": Operator, "ANDNOT": Operator,
	"EQ": Operator, "NE": Operator, "LT": Operator, "LE": Operator, "GE": Operator, "GT": Operator,
	"NOT": Operator, "BITNOT": Operator, "PLUS": Operator, "NEG": Operator, "ANDAND": Operator, "OROR": Operator, "ADDSTR": Operator,

	"AS": Assignment, "ASOP": Assignment, "AS2": Assignment, "AS2DOTTYPE": Assignment, "AS2FUNC": Assignment,
	"AS2MAPR": Assignment, "AS2RECV": Assignment, "SELRECV2": Assignment,
	"DCL": Declaration,

	"CONV": Conversion, "CONVIFACE": Conversion, "CONVNOP": Conversion, "BYTES2STR": Conversion, "BYTES2STRTMP": Conversion,
	"RUNES2STR": Conversion, "STR2BYTES": Conversion, "STR2BYTESTMP": Conversion, "STR2RUNES": Conversion, "RUNESTR": Conversion,
	"SLICE2ARR": Conversion, "SLICE2ARRPTR": Conversion,

	"DOT": Field, "DOTPTR": Field, "DOTINTER": Field, "DOTMETH": Field, "XDOT": Field,
	"INDEX": Index, "INDEXMAP": Index,
	"SLICE": Slice, "SLICEARR": Slice, "SLICESTR": Slice, "SLICE3": Slice, "SLICE3ARR": Slice,
	"ADDR": Address, "PTRLIT": Address, "DEREF": Dereference,
	"COMPLIT": Composite, "MAPLIT": Composite, "STRUCTLIT": Composite, "ARRAYLIT": Composite, "SLICELIT": Composite,
	"KEY": Composite, "STRUCTKEY": Composite,

	"LEN": Builtin, "CAP": Builtin, "CLEAR": Builtin, "CLOSE": Builtin, "COMPLEX": Builtin, "COPY": Builtin, "DELETE": Builtin,
	"IMAG": Builtin, "MAKE": Builtin, "MAKECHAN": Builtin, "MAKEMAP": Builtin, "MAKESLICE": Builtin, "MAKESLICECOPY": Builtin,
	"MAX": Builtin, "MIN": Builtin, "NEW": Builtin, "PRINT": Builtin, "PRINTN": Builtin, "PRINTLN": Builtin, "REAL": Builtin,
	"RECOVER": Builtin, "RECOVERFP": Builtin, "GETG": Builtin, "GETCALLERSP": Builtin, "CHECKNIL": Builtin,
	"UNSAFEADD": Builtin, "UNSAFESLICE": Builtin, "UNSAFESLICEDATA": Builtin, "UNSAFESTRING": Builtin, "UNSAFESTRINGDATA": Builtin,
	"SLICEHEADER": Builtin, "STRINGHEADER": Builtin,

	"DOTTYPE": Assertion, "DOTTYPE2": Assertion, "DYNAMICDOTTYPE": Assertion, "DYNAMICDOTTYPE2": Assertion, "DYNAMICTYPE": Assertion,
	"IF": If, "FOR": Loop, "RANGE": Loop, "SWITCH": Switch, "TYPESW": Switch, "CASE": Case,
	"RETURN": Return, "BREAK": Jump, "CONTINUE": Jump, "GOTO": Jump, "LABEL": Jump, "FALL": Jump,
	"SEND": Channel, "RECV": Channel,
	"METHVALUE": MethodValue, "METHEXPR": MethodValue,
	"DEFER": Statement, "GO": Statement, "SELECT": Statement, "TAILCALL": Statement, "BLOCK": Statement,

	"CALLFUNC": Call, "CALLINTER": InterfaceCall, "PANIC": Panic, "CLOSURE": Closure, "APPEND": Append,
}
