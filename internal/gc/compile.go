package gc

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// A Compiler runs one toolchain's compiler. Its methods may be called from
// several goroutines at once.
type Compiler struct {
	*Toolchain
	Temp *Temp // where the compiles have their files

	tee io.Writer // also gets the lines that come before the stop; for recording
}

// NewCompiler returns a compiler whose files are in temp.
func NewCompiler(t *Toolchain, temp *Temp) *Compiler {
	return &Compiler{Toolchain: t, Temp: temp}
}

var errTimeout = errors.New("the job's time is over")

// Compile compiles job as far as the remarks about inlining need.
//
// Compile errors are part of the Output. The error is ctx.Err() when ctx is
// done, a *TimeoutError, a *CompilerError when the compiler could not be run or
// crashed, or an error of the file system. Whatever it returns, the compiler's
// process group is gone by then, and so are its files; of a compiler that was
// stopped because it has told all, the kernel takes some milliseconds to free the
// memory, and that is waited for by Temp.Close alone.
func (c *Compiler) Compile(ctx context.Context, job Job) (*Output, error) {
	begin := time.Now()
	out := &Output{}
	if len(job.Files) == 0 {
		return out, ctx.Err() // a package of tests alone
	}
	col, tail := job.collector()
	run, err := c.run(ctx, &job, remarkFlags, func(line remark.Line) bool {
		known := len(col.Remarks)
		stop := col.Add(line)
		if job.Until != nil && len(col.Remarks) > known {
			stop = job.Until(col.Remarks[known]) || stop
		}
		if c.tee != nil && !stop {
			fmt.Fprintf(c.tee, "%s\n", line.Head)
		}
		return stop
	})
	if err != nil {
		return nil, err
	}
	out.Elapsed = time.Since(begin)
	out.Stopped = run.stopped
	out.Remarks = col.Remarks
	if run.err != nil {
		out.Errors = col.Errors()
		if !isCompileError(run, col, out.Errors) {
			return nil, c.compilerError(&job, run, col, tail)
		}
	} else {
		out.Problems, out.NumProblems = col.Problems()
	}
	return out, nil
}

// A run is a compiler process that has ended.
type run struct {
	args    []string
	dir     string // where its files were
	stopped bool   // by us, because a line said so
	err     error  // what it ended with by itself; nil if stopped
	stderr  string
}

// run runs the compiler and hands each line of its standard output to add,
// until add returns true.
func (c *Compiler) run(ctx context.Context, job *Job, flags []string, add func(remark.Line) (stop bool)) (_ *run, err error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	dir, err := c.Temp.mkdir()
	if err != nil {
		return nil, err
	}
	ending := false // somebody else sees to dir
	defer func() {
		if !ending {
			err = errors.Join(err, os.RemoveAll(dir))
		}
	}()
	args, err := job.command(dir, flags...)
	if err != nil {
		return nil, err
	}
	timed := ctx
	if job.Timeout > 0 {
		var cancel context.CancelFunc
		timed, cancel = context.WithTimeoutCause(ctx, job.Timeout, errTimeout)
		defer cancel()
	}
	p, stderr, err := c.startJob(job, dir, args)
	if err != nil {
		return nil, err
	}
	release := context.AfterFunc(timed, p.kill)
	defer release()

	r := &run{args: append([]string{c.Toolchain.Compile}, args...)}
	r.stopped = remark.EachLine(p.reader, add)
	switch {
	case r.stopped && job.DelayKill:
		p.halt()
	case r.stopped:
		p.kill()
	}
	if r.stopped && ctx.Err() == nil {
		ending = true
		c.Temp.ending.Go(func() {
			if job.DelayKill {
				time.Sleep(haltTime)
				p.kill()
			}
			_, _ = p.wait()       // it was killed
			_ = os.RemoveAll(dir) // Close tries again, and tells
		})
		return r, nil
	}
	waitErr, killed := p.wait()
	r.stderr = stderr.String()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case killed && errors.Is(context.Cause(timed), errTimeout):
		return nil, &TimeoutError{ImportPath: job.ImportPath, After: job.Timeout}
	}
	if waitErr != nil {
		if _, err := os.Lstat(filepath.Join(dir, importCfgFile)); errors.Is(err, fs.ErrNotExist) {
			return nil, ErrTempGone
		}
	}
	r.err, r.dir = waitErr, dir
	return r, nil
}

