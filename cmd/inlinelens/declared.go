package main

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// declared returns the functions that a file declares: Func, T.Method. Of a file that does
// not parse it returns what can be read.
func declared(file string) []string {
	text, err := regular.ReadFile(file)
	if err != nil {
		return nil
	}
	f, _ := parser.ParseFile(token.NewFileSet(), file, text, parser.SkipObjectResolution)
	if f == nil {
		return nil
	}
	var names []string
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			names = append(names, functionName(d))
		}
	}
	return names
}

// functionName is T.Method or Func.
func functionName(d *ast.FuncDecl) string {
	if d.Recv == nil || len(d.Recv.List) == 0 {
		return d.Name.Name
	}
	for t := d.Recv.List[0].Type; ; {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name + "." + d.Name.Name
		default:
			return d.Name.Name
		}
	}
}

// The limits of a look for a function in other packages.
const (
	mostFiles = 4000
	mostFound = 3
)

// elsewhere returns the packages and functions of a name below a directory, as explain takes
// them: ./lib, ./lib.Parse. A function's may begin with that of its package.
func elsewhere(ctx context.Context, dir, name string) []string {
	name = linkname.Plain(strings.TrimPrefix(name, "."))
	if strings.ContainsAny(name, "/:") {
		return nil
	}
	files, _ := load.Files(ctx, dir, "./...")
	var found []string
	for _, file := range files[:min(len(files), mostFiles)] {
		at, err := filepath.Rel(dir, filepath.Dir(file))
		if err != nil || at == "." {
			continue
		}
		if filepath.Base(at) == name && !slices.Contains(found, "./"+filepath.ToSlash(at)) {
			found = append(found, "./"+filepath.ToSlash(at))
		}
		for _, f := range declared(file) {
			written := "./" + filepath.ToSlash(at) + "." + f
			if (f == name || filepath.Base(at)+"."+f == name) && !slices.Contains(found, written) {
				found = append(found, written)
			}
		}
		if len(found) >= mostFound || ctx.Err() != nil {
			break
		}
	}
	return found
}
