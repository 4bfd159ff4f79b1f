package typecheck

import (
	"fmt"
	"go/token"
	"go/types"
	"io"
	"os"
	"sync"

	"golang.org/x/tools/go/gcexportdata"

	"github.com/inlinelens/inlinelens/internal/load"
)

// An Importer reads the types of packages out of their export data.
//
// Reading one package may add to others that it mentions, so what has been read
// cannot be shared between type checks that run at once. It is kept in package sets;
// each check has one for itself while it lasts.
type Importer struct {
	Sizes types.Sizes
	fset  *token.FileSet

	mu      sync.Mutex
	free    []*PackageSet
	generic genericMethods
}

// A PackageSet is a set of packages, as they see each other.
type PackageSet struct {
	ByPath map[string]*types.Package // by import path
	size   int64                     // bytes of export data that they were read from
}

// largeSet is the size of a package set from which it is not kept for the next check: the
// types take several times as much, and each check that runs at once has a set.
const largeSet = 16 << 20

// NewImporter returns an importer for an architecture, a GOARCH.
func NewImporter(goarch string) *Importer {
	return &Importer{Sizes: types.SizesFor("gc", goarch), fset: token.NewFileSet()}
}

// Acquire returns a package set for one check. A unit that sees test variants of
// ByPath gets one for itself alone, as a path means another package there.
func (im *Importer) Acquire(shared bool) *PackageSet {
	im.mu.Lock()
	defer im.mu.Unlock()
	if n := len(im.free); shared && n > 0 {
		w := im.free[n-1]
		im.free = im.free[:n-1]
		return w
	}
	return &PackageSet{ByPath: make(map[string]*types.Package)}
}

// Release ends the use of a package set that acquire returned for the same shared.
func (im *Importer) Release(w *PackageSet, shared bool) {
	if shared && w.size < largeSet {
		im.mu.Lock()
		im.free = append(im.free, w)
		im.mu.Unlock()
	}
}

// A unitImporter is the types.Importer of one unit's check.
type unitImporter struct {
	*Importer
	unit     *load.Unit
	packages *PackageSet
	read     func(*load.Unit) (*Source, error)
	// failed is set when the set is of no more use: what was read last is
	// there in part.
	failed bool
	// retried is set once retry has been asked for another check.
	retried bool
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
	if ui.failed {
		// go/types may panic on types that were read in part.
		return nil, fmt.Errorf("package %s is not read, as another could not be", dep.Path)
	}
	if p := ui.packages.ByPath[dep.Path]; p != nil && p.Complete() {
		return p, nil
	}
	if err := ui.fromSource(dep); err != nil {
		return nil, err
	}
	if p := ui.packages.ByPath[dep.Path]; p != nil && p.Complete() {
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
	counted := &countingReader{r: r}
	p, err := gcexportdata.Read(counted, ui.fset, ui.packages.ByPath, dep.Path)
	ui.packages.size += counted.n
	if err != nil {
		ui.failed = true
		return nil, fmt.Errorf("reading export data of %s: %w", dep.Path, err)
	}
	return p, nil
}

// A countingReader counts the bytes that are read from r.
type countingReader struct {
	r io.Reader
	n int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}
