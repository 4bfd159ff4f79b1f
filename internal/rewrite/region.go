package rewrite

import (
	"go/ast"
	"go/token"
)

// A region is a list of statements that might move.
type region struct {
	kind       Kind
	list       []ast.Stmt
	start, end token.Pos     // what moves: the statements, with the comments among them
	tail       bool          // nothing of the function is left behind it
	noElse     bool          // it is the body of an if without else: what follows goes on from its end
	inLoop     bool          // it may run again
	checks     []*ast.IfStmt // if there are several, what the list consists of
	cold       string        // what tells that it seldom runs; "" if nothing does
}

// regions lists what might move out of the function, in the order of the source.
func (f *function) regions() []region {
	if f.parts == nil {
		f.parts = f.findRegions()
	}
	return f.parts
}

func (f *function) findRegions() []region {
	body := f.decl.Body
	l := &regionLister{f: f}
	// What follows a fast path, or nothing but checks.
	kind := AfterChecks
	for i := 1; i < len(body.List); i++ {
		fast := body.List[i-1]
		if !contains[*ast.ReturnStmt](fast) {
			continue
		}
		if !f.check(fast) {
			kind = SlowPath
		}
		r := region{kind: kind, list: body.List[i:], tail: true}
		if falls, leaves := f.avoids(r.list, nil); !falls && !leaves {
			r.cold = f.coldEnd(nil, r.list)
		}
		l.add(r, fast.End(), body.Rbrace)
	}
	for i := 0; i < len(body.List); i++ {
		if checks := f.checks(body.List[i:]); len(checks) > 1 {
			list := body.List[i : i+len(checks)]
			l.add(region{kind: ColdPath, list: list, noElse: true, checks: checks, cold: f.coldBranch(checks[0].Cond, true, checks[0].Body.List)}, list[0].Pos(), token.NoPos)
			i += len(checks) - 1
		}
	}
	l.visitAll(body.List, false)
	if f.jumps {
		for i := range l.list {
			l.list[i].inLoop = true // a goto may lead back to it
		}
	}
	return l.list
}

// A regionLister lists the regions of a function's statements.
type regionLister struct {
	f    *function
	list []region
}

func (l *regionLister) add(r region, open, closed token.Pos) {
	if len(r.list) == 0 {
		return
	}
	r.start, r.end = l.f.extent(r.list, open, closed)
	l.list = append(l.list, r)
}

func (l *regionLister) visitAll(stmts []ast.Stmt, inLoop bool) {
	for _, s := range stmts {
		l.visit(s, inLoop)
	}
}

func (l *regionLister) visit(n ast.Node, inLoop bool) {
	switch n := n.(type) {
	case *ast.BlockStmt:
		l.visitAll(n.List, inLoop)
	case *ast.IfStmt:
		l.branch(n.Body.List, l.f.coldBranch(n.Cond, true, n.Body.List), inLoop, n.Else == nil, n.Body.Lbrace+1, n.Body.Rbrace)
		if e, ok := n.Else.(*ast.BlockStmt); ok {
			l.branch(e.List, l.f.coldBranch(n.Cond, false, e.List), inLoop, false, e.Lbrace+1, e.Rbrace)
		} else if n.Else != nil {
			l.visit(n.Else, inLoop)
		}
	case *ast.ForStmt:
		l.loop(n, n.Body, inLoop)
	case *ast.RangeStmt:
		l.loop(n, n.Body, inLoop)
	case *ast.LabeledStmt:
		switch s := n.Stmt.(type) {
		case *ast.ForStmt:
			l.loop(n, s.Body, inLoop)
		case *ast.RangeStmt:
			l.loop(n, s.Body, inLoop)
		default:
			l.visit(s, inLoop)
		}
	case *ast.SwitchStmt:
		l.visit(n.Body, inLoop)
	case *ast.TypeSwitchStmt:
		l.visit(n.Body, inLoop)
	case *ast.SelectStmt:
		l.visit(n.Body, inLoop)
	case *ast.CaseClause:
		l.branch(n.Body, l.f.coldBranch(nil, true, n.Body), inLoop, false, n.Colon+1, token.NoPos)
	case *ast.CommClause:
		l.branch(n.Body, l.f.coldBranch(nil, true, n.Body), inLoop, false, n.Colon+1, token.NoPos)
	}
}

