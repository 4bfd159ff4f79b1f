package gc

import (
	"bytes"
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"runtime"
	"strings"
	"sync"

	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// A stubFile is a file of a package of which stubs are made.
type stubFile struct {
	name string
	src  []byte
	ast  *ast.File // nil until it is parsed
	base int
	bad  bool // nothing can be read of it
}

func readFiles(ctx context.Context, names []string) ([]*stubFile, error) {
	files := make([]*stubFile, len(names))
	for i, name := range names {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		src, err := regular.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files[i] = &stubFile{name: name, src: src}
	}
	return files, nil
}

// parseFiles parses those of files that pick picks and returns them. Nothing is
// said about bad syntax: the compile of the package itself does that.
func parseFiles(files []*stubFile, pick func(*stubFile) bool) []*stubFile {
	var picked []*stubFile
	var wg sync.WaitGroup
	limit := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, f := range files {
		if f.bad || !pick(f) {
			continue
		}
		picked = append(picked, f)
		if f.ast != nil {
			continue
		}
		wg.Go(func() {
			limit <- struct{}{}
			defer func() { <-limit }()
			fset := token.NewFileSet()
			f.ast, _ = syntax.ParseFile(fset, f.name, f.src, parser.SkipObjectResolution)
			if f.bad = f.ast == nil || f.ast.Name == nil; !f.bad {
				f.base = fset.File(f.ast.FileStart).Base()
			}
		})
	}
	wg.Wait()
	ok := picked[:0]
	for _, f := range picked {
		if !f.bad {
			ok = append(ok, f)
		}
	}
	return ok
}

// mayDeclareFunc reports whether one of the functions may be declared in f; it
// saves the parsing of most files.
func (f *stubFile) mayDeclareFunc(names []string) bool {
	for _, name := range names {
		name = name[strings.LastIndexByte(name, '.')+1:]
		if bytes.Contains(f.src, []byte(" "+name+"(")) {
			return true
		}
	}
	return false
}

// mayDeclareType is mayDeclareFunc for types. The sources are gofmted.
func (f *stubFile) mayDeclareType(names []string) bool {
	for _, name := range names {
		if bytes.Contains(f.src, []byte("type "+name+" ")) || bytes.Contains(f.src, []byte("\t"+name+" ")) {
			return true
		}
	}
	return false
}

func (f *stubFile) text(n ast.Node) string {
	return string(f.src[int(n.Pos())-f.base : int(n.End())-f.base])
}

// typeStub returns the declaration of a type.
func (f *stubFile) typeStub(spec *ast.TypeSpec) *stub {
	st := &stub{name: spec.Name.Name, isType: true, uses: map[string]bool{}}
	if spec.TypeParams != nil || !collect(spec.Type, st.uses) {
		st.makeOpaque()
		return st
	}
	eq := " "
	if spec.Assign.IsValid() {
		eq = " = "
	}
	st.decl = st.name + eq + f.text(spec.Type)
	return st
}

// funcStub returns a function's declaration without its body and a function
// that calls it, or nil if its signature cannot be had here.
func (f *stubFile) funcStub(d *ast.FuncDecl) *stub {
	switch {
	case d.Type.TypeParams != nil, d.Name.Name == "_":
		return nil
	case d.Name.Name == "init", d.Name.Name == "main" && d.Recv == nil:
		// Not callable, or (a method named init) not without a body.
		return nil
	}
	st := &stub{name: d.Name.Name, uses: map[string]bool{}}
	if !collect(d.Type, st.uses) {
		return nil
	}
	var params, args []string
	variadic := ""
	callee := d.Name.Name
	st.decl = "func " + d.Name.Name
	if d.Recv != nil {
		if len(d.Recv.List) != 1 || !collect(d.Recv.List[0].Type, st.uses) {
			return nil
		}
		recv := ast.Unparen(d.Recv.List[0].Type)
		switch t := recv.(type) {
		case *ast.StarExpr:
			st.name = "(*" + f.text(t.X) + ")." + d.Name.Name
		default:
			st.name = f.text(recv) + "." + d.Name.Name
		}
		st.decl = "func (" + f.text(recv) + ") " + d.Name.Name
		params = append(params, "recv "+f.text(recv))
		callee = "recv." + d.Name.Name
	}
	for _, field := range d.Type.Params.List {
		for range max(1, len(field.Names)) {
			arg := fmt.Sprintf("a%d", len(params))
			params = append(params, arg+" "+f.text(field.Type))
			args = append(args, arg)
			if _, ok := field.Type.(*ast.Ellipsis); ok {
				variadic = "..."
			}
		}
	}
	results := ""
	if d.Type.Results != nil && len(d.Type.Results.List) > 0 {
		var types []string
		for _, field := range d.Type.Results.List {
			for range max(1, len(field.Names)) {
				types = append(types, f.text(field.Type))
			}
		}
		results = " (" + strings.Join(types, ", ") + ")"
	}
	sigParams := params
	if d.Recv != nil {
		sigParams = params[1:]
	}
	st.decl += "(" + strings.Join(sigParams, ", ") + ")" + results
	// The results are dropped: some builders of intrinsics give none.
	st.call = "(" + strings.Join(params, ", ") + ") { " + callee + "(" + strings.Join(args, ", ") + variadic + ") }"
	return st
}

// collect adds the types that the expression e names, and that are not
// predeclared, to uses: they are the package's own. It reports false if e needs
// types of other packages, other than unsafe.Pointer, or generic ones.
func collect(e ast.Expr, uses map[string]bool) bool {
	ok := true
	var visit func(e ast.Expr)
	fields := func(list *ast.FieldList) {
		if list != nil {
			for _, f := range list.List {
				visit(f.Type)
			}
		}
	}
	visit = func(e ast.Expr) {
		switch e := e.(type) {
		case *ast.Ident:
			if !predeclared[e.Name] {
				uses[e.Name] = true
			}
		case *ast.ParenExpr:
			visit(e.X)
		case *ast.StarExpr:
			visit(e.X)
		case *ast.ArrayType:
			if lit, isLit := e.Len.(*ast.BasicLit); e.Len != nil && (!isLit || lit.Kind != token.INT) {
				ok = false
			}
			visit(e.Elt)
		case *ast.MapType:
			visit(e.Key)
			visit(e.Value)
		case *ast.ChanType:
			visit(e.Value)
		case *ast.Ellipsis:
			visit(e.Elt)
		case *ast.FuncType:
			fields(e.Params)
			fields(e.Results)
		case *ast.StructType:
			fields(e.Fields)
		case *ast.InterfaceType:
			fields(e.Methods)
		case *ast.SelectorExpr:
			if x, isIdent := e.X.(*ast.Ident); !isIdent || x.Name != "unsafe" || e.Sel.Name != "Pointer" {
				ok = false
			}
		default:
			ok = false
		}
	}
	visit(e)
	return ok
}

var predeclared = map[string]bool{
	"any": true, "bool": true, "byte": true, "comparable": true, "complex64": true, "complex128": true,
	"error": true, "float32": true, "float64": true, "int": true, "int8": true, "int16": true, "int32": true,
	"int64": true, "rune": true, "string": true, "uint": true, "uint8": true, "uint16": true, "uint32": true,
	"uint64": true, "uintptr": true,
}
