package rewrite

import (
	"bytes"
	"go/ast"
	"go/token"
	"go/types"
	"go/version"
	"slices"
	"strings"
)

// A function is a declaration under the knife.
type function struct {
	*Package
	file *ast.File
	text []byte
	decl *ast.FuncDecl
	sig  *types.Signature
	use  map[*types.Var]usage // of its variables
	// packages has the names under which the file knows the packages it imports.
	packages map[*types.Package]string
	literals []*ast.FuncLit
	defers   []*ast.DeferStmt // outside of function literals
	endings  []ending
	jumps    bool     // there is a goto
	parts    []region // what might move, once it has been looked for
}

// An ending is a branch at whose end nothing of the function goes on.
type ending struct{ start, end token.Pos }

// A usage says what happens to a variable.
type usage struct {
	addressed bool        // its address is taken, or may be
	captured  bool        // a function literal mentions it
	assigned  []token.Pos // where it gets a value, or a part of it does, after its declaration
}

// open looks at a declaration; why says what forbids any change of it.
func (p *Package) open(file *ast.File, text []byte, decl *ast.FuncDecl) (f *function, why string) {
	obj, ok := p.Info.Defs[decl.Name].(*types.Func)
	if !ok || decl.Body == nil {
		return nil, "it has no body"
	}
	f = &function{Package: p, file: file, text: text, decl: decl, sig: obj.Signature(), packages: p.importsOf(file)}
	switch {
	case ast.IsGenerated(file):
		return nil, "the file is generated: a change would be lost"
	case directive(decl) != "":
		return nil, "it has the directive " + directive(decl) + ", which would not apply to moved code"
	case directed(p.Fset, decl.Pos()), directed(p.Fset, decl.End()):
		return nil, "a //line directive gives it another place: it may be generated, and a change would be lost"
	case strings.TrimSpace(f.restOfLine(f.offset(decl.End()))) != "" && !f.commentBehind(decl.End()):
		return nil, "its last line has other code after it"
	}
	if body := f.source(decl); bytes.Contains(text, []byte("\r\n")) && strings.ContainsAny(body, "`") || strings.Contains(string(text), "\r\n") && strings.Contains(body, "/*") {
		return nil, "its lines end with a carriage return, which go/ast leaves out in places"
	}
	for _, imp := range file.Imports {
		if imp.Path.Value == `"C"` {
			return nil, "the file uses cgo"
		}
		if imp.Name != nil && imp.Name.Name == "." {
			return nil, "the file has a dot import"
		}
	}
	f.use = make(map[*types.Var]usage)
	f.observe()
	return f, ""
}

// importsOf returns the names under which a file knows the packages that it uses.
func (p *Package) importsOf(file *ast.File) map[*types.Package]string {
	if names, ok := p.packages[file]; ok {
		return names
	}
	names := make(map[*types.Package]string)
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if name, ok := p.Info.Uses[id].(*types.PkgName); ok {
				names[name.Imported()] = name.Name()
			}
		}
		return true
	})
	if p.packages == nil {
		p.packages = make(map[*ast.File]map[*types.Package]string)
	}
	p.packages[file] = names
	return names
}

// directive returns a compiler directive of a declaration, "" if it has none.
func directive(decl *ast.FuncDecl) string {
	if decl.Doc == nil {
		return ""
	}
	for _, c := range decl.Doc.List {
		for _, prefix := range []string{"//go:", "//export "} {
			if strings.HasPrefix(c.Text, prefix) {
				name, _, _ := strings.Cut(c.Text, " ")
				return name
			}
		}
	}
	return ""
}

func (p *Package) offset(pos token.Pos) int { return p.Fset.PositionFor(pos, false).Offset }
func (p *Package) line(pos token.Pos) int   { return p.Fset.PositionFor(pos, false).Line }

// restOfLine returns what stands on a line from an offset on.
func (f *function) restOfLine(offset int) string {
	line, _, _ := strings.Cut(string(f.text[offset:]), "\n")
	return line
}

// commentBehind reports whether nothing but a comment stands behind a position
// on its line.
func (f *function) commentBehind(pos token.Pos) bool {
	rest := strings.TrimSpace(f.restOfLine(f.offset(pos)))
	return strings.HasPrefix(rest, "//") || strings.HasPrefix(rest, "/*") && strings.Index(rest, "*/") == len(rest)-2
}

// observe finds out what happens to the function's variables.
func (f *function) observe() {
	depth := 0
	var visit func(n ast.Node) bool
	visit = func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			f.literals = append(f.literals, n)
			depth++
			ast.Inspect(n.Type, visit)
			ast.Inspect(n.Body, visit)
			depth--
			return false
		case *ast.Ident:
			if v := f.local(n); v != nil && depth > 0 && !f.inLiteral(v.Pos()) {
				u := f.use[v]
				u.captured = true
				f.use[v] = u
			}
		case *ast.DeferStmt:
			if depth == 0 {
				f.defers = append(f.defers, n)
			}
		case ast.Expr:
			f.observeAddress(n)
		case ast.Stmt:
			f.observeAssignments(n)
			f.observeBranches(n)
		}
		return true
	}
	ast.Inspect(f.decl.Body, visit)
}

