// Package resolve joins the syntax and types of a unit with the compiler's
// remarks on it, and gives every call one verdict.
//
// It works in two steps. [Resolve] reads one unit by itself: its [Local] holds
// all that the unit's own compile tells, and depends on nothing but the unit.
// [Local.Link] then fills in what only other packages' compiles tell: why their
// functions were not inlined here, and which calls remain in the bodies that
// were. The first step costs a compile and can be kept; the second is a join.
//
// The package starts no process, reads no file, and knows nothing of the
// language server protocol. It takes all verdicts from remarks; what remarks
// do not decide becomes StatusUnknown, with a reason.
package resolve

import "github.com/inlinelens/inlinelens/internal/inline"

// A Local is what a unit's own compile tells. It is immutable.
type Local struct {
	// Package holds the unit's functions, errors and problems; its Calls are empty.
	Package inline.Package
	// Sites are the unit's calls: those of one function stand together, in the
	// order in which the compiler comes to them (arguments before the call).
	Sites []Site
	// Bodies tells of the functions whose calls the sites are which values they
	// return, and which function a function literal stands in.
	Bodies []Body
	// Imports are the paths of the packages that the unit's source imports, as
	// the build resolves them, sorted.
	Imports []string
	// Added maps the link names of function literals that cgo added to the user's
	// text to that of the user's function around them.
	Added map[string]string
	// Foreign are the instances of other packages' generic functions.
	Foreign []ForeignInstance
	// Race tells an instrumented build, in which more is never inlined.
	Race bool
	// InliningOff tells a compile with -l, in which nothing is inlined.
	InliningOff bool
}

// A Silence is the verdict on a call at which the compiler inlined nothing.
type Silence struct {
	Status inline.Status // zero for a static call, of which only its callee tells more
	Reason *inline.Reason
}

// A ForeignInstance is an instance of another package's generic function that
// the unit compiled.
type ForeignInstance struct {
	Name string // as the compiler prints it in this unit
	Pos  inline.Position
	inline.FunctionInstance
}

// A Site is one call together with what linking it needs.
type Site struct {
	inline.Call

	// Pkg, PkgName and Name say which function a static call calls: import path
	// and name of its package, and its name in there without type arguments
	// ("(*Buffer).Write"). Pkg is empty for a dynamic call.
	Pkg     string
	PkgName string
	Name    string

	// Shape is the compiler's name of the type arguments of the instance that was
	// inlined here, "" if the callee is not generic.
	Shape string

	// Args are the shapes of a generic callee's type arguments.
	Args []Shape
	// Silent is set for a call in generic code: what holds of it in an instance
	// that this unit did not compile, where the compiler inlined nothing at it.
	Silent *Silence

	// Pending is set while the call has no status: a static call on which the
	// compiler was silent.
	Pending bool
	// Func is the function value that is called; nil for other calls.
	Func *FuncValue
	// Funcs says which functions the arguments are, the receiver of a method first.
	Funcs []Flow

	// Nested is what the compiler inlined at this place after the callee itself,
	// in its order: breadth first.
	Nested []Printed
	// Bound are the calls through interfaces that the compiler bound to a type in
	// the inlined bodies, in its order.
	Bound []Binding
	// Held is set for a call through an interface of which only the back end knows
	// the type: there is no remark.
	Held bool
	// Elsewhere is set for a call of which a profile tells the likely callee: what the
	// compiler makes of it where its function is inlined.
	Elsewhere *Site
	// Unreached is a likely callee that was inlined here behind a test which never
	// holds, or always does; zero for none. What was inlined in it is among Nested.
	Unreached Printed
	// Cycles are the printed names of callees that were refused here as
	// repeated recursive cycles.
	Cycles []string
	// BigCaller is set when the compiler considers the caller big.
	BigCaller bool
	// Vague is set where the compiler does not tell what it inlined further
	// inside: the place is shared with other calls.
	Vague bool
	// KeptLoop is set in the body of a testing.B.Loop loop in releases that
	// inline nothing there.
	KeptLoop bool
	// Added is set for a call that cgo added to the user's text.
	Added bool
	// Withheld is why a callee that can be inlined was not inlined here, where the unit's
	// own compile tells; nil elsewhere.
	Withheld *inline.Reason
}

// A FuncValue is a function value that is called.
type FuncValue struct {
	Flow
	Inlined Printed // the function that was inlined at the call; zero for none
}

// A Printed is a function as a remark names it.
type Printed struct {
	Name string
	// At is where the function literal stands of which the function is a copy;
	// zero for others. The copies that inlining makes have names of their own.
	At inline.Position
}
