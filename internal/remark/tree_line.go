package remark

import (
	"bytes"
)

// The lines of a tree, from ir/fmt.go of cmd/compile:
//
//	before devirtualize-and-inline (*T).M      a header
//	.   AS-init                                what comes before the AS that follows
//	.   .   DCL # a.go:16:2
//	.   .   .   NAME-p.y class:PAUTO Offset:0 OnStack Used int tc(1) # a.go:16:2
//	.   AS Def tc(1) # a.go:16:4
//	.   .   NAME-p.y class:PAUTO Offset:0 OnStack Used int tc(1) # a.go:16:2
//	.   .   CALLFUNC int tc(1) # a.go:16:11
//	.   .   CALLFUNC-Fun                       a label: the nodes below are this field of the CALLFUNC
//
// A node's line has its operation, what its kind has to tell, its properties,
// its type, "tc(1)" and its position.

var (
	indentation = []byte(".   ")
	positionSep = []byte(" # ")
	classAttr   = []byte(" Class:")
	typeSep     = []byte(" type ")
	checked     = []byte(" tc(")
)

// treeHeader reads the header of a tree.
func treeHeader(line Line, header string) (name string, ok bool) {
	if line.Cut || !bytes.HasPrefix(line.Head, []byte(header)) {
		return "", false
	}
	return string(line.Head[len(header):]), true
}

// isLaterTree reports whether line is the header of a tree that is printed when
// those that matter are over.
func isLaterTree(line []byte) bool {
	for _, header := range []string{beforeEscape, "before order ", "before walk ", "after walk "} {
		if bytes.HasPrefix(line, []byte(header)) {
			return true
		}
	}
	return false
}

// treeDepth splits a line into its level, 0 for one that is none of a tree, and
// its text.
func treeDepth(line []byte) (depth int, text []byte) {
	for bytes.HasPrefix(line, indentation) {
		line = line[len(indentation):]
		depth++
	}
	return depth, line
}

// treeLabel reads "CALLFUNC-Fun". A node whose operation is followed by a
// hyphen has properties behind it.
func treeLabel(text []byte) (op, label []byte, ok bool) {
	i := bytes.IndexByte(text, '-')
	if i <= 0 || i+1 == len(text) {
		return nil, nil, false
	}
	for _, c := range text[i+1:] {
		if (c < 'a' || 'z' < c) && (c < 'A' || 'Z' < c) {
			return nil, nil, false
		}
	}
	return text[:i], text[i+1:], true
}

// parseNode reads a node's line, from its operation on.
func (b *treeBuilder) parseNode(text []byte, line Line) *Node {
	n := &Node{}
	end := text
	if line.Cut {
		end = line.Tail
	}
	if i := bytes.LastIndex(end, positionSep); i >= 0 {
		if pos, ok := b.treePos(end[i+len(positionSep):]); ok {
			n.Pos = pos
			if !line.Cut {
				text = text[:i]
			}
		}
	}
	i := 0
	for i < len(text) && ('A' <= text[i] && text[i] <= 'Z' || '0' <= text[i] && text[i] <= '9') {
		i++
	}
	n.Op = b.intern(text[:i])
	rest := text[i:]
	switch n.Op {
	case "NAME", "NONAME":
		b.parseName(n, rest)
	case "LITERAL":
		value := bytes.TrimPrefix(rest, []byte("-"))
		if s := (scanner{b: value}); len(value) > 0 && (value[0] == '"' || value[0] == '\'') && s.step() {
			n.Text = string(value[:s.i])
		} else {
			value, _, _ = bytes.Cut(value, []byte(" "))
			n.Text = b.intern(value)
		}
	case "TYPE":
		if _, typ, ok := bytes.Cut(rest, typeSep); ok {
			typ, _, _ = bytes.Cut(typ, checked)
			n.Type = string(typ)
		}
	case "CLOSURE":
		if _, name, ok := bytes.Cut(rest, []byte(" fnName(")); ok {
			if i := bytes.Index(name, []byte(") FUNC-")); i >= 0 {
				n.Text = string(name[:i])
			}
		}
	case "DOT", "DOTPTR", "DOTMETH", "DOTINTER", "METHEXPR", "METHVALUE":
		n.Text, rest = b.parseSelected(rest)
		n.Flags, _ = parseFlags(rest)
	case "ASOP":
		op, _, _ := bytes.Cut(bytes.TrimPrefix(rest, []byte("-")), []byte(" "))
		n.Text = b.intern(op)
	case "CALLFUNC", "CALLINTER":
		var typ []byte
		n.Flags, typ = parseFlags(rest)
		if i := bytes.LastIndex(append([]byte(" "), typ...), checked); i >= 0 {
			typ = typ[:max(i-1, 0)]
		}
		n.Type = b.intern(typ)
	default:
		n.Flags, _ = parseFlags(rest)
	}
	return n
}

