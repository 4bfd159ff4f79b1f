package rewrite

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A shape is what kind of function the new one is.
type shape struct {
	method     bool                // of the receiver
	generic    bool                // it has the type parameters
	bare       bool                // it has returns without results, and results
	allResults bool                // it gives back what the function does
	kept       map[*types.Var]bool // results with their names
	narrow     *narrowing          // nil if it gives all of that
}

// declare writes the new function. "" means that it is not Go, which would be a bug.
func (w *writer) declare(name string, s shape, params, changed []variable) string {
	f := w.f
	var b bytes.Buffer
	b.WriteString("package p\n\n" + w.comment(name))
	b.WriteString("func ")
	if s.method {
		b.WriteString(f.source(f.decl.Recv) + " ")
	}
	b.WriteString(name)
	if s.generic && !s.method && f.decl.Type.TypeParams != nil {
		b.WriteString(f.source(f.decl.Type.TypeParams))
	}
	b.WriteString("(")
	for i, v := range params {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(v.Name())
		// Neighbours of one type share it, as one writes it by hand.
		if i+1 < len(params) && types.Identical(v.Type(), params[i+1].Type()) && f.write(v.Type()) == f.write(params[i+1].Type()) {
			continue
		}
		b.WriteString(" " + f.write(v.Type()))
	}
	b.WriteString(")")
	switch {
	case s.allResults && f.sig.Results().Len() > 0:
		b.WriteString(" ")
		b.WriteString(f.results(s))
	case len(changed) == 1:
		b.WriteString(" " + f.write(changed[0].Type()))
	case len(changed) > 1:
		list := make([]string, len(changed))
		for i, v := range changed {
			list[i] = f.write(v.Type())
		}
		b.WriteString(" (" + strings.Join(list, ", ") + ")")
	}
	b.WriteString(" {\n")
	b.WriteString(w.body(s))
	b.WriteString("\n")
	if len(changed) > 0 {
		b.WriteString("return " + strings.Join(namesOf(changed), ", ") + "\n")
	}
	b.WriteString("}\n")
	text, err := format.Source(b.Bytes())
	if err != nil {
		return ""
	}
	return f.ended(strings.TrimPrefix(string(text), "package p\n\n"))
}

// body returns the text that moves, with returns as the new function has them.
func (w *writer) body(s shape) string {
	f, r := w.f, w.r
	start := f.offset(r.start)
	text := f.text[start:f.offset(r.end)]
	last := r.list[len(r.list)-1]
	var edits []Edit
	if len(r.checks) > 0 {
		open, closed, _ := w.lastCheck(start)
		edits = append(edits, open, closed)
		block := r.checks[len(r.checks)-1].Body.List
		last = block[len(block)-1]
	}
	ret, returns := last.(*ast.ReturnStmt)
	switch {
	case s.bare && len(s.kept) < f.sig.Results().Len():
		var names []string
		for v := range f.sig.Results().Variables() {
			names = append(names, v.Name())
		}
		for _, ret := range w.bareReturns() {
			edits = append(edits, Edit{f.offset(ret.Pos()) - start, f.offset(ret.End()) - start, "return " + strings.Join(names, ", ")})
		}
	case s.narrow != nil:
		edits = append(edits, s.narrow.edits(f, w.returnsOf(), start)...)
	case returns && f.sig.Results().Len() == 0:
		// It would be one too many.
		at, end := f.offset(ret.Pos())-start, f.offset(ret.End())-start
		if end == len(text) {
			at = len(bytes.TrimRight(text[:at], " \t\r\n"))
		}
		edits = append(edits, Edit{at, end, ""})
	}
	slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(a.Start, b.Start) })
	return strings.ReplaceAll(string(Apply(text, edits)), "\r\n", "\n")
}

// comment is what stands above the new function.
func (w *writer) comment(name string) string {
	of := w.f.decl.Name.Name
	what := "a branch"
	switch w.r.kind {
	case ColdPath:
		what = "where " + of + " fails"
		if !w.ends {
			what = "a cold branch of " + of
		}
		return fmt.Sprintf("// %s is %s, kept apart so that %s"+commentEnd+"\n", name, what, of)
	case SlowPath:
		what = "the slow path"
	case AfterChecks:
		return fmt.Sprintf("// %s is %s after its checks, kept apart so that %s"+commentEnd+"\n", name, of, of)
	case Loop:
		what = "the loop"
	case Branch, Unwrap:
	}
	return fmt.Sprintf("// %s is %s of %s, kept apart so that %s"+commentEnd+"\n", name, what, of, of)
}

// results writes the results, those that are kept with their names.
func (f *function) results(s shape) string {
	var list []string
	i := 0
	for _, field := range f.decl.Type.Results.List {
		for range max(1, len(field.Names)) {
			v := f.sig.Results().At(i)
			name := ""
			switch {
			case s.kept[v]:
				name = v.Name() + " "
			case len(s.kept) > 0:
				name = "_ "
			}
			if s.narrow == nil || s.narrow.at == i {
				list = append(list, name+f.source(field.Type))
			}
			i++
		}
	}
	switch {
	case len(list) == 1 && len(s.kept) == 0:
		return list[0]
	case len(s.kept) == f.sig.Results().Len():
		return f.source(f.decl.Type.Results)
	}
	return "(" + strings.Join(list, ", ") + ")"
}

// source returns the text of a node.
func (f *function) source(n ast.Node) string {
	return strings.ReplaceAll(string(f.text[f.offset(n.Pos()):f.offset(n.End())]), "\r\n", "\n")
}

// ended gives lines the ends that those of the file have.
func (f *function) ended(text string) string {
	if i := bytes.IndexByte(f.text, '\n'); i > 0 && f.text[i-1] == '\r' {
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

// indentOf returns the blanks that a position's line begins with.
func (f *function) indentOf(pos token.Pos) string {
	at := f.offset(pos)
	line := f.text[bytes.LastIndexByte(f.text[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}
