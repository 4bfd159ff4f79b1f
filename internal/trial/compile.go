package trial

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
)

// A trialText is the text of a unit with changes, of which a compile tells.
type trialText struct {
	edits  map[string][]rewrite.Edit // by file; in no order
	behind *copier                   // what stands behind the files; nil for nothing
	// kept are the only functions whose bodies are compiled; nil for all of them.
	kept   bodySet
	copied []*declaration
}

// compile compiles the unit with changes, as far as the remarks on inlining need. The
// error is ctx's, or says how the machine failed; what is wrong with the text is in the
// Output.
func (a *Adviser) compile(ctx context.Context, t *trialText) (out *gc.Output, err error) {
	done, low, err := a.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	for range session.Retries {
		if out, err = a.compileOnce(ctx, t, low); !errors.Is(err, gc.ErrTempGone) {
			break
		}
	}
	var crash *gc.CompilerError
	var tooLong *gc.TimeoutError
	if ctx.Err() == nil && (errors.As(err, &crash) || errors.As(err, &tooLong)) {
		return &gc.Output{Errors: []remark.Error{{Message: err.Error()}}}, nil
	}
	return out, err
}

func (a *Adviser) compileOnce(ctx context.Context, t *trialText, low bool) (*gc.Output, error) {
	job, cleanup, err := a.s.Job(a.u)
	defer cleanup()
	if err != nil {
		return nil, err
	}
	dir, err := a.s.Host.Temp.Mkdir("trial_*")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	replace := make(map[string]string, len(job.Replace)+len(a.bodies.files))
	maps.Copy(replace, job.Replace)
	job.Replace = replace
	// A function without a body is no error then.
	job.Complete = job.Complete && t.kept == nil
	job.LowPriority = job.LowPriority || low
	if t.behind != nil {
		job.Until = t.behind.all()
	}
	for i, file := range a.bodies.files {
		text, changed := a.textOf(file, t)
		if !changed {
			continue
		}
		name := filepath.Join(dir, fmt.Sprintf("%d_%s", i, filepath.Base(file.name)))
		if err := os.WriteFile(name, text, 0o600); err != nil {
			return nil, err
		}
		job.Replace[file.name] = name
	}
	return a.s.Compiler.Compile(ctx, job)
}

// textOf returns the text of a file with the changes.
func (a *Adviser) textOf(file *fileBodies, t *trialText) (text []byte, changed bool) {
	edits := slices.Clone(t.edits[file.name])
	if t.kept != nil {
		var copied []*declaration
		for _, d := range t.copied {
			if d.file == file {
				copied = append(copied, d)
			}
		}
		edits = append(edits, file.without(a.src.Fset, t.kept, copied)...)
	}
	slices.SortStableFunc(edits, func(x, y rewrite.Edit) int { return x.Start - y.Start })
	text = file.text
	if len(edits) > 0 {
		text = rewrite.Apply(text, edits)
	}
	if t.behind != nil && t.behind.texts[file.name] != nil {
		return append(slices.Clip(text), t.behind.texts[file.name].Bytes()...), true
	}
	return text, len(edits) > 0
}
