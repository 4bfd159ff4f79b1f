package resolve

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// An Input is one unit: its syntax, its types, and what the compiler said.
type Input struct {
	Path     string // import path
	LinkPath string // what its link names begin with: Path, but "main" for a command
	Variant  string
	Go       string // toolchain version, "go1.26.8"
	GOOS     string
	GOARCH   string
	Race     bool // -race, -msan or -asan

	Fset    *token.FileSet
	Files   []*ast.File
	Types   *types.Package
	Info    *types.Info // Types, Defs, Uses, Selections, Instances
	Remarks []gc.Remark
	// Probes names the generic functions that are compiled only because the
	// engine asked for an instance (see [Probe]), within the package.
	Probes map[string]bool
}

// A walker is the state of one Resolve.
type walker struct {
	fset     *token.FileSet
	info     *types.Info
	pkg      *types.Package
	path     string
	linkPath string
	index    *index
	probes   map[string]bool

	closureLimits bool // function literals have budgets of their own (Go 1.25)
	keepsLoops    bool // nothing is inlined in a b.Loop body (Go 1.24, 1.25)

	userArgs    map[string][]userArgs
	onlyValue   map[*types.Var]*ast.FuncLit
	lits        map[*ast.FuncLit]*caller
	decls       map[*types.Func]*caller
	functions   []function
	sites       []*rawSite
	inits       int
	initializer *caller
	ownFiles    map[string]bool

	current *caller
	dead    int    // > 0 in code that the compiler drops
	why     string // says why
	dropped map[ast.Expr]bool
	inLoop  *caller
	stack   []state
}

type state struct {
	current *caller
	dead    int
	why     string
}

func (w *walker) inDead(why string, f func()) {
	old := w.why
	if w.dead == 0 {
		w.why = why
	}
	w.dead++
	f()
	w.dead--
	w.why = old
}

// Resolve gives a verdict to every call of a unit, as far as the unit's own
// compile decides it.
func Resolve(in Input) *Local {
	w := &walker{
		fset: in.Fset, info: in.Info, pkg: in.Types, path: in.Path, linkPath: in.LinkPath,
		index:         indexRemarks(in.Remarks),
		probes:        in.Probes,
		closureLimits: atLeast(in.Go, 25),
		keepsLoops:    atLeast(in.Go, 24) && !atLeast(in.Go, 26),
		onlyValue:     onlyValues(in.Files, in.Info),
		lits:          make(map[*ast.FuncLit]*caller),
		decls:         make(map[*types.Func]*caller),
	}
	w.userArgs = w.collectUserArgs()
	for _, f := range in.Files {
		w.file(f)
	}
	w.decide()

	local := &Local{Race: in.Race, Imports: imports(in.Types), Package: inline.Package{
		Path: in.Path, Name: in.Types.Name(), Variant: in.Variant,
		Go: in.Go, GOOS: in.GOOS, GOARCH: in.GOARCH,
	}}
	for _, f := range w.functions {
		local.Package.Functions = append(local.Package.Functions, f.Function)
	}
	slices.SortStableFunc(local.Package.Functions, func(a, b inline.Function) int { return comparePositions(a.Pos, b.Pos) })
	for _, s := range w.sites {
		local.Sites = append(local.Sites, s.Site)
	}
	return local
}

func imports(p *types.Package) []string {
	var paths []string
	for _, q := range p.Imports() {
		paths = append(paths, q.Path())
	}
	slices.Sort(paths)
	return paths
}

func comparePositions(a, b inline.Position) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col))
}

// atLeast reports whether a toolchain version is go1.minor or newer; one that
// cannot be read is taken to be new.
func atLeast(version string, minor int) bool {
	rest, ok := strings.CutPrefix(version, "go1.")
	if !ok {
		return true
	}
	n := 0
	for i := 0; i < len(rest) && rest[i] >= '0' && rest[i] <= '9'; i++ {
		n = n*10 + int(rest[i]-'0')
	}
	return n >= minor
}