// observeAddress enters the variable of which an expression takes the address.
func (f *function) observeAddress(e ast.Expr) {
	switch e := e.(type) {
	case *ast.UnaryExpr:
		if e.Op == token.AND {
			f.address(e.X)
		}
	case *ast.SliceExpr:
		if _, ok := f.typeOf(e.X).(*types.Array); ok {
			f.address(e.X)
		}
	case *ast.SelectorExpr:
		// The method of a pointer takes the address of what has it.
		if s := f.Info.Selections[e]; s != nil && s.Kind() == types.MethodVal {
			_, of := s.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
			if _, has := f.typeOf(e.X).(*types.Pointer); of && !has {
				f.address(e.X)
			}
		}
	}
}

// observeAssignments enters the variables that a statement itself assigns to.
func (f *function) observeAssignments(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.AssignStmt:
		for _, l := range s.Lhs {
			f.assign(l)
		}
	case *ast.IncDecStmt:
		f.assign(s.X)
	case *ast.RangeStmt:
		if s.Key != nil {
			f.assign(s.Key)
		}
		if s.Value != nil {
			f.assign(s.Value)
		}
		if s.Tok == token.DEFINE && f.sharesLoopVariables() {
			f.change(s.Key)
			f.change(s.Value)
		}
	}
}

// observeBranches enters the branches of a statement, and whether it jumps.
func (f *function) observeBranches(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.IfStmt:
		f.end(s.Body.List)
		if e, ok := s.Else.(*ast.BlockStmt); ok {
			f.end(e.List)
		}
	case *ast.CaseClause:
		f.end(s.Body)
	case *ast.CommClause:
		f.end(s.Body)
	case *ast.BranchStmt:
		f.jumps = f.jumps || s.Tok == token.GOTO
	}
}

// end enters a branch, if it is an ending.
func (f *function) end(list []ast.Stmt) {
	if f.terminates(list) && !slices.ContainsFunc(list, leaves) {
		f.endings = append(f.endings, ending{list[0].Pos(), list[len(list)-1].End()})
	}
}

// leaves reports whether there is a jump in a statement.
func leaves(s ast.Stmt) bool { return contains[*ast.BranchStmt](s) }

// inLiteral reports whether a position is in a function literal of the function.
func (f *function) inLiteral(pos token.Pos) bool {
	return slices.ContainsFunc(f.literals, func(l *ast.FuncLit) bool { return l.Pos() <= pos && pos < l.End() })
}

// local returns the variable of the function that an identifier uses, nil if it
// is something else.
func (f *function) local(id *ast.Ident) *types.Var {
	v, ok := f.Info.Uses[id].(*types.Var)
	if !ok || v.IsField() || v.Pos() < f.decl.Pos() || v.Pos() >= f.decl.End() || v.Pkg() != f.Types {
		return nil
	}
	return v
}

// root returns the variable of which an expression is the whole or a part.
func (f *function) root(e ast.Expr) *types.Var {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return f.local(x)
		case *ast.ParenExpr:
			e = x.X
		case *ast.SelectorExpr:
			if _, ok := f.typeOf(x.X).(*types.Pointer); ok {
				return nil
			}
			e = x.X
		case *ast.IndexExpr:
			if _, ok := f.typeOf(x.X).(*types.Array); !ok {
				return nil
			}
			e = x.X
		default:
			return nil
		}
	}
}

func (f *function) assign(e ast.Expr) {
	if v := f.root(e); v != nil {
		u := f.use[v]
		u.assigned = append(u.assigned, e.Pos())
		f.use[v] = u
	}
}

// change enters a variable of a range clause as one that gets a value with each
// iteration.
func (f *function) change(e ast.Expr) {
	if id, ok := e.(*ast.Ident); ok {
		if v, ok := f.Info.Defs[id].(*types.Var); ok {
			u := f.use[v]
			u.assigned = append(u.assigned, id.Pos())
			f.use[v] = u
		}
	}
}

// sharesLoopVariables reports whether all iterations of a loop have the same
// variables, as before Go 1.22.
func (f *function) sharesLoopVariables() bool {
	v := f.Types.GoVersion()
	return v != "" && version.Compare(v, "go1.22") < 0
}

func (f *function) address(e ast.Expr) {
	if v := f.root(e); v != nil {
		u := f.use[v]
		u.addressed = true
		f.use[v] = u
	}
}

// typeOf returns an expression's underlying type, nil if there is none.
func (f *function) typeOf(e ast.Expr) types.Type {
	if tv, ok := f.Info.Types[e]; ok && tv.Type != nil {
		return tv.Type.Underlying()
	}
	if id, ok := e.(*ast.Ident); ok {
		if obj := f.Info.ObjectOf(id); obj != nil && obj.Type() != nil {
			return obj.Type().Underlying()
		}
	}
	return nil
}

// directed reports whether a //line directive gives pos another place than that
// in its file.
func directed(fset *token.FileSet, pos token.Pos) bool {
	return fset.PositionFor(pos, true) != fset.PositionFor(pos, false)
}
