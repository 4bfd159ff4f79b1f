package syntax

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
	"testing"
)

// The brackets of the declarations, in order, each where it stands in the text.
func brackets(t *testing.T, text string) []string {
	t.Helper()
	fset := token.NewFileSet()
	fset.AddFile("another.go", -1, 100)
	f, err := ParseFile(fset, "a.go", []byte(text), parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			p := d.Type.TypeParams
			if p == nil {
				list = append(list, "")
				continue
			}
			start, end := fset.Position(p.Pos()), fset.Position(p.End())
			list = append(list, text[start.Offset:end.Offset])
		}
	}
	return list
}

func TestMethodsWithTypeParameters(t *testing.T) {
	methods := []string{
		"func (s *S) Get[T any](k string) T { panic(0) }",
		"func (s S) Two /* é */ [K comparable, V any](m map[K]V) {}",
		"func (\n\ts S,\n) Lines[\n\tT any,\n]() {}",
		"func (/* [ */ L[E]) On[T interface{ M(E) }]() {}",
		"func (*L[_]) Un[P *int,]() {}",
		"func (s S) None() {}",
		"func F[T any]() {}",
	}
	want := []string{
		"[T any]", "[K comparable, V any]", "[\n\tT any,\n]", "[T interface{ M(E) }]", "[P *int,]", "", "[T any]",
	}
	got := brackets(t, "package p\n"+strings.Join(methods, "\n"))
	if strings.Join(got, ";") != strings.Join(want, ";") {
		t.Errorf("the type parameters are\n%q, want\n%q", got, want)
	}
	// More than go/parser has errors for.
	var text strings.Builder
	text.WriteString("package p\n")
	for range 30 {
		text.WriteString(methods[0] + "\n")
	}
	for i, b := range brackets(t, text.String()) {
		if b != "[T any]" {
			t.Errorf("method %d has the type parameters %q", i, b)
		}
	}
}

func TestOtherErrorsStay(t *testing.T) {
	for _, text := range []string{
		"package p\nfunc (s S) Get[T any](k string) T { return }}",
		"package p\nfunc (s S) Get[T any](k string) T { x + }; func (s S) Set[T any]() { return }",
		"package p\nfunc (s S) Get[T](k string) T { return }",
		"package p\ntype I interface { M[T any]() }\nfunc (s S) Get[T any]() {}",
		"package p\nfunc (s S) Get[T any",
		"package p\nfunc (s S Get[T any]() {}",
	} {
		if f, err := ParseFile(token.NewFileSet(), "a.go", []byte(text), parser.SkipObjectResolution); err == nil || f == nil {
			t.Errorf("%q has no error", text)
		}
	}
}

// Whatever the text is, the places of the tree are within it.
func FuzzParseFile(f *testing.F) {
	f.Add("package p\nfunc (s S) Get[T any](k string) T { return }}")
	f.Add("package p\n//line x.go:7\nfunc (\ns S) Get[T any]() {}\nfunc (S) x[A, B any]() {}")
	f.Add("package p\nfunc (s S) [T any]() {}; func () x[T any]() {}; func (a, b S) y[T any]")
	f.Fuzz(func(t *testing.T, text string) {
		fset := token.NewFileSet()
		tree, _ := ParseFile(fset, "a.go", []byte(text), parser.ParseComments|parser.SkipObjectResolution)
		if tree == nil {
			t.Fatal("no tree")
		}
		file := fset.File(tree.FileStart)
		ast.Inspect(tree, func(n ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok && d.Type.TypeParams != nil {
				if p := d.Type.TypeParams; p.Pos() < tree.FileStart || p.End() > tree.FileEnd || fset.File(p.Pos()) != file {
					t.Errorf("type parameters are at %d to %d, the file at %d to %d", p.Pos(), p.End(), tree.FileStart, tree.FileEnd)
				}
			}
			return true
		})
	})
}
