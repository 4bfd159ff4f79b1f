package trial

import (
	"bytes"
	"context"
	"errors"
	"go/ast"
	"go/parser"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
	"github.com/inlinelens/inlinelens/internal/syntax"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// An Adviser works out the advice on functions of one unit. What it has read of the unit
// it keeps.
type Adviser struct {
	s      *session.Session
	u      *load.Unit
	k      *resolve.Linkable
	src    *typecheck.Source // nil before it is needed
	texts  [][]byte          // by file
	pkg    *rewrite.Package
	bodies *bodies
	calls  func() map[string][]*resolve.Site // of functions of the unit, by name within it
	// request is the one that is being answered; nil for lists.
	request *Request
}

// NewAdviser returns an adviser on the functions of a unit, whose verdicts are k.
func NewAdviser(s *session.Session, u *load.Unit, k *resolve.Linkable) *Adviser {
	a := &Adviser{s: s, u: u, k: k}
	a.calls = sync.OnceValue(a.findCalls)
	return a
}

// A Request is what somebody wants of an adviser for one function.
type Request struct {
	// Awaited, if not nil, reports whether somebody waits for the answer: other work on
	// the machine does not come first then.
	Awaited func() bool
	// Costs returns what the function costs if that is known, otherwise nil; it may be nil.
	Costs func() *cost.Breakdown
	// AllCosts has the costs of the unit counted, where a function alone does not tell.
	AllCosts func() (*cost.Breakdown, error)
	// Progress, if not nil, is told how many of the changes that may help were tried.
	Progress func(done, total int)
}

// Advise tries the changes that may help a function. It is not called concurrently. The
// error is ctx's, or that the machine failed.
func (a *Adviser) Advise(ctx context.Context, f *inline.Function, r *Request) (*Advice, error) {
	if why := a.Refusal(f); why != "" {
		return a.newAdvice(f, why), nil
	}
	a.request = r
	if why, err := a.Prepare(ctx); why != "" || err != nil {
		return a.newAdvice(f, why), err
	}
	d := a.bodies.byName[f.Pos]
	ahead := &ahead{}
	var g errgroup.Group
	g.Go(func() error { return a.tryAhead(ctx, f, d, ahead) })
	b, err := a.costs(ctx, f, d, r)
	if err := errors.Join(g.Wait(), err); err != nil {
		return nil, err
	}
	t := a.newTask(f, b)
	ahead.into(t)
	a.progress(0, len(t.tries))
	return t.answer, a.work(ctx, []*task{t}, MostOffers)
}

// costs returns what a function costs, nil if that is not known in parts.
func (a *Adviser) costs(ctx context.Context, f *inline.Function, d *declaration, r *Request) (*cost.Breakdown, error) {
	if r.Costs != nil {
		if b := r.Costs(); b != nil {
			return b, nil
		}
	}
	if d == nil {
		return r.AllCosts()
	}
	run := breakdown.StartFunctionIn(ctx, a.s, a.u, a.src, a.texts, d.FuncDecl)
	defer run.Stop()
	list, err := run.OfAlone(a.k, f, a.src)
	if err != nil {
		return nil, err
	}
	if b := Costliest(list, f); b != nil {
		return b, nil
	}
	return r.AllCosts()
}

// mostAhead is how many changes are tried before it is known whether they are worth it.
const mostAhead = 24

// An ahead has the changes of a function that were tried while its cost was counted.
type ahead struct{ tried [][]*version }

// tryAhead tries changes of a function.
func (a *Adviser) tryAhead(ctx context.Context, f *inline.Function, d *declaration, to *ahead) error {
	if d == nil || d.generic || a.u.PGO != "" || d.Name.Name != linkname.Base(f.Name) {
		return nil
	}
	all, _ := a.pkg.Candidates(d.file.syntax, d.file.text, d.FuncDecl)
	t := &task{answer: &Advice{Function: f}, decl: d}
	var list []trying
	all = rewrite.Ranked(all)
	for _, c := range all[:min(len(all), mostAhead)] {
		versions := versionsOf(c)
		to.tried = append(to.tried, versions)
		for _, v := range versions {
			list = append(list, trying{t, v})
		}
	}
	return a.tell(ctx, list)
}

// into gives a task what is known of its changes.
func (h *ahead) into(t *task) {
	for i, versions := range t.tries {
		c := versions[0].candidate
		at := slices.IndexFunc(h.tried, func(tried []*version) bool {
			o := tried[0].candidate
			return o.Kind == c.Kind && o.Start == c.Start && o.End == c.End && o.Call == c.Call && len(tried) == len(versions)
		})
		if at >= 0 {
			t.tries[i] = h.tried[at]
		}
	}
}

// progress tells how many changes were tried.
func (a *Adviser) progress(done, total int) {
	if a.request != nil && a.request.Progress != nil {
		a.request.Progress(done, total)
	}
}

// turn waits until there is a core to work on, unless somebody waits for the answer. The
// work has low priority if nobody has asked for it yet.
func (a *Adviser) turn(ctx context.Context) (done func(), low bool, err error) {
	r := a.request
	if r != nil && (r.Awaited == nil || r.Awaited()) {
		return func() {}, false, nil
	}
	if err := a.s.CPU.Acquire(ctx, 1); err != nil {
		return nil, false, err
	}
	return func() { a.s.CPU.Release(1) }, r != nil, nil
}

func (a *Adviser) newAdvice(f *inline.Function, why string) *Advice {
	return &Advice{Package: &a.k.Package, Function: f, Why: why, Calls: len(a.callsOf(f.Name))}
}

// newTask makes the task of a function that is not refused. It has nothing to try where
// the answer says why there are no offers.
func (a *Adviser) newTask(f *inline.Function, b *cost.Breakdown) *task {
	t := &task{answer: a.newAdvice(f, "")}
	if b == nil {
		t.answer.Why = "the parts of its cost are not known"
		return t
	}
	if t.decl = a.bodies.byName[f.Pos]; t.decl == nil || t.decl.Name.Name != linkname.Base(f.Name) {
		t.answer.Why = "it is a function literal, and its cost is not part of the function around it"
		return t
	}
	t.answer.Notes = rewrite.Notes(b)
	t.selection = a.pkg.Select(t.decl.file.syntax, t.decl.file.text, t.decl.FuncDecl, b)
	for _, c := range t.selection.Try {
		t.tries = append(t.tries, versionsOf(c))
	}
	if len(t.tries) > 0 {
		t.certain = make(bodySet).keep(t.decl) && a.u.PGO == ""
		t.copies = !t.decl.generic && a.u.PGO == ""
		t.callers, t.tells = a.callers(f, t.decl)
		t.tells = t.tells && !t.decl.generic && !a.src.Directed
	}
	return t
}

// Refusal says why no change is worth looking for, "" if one is.
func (a *Adviser) Refusal(f *inline.Function) string {
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
		return "its cost is not the reason: " + f.Reason.Message
	}
	return a.uncallable(f)
}

