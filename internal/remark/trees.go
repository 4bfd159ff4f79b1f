package remark

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// A TreeRequest says which syntax trees are asked for, and who is given them.
type TreeRequest struct {
	// Filter tells by a function's name, as trees have it, whether its tree is to
	// be read; nil for all.
	Filter func(name string) bool
	// Tree is given each tree, in the compiler's order, and may keep it.
	Tree func(*Tree)
	// Remark is given the remarks, in the compiler's order. From Go 1.26 on they come
	// behind all trees, before that ahead of them.
	Remark func(Remark)
}

// The headers of trees; the function's name follows.
const (
	beforeInlining = "before devirtualize-and-inline "
	beforeEscape   = "before escape "
)

// A TreeReader reads what one compile prints with -W=2, line by line: trees, and
// the remarks among them. It holds one tree at a time, and passes over the lines of
// those that were not asked for.
type TreeReader struct {
	header string
	req    TreeRequest
	trees  treeBuilder
	rest   *Collector
}

// NewTreeReader returns a reader of what the compiler of a release prints. rest is
// given what is not of a tree.
func NewTreeReader(release gorelease.Release, rest *Collector, req TreeRequest) *TreeReader {
	header := beforeEscape
	if release.PrintsTreesBeforeInlining() {
		header = beforeInlining
	}
	return &TreeReader{header: header, req: req, trees: treeBuilder{filter: req.Filter, emit: req.Tree}, rest: rest}
}

// Add reads one line. It reports true for the line that ends what was asked for.
func (r *TreeReader) Add(line Line) (stop bool) {
	if name, ok := treeHeader(line, r.header); ok {
		r.trees.startTree(name)
		return false
	}
	switch {
	case r.trees.add(line):
		return false
	case isLaterTree(line.Head):
		return true
	}
	if stop := r.rest.Add(line); stop {
		return true
	}
	for _, m := range r.rest.Remarks {
		r.req.Remark(m)
	}
	r.rest.Remarks = r.rest.Remarks[:0]
	return false
}

// End hands out the last tree. It is called when there are no more lines.
func (r *TreeReader) End() { r.trees.end() }

// Problems returns what Collector.Problems does, and where lines of trees do not
// fit together.
func (r *TreeReader) Problems() (list []string, n int) {
	list, n = r.rest.Problems()
	if r.trees.problems > 0 {
		list = append(slices.Clip(list), r.trees.firstProblem)
		n += r.trees.problems
	}
	return list, n
}
