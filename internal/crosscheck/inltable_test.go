package crosscheck

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/parser"
	"go/token"
	"math/bits"
	"path/filepath"
	"runtime"
	"sort"
	"strconv"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// TestInlinableTable checks that every function in the compiler's own table of
// functions that must stay inlinable has the verdict "inlinable". The table is
// code: its conditions on the architecture are evaluated for this machine.
func TestInlinableTable(t *testing.T) {
	for _, release := range witnesses() {
		t.Run(release, func(t *testing.T) { testInlinableTable(t, release) })
	}
}

func testInlinableTable(t *testing.T, release string) {
	file := filepath.Join(goroot(t, release), "src", "cmd", "compile", "internal", "test", "inl_test.go")
	table, err := readInlinableTable(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := survey(t, release)
	packages := map[string]*stdPackage{}
	for path, p := range s.packages {
		packages[path] = p
	}
	// The compiler's test takes math/big without its assembly.
	cfg := load.Config{Dir: t.TempDir(), Env: environment("GOTOOLCHAIN=" + release), BuildFlags: []string{"-tags=math_big_pure_go"}}
	verdicts(t, cfg, []string{"math/big"}, func(p *inline.Package) { packages[p.Path] = condense(p) })
	entries, met := 0, 0
	for path, names := range table {
		p := packages[path]
		if p == nil && !s.all() {
			continue
		}
		for _, name := range names {
			entries++
			if p != nil && (p.can[path+"."+name] || p.inlines(path+"."+name)) {
				met++
				continue
			}
			t.Errorf("%s.%s: must be inlinable, our verdict says it is not", path, name)
		}
	}
	t.Logf("functions that must stay inlinable: %d in %d packages, %d met", entries, len(table), met)
	if entries < 60 || s.all() && entries < 150 || len(table) < 15 {
		t.Error("too few entries: the test has lost its evidence")
	}
}

// inlines reports whether the package has a call of the function (or of the
// instance of a generic function) inlined: that proves it inlinable too.
func (p *stdPackage) inlines(name string) bool {
	plain := withoutArgs(name)
	for _, callees := range p.inlined {
		for _, c := range callees {
			if c == plain {
				return true
			}
		}
	}
	return false
}

// readInlinableTable reads the variable "want" of TestIntendedInlining, a map
// from import paths to names of functions, with the statements that change it.
// A statement on it that is of no known form is an error.
func readInlinableTable(file string, src any) (map[string][]string, error) {
	f, err := parser.ParseFile(token.NewFileSet(), file, src, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if fn, ok := d.(*ast.FuncDecl); ok && fn.Name.Name == "TestIntendedInlining" && fn.Body != nil {
			r := tableReader{want: map[string][]string{}}
			for _, stmt := range fn.Body.List {
				if err := r.statement(stmt); err != nil {
					return nil, fmt.Errorf("%s: %w", file, err)
				}
			}
			if len(r.want) == 0 {
				return nil, fmt.Errorf("%s: the table is empty", file)
			}
			return r.want, nil
		}
	}
	return nil, fmt.Errorf("%s: no TestIntendedInlining", file)
}

type tableReader struct{ want map[string][]string }

// statement evaluates what changes the table, and passes over the rest.
func (r *tableReader) statement(stmt ast.Stmt) error {
	switch stmt := stmt.(type) {
	case *ast.AssignStmt:
		if len(stmt.Lhs) == 1 && len(stmt.Rhs) == 1 {
			return r.assign(stmt.Lhs[0], stmt.Rhs[0])
		}
	case *ast.IfStmt:
		if !changesTable(stmt) {
			return nil
		}
		v, err := evaluate(stmt.Cond)
		if err != nil || stmt.Else != nil || v.Kind() != constant.Bool {
			return fmt.Errorf("a condition that is not understood: %w", err)
		}
		if constant.BoolVal(v) {
			return r.block(stmt.Body.List)
		}
	case *ast.SwitchStmt:
		if changesTable(stmt) {
			return r.choose(stmt)
		}
	}
	return nil
}

func (r *tableReader) block(list []ast.Stmt) error {
	for _, stmt := range list {
		if err := r.statement(stmt); err != nil {
			return err
		}
	}
	return nil
}

func (r *tableReader) choose(stmt *ast.SwitchStmt) error {
	if stmt.Tag == nil {
		return fmt.Errorf("a switch that is not understood")
	}
	tag, err := evaluate(stmt.Tag)
	if err != nil {
		return err
	}
	var otherwise *ast.CaseClause
	for _, clause := range stmt.Body.List {
		c := clause.(*ast.CaseClause)
		if c.List == nil {
			otherwise = c
		}
		for _, e := range c.List {
			v, err := evaluate(e)
			if err != nil {
				return err
			}
			if v.Kind() == tag.Kind() && constant.Compare(tag, token.EQL, v) {
				return r.block(c.Body)
			}
		}
	}
	if otherwise == nil {
		return nil
	}
	return r.block(otherwise.Body)
}

// assign reads want := map[string][]string{...}, want[p] = append(want[p], ...)
// and want[p] = []string{...}.
func (r *tableReader) assign(lhs, rhs ast.Expr) error {
	if id, ok := lhs.(*ast.Ident); ok && id.Name == "want" {
		lit, ok := rhs.(*ast.CompositeLit)
		if !ok {
			return fmt.Errorf("want is no composite literal")
		}
		for _, e := range lit.Elts {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return fmt.Errorf("an element without a key")
			}
			if err := r.set(kv.Key, kv.Value, false); err != nil {
				return err
			}
		}
		return nil
	}
	x, ok := lhs.(*ast.IndexExpr)
	if !ok || !isWant(x.X) {
		return nil
	}
	call, ok := rhs.(*ast.CallExpr)
	if !ok {
		return r.set(x.Index, rhs, false)
	}
	if id, ok := call.Fun.(*ast.Ident); !ok || id.Name != "append" || len(call.Args) < 2 {
		return fmt.Errorf("want is changed by a call that is not append")
	}
	return r.set(x.Index, &ast.CompositeLit{Elts: call.Args[1:]}, true)
}

