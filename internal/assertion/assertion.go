// Package assertion reads assertions as people write them: what the compiler is to do
// with calls and functions. They stand in Go source, as directives, or in the file
// .inlinelens at the root of a module.
//
//	//inlinelens:inlined or eliminated if arm64 && go1.27
//	inlined ./hot.Sum -> ./hot.add
//
// It reads text that it is given, and decides nothing: internal/compare does. docs/assertions.md
// is the page about the language.
package assertion

import (
	"fmt"
	"go/build/constraint"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// FileName is the name of the file with assertions, at the root of a module.
const FileName = ".inlinelens"

// A Kind says what is asserted.
type Kind uint8

// The kinds of assertions.
const (
	_         Kind = iota
	Inlined        // calls are inlined
	Inlinable      // functions can be inlined
	Cost           // functions cost at most Assertion.Max
	Exempt         // other assertions do not hold for these calls or functions, for a reason
)

var kindNames = [...]string{Inlined: "inlined", Inlinable: "inlinable", Cost: "cost<=N", Exempt: "exempt"}

func (k Kind) String() string {
	if int(k) < len(kindNames) && kindNames[k] != "" {
		return kindNames[k]
	}
	return fmt.Sprintf("Kind(%d)", uint8(k))
}

// An Assertion is one directive, or one line of a file.
type Assertion struct {
	Kind         Kind
	Max          int             // with Cost
	OrEliminated bool            // with Inlined: dead code is as good
	When         constraint.Expr // of the builds that it is about; nil for all
	Because      string          // with Exempt: the reason

	// Caller and Callee are the subject of a line of a file. With a Caller it is the
	// calls of Callee in it. Without, it is the function Callee, and with Inlined every
	// call of it.
	Caller, Callee *Pattern
	// At is what a directive stands at; nil for a line of a file.
	At *Target

	GCAssert bool            // written for gcassert
	Pos      inline.Position // of the directive or the line
	End      inline.Position // just behind it
	Text     string          // as it is written, without what does not matter: "inlined p.F -> q.G"
	Module   string          // path of the module whose file it is in; "" for a directive
}

// What names what is asserted, without the subject: "inlined or eliminated", "cost<=60".
func (a *Assertion) What() string {
	switch {
	case a.Kind == Cost:
		return "cost<=" + strconv.Itoa(a.Max)
	case a.Kind == Inlined && a.OrEliminated:
		return "inlined or eliminated"
	}
	return a.Kind.String()
}

// Applies reports whether the assertion is about builds in which tag says which build
// tags are set.
func (a *Assertion) Applies(tag func(string) bool) bool { return a.When == nil || a.When.Eval(tag) }

// A Target is what a directive in Go source stands at.
type Target struct {
	// Function is the place of the name of the declared function; the zero value where the
	// directive is about lines.
	Function inline.Position
	// Lines are those of a statement, without columns, in order; both this and Function are
	// empty where the directive stands at nothing.
	Lines []inline.Position
}

// A SyntaxError is an assertion that cannot be read.
type SyntaxError struct {
	Pos, End inline.Position
	Text     string // what was read
	Message  string // what is wrong, and what is allowed
	Refused  bool   // the text is sound, but of a kind that cannot be checked yet
}

func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d: %s", e.Pos.File, e.Pos.Line, e.Message)
}
