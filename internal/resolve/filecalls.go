package resolve

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// fileCalls are the functions and calls of a file. They are immutable, and hold
// nothing of one type check: the next one may use them too.
type fileCalls struct {
	name     string // of the file
	compiled string // the name by which the compiler speaks of it
	callers  []*caller
	sites    []*rawSite
	// initializer is the caller of the calls outside of functions.
	initializer *caller
	lits        map[token.Pos]*caller
	userArgs    map[string][]userArgs
	generics    []string // the generic functions that it declares
	uses        []genericUse
}

// A finder finds the functions and calls of one file.
type finder struct {
	unit
	found      *fileCalls
	onlyStruct map[*types.Var]*ast.CompositeLit
	changed    map[*types.Var]bool          // see changedVars
	defined    map[*types.Var]definition    // variables and parameters that are functions
	results    map[*ast.CallExpr]definition // of the calls so far
	constant   map[types.Object]bool        // variables with a constant value
	guard      *guard                       // of the statement that is walked

	current *caller
	dead    int    // > 0 in code that the compiler drops
	why     string // says why
	dropped map[ast.Expr]bool
	loop    benchLoop
	stack   []scope
	// deadCode is where the code is that the compiler drops. No piece overlaps another.
	deadCode []codeRange
}

// A codeRange is where a piece of source stands.
type codeRange struct{ from, to token.Pos }

type scope struct {
	current *caller
	dead    int
	why     string
	guard   *guard
}

// inDead walks code that the compiler drops.
func (w *finder) inDead(why string, walk func(), code ...ast.Node) {
	for _, n := range code {
		if n != nil && w.dead == 0 {
			w.deadCode = append(w.deadCode, codeRange{n.Pos(), n.End()})
		}
	}
	old := w.why
	if w.dead == 0 {
		w.why = why
	}
	w.dead++
	walk()
	w.dead--
	w.why = old
}

// find finds the calls of a file.
func (w *unit) find(f *ast.File) *fileCalls {
	in := &finder{
		unit: *w, onlyStruct: onlyStructs(f, w.info), changed: changedVars(f, w.info),
		defined:  make(map[*types.Var]definition),
		results:  make(map[*ast.CallExpr]definition),
		constant: make(map[types.Object]bool),
		found: &fileCalls{
			name:        w.fset.PositionFor(f.Package, false).Filename,
			compiled:    placeOf(w.fset, f.Package).file,
			initializer: &caller{name: "init", fn: -1},
			lits:        make(map[token.Pos]*caller),
			generics:    declaredGenerics(w.info, f),
		},
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			c := in.declare(d)
			if d.Body == nil {
				continue
			}
			if c.dead != "" {
				in.deadCode = append(in.deadCode, codeRange{d.Pos(), d.End()})
			}
			in.in(c, func() {
				f, ok := w.info.Defs[d.Name].(*types.Func)
				if ok {
					in.parameters(c, f.Signature())
				}
				in.stmts(d.Body.List)
				if ok {
					c.settle(f.Signature())
				}
			})
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			// Initializers run in the function init of the package.
			in.in(in.found.initializer, func() { in.varSpecs(d) })
		}
	}
	slices.SortFunc(in.deadCode, func(a, b codeRange) int { return cmp.Compare(a.from, b.from) })
	in.found.uses = in.genericUses(f)
	return in.found
}

func (w *finder) in(c *caller, f func()) {
	w.current, w.dead = c, 0
	if c.dead != "" {
		w.dead, w.why = 1, c.dead
	}
	f()
}

// record notes a call of fun at pos, whose arguments are args.
func (w *finder) record(pos token.Pos, fun ast.Expr, via string, args []Flow) {
	s := &rawSite{
		place:  placeOf(w.fset, pos),
		caller: w.current,
	}
	c := w.classify(fun)
	if via == "range" {
		c = w.rangeCallee(fun)
	}
	s.Pos = w.position(pos)
	s.Via = via
	s.Added = w.written.added[pos]
	if c, ok := w.written.checked[pos]; ok {
		s.Via = c.via
		if c.wrapper.IsValid() {
			s.wrapped = placeOf(w.fset, c.wrapper)
		}
	}
	if w.loop.in == w.current {
		s.loop = w.loop.at
	}
	if w.dead > 0 {
		s.dead = w.why
	}
	s.untyped = c.kind == valueCallee && w.untyped(fun)
	s.Args = c.shapes(w.current.params)
	w.setCallee(s, c)
	if c.dot.IsValid() {
		s.dot, s.typeArgs = placeOf(w.fset, c.dot), printedArgs(c)
	}
	s.Funcs = args
	s.guard = w.guard
	if c.kind == literalCallee || c.kind == valueCallee {
		s.Func = &FuncValue{Flow: w.flow(fun)}
	}
	w.current.calls++
	w.found.sites = append(w.found.sites, s)
}

// untyped reports whether go/types has found no type for what is called.
func (w *finder) untyped(fun ast.Expr) bool {
	t := w.info.TypeOf(fun)
	return t == nil || t == types.Typ[types.Invalid]
}

// rangeCallee is the iterator function of a range clause: seq in "range seq" is
// a value, unless it names a declared function.
func (w *finder) rangeCallee(x ast.Expr) callee {
	switch ast.Unparen(x).(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr, *ast.FuncLit:
		return w.classify(x)
	}
	return callee{kind: valueCallee}
}

// moved returns what was found with the places of declarations where they are now.
func (f *fileCalls) moved(to func(token.Pos) token.Pos) *fileCalls {
	g := *f
	g.sites = slices.Clone(f.sites)
	for i, s := range f.sites {
		if at := to(s.decl); at != s.decl {
			t := *s
			t.decl = at
			g.sites[i] = &t
		}
	}
	return &g
}

// join adds a file's functions and calls to those that are to be decided, which
// changes them: they are copies.
func (w *walker) join(f *fileCalls) {
	w.files[f.compiled] = true
	if w.initializer == nil {
		w.initializer = &caller{name: f.initializer.name, fn: f.initializer.fn}
	}
	// The literals of all initializers are numbered through.
	before := w.initializer.literals
	w.initializer.literals += f.initializer.literals
	calls := w.initializer.calls
	w.initializer.calls += f.initializer.calls
	copies := map[*caller]*caller{nil: nil, f.initializer: w.initializer}
	for _, c := range f.callers { // a caller comes before those inside
		d := *c
		d.parent = copies[c.parent]
		if d.parent == w.initializer {
			d.number += before
		}
		if d.isInit {
			d.name = "init." + strconv.Itoa(w.inits)
			w.inits++
		}
		copies[c] = &d
		w.callers = append(w.callers, &d)
	}
	for at, c := range f.lits {
		w.lits[at] = copies[c]
	}
	first := len(w.sites)
	sites := make([]rawSite, len(f.sites))
	w.sites = slices.Grow(w.sites, len(f.sites))
	for i, s := range f.sites {
		sites[i] = *s
		sites[i].caller = copies[s.caller]
		sites[i].first = first
		if s.caller == f.initializer {
			sites[i].countFrom(calls)
		}
		w.sites = append(w.sites, &sites[i])
	}
}
