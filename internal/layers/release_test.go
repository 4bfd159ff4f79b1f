package layers

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestReleases holds that only internal/gorelease compares Go releases: all others ask
// it for a fact by name.
func TestReleases(t *testing.T) {
	files := 0
	for _, root := range []string{"internal", "handlers", "server", "cmd"} {
		err := filepath.WalkDir(filepath.Join("../..", root), func(path string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && (d.Name() == "testdata" || d.Name() == "gorelease"):
				return filepath.SkipDir
			case d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
				return nil
			}
			files++
			fset := token.NewFileSet()
			f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
			if err != nil {
				return err
			}
			for _, pos := range comparedReleases(f) {
				t.Errorf("%s compares a Go release: give internal/gorelease a fact, and ask for that", fset.Position(pos))
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if files < 100 {
		t.Errorf("only %d files were looked at", files)
	}
}

// comparedReleases returns where a release of package gorelease is compared.
func comparedReleases(f *ast.File) (at []token.Pos) {
	ast.Inspect(f, func(n ast.Node) bool {
		b, ok := n.(*ast.BinaryExpr)
		if !ok {
			return true
		}
		switch b.Op {
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.EQL, token.NEQ:
			if isRelease(b.X) || isRelease(b.Y) {
				at = append(at, b.OpPos)
			}
		}
		return true
	})
	return at
}

// isRelease reports whether an expression reads like a release: gorelease.Of(v),
// tc.Release(), rules.Release.
func isRelease(e ast.Expr) bool {
	text := types.ExprString(e)
	return strings.HasPrefix(text, "gorelease.Of(") && strings.HasSuffix(text, ")") && !strings.Contains(text, ").") ||
		strings.HasSuffix(text, ".Release") || strings.HasSuffix(text, ".Release()") || text == "gorelease.Oldest" || text == "gorelease.Newest"
}

// TestComparedReleases shows that the rule can be broken.
func TestComparedReleases(t *testing.T) {
	for expr, want := range map[string]int{
		"gorelease.Of(v) >= 24":                    1,
		"22 < tc.Release()":                        1,
		"c.rules.Release == 24 && x < 24":          1,
		"gorelease.Of(v).HasClosureBudgets()":      0,
		"gorelease.Of(v).ShapeHash() == x":         0,
		"cost < gorelease.Budget && n >= 24":       0,
		"gorelease.Of(v) < gorelease.Newest":       1,
		"gorelease.Of(v) == gorelease.Of(strings)": 1,
	} {
		f, err := parser.ParseFile(token.NewFileSet(), "x.go", "package x\n\nvar _ = "+expr+"\n", 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(comparedReleases(f)); got != want {
			t.Errorf("%s: %d comparisons, want %d", expr, got, want)
		}
	}
}
