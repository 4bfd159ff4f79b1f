package gc

import (
	"context"
	"time"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// Dump compiles job as far as is needed to have the syntax trees of its
// functions as they are when the compiler counts costs, before anything is
// inlined.
//
// Where the compiler prints trees only when inlining is over, it runs twice, the
// second time without inlining. What other passes do before the trees are printed is
// in them: a call through an interface may be bound to its method, assignments to
// unused variables may be gone.
//
// The Output has errors and problems; its remarks went to req. The error is as
// Compile's.
func (c *Compiler) Dump(ctx context.Context, job Job, req remark.TreeRequest) (*Output, error) {
	if len(job.Files) == 0 {
		return &Output{}, ctx.Err()
	}
	if c.Release().PrintsTreesBeforeInlining() {
		return c.dump(ctx, job, append([]string{"-W=2"}, remarkFlags...), req)
	}
	first, err := c.Compile(ctx, job)
	if err != nil || len(first.Errors) > 0 {
		return first, err
	}
	for _, r := range first.Remarks {
		req.Remark(r)
	}
	out, err := c.dump(ctx, job, []string{"-l=1", "-W=2"}, req)
	if err != nil {
		return nil, err
	}
	out.Elapsed += first.Elapsed
	return out, nil
}

// Release returns the toolchain's release.
func (t *Toolchain) Release() gorelease.Release { return gorelease.Of(t.Version) }

func (c *Compiler) dump(ctx context.Context, job Job, flags []string, req remark.TreeRequest) (*Output, error) {
	begin := time.Now()
	col, tail := job.collector()
	trees := remark.NewTreeReader(c.Release(), col, req)
	run, err := c.run(ctx, &job, flags, trees.Add)
	trees.End()
	if err != nil {
		return nil, err
	}
	out := &Output{Elapsed: time.Since(begin), Stopped: run.stopped}
	if run.err != nil {
		out.Errors = col.Errors()
		if !isCompileError(run, col, out.Errors) {
			return nil, c.compilerError(&job, run, col, tail)
		}
		return out, nil
	}
	out.Problems, out.NumProblems = trees.Problems()
	return out, nil
}
