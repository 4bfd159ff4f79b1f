package cost

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// A ref is what a call's function expression leads to without running it.
type ref struct {
	kind refKind
	pkg  string // the package's name; "" for methods of types of the package itself
	// foreign says that it is another package, whatever its name.
	foreign bool
	name    string // within the package: Errorf, (*Client).Do, F.func1; of refCaptured: the variable's
	pos     remark.TreePos
	// direct says that the call names the function. Otherwise it goes through
	// variables that hold nothing else.
	direct bool
	// captures says that a function literal uses variables of the function
	// around it, so that it can be inlined only there.
	captures bool
}

type refKind uint8

const (
	refNone     refKind = iota // found out at run time
	refFunc                    // a function; pos is where it is declared
	refMethod                  // a method
	refClosure                 // a function literal
	refCaptured                // a variable of an outer function, whose tree tells what it holds
)

// funcValues knows which variables of a function hold one function all the time.
// The compiler sees through these.
type funcValues struct {
	values     map[variable]*remark.Node
	reassigned map[variable]bool
	// written has the names of the variables that function literals assign to.
	written map[string]bool
	// closures are the function literals in the tree, by qualified name.
	closures map[string]literal
	latest   map[string]variable // the last declared of each name
	shadowed []shadow            // what latest had before
}

// A shadow is the variable that a name meant before it was declared again.
type shadow struct {
	name  string
	meant variable
}

// A variable is told from others of its name by its declaration.
type variable struct {
	name string
	pos  remark.TreePos
}

// A literal is a function literal with the variables of the outer function that
// are in scope where it stands.
type literal struct {
	captures bool
	outer    map[string]variable
}

func variableOf(n *remark.Node) variable { return variable{n.Text, n.Pos} }

func findFuncValues(t *remark.Tree) *funcValues {
	s := &funcValues{
		values: make(map[variable]*remark.Node), reassigned: make(map[variable]bool), written: make(map[string]bool),
		closures: make(map[string]literal), latest: make(map[string]variable),
	}
	s.list(t.Body)
	return s
}

func (s *funcValues) list(nodes []*remark.Node) {
	for _, n := range nodes {
		s.node(n)
	}
}

func (s *funcValues) node(n *remark.Node) {
	s.list(n.Init)
	switch n.Op {
	case "DCL":
		if x := only(n.Field("")); x != nil && x.Op == "NAME" {
			s.shadowed = append(s.shadowed, shadow{x.Text, s.latest[x.Text]})
			s.latest[x.Text] = variableOf(x)
		}
	case "AS":
		if ops := n.Field(""); len(ops) > 0 {
			// The temporaries of go and defer statements are defined too.
			s.assign(ops[0], (n.Flags|ops[0].Flags)&(remark.Define|remark.AutoTemp) != 0, ops[1:])
		}
	case "AS2":
		lhs, rhs := n.Field("Lhs"), n.Field("Rhs")
		for i, x := range lhs {
			var value []*remark.Node
			if len(lhs) == len(rhs) {
				value = rhs[i : i+1]
			}
			s.assign(x, (n.Flags|x.Flags)&(remark.Define|remark.AutoTemp) != 0, value)
		}
	case "AS2DOTTYPE", "AS2FUNC", "AS2MAPR", "AS2RECV", "SELRECV2":
		for _, x := range n.Field("Lhs") {
			s.assign(x, false, nil)
		}
	case "ASOP":
		if ops := n.Field(""); len(ops) > 0 {
			s.assign(ops[0], false, nil)
		}
	case "CLOSURE":
		s.closure(n)
	}
	outside := len(s.shadowed)
	for _, f := range n.Fields {
		s.list(f.Nodes)
	}
	if n.Op == "CLOSURE" {
		for _, old := range slices.Backward(s.shadowed[outside:]) {
			s.latest[old.name] = old.meant
		}
		s.shadowed = s.shadowed[:outside]
	}
}

func (s *funcValues) assign(x *remark.Node, define bool, value []*remark.Node) {
	if x.Op != "NAME" {
		return
	}
	v := variableOf(x)
	switch {
	case x.Flags&remark.ClosureVar != 0:
		s.written[x.Text] = true
	case !define || s.values[v] != nil:
		s.reassigned[v] = true
	case len(value) == 1:
		s.values[v] = value[0]
	}
}

func (s *funcValues) closure(n *remark.Node) {
	fun := only(n.Field("Func"))
	if fun == nil || n.Text == "" {
		return
	}
	l := literal{outer: make(map[string]variable)}
	for _, v := range fun.Field("ClosureVars") {
		l.captures = true
		if outer := s.latest[v.Text]; outer.name != "" {
			l.outer[v.Text] = outer
		}
	}
	s.closures[n.Text] = l
}

// ref returns what a function expression of the function itself leads to.
func (s *funcValues) ref(n *remark.Node) ref {
	r := s.follow(n, 0)
	r.direct = n.Op != "CONVNOP" && (n.Op != "NAME" || n.Class == "PFUNC")
	return r
}

// maxFollow bounds chains of variables, which a tree that is put together wrongly
// may make endless.
const maxFollow = 20

func (s *funcValues) follow(n *remark.Node, steps int) ref {
	for n != nil && n.Op == "CONVNOP" {
		n = only(n.Field(""))
	}
	if n == nil || steps == maxFollow {
		return ref{}
	}
	switch n.Op {
	case "CLOSURE":
		pkg, name := splitQualified(n.Text)
		return ref{kind: refClosure, pkg: pkg, name: name, captures: s.closures[n.Text].captures}
	case "METHEXPR":
		if t := only(n.Field("")); t != nil && t.Op == "TYPE" {
			if r, ok := methodRef(t.Type, n.Text); ok {
				return r
			}
		}
	case "NAME":
		switch {
		case n.Class == "PFUNC":
			pkg, name := splitQualified(n.Text)
			return ref{kind: refFunc, pkg: pkg, name: name, pos: n.Pos}
		case n.Flags&remark.ClosureVar != 0:
			return ref{kind: refCaptured, name: n.Text}
		case n.Class == "PAUTO" && n.Flags&remark.AddrTaken == 0:
			return s.holds(variableOf(n), steps+1)
		}
	}
	return ref{}
}

// holds returns what a variable holds.
func (s *funcValues) holds(v variable, steps int) ref {
	if s.reassigned[v] || s.written[v.name] {
		return ref{}
	}
	return s.follow(s.values[v], steps)
}

// splitQualified splits "fmt.Errorf" and "p.(*T).M.func1" behind the package.
func splitQualified(s string) (pkg, name string) {
	i := strings.IndexAny(s, ".[")
	if i < 0 || s[i] == '[' {
		return "", s
	}
	return s[:i], s[i+1:]
}

// methodRef leads to a method of the receiver's type, which is in the compiler's
// debugging form: PTR-*http.Client, PTR-*T, p.T, atomic.Pointer[...]. Behind a
// pointer, types of the package itself are not qualified.
func methodRef(receiver, method string) (ref, bool) {
	typ, pointer := strings.CutPrefix(receiver, "PTR-*")
	if typ == "" || !pointer && isUnnamed(typ) {
		return ref{}, false
	}
	pkg, typ := splitQualified(typ)
	if pointer {
		typ = "(*" + typ + ")"
	}
	return ref{kind: refMethod, pkg: pkg, name: typ + "." + method, foreign: pointer && pkg != ""}, true
}

// isUnnamed reports whether a type in the debugging form is a type literal.
func isUnnamed(typ string) bool {
	kind, _, ok := strings.Cut(typ, "-")
	return ok && strings.ToUpper(kind) == kind
}
