// Package explain finds a function by its name or by a place, and says what is known of
// it: its verdict, its cost by part, and its callers.
//
// It looks in what was loaded already, and prints nothing. It knows nothing of the
// language server protocol.
package explain

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/similar"
)

// An Explanation is what is known of one function, and of who calls it.
type Explanation struct {
	Package  *inline.Package // its unit, without calls; if it has Errors, nothing else is there
	Function *inline.Function
	// Costs has the function's cost, or that of each instance; it is empty where
	// the compiler has none, as for functions without a body.
	Costs []breakdown.FunctionCosts
	// Calls are the calls of the function in its own unit. Where they were inlined
	// they do not say what the inlined body calls.
	Calls []inline.Call
	// Call is the call that the query's place is on. If its callee is known,
	// Function is the callee, otherwise the function around the call.
	Call *inline.Call
}

// Function finds the function that q asks for in what was loaded of a pattern, and takes
// its cost apart. Before a package is compiled, compiling is called with its path. Errors
// are those of the load and of its packages, and *NotFoundError.
func Function(ctx context.Context, l *session.Loading, pattern string, q Query, compiling func(path string)) (x *Explanation, err error) {
	err = l.Do(ctx, func(ctx context.Context, s *session.Session, _ func(context.Context) error) (err error) {
		x, err = inSession(ctx, s, q, compiling)
		return err
	})
	excluded(l, q, pattern, err)
	return x, err
}

// excluded adds to an error why the file of a query is not in the package.
func excluded(l *session.Loading, q Query, pattern string, err error) {
	var unknown *NotFoundError
	if !errors.As(err, &unknown) || unknown.Why == "" || q.Name != "" || l.Ctx.Err() != nil {
		return
	}
	result := l.Result
	if l.Recalled { // it lacks what only a load knows
		var failed error
		if result, failed = load.Load(l.Ctx, l.Config, pattern); failed != nil {
			return
		}
	}
	if why, ok := result.Excluded(q.At.File); ok {
		unknown.Why = fmt.Sprintf("%s is not compiled; it is %s", q.At.File, why.Message)
	}
}

