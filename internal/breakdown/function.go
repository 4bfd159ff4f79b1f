package breakdown

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// This file counts the cost of one function. To print the trees of a package
// takes the compiler several times longer than to inline it. So one compile says
// what there is to say of the package's functions, and beside it another prints
// the one tree, of texts in which all other functions are empty.

// A FunctionRun is the work on the cost of one function, before it is over. It must be
// stopped.
type FunctionRun struct {
	session *session.Session
	Unit    *load.Unit
	rules   cost.Rules
	facts   *costFacts

	cancel context.CancelFunc
	once   sync.Once // of facts.typed

	found chan struct{} // closed when decl is there
	decl  *targetDecl   // nil if the function has no tree of its own
	work  errgroup.Group
	trees []*cost.TreeCost // of decl and of the literals in it; nil if its text alone does not compile
}

// A targetDecl is the declaration whose body is compiled.
type targetDecl struct {
	file        string
	first, last int    // lines
	name        string // as trees have it
}

// has reports whether a place is in the declaration.
func (d *targetDecl) has(p inline.Position) bool {
	return d != nil && d.file == p.File && d.first <= p.Line && p.Line <= d.last
}

// matches reports whether a tree is the declaration's, or that of a literal in it.
func (d *targetDecl) matches(name string) bool {
	rest, ok := strings.CutPrefix(name, d.name)
	return ok && (rest == "" || rest[0] == '.' || strings.HasPrefix(rest, "-range"))
}

// StartFunction begins to read the tree of the declaration that find picks.
func StartFunction(ctx context.Context, s *session.Session, u *load.Unit, find func(*typecheck.Source) *ast.FuncDecl) *FunctionRun {
	a := newFunctionRun(ctx, s, u)
	a.work.Go(func() error {
		return session.Guarded(s.Host.Log, u.ID, func() error { return a.read(a.facts.Ctx, find) })
	})
	return a
}

func newFunctionRun(ctx context.Context, s *session.Session, u *load.Unit) *FunctionRun {
	ctx, cancel := context.WithCancel(ctx)
	tc := s.Compiler.Toolchain
	return &FunctionRun{
		session: s, Unit: u, cancel: cancel, found: make(chan struct{}),
		rules: cost.Rules{Release: tc.Release(), GOARCH: tc.GOARCH, Package: u.LinkPath, Name: u.Name, Heavy: u.HeavyInlining()},
		facts: &costFacts{Facts: session.Facts{Session: s, Ctx: ctx, Units: s.UnitsByPath(u)}, unit: u, typed: make(chan struct{})},
	}
}

// StartFunctionIn begins to read the tree of a declaration of a unit that was read and
// parsed already, with its texts in the order of its files.
func StartFunctionIn(ctx context.Context, s *session.Session, u *load.Unit, src *typecheck.Source, texts [][]byte, keep *ast.FuncDecl) *FunctionRun {
	a := newFunctionRun(ctx, s, u)
	a.work.Go(func() error {
		return session.Guarded(s.Host.Log, u.ID, func() error {
			found := sync.OnceFunc(func() { close(a.found) })
			defer found()
			return a.dump(a.facts.Ctx, src, texts, keep, found)
		})
	})
	return a
}

// Stop ends the work.
func (a *FunctionRun) Stop() {
	a.cancel()
	a.types(&layout{pkg: types.NewPackage("", "")})
	_ = a.work.Wait() // breakdowns returns the error
}

// types lets the work go on that has to know where fields lie.
func (a *FunctionRun) types(l *layout) {
	a.once.Do(func() {
		a.facts.layout = l
		close(a.facts.typed)
	})
}

// read has the declaration's tree printed.
func (a *FunctionRun) read(ctx context.Context, find func(*typecheck.Source) *ast.FuncDecl) error {
	found := sync.OnceFunc(func() { close(a.found) })
	defer found()
	s, u := a.session, a.Unit
	src, err := s.Read(u)
	if err != nil {
		return nil // its compile says so
	}
	texts := src.Texts
	if !src.Parse() {
		return nil
	}
	keep := find(src)
	if keep == nil {
		return nil
	}
	return a.dump(ctx, src, texts, keep, found)
}

// dump has the tree of a declaration printed. It calls found when the declaration is
// known to have one of its own.
func (a *FunctionRun) dump(ctx context.Context, src *typecheck.Source, texts [][]byte, keep *ast.FuncDecl, found func()) error {
	s, u := a.session, a.Unit
	name := TreeName(keep)
	alone, ok := emptied(src, u, texts, keep)
	if !ok || name == "" {
		return nil
	}
	begin, end := src.Fset.Position(keep.Pos()), src.Fset.Position(keep.End())
	a.decl = &targetDecl{file: begin.Filename, first: begin.Line, last: end.Line, name: name}
	found()
	dir, err := s.Host.Temp.Mkdir("alone_*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	job, cleanup, err := s.Job(u)
	defer cleanup()
	if err != nil {
		return err
	}
	job.Replace = make(map[string]string, len(alone))
	for i, text := range alone {
		file := filepath.Join(dir, fmt.Sprintf("%d_%s", i, filepath.Base(src.Names[i])))
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return err
		}
		job.Replace[src.Names[i]] = file
	}
	var trees []*cost.TreeCost
	out, err := s.Compiler.Dump(ctx, job, remark.TreeRequest{
		Filter: a.decl.matches,
		Tree:   func(t *remark.Tree) { trees = append(trees, cost.Count(t, a.rules, a.facts)) },
		Remark: func(remark.Remark) {}, // of other texts
	})
	if err != nil {
		return err
	}
	if len(out.Errors) > 0 {
		s.Host.Log.Debug("a function alone does not compile", zap.String("package", u.Path), zap.String("function", name), zap.String("error", out.Errors[0].Message))
		return nil
	}
	a.trees = trees
	return nil
}

