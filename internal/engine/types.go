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

// An importer reads the types of packages out of their export data, each once
// for all units that see the same package.
type importer struct {
	sizes types.Sizes

	mu     sync.Mutex
	fset   *token.FileSet
	worlds map[string]map[string]*types.Package // one for each set of test variants
}

func newImporter(goarch string) *importer {
	return &importer{
		sizes:  types.SizesFor("gc", goarch),
		fset:   token.NewFileSet(),
		worlds: make(map[string]map[string]*types.Package),
	}
}

// For returns the importer of one unit. Units share types only when the same
// path means the same package for all of them; world names the set of packages
// that the unit sees.
func (im *importer) For(u *load.Unit, world string) types.Importer {
	return &unitImporter{importer: im, unit: u, world: world}
}

type unitImporter struct {
	importer *importer
	unit     *load.Unit
	world    string
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
	im := ui.importer
	im.mu.Lock()
	defer im.mu.Unlock()
	packages := im.worlds[ui.world]
	if packages == nil {
		packages = make(map[string]*types.Package)
		im.worlds[ui.world] = packages
	}
	if p := packages[dep.Path]; p != nil && p.Complete() {
		return p, nil
	}
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
	p, err := gcexportdata.Read(r, im.fset, packages, dep.Path)
	if err != nil {
		return nil, fmt.Errorf("reading export data of %s: %w", dep.Path, err)
	}
	return p, nil
}

// forget drops the types of a world that only one unit sees.
func (im *importer) forget(world string) {
	if world != "" {
		im.mu.Lock()
		delete(im.worlds, world)
		im.mu.Unlock()
	}
}
