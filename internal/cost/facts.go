package cost

import (
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// Facts is what has to be known of other packages, and of types. Packages are
// given by name, as the compiler's trees have no more; "" is the package that
// is compiled.
type Facts interface {
	// Function returns what the compiler said of a function of another package
	// when it compiled that: name is the function's within its package. at is
	// where it is declared, with Line 0 for methods, whose declaration trees do
	// not tell. from is the directory of the source that has the call. ok is false when
	// that is not known, or not certain.
	Function(pkg, name string, at remark.TreePos, from string) (f Function, ok bool)
	// Path returns the import path of the package that has the function, which may
	// be the one that is compiled; "" if that is not certain.
	Path(pkg, name string, at remark.TreePos, from string) string
	// Intrinsic reports whether the function's calls are replaced by instructions.
	Intrinsic(pkg, name string) bool
	// FieldAtStart reports whether the field lies at the beginning of the struct. typ is
	// the struct's type or a pointer to it, in the compiler's debugging form:
	// PTR-*T, sync.Mutex, STRUCT-struct { a int }.
	FieldAtStart(typ, field string) bool
}

// A Function is what is known of a callee.
type Function struct {
	Name      string // a link name
	Pos       inline.Position
	Inlinable bool
	Cost      int    // 0 where the compiler names none
	Reason    string // why it is not inlinable
	// Imported says that the source of the package that is compiled imports the
	// callee's package. The bodies of functions of other packages are there only if
	// a package between inlined them too.
	Imported bool
	Closure  bool
}
