package explain

import (
	"cmp"
	"fmt"
	"go/ast"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/similar"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// A Query says which function is asked for: by its name, or by a place.
type Query struct {
	// Name is the function's within its package, as a link name has it or as a
	// user writes it: do, (*Client).do, Client.do, Do.func1, Max[int].
	Name string
	// At is asked for if Name is "". Its File is absolute. With a Col that is on
	// the name or the "(" of a call, the callee is meant; otherwise the innermost
	// function around. Col 0 is the whole line.
	At inline.Position
}

// A NotFoundError says that no function is what a query asks for, or that several
// are.
type NotFoundError struct {
	Query     Query
	Package   string   // the import path in which it was looked for
	Ambiguous bool     // Near are the functions that are meant
	Near      []string // what else could be meant: names within the package, with places where those tell them apart
	Why       string   // "" or what is known of the file
}

func (e *NotFoundError) Error() string {
	var b strings.Builder
	switch {
	case e.Why != "":
		b.WriteString(e.Why)
	case e.Ambiguous:
		fmt.Fprintf(&b, "package %s has several functions %s", e.Package, e.Query.Name)
	case e.Query.Name != "":
		fmt.Fprintf(&b, "package %s has no function %s", e.Package, e.Query.Name)
	default:
		fmt.Fprintf(&b, "there is no function at %s:%d", e.Query.At.File, e.Query.At.Line)
	}
	switch {
	case !e.Ambiguous:
		b.WriteString(similar.DidYouMean(e.Near))
	case len(e.Near) > 0:
		b.WriteString("; name one by its place: " + similar.Or(e.Near))
	}
	return b.String()
}

// function returns the function of the package that is asked for. typeArgs is
// what the query says of the instance, without brackets.
func (q Query) function(p *inline.Package) (f *inline.Function, typeArgs string, err error) {
	if q.Name == "" {
		f := innermost(p, q.At)
		if f == nil {
			return nil, "", &NotFoundError{Query: q, Package: p.Path, Near: neighbours(p, q.At)}
		}
		return f, "", nil
	}
	name, typeArgs := plainName(q.Name)
	var found []*inline.Function
	for i := range p.Functions {
		if plain, _ := plainName(linkname.Within(p.Path, p.Name, p.Functions[i].Name)); plain == name || name == "init" && isInit(plain) {
			found = append(found, &p.Functions[i])
		}
	}
	switch len(found) {
	case 0:
		return nil, "", &NotFoundError{Query: q, Package: p.Path, Near: nearest(p, name)}
	case 1:
		return found[0], typeArgs, nil
	}
	e := &NotFoundError{Query: q, Package: p.Path, Ambiguous: true}
	for _, f := range found {
		e.Near = append(e.Near, fmt.Sprintf("%s:%d", f.Pos.File, f.Pos.Line))
	}
	return nil, "", e
}

// isInit reports whether a name is that of one of a package's init functions, which
// are numbered.
func isInit(plain string) bool {
	number, ok := strings.CutPrefix(plain, "init.")
	return ok && strings.Trim(number, "0123456789") == ""
}

// plainName is a name without what users write or leave out: the marks of a
// receiver, and type arguments, which it returns without brackets.
func plainName(name string) (plain, typeArgs string) {
	return linkname.Plain(name), linkname.TypeArgs(name)
}

// innermost returns the function around a place, nil if there is none. A line
// without a column is in a function literal only if it is between the lines on
// which that begins and ends.
func innermost(p *inline.Package, at inline.Position) *inline.Function {
	var best *inline.Function
	for i := range p.Functions {
		f := &p.Functions[i]
		if f.Pos.File != at.File || !around(f, at, isLiteral(p, f)) {
			continue
		}
		if best == nil || f.Pos.Compare(best.Pos) >= 0 { // later ones are further inside
			best = f
		}
	}
	return best
}

// isLiteral reports whether the function is a literal or the body of a range
// clause, by its name: F.func1, F.func1.2, F-range1.
func isLiteral(p *inline.Package, f *inline.Function) bool {
	name := linkname.Within(p.Path, p.Name, f.Name)
	i := strings.LastIndexByte(name, '.')
	last := name[i+1:]
	if strings.Contains(last, "-range") {
		return true
	}
	last = strings.TrimPrefix(last, "func")
	return i > 0 && last != "" && strings.Trim(last, "0123456789") == ""
}

func around(f *inline.Function, at inline.Position, literal bool) bool {
	end := f.End
	if end.Line == 0 {
		end = f.Pos
	}
	switch {
	case at.Line < f.Pos.Line || at.Line > end.Line:
		return false
	case !literal:
		return at.Col == 0 || at.Line < end.Line || at.Col < end.Col || end.Col == 0
	case at.Col == 0:
		return f.Pos.Line < at.Line && at.Line < end.Line
	}
	return (at.Line > f.Pos.Line || at.Col >= f.Pos.Col) && (at.Line < end.Line || at.Col < end.Col)
}

// neighbours names the functions of the file that are nearest to a line.
func neighbours(p *inline.Package, at inline.Position) []string {
	var list []*inline.Function
	for i := range p.Functions {
		if f := &p.Functions[i]; f.Pos.File == at.File && !isLiteral(p, f) {
			list = append(list, f)
		}
	}
	distance := func(f *inline.Function) int { return max(f.Pos.Line-at.Line, at.Line-f.End.Line) }
	slices.SortStableFunc(list, func(a, b *inline.Function) int { return cmp.Compare(distance(a), distance(b)) })
	var names []string
	for _, f := range list[:min(len(list), 2)] {
		names = append(names, fmt.Sprintf("%s (line %d)", linkname.Within(p.Path, p.Name, f.Name), f.Pos.Line))
	}
	return names
}

// mostNear is how many instances an error offers.
const mostNear = 3

// nearest names the functions of the package whose names are most like one.
func nearest(p *inline.Package, name string) []string {
	s := similar.New(name)
	for i := range p.Functions {
		if f := &p.Functions[i]; !isLiteral(p, f) {
			s.AddFunction(linkname.Within(p.Path, p.Name, f.Name))
		}
	}
	return s.Names()
}

// declaration picks the declaration that a query is about, as far as syntax tells.
func (q Query) declaration(src *typecheck.Source) *ast.FuncDecl {
	if q.Name == "" {
		return breakdown.DeclarationAt(src, q.At)
	}
	name := linkname.Plain(q.Name)
	for _, f := range src.Files {
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Body == nil {
				continue
			}
			plain := linkname.Plain(breakdown.TreeName(d))
			rest, ok := strings.CutPrefix(name, plain)
			if ok && plain != "" && (rest == "" || rest[0] == '.' || rest[0] == '-') {
				return d
			}
		}
	}
	return nil
}
