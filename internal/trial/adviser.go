package trial

import (
	"bytes"
	"context"
	"go/ast"
	"go/parser"
	"os"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/syntax"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// An adviser works out the advice on functions of one unit, one at a time.
type adviser struct {
	s     *session.Session
	u     *load.Unit
	k     *resolve.Linkable
	src   *typecheck.Source // nil before it is needed
	texts map[string][]byte // by file
	pkg   *rewrite.Package
}

// NewAdviser returns an adviser on the functions of a unit, whose verdicts are k.
func NewAdviser(s *session.Session, u *load.Unit, k *resolve.Linkable) *adviser {
	return &adviser{s: s, u: u, k: k}
}

// Advise tries the changes that may help a function, going by its costs. The
// error is ctx's, or that the machine failed.
func (a *adviser) Advise(ctx context.Context, f *inline.Function, b *cost.Breakdown) (*Advice, error) {
	answer := &Advice{Package: &a.k.Package, Function: f}
	answer.Calls, _ = countCalls(a.k, f.Name)
	if answer.Why = a.Refusal(f); answer.Why == "" && b == nil {
		answer.Why = "its cost is not known in parts"
	}
	if answer.Why != "" {
		return answer, nil
	}
	file, decl, why, err := a.find(ctx, f)
	if err != nil {
		return nil, err
	}
	if decl == nil {
		answer.Why = why
		return answer, nil
	}
	answer.Notes = rewrite.Notes(b)
	text := a.texts[f.Pos.File]
	selection := a.pkg.Select(file, text, decl, b)
	var least *inline.Function // of those that do not help
	for _, c := range selection.Try {
		if len(answer.Offers) == mostOffers {
			break
		}
		answer.Tried++
		offer, now, err := a.try(ctx, c, f)
		switch {
		case err != nil:
			return nil, err
		case offer != nil:
			answer.Offers = append(answer.Offers, *offer)
		case now != nil && now.Cost > 0 && (least == nil || now.Cost < least.Cost):
			least = now
		}
	}
	switch {
	case len(answer.Offers) > 0:
	case answer.Tried > 0:
		answer.Why = tried(answer.Tried, least)
	default:
		answer.Why = selection.Why
	}
	if len(answer.Offers) == 0 {
		answer.Notes = append(answer.Notes, selection.Notes()...)
	}
	return answer, nil
}

// Refusal says why no change is worth looking for, "" if one is.
func (a *adviser) Refusal(f *inline.Function) string {
	switch {
	case a.u.Cgo:
		return "the package uses cgo, whose files are generated"
	case !f.Known && f.Reason != nil:
		return "it was not compiled: " + f.Reason.Message
	case !f.Known:
		return "it was not compiled"
	case f.Inlinable:
		return "it can be inlined as it is"
	case f.Reason != nil && f.Reason.Code != inline.CodeTooExpensive && f.Reason.Code != inline.CodeUnhandledOp:
		return "what keeps it from being inlined is not its cost: " + f.Reason.Message
	}
	return ""
}

// find returns the declaration of a function in a syntax tree with comments. Why
// says why there is none.
func (a *adviser) find(ctx context.Context, f *inline.Function) (*ast.File, *ast.FuncDecl, string, error) {
	if a.src == nil {
		why, err := a.parse(ctx)
		if why != "" || err != nil {
			return nil, nil, why, err
		}
	}
	for _, file := range a.src.Files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				at := position.Directed(a.src.Fset, d.Name.Pos())
				if at.Filename == f.Pos.File && at.Line == f.Pos.Line && at.Column == f.Pos.Col && d.Name.Name == linkname.Base(f.Name) {
					return file, d, "", nil
				}
			}
		}
	}
	return nil, nil, "it is a function literal, whose cost does not count in the function around it", nil
}

// parse reads the unit with its comments, and types it.
func (a *adviser) parse(ctx context.Context) (why string, err error) {
	src, err := a.s.Read(a.u)
	if err != nil {
		return err.Error(), nil
	}
	if err := a.s.CPU.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer a.s.CPU.Release(1)
	a.texts = make(map[string][]byte)
	for i, name := range src.Names {
		a.texts[name] = src.Texts[i]
		file, err := syntax.ParseFile(src.Fset, name, src.Texts[i], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err.Error(), nil
		}
		src.Files = append(src.Files, file)
	}
	src.Packages = a.s.Checker.Imports.Acquire(false) // it is kept while the adviser is
	if errs := a.s.Checker.Types(a.u, src); len(errs) > 0 {
		return errs[0].Error(), nil
	}
	a.src = src
	a.pkg = &rewrite.Package{
		Fset: src.Fset, Files: src.Files, Types: src.Pkg, Info: src.Info, Sizes: a.s.Checker.Imports.Sizes,
		Taken: takenBeside(a.u),
	}
	return "", nil
}

// takenBeside returns a function that tells whether a name stands in a Go file of
// the unit's directory that is not in the unit: a test, or one for another system.
func takenBeside(u *load.Unit) func(name string) bool {
	var others [][]byte
	read := false
	return func(name string) bool {
		if !read {
			read = true
			entries, _ := os.ReadDir(u.Dir) // if it cannot be read, the unit's own names are all there are
			for _, e := range entries {
				file := filepath.Join(u.Dir, e.Name())
				if load.IsGo(file) && !slices.Contains(u.GoFiles, file) {
					if text, err := regular.ReadFile(file); err == nil {
						others = append(others, text)
					}
				}
			}
		}
		return slices.ContainsFunc(others, func(text []byte) bool { return bytes.Contains(text, []byte(name)) })
	}
}
