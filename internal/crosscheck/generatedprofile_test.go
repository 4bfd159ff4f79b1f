package crosscheck

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/inlinelens/inlinelens/internal/syntax"
)

// writeProfile makes some calls of the program hot, with a profile that names
// their edges as a CPU profile would: static calls between functions, and calls
// through an interface or of a parameter, which the compiler may then bind to
// the likeliest callee.
func (p *generatedProgram) writeProfile(t *testing.T, seed uint64) {
	e := &edges{rand: rand.New(rand.NewPCG(seed, 1)), functions: map[string]*profile.Function{}, byShort: map[string][]string{}}
	var files []*ast.File
	fset := token.NewFileSet()
	for _, g := range p.packages {
		for _, name := range []string{"a.go", "b.go"} {
			f, err := syntax.ParseFile(fset, filepath.Join(p.dir, g.name, name), []byte(g.files[name]), parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, f)
			for _, d := range f.Decls {
				if d, ok := d.(*ast.FuncDecl); ok {
					e.declare(fset, f, d)
				}
			}
		}
	}
	for _, f := range files {
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				e.calls(fset, f, d)
			}
		}
	}
	var buf bytes.Buffer
	if err := e.profile().Write(&buf); err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(p.dir, "hot.pprof")
	if err := os.WriteFile(name, buf.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	p.flags = append(p.flags, "-pgo="+name)
}

type edges struct {
	rand      *rand.Rand
	functions map[string]*profile.Function // by link name
	byShort   map[string][]string          // link names by the last part of the name: F12, Act
	order     []*profile.Function
	locations []*profile.Location
	samples   []*profile.Sample
}

func linkName(f *ast.File, d *ast.FuncDecl) string {
	name := d.Name.Name
	if d.Recv != nil {
		switch t := d.Recv.List[0].Type.(type) {
		case *ast.Ident:
			name = t.Name + "." + name
		case *ast.StarExpr:
			if id, ok := t.X.(*ast.Ident); ok {
				name = "(*" + id.Name + ")." + name
			}
		}
	}
	return "generated/" + f.Name.Name + "." + name
}

func (e *edges) declare(fset *token.FileSet, f *ast.File, d *ast.FuncDecl) {
	name := linkName(f, d)
	fn := &profile.Function{ID: uint64(len(e.order) + 1), Name: name, SystemName: name, Filename: "a.go", StartLine: int64(fset.Position(d.Pos()).Line)}
	e.functions[name] = fn
	e.order = append(e.order, fn)
	short := f.Name.Name + "." + d.Name.Name
	if d.Recv != nil {
		short = d.Name.Name
	}
	e.byShort[short] = append(e.byShort[short], name)
}

// calls makes a third of the calls in a function hot.
func (e *edges) calls(fset *token.FileSet, f *ast.File, d *ast.FuncDecl) {
	caller := e.functions[linkName(f, d)]
	ast.Inspect(d.Body, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || e.rand.IntN(3) > 0 {
			return true
		}
		var callees []string
		switch fun := call.Fun.(type) {
		case *ast.Ident:
			callees = e.byShort[f.Name.Name+"."+fun.Name]
			if fun.Name == "f" && e.rand.IntN(2) == 0 { // a parameter
				callees = e.byShort[f.Name.Name+".N1"]
			}
		case *ast.SelectorExpr:
			callees = e.byShort[fun.Sel.Name]
			if id, ok := fun.X.(*ast.Ident); ok && strings.HasPrefix(id.Name, "p") {
				callees = e.byShort[id.Name+"."+fun.Sel.Name]
			}
		}
		if len(callees) == 0 {
			return true
		}
		e.add(caller, e.functions[callees[e.rand.IntN(len(callees))]], int64(fset.Position(call.Lparen).Line))
		return true
	})
}

func (e *edges) add(caller, callee *profile.Function, line int64) {
	at := func(f *profile.Function, line int64) *profile.Location {
		l := &profile.Location{ID: uint64(len(e.locations) + 1), Address: uint64(len(e.locations) + 1), Line: []profile.Line{{Function: f, Line: line}}}
		e.locations = append(e.locations, l)
		return l
	}
	weight := int64(100 + e.rand.IntN(900))
	e.samples = append(e.samples, &profile.Sample{
		Location: []*profile.Location{at(callee, callee.StartLine), at(caller, line)},
		Value:    []int64{weight, weight},
	})
}

func (e *edges) profile() *profile.Profile {
	return &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     1,
		Function:   e.order,
		Location:   e.locations,
		Sample:     e.samples,
	}
}
