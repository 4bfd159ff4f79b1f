package cost

import (
	"strings"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// Where a profile says what a call through an interface or a function value
// mostly calls, the compiler makes of x.M(a):
//
//	recv, arg := x, a
//	if t, ok := recv.(T); ok {
//		ret = t.M(arg)
//	} else {
//		ret = x.M(arg)
//	}
//
// and counts the cost of that [devirtualize/pgo.go]. From Go 1.26 on it prints
// its trees before it does so; those of older releases have it in them.

// A dynamicCall is a call that may be rewritten so.
type dynamicCall struct {
	pos remark.TreePos
	// extra is what the rewriting adds, but for the direct call.
	extra int
}

// The nodes that are always added: the expression that stands for the whole, an
// assignment of the receiver, the if statement, and the test.
const (
	likelyMethod   = 11 // the test is a type assertion into two variables, and one of these
	likelyFunction = 12 // the test compares the functions' addresses, and the direct call names its function
)

// addDynamicCall adds a call that a profile may make the compiler rewrite.
func (c *counter) addDynamicCall(n *remark.Node, at remark.TreePos) {
	fun := only(n.Field("Fun"))
	if !c.rules.Release.PrintsTreesBeforeInlining() || fun == nil {
		return
	}
	args, results := len(n.Field("Args")), countResults(n.Type)
	d := dynamicCall{pos: at, extra: likelyFunction + 3*args + results}
	again := fun // the operand that is evaluated twice
	if n.Op == "CALLINTER" {
		d.extra = likelyMethod + 3*args + results
		if again = only(fun.Field("")); again == nil {
			return
		}
	}
	if results > 0 {
		d.extra += 2 + 2*results // they are assigned in both branches
	}
	d.extra += c.plainCost(again)
	c.out.dynamics = append(c.out.dynamics, d)
}

// plainCost counts an operand that has no calls in it.
func (c *counter) plainCost(n *remark.Node) int {
	sub := &counter{rules: c.rules, facts: c.facts, out: &TreeCost{}, funcValues: c.funcValues, free: make(map[*remark.Node]bool), lines: make(map[lineKey]int)}
	sub.node(n, n.Pos)
	sum := 0
	for _, it := range sub.out.items {
		sum += it.cost
	}
	return sum
}

// countResults returns the number of results of a call of a type in the
// compiler's form: "", "int", "STRUCT-struct { int; string }".
func countResults(typ string) int {
	if typ == "" {
		return 0
	}
	fields, ok := strings.CutPrefix(typ, "STRUCT-struct { ")
	if !ok {
		return 1
	}
	n, depth := 1, 0
	for i := 0; i < len(fields); i++ {
		switch fields[i] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			depth--
		case ';':
			if depth == 0 {
				n++
			}
		}
	}
	return n
}

// likelyParts returns the parts that the rewriting of calls adds.
func (b *builder) likelyParts() []Part {
	var parts []Part
	for _, d := range b.tree.dynamics {
		callee, ok := b.collected.likely[d.pos]
		if !ok {
			continue
		}
		parts = append(parts, Part{
			Pos: b.position(d.pos), What: LikelyTest, Cost: d.extra, Count: 1,
			Note: "the profile makes " + callee + " the likely callee: a test for it, and copies of the operands",
		})
		parts = append(parts, b.callPart(&call{pos: d.pos, callee: b.named(callee)}))
	}
	return parts
}

// named makes a reference of a function's printed name: F, T.M or (*T).M of the
// package that is compiled, or of another after its name and a dot.
func (b *builder) named(name string) ref {
	r := ref{kind: refFunc, name: name, direct: true}
	if _, own := b.collected.byName[name]; !own && !strings.HasPrefix(name, "(") {
		if pkg, rest, ok := strings.Cut(name, "."); ok {
			r.pkg, r.name = pkg, rest
		}
	}
	if strings.Contains(r.name, ".") {
		r.kind = refMethod
	}
	return r
}