func (w *walker) file(f *ast.File) {
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			c := w.declare(d)
			if d.Body == nil {
				continue
			}
			w.in(c, func() { w.stmts(d.Body.List) })
		case *ast.GenDecl:
			if d.Tok != token.VAR {
				continue
			}
			// Initializers run in the function init of the package.
			if w.initializer == nil {
				w.initializer = &caller{name: "init", fn: -1}
			}
			w.in(w.initializer, func() { w.varSpecs(d) })
		}
	}
}

func (w *walker) in(c *caller, f func()) {
	w.current, w.dead = c, 0
	if c.dead != "" {
		w.dead, w.why = 1, c.dead
	}
	f()
}

// record notes a call of fun at pos.
func (w *walker) record(pos token.Pos, fun ast.Expr, via string) {
	s := &rawSite{
		place:    placeOf(w.fset, pos),
		farRight: farRight(w.fset, pos),
		caller:   w.current,
		callee:   w.classify(fun),
	}
	if via == "range" {
		s.callee = w.rangeCallee(fun)
	}
	s.Pos = position(w.fset, pos)
	s.Caller = linkJoin(w.linkPath, w.current.name)
	s.Via = via
	s.BigCaller = w.current.big
	s.KeptLoop = w.inLoop != nil && w.inLoop == w.current
	if w.dead > 0 {
		s.dead = w.why
	}
	w.nameCallee(s)
	w.sites = append(w.sites, s)
}

// rangeCallee is the iterator function of a range clause: seq in "range seq" is
// a value, unless it names a declared function.
func (w *walker) rangeCallee(x ast.Expr) callee {
	switch ast.Unparen(x).(type) {
	case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr, *ast.IndexListExpr, *ast.FuncLit:
		return w.classify(x)
	}
	return callee{kind: valueCallee}
}

// nameCallee fills in what the source says of the callee.
func (w *walker) nameCallee(s *rawSite) {
	c := s.callee
	switch c.kind {
	case staticCallee:
		s.Pkg, s.PkgName = w.path, w.pkg.Name()
		link := w.linkPath
		if p := c.fn.Pkg(); p != nil && p != w.pkg {
			s.Pkg, s.PkgName = p.Path(), p.Name()
			link = p.Path()
		}
		s.Name = funcName(c.fn)
		s.Callee = linkJoin(link, w.withArgs(s.Name, c.args))
		s.CalleePos = position(w.fset, c.fn.Pos())
	case literalCallee:
		if lit := w.lits[c.lit]; lit != nil {
			s.Name = lit.name
			s.Callee = linkJoin(w.linkPath, lit.name)
		}
		s.CalleePos = position(w.fset, c.lit.Pos())
	case interfaceCallee, typeParamCallee:
		s.Callee = interfaceMethodName(c.fn)
		if c.fn.Pos().IsValid() {
			s.CalleePos = position(w.fset, c.fn.Pos())
		}
	}
}

// withArgs puts type arguments into the name of a generic function or method.
func (w *walker) withArgs(name string, args []types.Type) string {
	if len(args) == 0 {
		return name
	}
	list := make([]string, 0, len(args))
	for _, t := range args {
		list = append(list, w.typeString(t))
	}
	return insertArgs(name, strings.Join(list, ","))
}

// insertArgs puts a type argument list behind the name of the generic function,
// or of the generic type in the name of a method.
func insertArgs(name, args string) string {
	args = "[" + args + "]"
	if i := strings.IndexByte(name, ')'); strings.HasPrefix(name, "(*") && i > 0 {
		return name[:i] + args + name[i:]
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		return name[:i] + args + name[i:]
	}
	return name + args
}

// interfaceMethodName names a method of an interface for a reader: io.Reader.Read.
func interfaceMethodName(f *types.Func) string {
	name := f.Name()
	if recv := f.Signature().Recv(); recv != nil {
		if named, ok := types.Unalias(recv.Type()).(*types.Named); ok {
			name = named.Obj().Name() + "." + name
		}
	}
	if f.Pkg() != nil {
		return linkJoin(f.Pkg().Path(), name)
	}
	return name
}