// branch enters a branch, and what is in it.
func (l *regionLister) branch(stmts []ast.Stmt, cold string, inLoop, noElse bool, open, closed token.Pos) {
	moving := stmts
	if last := len(stmts) - 1; last > 0 && isJump(stmts[last]) && !l.f.terminates(stmts[:last]) {
		moving, closed = stmts[:last], stmts[last].Pos() // the jump stays
	}
	r := region{kind: Branch, list: moving, inLoop: inLoop, noElse: noElse, cold: cold}
	if cold != "" {
		r.kind = ColdPath
	}
	l.add(r, open, closed)
	l.visitAll(stmts, inLoop)
}

// loop enters a loop, and what is in it.
func (l *regionLister) loop(s ast.Stmt, body *ast.BlockStmt, inLoop bool) {
	if !l.f.mainly(s) {
		l.list = append(l.list, region{kind: Loop, list: []ast.Stmt{s}, start: s.Pos(), end: s.End(), inLoop: inLoop})
	}
	l.visitAll(body.List, true)
}

// mainly reports whether the function does little but one statement: inlining what
// is left of it then saves nothing.
func (f *function) mainly(s ast.Stmt) bool {
	for _, other := range f.decl.Body.List {
		switch other.(type) {
		case *ast.ReturnStmt, *ast.DeclStmt, *ast.AssignStmt:
			if contains[*ast.CallExpr](other) {
				return false
			}
		default:
			if other != s {
				return false
			}
		}
	}
	return true
}

// isJump reports whether a statement is a break, continue or fallthrough.
func isJump(s ast.Stmt) bool {
	b, ok := s.(*ast.BranchStmt)
	return ok && b.Tok != token.GOTO
}

// extent returns what moves with statements: the comments between open and the
// first of them, unless they stand on the line of what is before, and those up
// to closed, or to the end of the last line if that is not given.
func (f *function) extent(list []ast.Stmt, open, closed token.Pos) (start, end token.Pos) {
	start, end = list[0].Pos(), list[len(list)-1].End()
	last := f.line(end)
	for _, group := range f.file.Comments {
		for _, c := range group.List {
			switch {
			case open <= c.Pos() && c.Pos() < start && f.line(c.Pos()) > f.line(open):
				start = c.Pos()
			case c.Pos() >= end && (closed.IsValid() && c.End() <= closed || !closed.IsValid() && f.line(c.Pos()) == last && f.line(c.End()) == last):
				end = c.End()
			}
		}
	}
	return start, end
}

// isLast reports whether nothing of the function runs behind a region, other than what
// is deferred.
func (f *function) isLast(r *region) bool {
	var last func(list []ast.Stmt) bool
	lastOf := func(s ast.Stmt) bool { return s != nil && last([]ast.Stmt{s}) }
	clauses := func(b *ast.BlockStmt) bool {
		for _, c := range b.List {
			switch c := c.(type) {
			case *ast.CaseClause:
				if last(c.Body) {
					return true
				}
			case *ast.CommClause:
				if last(c.Body) {
					return true
				}
			}
		}
		return false
	}
	last = func(list []ast.Stmt) bool {
		if len(list) == 0 {
			return false
		}
		s := list[len(list)-1]
		if s == r.list[len(r.list)-1] {
			return true
		}
		switch s := s.(type) {
		case *ast.BlockStmt:
			return last(s.List)
		case *ast.LabeledStmt:
			return last([]ast.Stmt{s.Stmt})
		case *ast.IfStmt:
			return last(s.Body.List) || lastOf(s.Else)
		case *ast.SwitchStmt:
			return clauses(s.Body)
		case *ast.TypeSwitchStmt:
			return clauses(s.Body)
		case *ast.SelectStmt:
			return clauses(s.Body)
		}
		return false
	}
	return last(f.decl.Body.List)
}