// inSession looks for the function in the roots of a session.
func inSession(ctx context.Context, s *session.Session, q Query, compiling func(path string)) (*Explanation, error) {
	roots := s.Roots
	if q.Name == "" {
		roots = slices.DeleteFunc(slices.Clone(roots), func(u *load.Unit) bool { return !slices.Contains(u.GoFiles, q.At.File) })
		if len(roots) == 0 {
			return nil, notCompiled(q, s.Roots)
		}
	}
	compiling(roots[0].Path)
	var first error
	for _, u := range roots {
		x, err := inUnit(ctx, s, u, q)
		var unknown *NotFoundError
		if !errors.As(err, &unknown) || unknown.Ambiguous {
			return x, err
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// notCompiled says that the file of a query is in none of the roots.
func notCompiled(q Query, roots []*load.Unit) error {
	e := &NotFoundError{Query: q, Why: fmt.Sprintf("%s is not a Go file of the package in its directory", q.At.File)}
	if _, err := os.Stat(q.At.File); err != nil {
		e.Why = fmt.Sprintf("there is no file %s", q.At.File)
		near := similar.New(filepath.Base(q.At.File))
		for _, u := range roots {
			for _, file := range u.GoFiles {
				near.Add(filepath.Base(file))
			}
		}
		e.Near = near.Names()
	}
	return e
}

// inUnit looks for the function in a unit.
func inUnit(ctx context.Context, s *session.Session, u *load.Unit, q Query) (*Explanation, error) {
	begun, left := beginCount(ctx, s, u, q)
	if begun != nil {
		defer begun.Stop()
	}
	k, err := session.Result(ctx, s, session.Inlining, u)
	if wrong, ok := session.WrongWith(err); ok {
		return &Explanation{Package: s.Broken(u, wrong.Errors)}, nil
	}
	if err != nil {
		return nil, err
	}
	f, typeArgs, err := q.function(&k.Package)
	if err != nil {
		return nil, err
	}
	at := found{u, k, f}
	var call *inline.Call
	if site := siteAt(s, k, q); site != nil {
		if call, at, err = calleeOf(ctx, s, at, site); err != nil {
			return nil, err
		}
	}
	if at.unit != u {
		begun, left = nil, nil
	}
	calls, err := callsWithin(ctx, s, at)
	if err != nil {
		return nil, err
	}
	list, err := breakdown.OfFunction(ctx, s, at.unit, at.function, begun, left)
	if err != nil {
		return nil, err
	}
	costs := slices.DeleteFunc(breakdown.Join(at.unit, at.linkable, list), func(c breakdown.FunctionCosts) bool { return c.Function != at.function })
	x := &Explanation{Package: &at.linkable.Package, Function: at.function, Costs: costs, Calls: calls, Call: call}
	return x, x.only(q, typeArgs)
}

// A found is a function, with the unit that it is in and what is known of that.
type found struct {
	unit     *load.Unit
	linkable *resolve.Linkable
	function *inline.Function
}

// calleeOf returns the call at a site, and its callee; where that is not known, the
// function around the call.
func calleeOf(ctx context.Context, s *session.Session, around found, site *resolve.Site) (*inline.Call, found, error) {
	calls, err := link(ctx, s, around, *site)
	if err != nil {
		return nil, around, err
	}
	callee := s.UnitsByPath(around.unit)[site.Pkg]
	if callee == nil {
		return &calls[0], around, nil
	}
	other, err := session.Result(ctx, s, session.Inlining, callee)
	if _, wrong := session.WrongWith(err); err != nil && !wrong {
		return nil, around, err
	}
	if err == nil {
		if f := other.Function(site.Name); f != nil {
			return &calls[0], found{callee, other, f}, nil
		}
	}
	return &calls[0], around, nil
}

// beginCount begins to count the cost that is asked for where the unit is compiled
// for its verdicts anyway. Nothing is begun where those are kept.
func beginCount(ctx context.Context, s *session.Session, u *load.Unit, q Query) (*breakdown.FunctionRun, *future.Future[*session.Compiled]) {
	key, err := s.Key(u)
	if err != nil || u.Files == nil || len(u.Errors) > 0 || s.Host.Store.Has(key) {
		return nil, nil
	}
	return breakdown.StartFunction(ctx, s, u, q.declaration), s.Watch(u)
}

// only drops the instances that a query does not mean.
func (x *Explanation) only(q Query, typeArgs string) error {
	if typeArgs == "" || typeArgs == "..." {
		return nil
	}
	shape := typeArgs
	name := linkname.Generic(linkname.Within(x.Package.Path, x.Package.Name, x.Function.Name))
	e := &NotFoundError{Query: q, Package: x.Package.Path, Why: fmt.Sprintf("package %s has no instance %s: instances are compiled where they are used", x.Package.Path, q.Name)}
	for i := range x.Function.Instances {
		in := &x.Function.Instances[i]
		if slices.Equal(in.TypeArgs, strings.Split(strings.ReplaceAll(typeArgs, " ", ""), ",")) {
			shape = in.Shape
		}
		if near := name + "[" + cmp.Or(strings.Join(in.TypeArgs, ","), in.Shape) + "]"; !slices.Contains(e.Near, near) {
			e.Near = append(e.Near, near)
		}
	}
	x.Costs = slices.DeleteFunc(x.Costs, func(c breakdown.FunctionCosts) bool {
		_, args := plainName(c.Breakdown.Function)
		return args != shape
	})
	if len(x.Costs) == 0 {
		e.Near = e.Near[:min(len(e.Near), mostNear)]
		return e
	}
	return nil
}

// siteAt returns the call that the query's place is on; nil for none.
func siteAt(s *session.Session, k *resolve.Linkable, q Query) *resolve.Site {
	if q.Name != "" || q.At.Col == 0 {
		return nil
	}
	text, ok := s.Config.Overlay[q.At.File]
	if !ok {
		var err error
		if text, err = regular.ReadFile(q.At.File); err != nil {
			return nil
		}
	}
	number := 0
	for line := range bytes.Lines(text) {
		if number++; number < q.At.Line {
			continue
		}
		for i := range k.Sites {
			if onCall(&k.Sites[i].Call, q.At, line) {
				return &k.Sites[i]
			}
		}
		break
	}
	return nil
}

// onCall reports whether a place is on a call: on its "(", or on the identifier
// before that in the text of the line.
func onCall(c *inline.Call, at inline.Position, line []byte) bool {
	if c.Pos.File != at.File || c.Pos.Line != at.Line || c.Via == "range" {
		return false
	}
	begin := min(c.Pos.Col, len(line)+1)
	for begin > 1 && isWordByte(line[begin-2]) {
		begin--
	}
	return begin <= at.Col && at.Col <= c.Pos.Col
}

func isWordByte(c byte) bool {
	return c == '_' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c >= 0x80
}

// callsWithin returns the calls of a function in its own unit.
func callsWithin(ctx context.Context, s *session.Session, at found) ([]inline.Call, error) {
	k := at.linkable
	name := linkname.Generic(linkname.Within(k.Package.Path, k.Package.Name, at.function.Name))
	var sites []resolve.Site
	for _, site := range k.Sites {
		if site.Pkg == k.Package.Path && site.Name == name {
			sites = append(sites, site)
		}
	}
	return link(ctx, s, at, sites...)
}

// link returns the calls at sites of a unit. Only those on which the compiler was silent
// are linked; the others lack what inlined bodies call.
func link(ctx context.Context, s *session.Session, at found, sites ...resolve.Site) ([]inline.Call, error) {
	silent := *at.linkable.Local
	silent.Sites = nil
	var calls []inline.Call
	for _, site := range sites {
		if site.Pending {
			silent.Sites = append(silent.Sites, site)
		} else {
			calls = append(calls, site.Call)
		}
	}
	if len(silent.Sites) > 0 {
		facts := &session.Facts{Session: s, Ctx: ctx, Units: s.UnitsByPath(at.unit)}
		calls = append(calls, resolve.NewLinkable(&silent).Link(facts).Calls...)
		if facts.Err != nil {
			return nil, facts.Err
		}
	}
	slices.SortStableFunc(calls, func(a, b inline.Call) int { return a.Pos.Compare(b.Pos) })
	return calls, nil
}