// breakdowns returns the costs of the declaration and of the literals in it. It
// reports false if they are not to be had in this way.
func (a *FunctionRun) breakdowns(b *session.Compiled) ([]*cost.Breakdown, bool, error) {
	a.types(newLayout(b.Src))
	var crash *gc.CompilerError
	if err := a.work.Wait(); err != nil && !errors.As(err, &crash) {
		return nil, false, err
	}
	if len(a.trees) == 0 {
		return nil, false, nil
	}
	collector := cost.NewCollector(a.rules)
	for _, r := range costRemarks(b.Remarks) {
		collector.AddRemark(r)
	}
	for _, tree := range a.trees {
		collector.AddTree(tree)
	}
	list := collector.Breakdowns(a.facts)
	return list, true, a.facts.Err
}

// TreeName is the name of a declaration's tree; "" for those that others can have
// too.
func TreeName(d *ast.FuncDecl) string {
	name := d.Name.Name
	if name == "_" || name == "init" && d.Recv == nil {
		return ""
	}
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return name
	}
	switch t := ast.Unparen(d.Recv.List[0].Type).(type) {
	case *ast.Ident:
		return t.Name + "." + name
	case *ast.StarExpr:
		if t, ok := ast.Unparen(t.X).(*ast.Ident); ok {
			return "(*" + t.Name + ")." + name
		}
	}
	return ""
}

// DeclarationAt returns the declaration around a place; nil for none.
func DeclarationAt(src *typecheck.Source, at inline.Position) *ast.FuncDecl {
	for _, f := range src.Files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				first, last := src.Fset.Position(d.Pos()), src.Fset.Position(d.End())
				if first.Filename == at.File && first.Line <= at.Line && at.Line <= last.Line {
					return d
				}
			}
		}
	}
	return nil
}

// OfAlone returns the cost of a function of which the tree is being read, and of the
// literals in it, going by verdicts on the unit. That is for who wants to know what is
// worth a try: where functions call each other in a circle, the compiler may count another
// cost of a callee. Src has the unit's types. The result is nil if the function's text
// alone does not tell.
func (a *FunctionRun) OfAlone(k *resolve.Linkable, f *inline.Function, src *typecheck.Source) ([]FunctionCosts, error) {
	b := &session.Compiled{Src: src}
	verdict := func(fn *inline.Function) {
		r := remark.Remark{
			Kind: remark.CanInline, File: fn.Pos.File, Line: fn.Pos.Line, Col: fn.Pos.Col,
			Name: linkname.Within(k.Package.Path, k.Package.Name, fn.Name), Cost: fn.Cost, Budget: fn.Budget,
		}
		if !fn.Inlinable {
			r.Kind = remark.CannotInline
			if fn.Reason != nil {
				r.Text = fn.Reason.Message
			}
		}
		b.Remarks = append(b.Remarks, r)
	}
	for i := range k.Package.Functions {
		if fn := &k.Package.Functions[i]; fn.Known && fn != f {
			verdict(fn)
		}
	}
	verdict(f) // the last one: what it calls was counted before
	list, ok, err := a.breakdowns(b)
	if !ok || err != nil {
		return nil, err
	}
	return Join(a.Unit, k, list), nil
}

// OfFunction returns costs among which are those of a function: those that are
// kept, or by having it compiled alone, or if that cannot be done, with the whole
// unit. begun is what has been begun already, left what the unit's compile left;
// both may be nil.
func OfFunction(ctx context.Context, s *session.Session, u *load.Unit, f *inline.Function, begun *FunctionRun, left *future.Future[*session.Compiled]) ([]*cost.Breakdown, error) {
	whole, err := session.KeyOf(s, Layer, u)
	if err != nil || u.Files == nil {
		return session.Result(ctx, s, Layer, u)
	}
	of := keyOfCost(whole, f)
	for _, key := range []session.Key{of, whole} {
		if list, ok := session.Stored(s, Layer, key); ok {
			return list, nil
		}
	}
	if begun != nil {
		<-begun.found
		if !begun.decl.has(f.Pos) {
			begun.Stop()
			begun = nil
		}
	}
	if begun == nil {
		begun = StartFunction(ctx, s, u, func(src *typecheck.Source) *ast.FuncDecl { return DeclarationAt(src, f.Pos) })
		defer begun.Stop()
	}
	<-begun.found
	if begun.decl == nil {
		return session.Result(ctx, s, Layer, u)
	}
	b, err := basisOf(ctx, s, u, left)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return session.Result(ctx, s, Layer, u)
	}
	defer b.Release()
	list, ok, err := begun.breakdowns(b)
	if err != nil {
		return nil, err
	}
	if !ok {
		return session.Result(ctx, s, Layer, u)
	}
	if !s.Edited(u) { // else the key may be that of another text
		session.Save(s, Layer, u, of, list)
	}
	return list, nil
}

// keyOfCost is the key of the costs of a function whose unit's have a key.
func keyOfCost(whole session.Key, f *inline.Function) session.Key {
	return sha256.Sum256(fmt.Appendf(nil, "cost of %x %s:%d:%d", whole, f.Pos.File, f.Pos.Line, f.Pos.Col))
}