// uncallable says why nothing calls a function whatever it costs; "" if something may.
func (a *Adviser) uncallable(f *inline.Function) string {
	switch name := linkname.Within(a.k.Package.Path, a.k.Package.Name, f.Name); {
	case name == "init", name == "main" && a.k.Package.Name == "main":
		return "only the runtime calls it"
	case name == "_":
		return "nothing can call it"
	case strings.HasSuffix(f.Pos.File, "_test.go") && slices.ContainsFunc([]string{"Test", "Benchmark", "Fuzz", "Example"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) }):
		return "package testing calls it through a function value"
	}
	return ""
}

// Prepare reads the unit with its comments, and types it. Why says why no change can be
// made.
func (a *Adviser) Prepare(ctx context.Context) (why string, err error) {
	if a.src != nil {
		return "", nil
	}
	src, err := a.s.Read(a.u)
	if err != nil {
		return err.Error(), nil
	}
	done, _, err := a.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	a.texts = src.Texts
	src.Files = make([]*ast.File, len(src.Names))
	var g errgroup.Group
	g.SetLimit(a.s.Host.Jobs)
	for i, name := range src.Names {
		g.Go(func() (err error) {
			src.Files[i], err = syntax.ParseFile(src.Fset, name, src.Texts[i], parser.ParseComments|parser.SkipObjectResolution)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err.Error(), nil
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
	a.bodies = newBodies(src, a.texts, a.k)
	return "", nil
}

// takenBeside returns a function that tells whether a name stands in a Go file of
// the unit's directory that is not in the unit: a test, or one for another system.
func takenBeside(u *load.Unit) func(name string) bool {
	words := sync.OnceValue(func() map[string]bool {
		words := make(map[string]bool)
		entries, _ := os.ReadDir(u.Dir) // if it cannot be read, the unit's own names are all there are
		for _, e := range entries {
			file := filepath.Join(u.Dir, e.Name())
			if load.IsGo(file) && !slices.Contains(u.GoFiles, file) {
				if text, err := regular.ReadFile(file); err == nil {
					addWords(words, text)
				}
			}
		}
		return words
	})
	return func(name string) bool { return words()[name] }
}

// addWords adds all that may be an identifier in a text.
func addWords(words map[string]bool, text []byte) {
	for word := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r != '_' && !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if !words[string(word)] {
			words[string(word)] = true
		}
	}
}
