package crosscheck

import (
	"go/ast"
	"go/token"
	"os"
	"slices"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/inlinelens/inlinelens/internal/rewrite"
)

// TestAdviceBehaviour makes changes without asking whether they help anything: one of
// each function of packages that have good tests, at once, and then another one. The
// tests still pass.
func TestAdviceBehaviour(t *testing.T) {
	paths := []string{
		"encoding/json", "text/template/parse", "text/template", "math/big", "go/printer", "compress/flate",
		"encoding/csv", "text/tabwriter", "container/list", "go/constant",
	}
	dir := t.TempDir()
	loaded, err := packages.Load(&packages.Config{
		Mode: packages.NeedName | packages.NeedSyntax | packages.NeedTypes | packages.NeedTypesInfo | packages.NeedTypesSizes |
			packages.NeedImports | packages.NeedFiles | packages.NeedCompiledGoFiles,
		Dir: dir, Fset: token.NewFileSet(),
	}, paths...)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 2 {
		texts := make(map[string][]byte)
		made := 0
		for _, p := range loaded {
			for _, err := range p.Errors {
				t.Fatal(err)
			}
			made += changeAll(t, p, round, texts)
		}
		overlay := writeOverlay(t, dir, texts)
		goCommand(t, dir, nil, append([]string{"test", "-short", "-overlay=" + overlay}, paths...)...)
		t.Logf("round %d: %d changes in %d packages", round, made, len(paths))
		if made < 400 {
			t.Errorf("too few changes")
		}
	}
}

// changeAll makes one change of each function of a package, in each round others.
func changeAll(t *testing.T, p *packages.Package, round int, texts map[string][]byte) (made int) {
	t.Helper()
	pkg := &rewrite.Package{Fset: p.Fset, Files: p.Syntax, Types: p.Types, Info: p.TypesInfo, Sizes: p.TypesSizes}
	for _, file := range p.Syntax {
		name := p.Fset.File(file.FileStart).Name()
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var edits []rewrite.Edit
		for _, d := range file.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || d.Body == nil {
				continue
			}
			list, _ := pkg.Candidates(file, text, d)
			if len(list) == 0 || round >= 2*len(list) {
				continue
			}
			// From both ends: large pieces come first, small ones last.
			c := list[round/2%len(list)]
			if round%2 == 1 {
				c = list[len(list)-1-round/2%len(list)]
			}
			if slices.ContainsFunc(edits, func(e rewrite.Edit) bool { return e.End >= c.Edits[0].Start }) {
				continue
			}
			edits = append(edits, c.Edits...)
			made++
		}
		texts[name] = rewrite.Apply(text, edits)
	}
	return made
}
