package typecheck

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"regexp"
	"slices"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// Export data cannot be read where it has methods with type parameters (Go 1.27)
// and the program was built with a go/types that makes none but from syntax (Go
// 1.26). The packages that declare them are typed from their source then, before
// the export data of a package that may mention them is read.
type genericMethods struct {
	// asked has the units whose imports were searched, by ID.
	asked map[string]bool
	// declared tells which of the units that were searched declare such methods.
	declared map[string]bool
}

// canMakeGenericMethods reports whether the go/types of this program makes methods
// with type parameters for those who read export data.
var canMakeGenericMethods = func() (can bool) {
	defer func() { can = recover() == nil }()
	pkg := types.NewPackage("p", "p")
	recv := types.NewParam(token.NoPos, pkg, "", types.Typ[types.Int])
	param := types.NewTypeParam(types.NewTypeName(token.NoPos, pkg, "T", nil), types.Universe.Lookup("any").Type())
	types.NewSignatureType(recv, nil, []*types.TypeParam{param}, nil, nil, false)
	return true
}()

// retry makes the importer ready for another check after one in which export data
// could not be read. It reports false if another would meet the same. The package set is
// empty then, so that no other check gets what was read in part.
func (ui *unitImporter) retry() bool {
	if !ui.failed {
		return false
	}
	ui.failed = false
	clear(ui.packages.ByPath)
	ui.packages.size = 0
	if canMakeGenericMethods {
		return false
	}
	// What another check has left in the set may be what was in the way.
	first := !ui.retried
	ui.retried = true
	return ui.searchImports(ui.unit) || first
}

// searchImports finds out which packages below the unit declare methods with type
// parameters. It reports false if that was known.
func (ui *unitImporter) searchImports(u *load.Unit) bool {
	ui.mu.Lock()
	defer ui.mu.Unlock()
	if ui.generic.asked[u.ID] {
		return false
	}
	if ui.generic.asked == nil {
		ui.generic.asked, ui.generic.declared = make(map[string]bool), make(map[string]bool)
	}
	ui.generic.asked[u.ID] = true
	for _, dep := range below(u) {
		if _, known := ui.generic.declared[dep.ID]; known {
			continue
		}
		src, err := ui.read(dep) // an error means that the compiler cannot read it either
		ui.generic.declared[dep.ID] = err == nil && declaresGenericMethod(src)
	}
	return true
}

// below lists what a unit imports, directly or not, and after what each imports
// itself.
func below(u *load.Unit) []*load.Unit {
	var list []*load.Unit
	seen := make(map[*load.Unit]bool)
	var visit func(*load.Unit)
	visit = func(u *load.Unit) {
		for _, path := range slices.Sorted(maps.Keys(u.Imports)) {
			if dep := u.Imports[path]; !seen[dep] {
				seen[dep] = true
				visit(dep)
				list = append(list, dep)
			}
		}
	}
	visit(u)
	return list
}

// declaresGenericMethod reports whether a package declares a method with type
// parameters.
func declaresGenericMethod(src *Source) bool {
	for i, text := range src.Texts {
		if !mayDeclareGenericMethod(text) {
			continue
		}
		f, _ := syntax.ParseFile(token.NewFileSet(), src.Names[i], text, parser.SkipObjectResolution)
		for _, d := range f.Decls {
			if d, ok := d.(*ast.FuncDecl); ok && d.Recv != nil && d.Type.TypeParams != nil {
				return true
			}
		}
	}
	return false
}

// mayDeclareGenericMethod reports whether text seems to declare such a method.
func mayDeclareGenericMethod(text []byte) bool {
	for {
		_, rest, found := bytes.Cut(text, []byte("func"))
		if !found {
			return false
		}
		text = rest
		head, _, _ := bytes.Cut(rest[:min(len(rest), 1000)], []byte("{"))
		if bytes.IndexByte(head, '[') > 0 && methodWithBracket.Match(head) {
			return true
		}
	}
}

// methodWithBracket matches what stands behind "func" there.
var methodWithBracket = regexp.MustCompile(`^\s*\([^{}]*?\)\s*[\pL_][\pL_\pN]*\s*\[`)

// fromSource types those packages from source of which that is known to be needed
// before dep is read.
func (ui *unitImporter) fromSource(dep *load.Unit) error {
	ui.mu.Lock()
	none := len(ui.generic.asked) == 0
	ui.mu.Unlock()
	if none {
		return nil
	}
	for _, u := range append(below(dep), dep) {
		ui.mu.Lock()
		needed := ui.generic.declared[u.ID]
		ui.mu.Unlock()
		if !needed {
			continue
		}
		p := ui.packages.ByPath[u.Path]
		switch {
		case p != nil && p.Complete():
			continue
		case p != nil:
			ui.failed = true // it has been read in part
			return fmt.Errorf("package %s was read too early", u.Path)
		}
		if err := ui.typeSource(u); err != nil {
			ui.failed = true
			return err
		}
	}
	return nil
}

// typeSource types a package from its source, without the bodies of functions.
func (ui *unitImporter) typeSource(u *load.Unit) error {
	src, err := ui.read(u)
	if err != nil {
		return err
	}
	var files []*ast.File
	for i, name := range src.Names {
		f, err := syntax.ParseFile(ui.fset, name, src.Texts[i], parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files = append(files, f)
	}
	var errs []types.Error
	imports := &unitImporter{Importer: ui.Importer, unit: u, packages: ui.packages, read: ui.read}
	cfg := types.Config{
		Importer:         imports,
		Sizes:            ui.Sizes,
		GoVersion:        u.Lang,
		IgnoreFuncBodies: true,
		Error:            collectErrors(&errs),
	}
	p := types.NewPackage(u.Path, u.Name)
	ui.packages.ByPath[u.Path] = p
	_ = types.NewChecker(&cfg, ui.fset, p, nil).Files(files) // errors are collected
	if errs = newerGo(errs, p, files, nil); len(errs) > 0 {
		return fmt.Errorf("typing package %s from source: %w", u.Path, errs[0])
	}
	return nil
}
