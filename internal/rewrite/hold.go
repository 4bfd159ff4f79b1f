package rewrite

import (
	"bytes"
	"go/ast"
	"go/types"
	"strings"

	"github.com/inlinelens/inlinelens/internal/syntax"
)

// A holding is a variable that has a function literal from its declaration on, and
// that is used once:
//
//	f := func() { ... }
//	...
//	f()
//
// What the literal captures it shares with the function around it, so that its body
// finds the same values where it is called.
type holding struct {
	stmt ast.Stmt // the declaration
	lit  *ast.FuncLit
}

// held finds such variables. They may still be used for something else than a call.
func (f *function) held() map[*types.Var]*holding {
	held := make(map[*types.Var]*holding)
	add := func(s ast.Stmt, name *ast.Ident, value ast.Expr) {
		lit, ok := value.(*ast.FuncLit)
		v, isVar := f.Info.Defs[name].(*types.Var)
		if ok && isVar && !f.use[v].addressed && len(f.use[v].assigned) == 0 {
			held[v] = &holding{s, lit}
		}
	}
	enter := func(list []ast.Stmt) {
		for _, s := range list {
			if name, value := syntax.Definition(s); name != nil {
				add(s, name, value)
			}
		}
	}
	uses := make(map[*types.Var]int)
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BlockStmt:
			enter(n.List)
		case *ast.CaseClause:
			enter(n.Body)
		case *ast.CommClause:
			enter(n.Body)
		case *ast.Ident:
			if v := f.local(n); v != nil {
				uses[v]++
			}
		}
		return true
	})
	for v := range held {
		if uses[v] != 1 {
			delete(held, v)
		}
	}
	return held
}

// shares reports whether there is anything but blanks and comments beside the
// declaration on its first and its last line.
func (h *holding) shares(f *function) bool {
	start := f.offset(h.stmt.Pos())
	before := f.text[bytes.LastIndexByte(f.text[:start], '\n')+1 : start]
	rest := strings.TrimSpace(f.restOfLine(f.offset(h.stmt.End())))
	return len(bytes.TrimSpace(before)) > 0 || rest != "" && !strings.HasPrefix(rest, "//")
}

// loses reports whether there is a comment in a declaration that is not in the
// literal's body, or behind the declaration on its last line.
func (f *function) loses(h *holding) bool {
	last := f.line(h.stmt.End())
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			within := h.stmt.Pos() <= c.Pos() && c.Pos() < h.stmt.End() && (c.Pos() < h.lit.Body.Lbrace || c.Pos() > h.lit.Body.Rbrace)
			behind := c.Pos() >= h.stmt.End() && f.line(c.Pos()) == last
			if within || behind {
				return true
			}
		}
	}
	return false
}

// above returns the comment that stands on the lines above the declaration, nil if
// there is none.
func (h *holding) above(f *function) *ast.CommentGroup {
	for _, group := range f.file.Comments {
		if group.End() <= h.stmt.Pos() && f.line(group.End())+1 == f.line(h.stmt.Pos()) {
			start := f.offset(group.Pos())
			if before := f.text[bytes.LastIndexByte(f.text[:start], '\n')+1 : start]; len(bytes.TrimSpace(before)) == 0 {
				return group
			}
		}
	}
	return nil
}

// comment returns the text of the comment above the declaration, with the end of its
// line; "" if there is none.
func (h *holding) comment(f *function) string {
	if group := h.above(f); group != nil {
		return f.source(group) + "\n"
	}
	return ""
}

// withoutLines takes the lines of a declaration away, with the comment above it, and
// the empty lines that would then be doubled or begin a block.
func (f *function) withoutLines(h *holding) Edit {
	first := h.stmt.Pos()
	if group := h.above(f); group != nil {
		first = group.Pos()
	}
	start := bytes.LastIndexByte(f.text[:f.offset(first)], '\n') + 1
	end := f.offset(h.stmt.End())
	end += bytes.IndexByte(f.text[end:], '\n') + 1
	before := bytes.TrimRight(f.text[:start], " \t\r\n")
	if opens := bytes.HasSuffix(before, []byte("{")); opens || bytes.Count(f.text[len(before):start], []byte("\n")) > 1 {
		for {
			next := bytes.IndexByte(f.text[end:], '\n')
			if next < 0 || len(bytes.TrimSpace(f.text[end:end+next])) > 0 {
				break
			}
			end += next + 1
		}
	}
	return Edit{start, end, ""}
}

// meansElse returns a name in a literal, declared outside of it, that means
// something else where the literal is called; "" if there is none.
func (f *function) meansElse(lit *ast.FuncLit, call *ast.CallExpr) string {
	scope := f.Types.Scope().Innermost(call.Pos())
	name := ""
	ast.Inspect(lit, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || name != "" {
			return name == ""
		}
		obj := f.Info.Uses[id]
		if obj == nil || lit.Pos() <= obj.Pos() && obj.Pos() < lit.End() {
			return true
		}
		if !f.scoped(obj) {
			return true // a field or a method
		}
		if scope == nil {
			name = id.Name
		} else if _, found := scope.LookupParent(id.Name, call.Pos()); found != obj {
			name = id.Name
		}
		return true
	})
	return name
}

// scoped reports whether an object is found by its name alone, which fields, methods
// and what other packages declare are not.
func (f *function) scoped(obj types.Object) bool {
	switch obj := obj.(type) {
	case *types.Var:
		return !obj.IsField() && obj.Pkg() == f.Types
	case *types.Func:
		return obj.Signature().Recv() == nil && obj.Pkg() == f.Types
	case *types.Label:
		return false
	}
	return obj.Pkg() == f.Types || obj.Pkg() == nil
}
