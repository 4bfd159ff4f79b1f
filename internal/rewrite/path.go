package rewrite

import (
	"cmp"
	"fmt"
	"go/ast"
	"strings"
)

// A Frequency says how often the call of a new function runs, as far as the source
// tells. Only a profile tells more.
type Frequency string

const (
	Never   Frequency = "never"   // there is no new function
	Seldom  Frequency = "seldom"  // only on ways that look cold: where it fails, logs, or does something once
	Unknown Frequency = "unknown" // on some paths; the source does not tell how often
	Always  Frequency = "always"  // on all ways that do not look cold: the call takes the place of another
)

// Stays completes "it is called": "only where it panics", "unless line 12 returns". The
// line is where the statement is now at whose condition the function returns.
func (c *Candidate) Stays(exitLine int) string {
	switch {
	case c.Runs == Seldom:
		return "only " + c.Where
	case c.ExitLine > 0:
		return fmt.Sprintf("unless line %d returns", exitLine)
	}
	return c.Where
}

// estimate says of a candidate how often its region runs, and where.
func (f *function) estimate(c *Candidate, r *region) {
	way := f.wayTo(r)
	cold := r.cold
	for _, b := range way {
		cold = cmp.Or(b.cold, cold) // the innermost tells most
	}
	if cold != "" {
		c.Runs, c.Where = Seldom, "where "+cold
		return
	}
	if falls, leaves := f.avoids(f.decl.Body.List, r); !falls && !leaves {
		c.Runs = Always
		return
	}
	c.Runs, c.Where = Unknown, "on some paths"
	if len(way) > 0 {
		c.Where = way[len(way)-1].where
		return
	}
	if exit := f.lastExit(r); exit != nil {
		if why := f.coldCondition(exit.Cond, false, nil); why != "" {
			c.Runs, c.Where = Seldom, "where "+why
			return
		}
		c.Exit, c.ExitLine, c.Where = f.offset(exit.Pos()), f.line(exit.Pos()), ""
	}
}

// A step is a branch on the way to a region.
type step struct {
	cold  string // what tells that it seldom runs
	where string
}

// wayTo lists the branches in which a region stands, the outermost first.
func (f *function) wayTo(r *region) (way []step) {
	at := r.list[0].Pos()
	in := func(n ast.Node) bool { return n != nil && n.Pos() <= at && at < n.End() }
	ast.Inspect(f.decl.Body, func(n ast.Node) bool {
		if !in(n) {
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.IfStmt:
			cond := f.brief(n.Cond)
			switch els, isBlock := n.Else.(*ast.BlockStmt); {
			case in(n.Body):
				way = append(way, step{f.coldBranch(n.Cond, true, n.Body.List), "where " + cond})
			case isBlock && in(els):
				way = append(way, step{f.coldBranch(n.Cond, false, els.List), "unless " + cond})
			}
		case *ast.CaseClause:
			where := "in the default case"
			if len(n.List) > 0 {
				where = "in case " + f.brief(n.List[0])
			}
			way = append(way, step{f.coldBranch(nil, true, n.Body), where})
		case *ast.CommClause:
			way = append(way, step{f.coldBranch(nil, true, n.Body), "in a case of a select"})
		}
		return true
	})
	return way
}

// brief is the source of an expression, cut if it is long.
func (f *function) brief(e ast.Expr) string {
	text := []rune(strings.Join(strings.Fields(f.source(e)), " "))
	if len(text) > 40 {
		text = append(text[:39], '…')
	}
	return string(text)
}

// lastExit returns the last statement before a region at whose condition the function
// returns, for a reason that does not look cold; nil if there is none.
func (f *function) lastExit(r *region) (last *ast.IfStmt) {
	for _, s := range f.decl.Body.List {
		if s == r.list[0] {
			break
		}
		if cond, ok := s.(*ast.IfStmt); ok && f.returns(cond) {
			last = cond
		}
	}
	return last
}

// returns reports whether a branch of an if returns, for a reason that does not look
// cold.
func (f *function) returns(s *ast.IfStmt) bool {
	_, leaves := f.avoids([]ast.Stmt{s}, nil)
	return leaves
}

// avoids reports whether there is a way through statements that does not come to a
// region and does not look cold: falls, to their end; leaves, by a return.
func (f *function) avoids(list []ast.Stmt, r *region) (falls, leaves bool) {
	for _, s := range list {
		if r != nil && s == r.list[0] {
			return false, leaves
		}
		on, out := f.avoidsOne(s, r)
		leaves = leaves || out
		if !on {
			return false, leaves
		}
	}
	return true, leaves
}

func (f *function) avoidsOne(s ast.Stmt, r *region) (falls, leaves bool) {
	switch s := s.(type) {
	case *ast.ReturnStmt:
		return false, f.coldEnd(nil, []ast.Stmt{s}) == ""
	case *ast.ExprStmt:
		return !f.panics(s), false
	case *ast.BlockStmt:
		return f.avoids(s.List, r)
	case *ast.LabeledStmt:
		return f.avoidsOne(s.Stmt, r)
	case *ast.IfStmt:
		return f.avoidsIf(s, r)
	case *ast.ForStmt:
		return f.avoidsLoop(s.Body, r, s.Cond != nil || breaksOut(s.Body, "", true))
	case *ast.RangeStmt:
		return f.avoidsLoop(s.Body, r, true)
	case *ast.SwitchStmt:
		return f.avoidsClauses(s.Body, r)
	case *ast.TypeSwitchStmt:
		return f.avoidsClauses(s.Body, r)
	case *ast.SelectStmt:
		return f.avoidsClauses(s.Body, r)
	}
	return true, false
}

func (f *function) avoidsIf(s *ast.IfStmt, r *region) (falls, leaves bool) {
	if f.coldBranch(s.Cond, true, s.Body.List) == "" && !f.guards(s.Cond, s.Body.List) {
		falls, leaves = f.avoids(s.Body.List, r)
	}
	switch e := s.Else.(type) {
	case nil:
		return true, leaves
	case *ast.BlockStmt:
		if f.coldBranch(s.Cond, false, e.List) != "" {
			return falls, leaves
		}
		on, out := f.avoids(e.List, r)
		return falls || on, leaves || out
	default:
		on, out := f.avoidsOne(e, r)
		return falls || on, leaves || out
	}
}

// avoidsLoop looks at a loop, of which the case that it does nothing does not count.
func (f *function) avoidsLoop(body *ast.BlockStmt, r *region, ends bool) (falls, leaves bool) {
	falls, leaves = f.avoids(body.List, r)
	if r != nil && body.Pos() <= r.start && r.start < body.End() {
		return falls, leaves
	}
	return ends, leaves
}

func (f *function) avoidsClauses(body *ast.BlockStmt, r *region) (falls, leaves bool) {
	rest := false // there is a default
	for _, c := range body.List {
		var list []ast.Stmt
		switch c := c.(type) {
		case *ast.CaseClause:
			rest, list = rest || c.List == nil, c.Body
		case *ast.CommClause:
			rest, list = true, c.Body
		}
		if f.coldBranch(nil, true, list) != "" {
			continue
		}
		on, out := f.avoids(list, r)
		falls, leaves = falls || on, leaves || out
	}
	return falls || !rest, leaves
}
