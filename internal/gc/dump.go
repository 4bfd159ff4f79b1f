package gc

import (
	"context"
	"io"
	"time"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// A DumpRequest says which syntax trees are asked for and who gets them.
type DumpRequest struct {
	// Want tells by a function's name, as trees have it, whether its tree is to
	// be read; nil for all.
	Want func(name string) bool
	// Tree gets each tree, in the compiler's order, and may keep it.
	Tree func(*Tree)
	// Remark gets the remarks, in the compiler's order. From Go 1.26 on they come
	// behind all trees, before that ahead of them.
	Remark func(Remark)
}

// Dump compiles job as far as is needed to have the syntax trees of its
// functions as they are when the compiler counts costs, before anything is
// inlined. One tree is held at a time; lines of those that are not wanted are
// passed over.
//
// From Go 1.26 on, one compile prints trees and remarks. Older compilers print
// trees only when inlining is over, so they run twice, the second time without
// inlining. What other passes do before the trees are printed is in them: a
// call through an interface may be bound to its method, assignments to unused
// variables may be gone.
//
// The Output has errors and problems; its remarks went to req. The error is as
// Compile's.
func (c *Compiler) Dump(ctx context.Context, job Job, req DumpRequest) (*Output, error) {
	if len(job.Files) == 0 {
		return &Output{}, ctx.Err()
	}
	if c.Minor() >= treesFirstMinor {
		return c.dump(ctx, job, append([]string{"-W=2"}, remarkFlags...), beforeInlining, req)
	}
	remarks, err := c.Compile(ctx, job)
	if err != nil || len(remarks.Errors) > 0 {
		return remarks, err
	}
	for _, r := range remarks.Remarks {
		req.Remark(r)
	}
	out, err := c.dump(ctx, job, []string{"-l=1", "-W=2"}, beforeEscape, req)
	if err != nil {
		return nil, err
	}
	out.Elapsed += remarks.Elapsed
	return out, nil
}

// treesFirstMinor is the release that prints trees before it inlines.
const treesFirstMinor = 26

// Minor returns N for a release of Go 1.N, and the newest that is known where the
// version does not tell.
func (t *Toolchain) Minor() int {
	if n, ok := gorelease.Minor(t.Version); ok {
		return n
	}
	return gorelease.Newest
}

// The headers of the trees that matter.
const (
	beforeInlining = "before devirtualize-and-inline "
	beforeEscape   = "before escape "
)

func (c *Compiler) dump(ctx context.Context, job Job, flags []string, header string, req DumpRequest) (*Output, error) {
	begin := time.Now()
	d := newDumpReader(&job, header, req)
	run, err := c.run(ctx, &job, flags, d.add)
	d.trees.end()
	if err != nil {
		return nil, err
	}
	out := &Output{Elapsed: time.Since(begin), Stopped: run.stopped}
	if run.err != nil {
		out.Errors = d.rest.errors()
		if !isCompileError(run, d.rest, out.Errors) {
			return nil, c.compilerError(&job, run, d.rest)
		}
		return out, nil
	}
	out.Problems, out.NumProblems = d.problems()
	return out, nil
}

// ReadDump is Dump for what a compiler of Go 1.26 has printed already. What is
// cut off or out of order is a problem.
func ReadDump(r io.Reader, job Job, req DumpRequest) (problems []string, num int) {
	d := newDumpReader(&job, beforeInlining, req)
	for lines := newLineReader(r); ; {
		line, err := lines.next()
		if d.add(line) || err != nil {
			d.trees.end()
			return d.problems()
		}
	}
}

// A dumpReader takes the lines that a compiler prints of trees and remarks.
type dumpReader struct {
	header string
	req    DumpRequest
	trees  treeBuilder
	rest   *collector
}

func newDumpReader(job *Job, header string, req DumpRequest) *dumpReader {
	return &dumpReader{header: header, req: req, trees: treeBuilder{want: req.Want, emit: req.Tree}, rest: newCollector(job)}
}

// add takes one line; it reports true for the line behind which nothing is wanted.
func (d *dumpReader) add(line textLine) (stop bool) {
	if name, ok := treeHeader(line, d.header); ok {
		d.trees.begin(name)
		return false
	}
	switch {
	case d.trees.add(line), isSyntaxDump(line.head):
		return false
	case isLaterTree(line.head):
		return true
	}
	if stop := d.rest.add(line); stop {
		return true
	}
	for _, r := range d.rest.remarks {
		d.req.Remark(r)
	}
	d.rest.remarks = d.rest.remarks[:0]
	return false
}

func (d *dumpReader) problems() (list []string, num int) {
	list, num = d.rest.problems()
	if d.trees.problems > 0 {
		list = append(list, d.trees.firstProblem)
		num += d.trees.problems
	}
	return list, num
}