func (r *tableReader) set(key, value ast.Expr, add bool) error {
	path, err := text(key)
	if err != nil {
		return err
	}
	lit, ok := value.(*ast.CompositeLit)
	if !ok {
		return fmt.Errorf("%s: no list of names", path)
	}
	if !add {
		r.want[path] = nil
	}
	for _, e := range lit.Elts {
		name, err := text(e)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		r.want[path] = append(r.want[path], name)
	}
	return nil
}

func isWant(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == "want"
}

func changesTable(stmt ast.Stmt) bool {
	found := false
	ast.Inspect(stmt, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok {
			for _, lhs := range a.Lhs {
				if x, ok := lhs.(*ast.IndexExpr); ok && isWant(x.X) {
					found = true
				}
			}
		}
		return true
	})
	return found
}

func text(e ast.Expr) (string, error) {
	v, err := evaluate(e)
	if err != nil {
		return "", err
	}
	if v.Kind() != constant.String {
		return "", fmt.Errorf("%v is no string", v)
	}
	return constant.StringVal(v), nil
}

// evaluate computes literals, runtime.GOARCH, bits.UintSize, and comparisons
// of these joined by && and ||.
func evaluate(e ast.Expr) (constant.Value, error) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return evaluate(e.X)
	case *ast.BasicLit:
		if v := constant.MakeFromLiteral(e.Value, e.Kind, 0); v.Kind() != constant.Unknown {
			return v, nil
		}
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			switch x.Name + "." + e.Sel.Name {
			case "runtime.GOARCH":
				return constant.MakeString(runtime.GOARCH), nil
			case "runtime.GOOS":
				return constant.MakeString(runtime.GOOS), nil
			case "bits.UintSize":
				return constant.MakeInt64(bits.UintSize), nil
			}
		}
	case *ast.BinaryExpr:
		return evaluateBinary(e)
	}
	return nil, fmt.Errorf("an expression that is not understood: %T", e)
}

func evaluateBinary(e *ast.BinaryExpr) (constant.Value, error) {
	x, err := evaluate(e.X)
	if err != nil {
		return nil, err
	}
	y, err := evaluate(e.Y)
	if err != nil {
		return nil, err
	}
	if x.Kind() != y.Kind() {
		return nil, fmt.Errorf("%v %v %v: operands of different kinds", x, e.Op, y)
	}
	switch e.Op {
	case token.EQL, token.NEQ:
		return constant.MakeBool(constant.Compare(x, e.Op, y)), nil
	case token.LAND, token.LOR:
		if x.Kind() == constant.Bool {
			return constant.BinaryOp(x, e.Op, y), nil
		}
	}
	return nil, fmt.Errorf("operator %v is not understood", e.Op)
}

func TestReadInlinableTable(t *testing.T) {
	const head = "package test\nfunc TestIntendedInlining(t *testing.T) {\n\tx := 1\n\twant := map[string][]string{\"p\": {\"f\", \"(*T).m\"}, \"q\": {\"g\"}}\n"
	for _, test := range []struct{ body, want string }{
		{"", "p (*T).m, p f, q g"},
		{"if runtime.GOARCH != " + strconv.Quote(runtime.GOARCH) + " || 1 == 2 { want[\"p\"] = append(want[\"p\"], \"no\") }", "p (*T).m, p f, q g"},
		{"if (runtime.GOARCH == " + strconv.Quote(runtime.GOARCH) + ") && bits.UintSize != 1 { want[\"q\"] = append(want[\"q\"], \"h\", \"i\") }", "p (*T).m, p f, q g, q h, q i"},
		{"switch runtime.GOARCH { case \"none\": default: want[\"p\"] = []string{\"k\"} }", "p k, q g"},
		{"switch runtime.GOARCH { case " + strconv.Quote(runtime.GOARCH) + ": default: want[\"p\"] = []string{\"k\"} }", "p (*T).m, p f, q g"},
		{"for range other { if y { delete(want, 1) } }", "p (*T).m, p f, q g"},
		{"if f() { want[\"p\"] = nil }", "error"},
		{"want[\"p\"] = f()", "error"},
		{"want[p] = []string{}", "error"},
	} {
		table, err := readInlinableTable("inl_test.go", head+test.body+"\n}\n")
		got := "error"
		if err == nil {
			var list []string
			for path, names := range table {
				for _, n := range names {
					list = append(list, path+" "+n)
				}
			}
			sort.Strings(list)
			got = ""
			for i, s := range list {
				if i > 0 {
					got += ", "
				}
				got += s
			}
		}
		if got != test.want {
			t.Errorf("%s:\n got %s (%v)\nwant %s", test.body, got, err, test.want)
		}
	}
}

func FuzzReadInlinableTable(f *testing.F) {
	f.Add("package p\nfunc TestIntendedInlining() { want := map[string][]string{\"a\": {\"b\"}}\nif 1 == 2 && \"a\" != `b` { want[\"a\"] = append(want[\"a\"], \"c\") } }")
	f.Add("package p\nfunc TestIntendedInlining() { switch 1 { case 'a': want[0/0] = 1 } }")
	f.Fuzz(func(t *testing.T, src string) {
		table, err := readInlinableTable("x.go", src)
		if err == nil && len(table) == 0 {
			t.Error("an empty table, and no error")
		}
	})
}
