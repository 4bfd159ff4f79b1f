// Package inline holds the project's words as Go values: what the compiler did
// with each function and each call of one compiled package.
//
// Values only. The package knows nothing of processes, syntax trees, the
// compiler's output or the language server protocol, and imports nothing but
// the standard library.
//
// Positions are the compiler's: lines and columns are 1-based, columns count
// bytes. Names of functions are link names as a user reads them in a profile:
// net/http.(*Client).Do, strings.ToUpper, p.f.func1, p.Max[int].
package inline

import "cmp"

// A Position is a place in a source file.
type Position struct {
	File string // absolute, as the operating system names it
	Line int    // 1-based; 0 when the place is not known
	Col  int    // 1-based, in bytes; 0 when only the line is known
}

// IsValid reports whether p names at least a line.
func (p Position) IsValid() bool { return p.Line > 0 }

// Compare orders positions by file, line and column.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// A Package is what the compiler said about one unit: one compile of one
// package, of its test variant, or of its external test. It is immutable once
// it has been handed out.
type Package struct {
	Path    string // import path as the compiler knows it ("net/http")
	Name    string // the name in the package clause
	Variant string // "" for the package itself, "test" for it with its _test.go files, "xtest" for the external test
	Go      string // toolchain, "go1.26.8"
	GOOS    string
	GOARCH  string
	Flags   []string // flags and variables of the build that may change verdicts: "-race", "-tags=a,b"
	Profile string   // the hash of the profile that the unit was compiled with; "" for none

	Functions []Function // by file, line, column
	Calls     []Call     // by file, line, column
	Errors    []Error    // why there is no verdict, or not every verdict
	Problems  []Problem  // compiler output that was not understood; never fatal
}

// An Error says that the package, or a part of it, could not be compiled.
type Error struct {
	Pos     Position // zero when the error has no place
	Message string
}

// A Problem is a line of compiler output that no known form matches.
type Problem struct {
	Text string
}

// A Function is one function that the source of the unit declares: a function,
// a method, a function literal, or the body of a range-over-func loop.
type Function struct {
	Name string   // link name; a generic function's has no type arguments here: p.Max
	Pos  Position // of the name; of the func keyword for a literal; of the for keyword for a range body
	End  Position // just behind the closing brace

	// Known is false when the compiler said nothing about the function; Reason
	// then says why (no instance of a generic function, dead code, ...).
	Known     bool
	Inlinable bool
	Cost      int     // the compiler's number; 0 with !Inlinable where it names no cost
	Budget    int     // what Cost was measured against
	Reason    *Reason // why it is not inlinable; nil if it is
	Hot       bool    // a profile made it hot, so that Budget is larger than usual
	// Probe is set for a generic function that nothing in the unit instantiates:
	// the verdicts on it, and on the calls in it, are those of an instance that
	// was compiled only to see them.
	Probe bool
	// Tested is set for a generic function that only the tests of its package
	// instantiate: the verdicts are those of the test variant.
	Tested bool

	// Instances has one entry for each compiled instance of a generic function;
	// it is empty for others. The fields above then speak for all instances if
	// they agree, and otherwise for the first.
	Instances []FunctionInstance
}

// Headroom is the part of the budget that is left; negative when overrun.
func (f *Function) Headroom() int { return f.Budget - f.Cost }

// A FunctionInstance is what the compiler said of one instance of a generic function.
type FunctionInstance struct {
	TypeArgs  []string // as the user writes them ("int", "*Node"); see Shape
	Shape     string   // the compiler's name of the type arguments ("go.shape.int")
	Inlinable bool
	Cost      int
	Budget    int
	Reason    *Reason
}

// A Call is one call expression (built-in functions and conversions are not
// calls), or the implicit call of an iterator function by a range clause.
type Call struct {
	Pos    Position // of the "("; of the for keyword for Via "range"
	Caller string   // link name of the function whose body has the call
	Callee string   // link name, "" when it is not known before run time
	// CalleePos is where the callee is declared; for a dynamic call, where the
	// interface method is. Zero when not known.
	CalleePos Position

	Status Status
	Reason *Reason // nil for an inlined call and where nothing is to be said
	Cost   int     // the callee's; 0 when the compiler names none
	Budget int     // what decided at this call; 0 when none did
	Via    string  // "", "go", "defer" or "range"

	// Devirtualized is the concrete type to which the compiler bound a call
	// through an interface ("*T"); "" for others.
	Devirtualized string
	Hot           bool // the profile made this call hot

	// Doubt says why a later pass of the compiler may still drop a call that
	// inlining left; "" where nothing is known to.
	Doubt string

	// Copied is the link name of a function around the literal or loop body that makes
	// a call which was inlined; "" where there is none that can be inlined. Where that
	// is inlined the compiler makes a copy of the literal, and inlines nothing in it.
	Copied string

	// Inlines lists, for a call that was inlined, the calls in the inlined
	// body, in source order, each with its own status.
	Inlines []Inlined
	// Wrapped is set for a go or defer statement whose callee was inlined into
	// the wrapper that the compiler makes for the statement. The statement
	// itself still calls the wrapper.
	Wrapped bool

	// Instances lists each instance of a generic caller, when the caller is
	// generic. Status is StatusMixed if they differ.
	Instances []CallInstance
}

// Inlined is one call inside a body that was inlined at a call site.
type Inlined struct {
	Callee  string
	Pos     Position // in the callee's own source
	Status  Status
	Reason  *Reason
	Cost    int
	Budget  int
	Inlines []Inlined
}

// A CallInstance is the verdict on a call in one instance of its generic caller.
type CallInstance struct {
	TypeArgs []string // of the caller, as the user writes them
	Shape    string   // the compiler's name of them
	Callee   string
	Status   Status
	Reason   *Reason
	Cost     int
	Budget   int
}
