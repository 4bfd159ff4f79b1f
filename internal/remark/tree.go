package remark

import (
	"cmp"
	"fmt"
	"strings"
)

// A Tree is the body of one function as the compiler has it.
type Tree struct {
	Name string // as in remarks on the function, mostly: (*T).M, F.func1, slices.Sort[go.shape.int]
	Body []*Node
	// Nodes counts the nodes that were read. Cut is set if there are more: the
	// compiler prints no more than 40 levels.
	Nodes int
	Cut   bool
}

// A Node is a node of the compiler's syntax tree. Operations are named as in
// cmd/compile/internal/ir, without the O: CALLFUNC, NAME, AS2.
type Node struct {
	Op string
	// Text tells more, depending on Op: NAME: the qualified name (fmt.Errorf;
	// qualified by package name). LITERAL: the value. CLOSURE: the qualified name
	// of its function. DOT, DOTPTR, METHEXPR and their like: the field or method,
	// unqualified. ASOP: the operator.
	Text string
	// Type is the type in the compiler's debugging form (PTR-*http.Client), of
	// NAME, TYPE, CALLFUNC and CALLINTER only: of calls that of the results.
	Type  string
	Class string // of a NAME: PFUNC, PPARAM, PAUTO, PAUTOHEAP, PEXTERN, ...
	Flags NodeFlags
	// Pos is where the node is. A NAME's is where the name is declared.
	Pos TreePos
	// Init has the statements that come before the node.
	Init   []*Node
	Fields []Field
}

// A Field is a labelled part of a node.
type Field struct {
	Label string // Fun, Args, Body, ...; "" for operands, as X and Y
	Nodes []*Node
}

// A TreePos is a position in a tree. Lines and columns are 1-based, columns in
// bytes; all is zero when it is not known.
type TreePos struct {
	File string // base name
	Line int
	Col  int
}

// Compare orders positions by file, line and column.
func (p TreePos) Compare(q TreePos) int {
	return cmp.Or(cmp.Compare(p.File, q.File), cmp.Compare(p.Line, q.Line), cmp.Compare(p.Col, q.Col))
}

// NodeFlags are properties of nodes.
type NodeFlags uint8

// The properties that matter.
const (
	Implicit   NodeFlags = 1 << iota // not in the source
	Define                           // AS, AS2: the definition of what it assigns to
	AddrTaken                        // NAME: its address is taken
	ClosureVar                       // NAME: a variable of an outer function
	AutoTemp                         // NAME: a temporary of the compiler
)

// Field returns the nodes labelled label.
func (n *Node) Field(label string) []*Node {
	for i := range n.Fields {
		if n.Fields[i].Label == label {
			return n.Fields[i].Nodes
		}
	}
	return nil
}

func (n *Node) add(label string, child *Node) {
	for i := range n.Fields {
		if n.Fields[i].Label == label {
			n.Fields[i].Nodes = append(n.Fields[i].Nodes, child)
			return
		}
	}
	n.Fields = append(n.Fields, Field{Label: label, Nodes: []*Node{child}})
}

// listLabels are the labels of lists of nodes. Others stand before one node,
// and what follows it on the same level is an operand again.
var listLabels = map[string]bool{
	"Args": true, "List": true, "Body": true, "Else": true, "Results": true,
	"Lhs": true, "Rhs": true, "Cases": true, "Compiled": true, "KeepAlive": true,
	"RTypes": true, "ReturnVars": true,
	"body": true, "Dcl": true, "ClosureVars": true,
}

// A treeBuilder makes trees of lines, one at a time. A line that does not fit
// where it stands is counted, and what is below it goes to the nearest node.
type treeBuilder struct {
	filter func(name string) bool
	emit   func(*Tree)

	tree    *Tree
	reading bool // within the lines of a tree, wanted or not
	// open has the node that is open on each level; open[0] is the tree.
	open  []level
	names map[string]string

	problems     int
	firstProblem string
}

// A level is where lines one step further in go.
type level struct {
	node  *Node  // nil while only its init list has been read
	label string // of the field under way
	init  []*Node
	inits bool // init is being read
}

func (b *treeBuilder) startTree(name string) {
	b.end()
	b.reading = true
	if b.filter != nil && !b.filter(name) {
		return
	}
	b.tree = &Tree{Name: strings.Clone(name)}
	b.open = append(b.open[:0], level{node: &Node{Op: "BODY"}, label: "body"})
}

// end hands out the tree under way.
func (b *treeBuilder) end() {
	b.reading = false
	t := b.tree
	if t == nil {
		return
	}
	b.tree = nil
	root := b.open[0].node
	t.Body = root.Field("body")
	if len(t.Body) == 1 && t.Body[0].Op == "DCLFUNC" { // the header of this phase is followed by the function itself
		t.Body = t.Body[0].Field("body")
	}
	b.emit(t)
}

// add takes a line of the tree under way; it reports false if it is none.
func (b *treeBuilder) add(line Line) bool {
	if !b.reading {
		return false
	}
	depth, text := treeDepth(line.Head)
	if depth == 0 {
		if len(line.Head) == 0 {
			return true // the one before the next header
		}
		b.end()
		return false
	}
	if b.tree == nil {
		return true
	}
	if depth > len(b.open) {
		b.problem(line)
		depth = len(b.open)
	}
	if op, label, ok := treeLabel(text); ok {
		b.label(depth, op, label, line)
		return true
	}
	switch string(text) {
	case "...":
		b.tree.Cut = true
		return true
	case "NilIrNode":
		return true
	}
	n := b.parseNode(text, line)
	b.tree.Nodes++
	if depth < len(b.open) {
		if l := &b.open[depth]; l.inits && l.node == nil {
			n.Init = l.init
		}
		b.open = b.open[:depth]
	}
	parent := &b.open[depth-1]
	if parent.node == nil {
		parent.init = append(parent.init, n)
	} else {
		parent.node.add(parent.label, n)
		if parent.label != "" && !listLabels[parent.label] {
			parent.label = ""
		}
	}
	b.open = append(b.open, level{node: n})
	return true
}

// label opens a field of the node at depth, or the init list of the next one there.
func (b *treeBuilder) label(depth int, op, label []byte, line Line) {
	if string(label) == "init" {
		b.open = append(b.open[:depth], level{inits: true})
		return
	}
	if depth == len(b.open) || b.open[depth].node == nil || b.open[depth].node.Op != string(op) {
		b.problem(line)
		return
	}
	b.open = b.open[:depth+1]
	b.open[depth].label = b.intern(label)
}

func (b *treeBuilder) problem(line Line) {
	b.problems++
	if b.firstProblem == "" {
		b.firstProblem = fmt.Sprintf("in the tree of %s: %s", b.tree.Name, clip(line.Head))
	}
}

func (b *treeBuilder) intern(text []byte) string {
	if s, ok := b.names[string(text)]; ok {
		return s
	}
	if b.names == nil {
		b.names = make(map[string]string)
	}
	s := string(text)
	b.names[s] = s
	return s
}
