package engine

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/advice"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// Advice is which changes would make a function inlinable. Each was compiled.
type Advice struct {
	Package  *inline.Package // its unit, without calls
	Function *inline.Function
	Calls    int // of the function, in its unit
	// Offers are the changes that the compiler has confirmed, the best one first.
	Offers []Offer
	Tried  int // changes that were compiled, those that did not help included
	// Why says why there are no offers; "" if there are some.
	Why     string
	Notes   []string         // what no change takes away, in sentences
	Refused []advice.Refusal // places that might have moved, had they not
}

// An Offer is one change after which the compiler can inline the function.
type Offer struct {
	advice.Candidate
	File string // that the edits are of
	Text []byte // of the file, before them
	Cost int    // of the function with the change
	// Budget is what Cost was measured against.
	Budget int
	// Inlined is how many of the calls in the function's unit the compiler then
	// inlines. Those of other packages were not compiled.
	Inlined int
	// Elsewhere is the gain in other packages; nil if it was not tried.
	Elsewhere *Gain
}

// mostOffers is how many changes are offered for one function.
const mostOffers = 3

// Advise loads patterns and calls emit with the advice on each function of the
// packages that is wanted, one after another. Errors are those of Run.
func (e *Engine) Advise(ctx context.Context, cfg load.Config, patterns []string, wanted func(*inline.Package, *inline.Function) bool, emit func(*Advice) error) error {
	l, err := e.begin(ctx, cfg, patterns)
	if err != nil {
		return err
	}
	defer l.end()
	s, err := l.session()
	if err != nil {
		return err
	}
	defer s.close()
	for _, u := range s.roots {
		if err := s.adviseUnit(ctx, u, wanted, emit); err != nil {
			return err
		}
	}
	return l.ended(s, nil)
}

func (s *session) adviseUnit(ctx context.Context, u *load.Unit, wanted func(*inline.Package, *inline.Function) bool, emit func(*Advice) error) error {
	r, err := s.local(ctx, u)
	if err != nil || r.linkable == nil {
		return err
	}
	p := &r.linkable.Package
	var functions []*inline.Function
	for i := range p.Functions {
		if wanted(p, &p.Functions[i]) {
			functions = append(functions, &p.Functions[i])
		}
	}
	if len(functions) == 0 {
		return nil
	}
	costs, err := s.costs(ctx, u)
	if err != nil {
		return err
	}
	a := s.adviser(u, r.linkable)
	for _, f := range functions {
		answer, err := a.advise(ctx, f, dearest(costs.Functions, f))
		if err != nil {
			return err
		}
		if err := emit(answer); err != nil {
			return err
		}
	}
	return nil
}

// dearest returns the breakdown of a function, of several instances the one that
// costs most; nil if there is none. A nil function stands for all that are listed.
func dearest(list []FunctionCosts, f *inline.Function) (b *cost.Breakdown) {
	for _, c := range list {
		if (f == nil || c.Function == f) && (b == nil || c.Cost > b.Cost) {
			b = c.Breakdown
		}
	}
	return b
}

// An adviser works out the advice on functions of one unit, one at a time.
type adviser struct {
	s     *session
	u     *load.Unit
	k     *resolve.Linkable
	src   *source           // nil before it is needed
	texts map[string][]byte // by file
	pkg   *advice.Package
}

func (s *session) adviser(u *load.Unit, k *resolve.Linkable) *adviser {
	return &adviser{s: s, u: u, k: k}
}

// advise tries the changes that may help a function, going by its costs. The
// error is ctx's, or that the machine failed.
func (a *adviser) advise(ctx context.Context, f *inline.Function, b *cost.Breakdown) (*Advice, error) {
	answer := &Advice{Package: &a.k.Package, Function: f}
	answer.Calls, _ = countCalls(a.k, f.Name)
	if answer.Why = a.hopeless(f); answer.Why == "" && b == nil {
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
	answer.Notes = advice.Notes(b)
	text := a.texts[f.Pos.File]
	candidates, refused := a.pkg.Feasible(file, text, decl, b)
	answer.Refused = refused
	var least *inline.Function // of those that do not help
	for _, c := range candidates {
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
		answer.Why = "no part of it that can be moved costs enough"
	}
	return answer, nil
}

// hopeless says why no change is worth looking for, "" if one is.
func (a *adviser) hopeless(f *inline.Function) string {
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
	for _, file := range a.src.files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				if at := a.src.fset.Position(d.Name.Pos()); at.Filename == f.Pos.File && at.Line == f.Pos.Line && at.Column == f.Pos.Col {
					return file, d, "", nil
				}
			}
		}
	}
	return nil, nil, "it is a function literal, whose cost does not count in the function around it", nil
}

