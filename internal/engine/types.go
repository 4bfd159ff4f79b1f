package engine

import (
	"fmt"
	"go/token"
	"go/types"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/inlinelens/inlinelens/internal/load"
)

// An importer reads the types of packages out of their export data.
//
// Reading one package may add to others that it mentions, so what has been read
// cannot be shared between type checks that run at once. It is kept in worlds;
// each check has one for itself while it lasts.
type importer struct {
	sizes types.Sizes
	fset  *token.FileSet

	mu      sync.Mutex
	free    []world
	generic genericMethods
}

// A world is a set of packages by import path, as they see each other.
type world map[string]*types.Package

func newImporter(goarch string) *importer {
	return &importer{sizes: types.SizesFor("gc", goarch), fset: token.NewFileSet()}
}

// acquire returns a world for one check. A unit that sees test variants of
// packages gets one for itself alone, as a path means another package there.
func (im *importer) acquire(shared bool) world {
	im.mu.Lock()
	defer im.mu.Unlock()
	if n := len(im.free); shared && n > 0 {
		w := im.free[n-1]
		im.free = im.free[:n-1]
		return w
	}
	return make(world)
}

// release ends the use of a world that acquire returned for the same shared.
func (im *importer) release(w world, shared bool) {
	if shared {
		im.mu.Lock()
		im.free = append(im.free, w)
		im.mu.Unlock()
	}
}

// A unitImporter is the types.Importer of one unit's check.
type unitImporter struct {
	*importer
	unit     *load.Unit
	packages world
	read     func(*load.Unit) (*source, error)
	// failed is set when packages is of no more use: what was read last is
	// there in part.
	failed bool
}

// Import implements types.Importer; path is as written in the source.
func (ui *unitImporter) Import(path string) (*types.Package, error) {
	if path == "unsafe" {
		return types.Unsafe, nil
	}
	dep := ui.unit.Imports[path]
	if dep == nil {
		return nil, fmt.Errorf("package %s is not among the imports that the build lists", path)
	}
	if dep.Export == "" {
		return nil, fmt.Errorf("package %s has no export data", dep.Path)
	}
	if p := ui.packages[dep.Path]; p != nil && p.Complete() {
		return p, nil
	}
	if err := ui.fromSource(dep); err != nil {
		return nil, err
	}
	if p := ui.packages[dep.Path]; p != nil && p.Complete() {
		return p, nil
	}
	return ui.fromExport(dep)
}

// fromExport reads a package out of its export data.
func (ui *unitImporter) fromExport(dep *load.Unit) (*types.Package, error) {
	f, err := os.Open(dep.Export)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	//lint:ignore SA1019 the export data of Go 1.22 to 1.26 is a part of an archive
	r, err := gcexportdata.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("reading export data of %s: %w", dep.Path, err)
	}
	p, err := gcexportdata.Read(r, ui.fset, ui.packages, dep.Path)
	if err != nil {
		ui.failed = true
		return nil, fmt.Errorf("reading export data of %s: %w", dep.Path, err)
	}
	return p, nil
}
