package engine

import (
	"cmp"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/load"
)

// A source is a unit's syntax and types.
type source struct {
	fset    *token.FileSet
	files   []*ast.File
	pkg     *types.Package
	info    *types.Info
	generic bool // some function has type parameters
}

// parse reads the unit's files. Syntax errors are left to the compiler, which
// words them; the error is about a file that cannot be read.
func parse(u *load.Unit, overlay map[string][]byte) (*source, error) {
	src := &source{fset: token.NewFileSet()}
	names, replace := u.Sources()
	for _, name := range names {
		text, ok := overlay[name]
		if !ok {
			var err error
			if text, err = os.ReadFile(cmp.Or(replace[name], name)); err != nil {
				return nil, err
			}
		}
		f, _ := parser.ParseFile(src.fset, name, text, parser.SkipObjectResolution)
		if f == nil {
			continue
		}
		src.files = append(src.files, f)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				src.generic = src.generic || d.Type.TypeParams != nil || genericReceiver(d)
			}
		}
	}
	return src, nil
}

func genericReceiver(d *ast.FuncDecl) bool {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return false
	}
	t := d.Recv.List[0].Type
	if star, ok := ast.Unparen(t).(*ast.StarExpr); ok {
		t = star.X
	}
	switch ast.Unparen(t).(type) {
	case *ast.IndexExpr, *ast.IndexListExpr:
		return true
	}
	return false
}

// check types the unit. Errors are left to the compiler; what they leave
// without a type becomes unknown.
func (s *session) check(u *load.Unit, src *source, packages world) {
	src.info = &types.Info{
		Types:      make(map[ast.Expr]types.TypeAndValue),
		Defs:       make(map[*ast.Ident]types.Object),
		Uses:       make(map[*ast.Ident]types.Object),
		Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Instances:  make(map[*ast.Ident]types.Instance),
	}
	cfg := types.Config{
		Importer:  &unitImporter{importer: s.types, unit: u, packages: packages},
		Sizes:     s.types.sizes,
		GoVersion: u.Lang,
		Error:     func(err error) { s.engine.log.Debug("type error", zap.String("package", u.Path), zap.Error(err)) },
	}
	src.pkg, _ = cfg.Check(u.Path, src.fset, src.files, src.info)
}
