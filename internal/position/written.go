package position

import (
	"go/token"
	"path/filepath"
)

// Directed returns the place that //line directives give to pos. Where one names no
// file ("//line :40"), which leaves the compiler without a name, it is the place of
// pos in its own file.
func Directed(fset *token.FileSet, pos token.Pos) token.Position {
	p := fset.PositionFor(pos, true)
	if p.Filename == "" {
		p = fset.PositionFor(pos, false)
	}
	if p.Filename != "" {
		p.Filename = filepath.Clean(p.Filename)
	}
	return p
}
