package resolve

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"testing"
)

func enumerated(t *testing.T, text string) *Calls {
	t.Helper()
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "p.go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
		Uses: make(map[*ast.Ident]types.Object), Instances: make(map[*ast.Ident]types.Instance),
	}
	cfg := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := cfg.Check("p", fset, []*ast.File{f}, info)
	if err != nil {
		t.Fatal(err)
	}
	return Enumerate(Source{Path: "p", LinkPath: "p", Fset: fset, ImportFset: fset, Files: []*ast.File{f}, Types: pkg, Info: info})
}

const generics = `package p

import "fmt"

type Number interface{ ~int | ~float64 }

func plain(x int) int { return x }
func used[T any](x T) { inner(x) }
func inner[T any](x T) {}
func caller() { used(1) }

func lone[T any](x T) {}
func numbers[T Number](x T) {}
func slicesOf[S ~[]E, E comparable](s S) {}
func prints[T fmt.Stringer](x T) {}
func points[P interface{ *T; Set(int) }, T any](p P) {}

type list[T any] struct{ head *T }

func (l *list[T]) push(x T) {}
func (l list[T]) pop() (x T) { return }

// Types of the package's own, and interfaces of methods alone.
type key interface{ comparable; Hash() uint64 }
type hash [4]byte
func (h hash) Hash() uint64 { return 0 }
type store[K key, V any] struct{}
func (s *store[K, V]) get(k K) (v V) { return }
type named interface{ ~int; String() string }
type kind int
func (k *kind) Set(int) {}
func (k kind) String() string { return "" }
func kinds[T named](x T) {}
type size interface{ comparable; Size() int }
func sizes[T size](x T) {}
func settable[P interface{ *T; Set(int) }, T any](p P) {}
func both2[K key, P interface{ *T; Set(int) }, T any](k K, p P) {}
type less[T any] interface{ Less(T) bool }
func (h hash) Less(hash) bool { return false }
func sorted[T less[T]](x T) {}
func pairs[A less[B], B any](a A, b B) {}

type both interface{ int; String() string }

func nobody[T both](x T) {}
`

// A probe names each generic function that the package's own code does not
// reach, and compiles.
func TestProbe(t *testing.T) {
	calls := enumerated(t, generics)
	src, names := calls.Probe()
	want := []string{"(*list).push", "(*store).get", "both2", "kinds", "list.pop", "lone", "numbers", "pairs", "points", "prints", "settable", "sizes", "slicesOf", "sorted"}
	if got := slices.Sorted(maps.Keys(names)); !slices.Equal(got, want) {
		t.Errorf("probed %q, want %q", got, want)
	}
	fset := token.NewFileSet()
	var files []*ast.File
	for _, text := range []string{generics, string(src)} {
		f, err := parser.ParseFile(fset, "p.go", text, 0)
		if err != nil {
			t.Fatalf("%v\n%s", err, src)
		}
		files = append(files, f)
	}
	cfg := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	if _, err := cfg.Check("p", fset, files, nil); err != nil {
		t.Errorf("the probe does not compile: %v\n%s", err, src)
	}
}

func TestNoProbe(t *testing.T) {
	calls := enumerated(t, "package p\n\nfunc f[T any](x T) {}\n\nfunc g() { f(1) }\n")
	if src, names := calls.Probe(); src != nil || names != nil {
		t.Errorf("a probe of %v that nothing needs:\n%s", names, src)
	}
}
