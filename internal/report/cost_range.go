package report

import (
	"go/ast"
	"go/parser"
	"go/token"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// sources tells where the constructs end whose costs are listed. It keeps the file
// that was asked for last.
type sources struct {
	readFile func(string) ([]byte, error)
	file     string
	ends     map[sourcePlace]sourcePlace
}

// A sourcePlace is a line and a byte column, both from 1.
type sourcePlace struct{ line, col int }

// end returns the place behind the construct of a part: the ")" of a call, the end
// of a literal. It returns zeros for plain parts, and where the source is not what
// was compiled.
func (s *sources) end(p *cost.Part) (line, col int) {
	if p.Pos.Col == 0 {
		return 0, 0
	}
	switch p.What {
	case cost.Call, cost.InlinedCall, cost.InterfaceCall, cost.ParamCall, cost.CheapCall, cost.IntrinsicCall, cost.ThrowCall,
		cost.Panic, cost.Append, cost.Closure:
	default:
		return 0, 0
	}
	if s.file != p.Pos.File {
		s.file = p.Pos.File
		s.read()
	}
	e := s.ends[sourcePlace{p.Pos.Line, p.Pos.Col}]
	return e.line, e.col
}

// read finds the calls and function literals of the file.
func (s *sources) read() {
	s.ends = make(map[sourcePlace]sourcePlace)
	text, err := s.readFile(s.file)
	if err != nil {
		return
	}
	fset := token.NewFileSet()
	f, _ := syntax.ParseFile(fset, s.file, text, parser.SkipObjectResolution)
	if f == nil {
		return
	}
	place := func(p token.Pos) sourcePlace {
		at := fset.PositionFor(p, false)
		return sourcePlace{at.Line, at.Column}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			s.ends[place(n.Lparen)] = place(n.End())
		case *ast.FuncLit:
			s.ends[place(n.Pos())] = place(n.End())
		}
		return true
	})
}
