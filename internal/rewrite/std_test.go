package rewrite

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"
)

// TestStandardLibrary applies all candidates of large packages, whether they would
// make anything inlinable or not, one of each function at a time: the package
// still type-checks, and its files stay formatted.
func TestStandardLibrary(t *testing.T) {
	patterns := []string{"net/http", "go/types", "encoding/json", "text/template", "container/...", "slices", "sync", "compress/flate", "os", "math/big", "database/sql"}
	if testing.Short() {
		patterns = []string{"encoding/json", "slices", "sync"}
	}
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes |
			packages.NeedImports | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedModule,
		Fset: token.NewFileSet(),
	}, patterns...)
	if err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, p := range loaded {
		t.Run(p.PkgPath, func(t *testing.T) {
			for _, err := range p.Errors {
				t.Fatal(err)
			}
			total += checkAll(t, p)
		})
	}
	if total < 500 {
		t.Errorf("%d candidates in all, which cannot be", total)
	}
	t.Logf("%d candidates in %d packages", total, len(loaded))
}

// checkAll applies the first candidate of each function, then the second, and so on.
func checkAll(t *testing.T, p *packages.Package) (applied int) {
	pkg := &Package{Fset: p.Fset, Files: p.Syntax, Types: p.Types, Info: p.TypesInfo, Sizes: p.TypesSizes}
	texts := make(map[*ast.File][]byte)
	candidates := make(map[*ast.FuncDecl][]Candidate)
	most := 0
	why := make(map[string]int)
	for _, file := range p.Syntax {
		text, err := os.ReadFile(p.Fset.File(file.FileStart).Name())
		if err != nil {
			t.Fatal(err)
		}
		texts[file] = text
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
				list, refused := pkg.Candidates(file, text, d)
				candidates[d] = list
				most = max(most, len(list))
				for _, r := range refused {
					why[r.Why]++
				}
			}
		}
	}
	for n := range min(most, 12) {
		now := make(map[string][]byte)
		for _, file := range p.Syntax {
			var edits []Edit
			for _, d := range file.Decls {
				d, ok := d.(*ast.FuncDecl)
				if !ok || n >= len(candidates[d]) {
					continue
				}
				c := candidates[d][n]
				if slices.ContainsFunc(edits, func(e Edit) bool { return e.End >= c.Edits[0].Start }) {
					continue
				}
				edits = append(edits, c.Edits...)
				applied++
			}
			name := p.Fset.File(file.FileStart).Name()
			now[name] = Apply(texts[file], edits)
			if formatted, err := format.Source(now[name]); err != nil {
				t.Errorf("%s, with candidates number %d: %v", name, n, err)
				return applied
			} else if before, _ := format.Source(texts[file]); bytes.Equal(before, texts[file]) && !bytes.Equal(formatted, now[name]) {
				t.Errorf("%s, with candidates number %d: gofmt makes it another text", name, n)
			}
		}
		for _, err := range typeErrors(p, now) {
			t.Errorf("with candidates number %d: %v", n, err)
		}
		if t.Failed() {
			return applied
		}
	}
	if testing.Verbose() {
		for _, w := range slices.SortedFunc(maps.Keys(why), func(a, b string) int { return cmp.Compare(why[b], why[a]) })[:min(len(why), 12)] {
			t.Logf("%5d not: %s", why[w], w)
		}
	}
	t.Logf("%d candidates in %d functions", applied, len(candidates))
	return applied
}

// typeErrors type-checks a package with other texts.
func typeErrors(p *packages.Package, texts map[string][]byte) (errs []error) {
	fset := token.NewFileSet()
	var files []*ast.File
	for name, text := range texts {
		f, err := parser.ParseFile(fset, name, text, parser.SkipObjectResolution)
		if err != nil {
			return []error{err}
		}
		files = append(files, f)
	}
	cfg := types.Config{
		Sizes: p.TypesSizes, GoVersion: p.Types.GoVersion(),
		Importer: importerFunc(func(path string) (*types.Package, error) {
			if path == "unsafe" {
				return types.Unsafe, nil
			}
			if dep := p.Imports[path]; dep != nil && dep.Types != nil {
				return dep.Types, nil
			}
			return nil, fmt.Errorf("no package %s", path)
		}),
		Error: func(err error) {
			if len(errs) < 5 {
				errs = append(errs, err)
			}
		},
	}
	_, _ = cfg.Check(p.PkgPath, fset, files, nil)
	return errs
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
