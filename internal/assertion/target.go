package assertion

import (
	"bytes"
	"go/ast"
	"go/token"
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// target returns what a directive stands at: the line that it ends, or the function or
// statement below it.
func (s *source) target(a *Assertion, group *ast.CommentGroup, c *ast.Comment) Target {
	line := s.line(c.Pos())
	start := s.tokens.Offset(s.tokens.LineStart(line))
	if len(bytes.TrimSpace(s.text[start:s.tokens.Offset(c.Pos())])) > 0 {
		t := Target{Lines: s.places([]int{line})}
		if a.Kind != Inlined {
			t.Function = s.functionOn(line)
		}
		return t
	}
	below := s.line(group.End()) + 1
	for _, d := range s.file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if ok && (f.Doc == group || s.line(f.Pos()) == below) {
			return Target{Function: s.position(f.Name.Pos())}
		}
	}
	return Target{Lines: s.places(s.linesFrom(below))}
}

// functionOn returns the place of the name of the function that is declared on a line.
func (s *source) functionOn(line int) inline.Position {
	for _, d := range s.file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && s.line(f.Pos()) == line {
			return s.position(f.Name.Pos())
		}
	}
	return inline.Position{}
}

// gcassertTarget returns what gcassert takes a comment for, of what go/ast says.
func (s *source) gcassertTarget(group *ast.CommentGroup) Target {
	if s.commentMap == nil {
		s.commentMap = make(map[*ast.CommentGroup]ast.Node)
		for node, groups := range ast.NewCommentMap(s.fset, s.file, s.file.Comments) {
			for _, g := range groups {
				s.commentMap[g] = node
			}
		}
	}
	switch node := s.commentMap[group].(type) {
	case nil, *ast.File:
		return Target{}
	case *ast.FuncDecl:
		return Target{Function: s.position(node.Name.Pos())}
	default:
		return Target{Lines: s.places(s.linesOf(node))}
	}
}

// linesFrom returns the lines of what begins on a line, outermost. It returns nil if
// nothing does.
func (s *source) linesFrom(line int) []int {
	var lines []int
	ast.Inspect(s.file, func(n ast.Node) bool {
		if n == nil || s.line(n.Pos()) > line || s.line(n.End()) < line {
			return false
		}
		switch n.(type) {
		case *ast.CommentGroup, *ast.Comment:
			return false
		case *ast.File:
			return true
		}
		if s.line(n.Pos()) == line {
			lines = append(lines, s.linesOf(n)...)
			return false
		}
		return true
	})
	slices.Sort(lines)
	return slices.Compact(lines)
}

// linesOf returns the lines of a statement or another part of a file: those up to its
// block, without those within function literals.
func (s *source) linesOf(n ast.Node) []int {
	first, last := s.line(n.Pos()), s.line(s.headEnd(n))
	inner := make(map[int]bool)
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			for line := s.line(lit.Body.Lbrace) + 1; line < s.line(lit.Body.Rbrace); line++ {
				inner[line] = true
			}
		}
		return true
	})
	var lines []int
	for line := first; line <= last; line++ {
		if !inner[line] {
			lines = append(lines, line)
		}
	}
	return lines
}

// headEnd is where the part of a statement ends that comes before its block.
func (s *source) headEnd(n ast.Node) token.Pos {
	end := n.End()
	switch n := n.(type) {
	case *ast.BlockStmt:
		end = n.Lbrace
	case *ast.IfStmt:
		end = n.Body.Pos()
	case *ast.ForStmt:
		end = n.Body.Pos()
	case *ast.RangeStmt:
		end = n.Body.Pos()
	case *ast.SwitchStmt:
		end = n.Body.Pos()
	case *ast.TypeSwitchStmt:
		end = n.Body.Pos()
	case *ast.SelectStmt:
		end = n.Body.Pos()
	case *ast.CaseClause:
		end = n.Colon
	case *ast.CommClause:
		end = n.Colon
	case *ast.LabeledStmt:
		end = s.headEnd(n.Stmt)
	}
	return end
}

// line is the line of the file itself, whatever //line directives say.
func (s *source) line(p token.Pos) int {
	base, size := s.tokens.Base(), s.tokens.Size()
	return s.tokens.PositionFor(min(max(p, token.Pos(base)), token.Pos(base+size)), false).Line
}

// places turns lines of the file into those that the compiler names.
func (s *source) places(lines []int) []inline.Position {
	places := make([]inline.Position, 0, len(lines))
	for _, line := range lines {
		p := s.position(s.tokens.LineStart(line))
		places = append(places, inline.Position{File: p.File, Line: p.Line})
	}
	return places
}
