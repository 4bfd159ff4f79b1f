package workspace

import (
	"maps"
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// A PackageFunction is a function of a package that has open files.
type PackageFunction struct {
	*inline.Function
	Unit *inline.Package
	// CalledFrom is as FileFunction's.
	CalledFrom []*inline.Call
}

// Functions returns the functions of all units, those of other files than the open
// ones included, each once: a test variant repeats the package's. Those that cgo
// makes, which no file has that anybody could open, are left out.
func (c *Current) Functions() []PackageFunction {
	from := callersIn(c.Calls())
	var list []PackageFunction
	seen := make(map[string]bool) // files
	for _, unit := range c.Units {
		files := make(map[string]bool)
		for i := range unit.Functions {
			f := &unit.Functions[i]
			if seen[f.Pos.File] || filepath.Base(f.Pos.File) == "_cgo_gotypes.go" {
				continue
			}
			files[f.Pos.File] = true
			list = append(list, PackageFunction{f, unit, from[inline.Declaration{File: f.Pos.File, Line: f.Pos.Line, Name: linkname.Base(f.Name)}]})
		}
		maps.Copy(seen, files)
	}
	return list
}

// Calls returns the calls of all units, each once.
func (c *Current) Calls() []*inline.Call { return callsOf(c.Units) }

// callsOf returns the calls of a directory's units, each once: a test variant
// repeats the package's.
func callsOf(units []*inline.Package) []*inline.Call {
	var list []*inline.Call
	seen := make(map[string]bool) // files
	for _, unit := range units {
		files := make(map[string]bool)
		for i := range unit.Calls {
			c := &unit.Calls[i]
			if !seen[c.Pos.File] {
				files[c.Pos.File] = true
				list = append(list, c)
			}
		}
		maps.Copy(seen, files)
	}
	return list
}

// callersIn finds the calls of each function by where that is declared. Columns do
// not count: export data has none.
func callersIn(calls []*inline.Call) map[inline.Declaration][]*inline.Call {
	from := make(map[inline.Declaration][]*inline.Call)
	for _, c := range calls {
		if c.CalleePos.IsValid() {
			k := inline.Declaration{File: c.CalleePos.File, Line: c.CalleePos.Line, Name: linkname.Base(c.Callee)}
			from[k] = append(from[k], c)
		}
	}
	return from
}