// startJob starts the compiler, whose files are in dir.
func (c *Compiler) startJob(job *Job, dir string, args []string) (*process, *tailBuffer, error) {
	short, err := shorten(dir, args)
	if err != nil {
		return nil, nil, err
	}
	cmd := exec.Command(c.Toolchain.Compile, short...)
	cmd.Dir = job.Dir
	cmd.Env = c.env(job.Dir)
	stderr := &tailBuffer{max: maxTail}
	cmd.Stderr = stderr
	p, err := start(cmd)
	if err != nil {
		return nil, nil, &CompilerError{
			Reason: err.Error(), Err: err,
			Version: c.Version, GOOS: c.GOOS, GOARCH: c.GOARCH,
			ImportPath: job.ImportPath, Dir: job.Dir, Args: append([]string{c.Toolchain.Compile}, args...),
		}
	}
	if job.LowPriority {
		lowerPriority(cmd)
	}
	if job.Started != nil {
		job.Started()
	}
	return p, stderr, nil
}

// haltTime is how long a compiler that was halted is left alone.
const haltTime = 200 * time.Millisecond

// env returns the environment of a compiler that works in dir.
func (c *Compiler) env(dir string) []string {
	env := tuned(c.Env)
	if dir != "" {
		env = append(env, "PWD="+dir)
	}
	return env
}

// maxBareErrors is how many errors without a position are taken for compile
// errors (a file that cannot be read has none). The compiler gives up after 10.
const maxBareErrors = 10

// isCompileError tells a compiler that found fault with the source from one
// that broke down.
func isCompileError(r *run, col *remark.Collector, errs []remark.Error) bool {
	var exit *exec.ExitError
	if !errors.As(r.err, &exit) || exit.ExitCode() <= 0 || col.Crash() != "" || len(errs) == 0 {
		return false
	}
	if hasTrace(r.stderr) {
		return false
	}
	for _, e := range errs {
		if e.Line > 0 {
			return true
		}
		if strings.Contains(e.Message, r.dir) {
			return false // a file of ours: the disk is full, for example
		}
	}
	return len(errs) <= maxBareErrors
}

// hasTrace reports whether stderr is that of a Go program that panicked.
func hasTrace(stderr string) bool {
	return strings.Contains(stderr, "\ngoroutine ") || strings.HasPrefix(stderr, "panic: ") || strings.HasPrefix(stderr, "fatal error: ")
}

func (c *Compiler) compilerError(job *Job, r *run, col *remark.Collector, tail *tailBuffer) *CompilerError {
	e := &CompilerError{
		Reason:     r.err.Error(),
		Version:    c.Version,
		GOOS:       c.GOOS,
		GOARCH:     c.GOARCH,
		ImportPath: job.ImportPath,
		Dir:        job.Dir,
		Args:       r.args,
		Output:     tail.String() + r.stderr,
		Err:        r.err,
	}
	var exit *exec.ExitError
	if errors.As(r.err, &exit) && exit.ExitCode() < 0 {
		e.Crashed = true
		e.Reason += ", which was not ours: is the machine out of memory?"
	}
	if hasTrace(r.stderr) {
		e.Crashed = true
		first, _, _ := strings.Cut(r.stderr, "\n")
		e.Reason += ": " + first
	}
	if text := col.Crash(); text != "" {
		e.Crashed = true
		e.Reason = "internal compiler error: " + text
	}
	return e
}