// parseName reads "-p.x class:PAUTO Offset:0 OnStack Used int tc(1)".
func (b *treeBuilder) parseName(n *Node, rest []byte) {
	rest = bytes.TrimPrefix(rest, []byte("-"))
	i := indexOutside(rest, classAttr)
	if i < 0 {
		name, _, _ := bytes.Cut(rest, []byte(" "))
		n.Text = b.intern(name)
		return
	}
	name := rest[:i]
	if j := bytes.LastIndex(name, []byte(" esc(")); j >= 0 {
		name = name[:j]
	}
	n.Text = b.intern(name)
	rest = rest[i+len(classAttr):]
	class, rest, _ := bytes.Cut(rest, []byte(" "))
	n.Class = b.intern(class)
	flags, typ := parseFlags(rest)
	n.Flags = flags
	if i := bytes.LastIndex(typ, checked); i >= 0 {
		typ = typ[:i]
	}
	n.Type = b.intern(typ)
}

// parseSelected reads the selected field or method, with its package before it and
// its type arguments behind it: " p.CloseIdleConnections FUNC-...",
// " p.Get[go.shape.struct { p.a int }] FUNC-...".
func (b *treeBuilder) parseSelected(rest []byte) (name string, after []byte) {
	rest = bytes.TrimPrefix(rest, []byte(" "))
	end := bytes.IndexAny(rest, " [")
	if end < 0 {
		end = len(rest)
	}
	begin := bytes.LastIndexByte(rest[:end], '.') + 1
	if end < len(rest) && rest[end] == '[' {
		s := scanner{b: rest, i: end}
		for s.i < len(rest) && s.step() && s.depth > 0 {
		}
		end = min(s.i, len(rest)) // a quote may end in the middle of an escape
	}
	name = b.intern(rest[begin:end])
	return name, bytes.TrimPrefix(rest[end:], []byte(" "))
}

var flagWords = map[string]NodeFlags{
	"Implicit": Implicit, "Def": Define, "Addrtaken": AddrTaken, "IsClosureVar": ClosureVar, "AutoTemp": AutoTemp,
}

// parseFlags reads the properties with which rest begins: words and pairs
// "Word:value" with a capital. What follows is the type.
func parseFlags(rest []byte) (flags NodeFlags, typ []byte) {
	for {
		rest = bytes.TrimLeft(rest, " ")
		word, after, _ := bytes.Cut(rest, []byte(" "))
		if !isProperty(word) {
			return flags, rest
		}
		flags |= flagWords[string(word)]
		rest = after
	}
}

// isProperty reports whether word is a property. Types begin with a capital only
// in the form KIND-type and for names of types, which are qualified.
func isProperty(word []byte) bool {
	if len(word) == 0 {
		return false
	}
	if bytes.HasPrefix(word, []byte("esc(")) {
		return true
	}
	if word[0] < 'A' || 'Z' < word[0] {
		return false
	}
	for i, c := range word {
		switch {
		case c == ':':
			return i > 0
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		default:
			return false
		}
	}
	return true
}

// treePos reads "+a.go:12:3" and, for code of several places, the first of them.
func (b *treeBuilder) treePos(text []byte) (TreePos, bool) {
	// The one file of which the name begins with an underscore is cgo's.
	if len(text) > 0 && (text[0] == '_' || text[0] == '+') && !bytes.HasPrefix(text, []byte("_cgo_gotypes.go:")) {
		text = text[1:]
	}
	// A file's name may have blanks, so the first place is what ends with two
	// numbers first.
	for from := 0; ; {
		i := bytes.IndexByte(text[from:], ' ')
		first := text
		if i >= 0 {
			first = text[:from+i]
		}
		if p, ok := b.onePos(first); ok {
			return p, true
		}
		if i < 0 {
			return TreePos{}, false
		}
		from += i + 1
	}
}

func (b *treeBuilder) onePos(text []byte) (TreePos, bool) {
	rest, col, ok := cutDumpNumber(text)
	if !ok {
		return TreePos{}, false
	}
	file, line, ok := cutDumpNumber(rest)
	if !ok || len(file) == 0 {
		return TreePos{}, false
	}
	return TreePos{File: b.intern(file), Line: line, Col: col}, true
}

// cutDumpNumber splits "x:12" into "x" and 12; unlike in remarks, a column that is not
// known is printed as 0.
func cutDumpNumber(text []byte) (before []byte, n int, ok bool) {
	if before, ok := bytes.CutSuffix(text, []byte(":0")); ok {
		return before, 0, true
	}
	return cutNumber(text)
}