// parse reads the unit with its comments, and types it.
func (a *adviser) parse(ctx context.Context) (why string, err error) {
	src, err := read(a.u, a.s.cfg.Overlay)
	if err != nil {
		return err.Error(), nil
	}
	if err := a.s.cpu.Acquire(ctx, 1); err != nil {
		return "", err
	}
	defer a.s.cpu.Release(1)
	a.texts = make(map[string][]byte)
	for i, name := range src.names {
		a.texts[name] = src.texts[i]
		file, err := parser.ParseFile(src.fset, name, src.texts[i], parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err.Error(), nil
		}
		src.files = append(src.files, file)
	}
	src.world = a.s.types.acquire(false) // it is kept while the adviser is
	if errs := a.s.checkTypes(a.u, src); len(errs) > 0 {
		return errs[0].Error(), nil
	}
	a.src = src
	a.pkg = &advice.Package{
		Fset: src.fset, Files: src.files, Types: src.pkg, Info: src.info, Sizes: a.s.types.sizes,
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
				if isGo(file) && !slices.Contains(u.GoFiles, file) {
					if text, err := os.ReadFile(file); err == nil {
						others = append(others, text)
					}
				}
			}
		}
		return slices.ContainsFunc(others, func(text []byte) bool { return bytes.Contains(text, []byte(name)) })
	}
}

// tried says that no change helps, and what the function costs with the one that comes
// nearest; nil if the compiler names no cost with any of them.
func tried(n int, least *inline.Function) string {
	what, best := fmt.Sprintf("%d changes were compiled", n), "with the best of them "
	if n == 1 {
		what, best = "one change was compiled", ""
	}
	if least == nil {
		return what + " and did not help"
	}
	return fmt.Sprintf("%s: %sit would still cost %d/%d", what, best, least.Cost, least.Budget)
}

// try has a change compiled, and returns it as an offer if it makes the function
// inlinable, otherwise the function as it is then; nil if the change does not compile.
func (a *adviser) try(ctx context.Context, c advice.Candidate, f *inline.Function) (*Offer, *inline.Function, error) {
	k, err := a.compile(ctx, f.Pos.File, &c)
	if k == nil || err != nil {
		return nil, nil, err
	}
	local := nameWithin(&k.Package, f.Name)
	now := k.Function(local)
	if now != nil && !now.Inlinable && inlinedBack(k, c.Name) {
		c = c.WithNoinline()
		if k, err = a.compile(ctx, f.Pos.File, &c); k == nil || err != nil {
			return nil, nil, err
		}
		now = k.Function(local)
	}
	if now == nil || !now.Known || !now.Inlinable {
		return nil, now, nil
	}
	o := &Offer{Candidate: c, File: f.Pos.File, Text: a.texts[f.Pos.File], Cost: now.Cost, Budget: now.Budget}
	_, o.Inlined = countCalls(k, f.Name)
	return o, now, nil
}

// inlinedBack reports whether a new function can be inlined.
func inlinedBack(k *resolve.Linkable, name string) bool {
	for i := range k.Package.Functions {
		f := &k.Package.Functions[i]
		if name != "" && f.Inlinable && strings.HasSuffix(f.Name, "."+name) {
			return true
		}
	}
	return false
}

// compile compiles the unit with a change; it returns nil if that does not compile,
// which would be a bug in the change.
func (a *adviser) compile(ctx context.Context, file string, c *advice.Candidate) (*resolve.Linkable, error) {
	t := a.s.overlaid(file, advice.Apply(a.texts[file], c.Edits))
	defer t.close()
	local, errs, err := t.compile(ctx, a.u)
	if err != nil {
		return nil, err
	}
	if len(errs) > 0 {
		a.s.engine.log.Error("a change that was to be advised does not compile",
			zap.String("file", file), zap.Int("line", c.Line), zap.String("kind", string(c.Kind)), zap.String("error", errs[0].Message))
		return nil, nil
	}
	return resolve.NewLinkable(local), nil
}

// overlaid returns a session on the same load with another text of a file. It keeps
// nothing.
func (s *session) overlaid(file string, text []byte) *session {
	cfg := s.cfg
	cfg.Overlay = withText(cfg.Overlay, file, text)
	t := newSession(s.engine, cfg, s.compiler.Toolchain, &load.Result{}, s.flags)
	t.compiler, t.types, t.units, t.roots = s.compiler, s.types, s.units, s.roots
	t.cpu, t.jobs, t.timeout, t.unhurried = s.cpu, s.jobs, s.timeout, s.unhurried
	t.intrinsicPackages = s.intrinsicPackages
	return t
}

// withText returns an overlay with one more text.
func withText(overlay map[string][]byte, file string, text []byte) map[string][]byte {
	more := make(map[string][]byte, len(overlay)+1)
	maps.Copy(more, overlay)
	more[file] = text
	return more
}

// countCalls counts the calls of a function in a unit, and those of them that were
// inlined.
func countCalls(k *resolve.Linkable, function string) (calls, inlined int) {
	name := nameWithin(&k.Package, function)
	for i := range k.Sites {
		site := &k.Sites[i]
		if site.Pkg != k.Package.Path || withoutTypeArgs(site.Name) != name {
			continue
		}
		calls++
		if !site.Pending && site.Status == inline.StatusInlined {
			inlined++
		}
	}
	return calls, inlined
}
