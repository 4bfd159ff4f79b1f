package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// maxLines is how long a function is at most, its signature included. Tests may be
// longer: their tables are.
const maxLines = 80

func TestFunctionLength(t *testing.T) {
	for _, p := range list(t) {
		if !strings.HasPrefix(p.ImportPath, module) {
			continue
		}
		files, err := filepath.Glob(filepath.Join("../..", p.rel(), "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			for _, long := range longFunctions(fset, f) {
				t.Errorf("%s has more than %d lines: divide it", long, maxLines)
			}
		}
	}
}

// longFunctions returns the places and names of the functions that are too long.
func longFunctions(fset *token.FileSet, f *ast.File) (long []string) {
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && fset.Position(d.End()).Line-fset.Position(d.Pos()).Line >= maxLines {
			long = append(long, fset.Position(d.Pos()).String()+": "+d.Name.Name)
		}
	}
	return long
}

func TestLongFunctions(t *testing.T) {
	text := "package p\n\n// A comment does not count.\nfunc short() {" + strings.Repeat("\n", maxLines-1) + "}\n\nfunc long() {" + strings.Repeat("\n", maxLines) + "}\n"
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := longFunctions(fset, f), []string{"p.go:85:1: long"}; !slices.Equal(got, want) {
		t.Errorf("too long are %q, want %q", got, want)
	}
}
