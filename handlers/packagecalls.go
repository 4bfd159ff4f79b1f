package handlers

import (
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// MethodPackageCalls is the request that [PackageCalls] answers.
const MethodPackageCalls = "inlinelens/packageCalls"

// PackageCallsParams are those of MethodPackageCalls.
type PackageCallsParams struct {
	Dir string `json:"dir"` // as in a [PackageItem]
}

// PackageCalls answers inlinelens/packageCalls: all calls of the package in a
// directory, by file in source order; nil where nothing is known. open and texts are
// as in [Functions]. Calls in declarations that were edited since they were compiled
// are left out.
func PackageCalls(s *workspace.Snapshot, dir string, open func(path string) *Document, texts func(string) *position.Mapper, enc position.Encoding) []CallItem {
	for _, c := range s.Packages {
		if c.Dir == dir && len(c.Units) > 0 {
			return packageCalls(c, open, texts, enc)
		}
	}
	return nil
}

func packageCalls(p *workspace.Current, open func(path string) *Document, texts func(string) *position.Mapper, enc position.Encoding) []CallItem {
	// Stands for the files that are not open: it has no text of its own.
	closed := &Document{File: &workspace.File{Unit: p.Units[0]}, Texts: texts, Encoding: enc}
	documents := map[string]*Document{}
	of := func(c *inline.Call) *Document {
		d, ok := documents[c.Pos.File]
		if !ok {
			if d = open(c.Pos.File); d == nil || d.File == nil || d.Shift == nil {
				d = closed
			}
			documents[c.Pos.File] = d
		}
		return d
	}
	items := []CallItem{}
	for _, c := range p.Calls() {
		if item, ok := of(c).caller(c); ok {
			items = append(items, item)
		}
	}
	return items
}
