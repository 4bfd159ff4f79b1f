// Command inlinelens shows what the Go compiler did with every call: inlined or
// not, at what cost, and why.
//
// Each subcommand has a file of its own; run "inlinelens help" for what they do.
// Here is only what a terminal and a shell need: flags, colour, progress,
// signals and exit codes. Verdicts are made in internal/engine and written by
// internal/report.
//
// The exit status is 0 on success, and 2 if the command could not be carried out;
// standard error says why. Of commands that report, 1 says that a package does not
// compile. Of commands that judge, 1 says that there are findings, and 3 that something
// could not be judged.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/inlinelens/inlinelens/internal/reaper"
	"github.com/inlinelens/inlinelens/internal/tempdir"
	"github.com/inlinelens/inlinelens/internal/words"
)

// The exit codes.
const (
	exitFine     = 0
	exitFindings = 1
	exitFailed   = 2
	exitUnjudged = 3
)

// errFindings ends a command that has done its work, and found what a script
// should stop at. It has been said already what that is.
var errFindings = errors.New("findings")

// errUnjudged ends a command that has done its work, and could not judge something. It
// has been said already what that is.
var errUnjudged = errors.New("something could not be judged")

func main() {
	if len(os.Args) == 3 && os.Args[1] == reaper.Command {
		reaper.Main(os.Args[2])
		return
	}
	// Most commands are over sooner, and leave nothing to be ended.
	if mark, err := reaper.Mark(); err == nil {
		time.AfterFunc(reapAfter, func() { _ = reaper.Start(mark) }) // without it, what is left ends by itself
	}
	setGCPolicy(&reporting)
	ends := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as nohup has it
		ends = append(ends, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), ends...)
	context.AfterFunc(ctx, stop) // the second signal ends the process at once
	context.AfterFunc(ctx, func() {
		time.Sleep(stopTimeout)
		fmt.Fprintln(os.Stderr, "inlinelens: interrupted; some work did not stop in time")
		exit(exitFailed)
	})

	// With a handler a closed pipe is an error of the write that meets it, and
	// what has been started can be cleaned up. Unhandled, it would kill us.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)

	exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// reapAfter is how old the process is when another one begins to wait for its end.
const reapAfter = 200 * time.Millisecond

// stopTimeout is how long work may take to stop after a signal: most of it does so at
// once, but a type check that has begun runs to its end.
const stopTimeout = 1700 * time.Millisecond

// exit ends the process, also if something is at work that does not stop.
func exit(code int) {
	tempdir.CloseAll()
	os.Exit(code)
}

// run runs the command line and returns the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) (code int) {
	messages := words.PlainWriter(stderr)
	defer func() {
		if v := recover(); v != nil {
			fmt.Fprintf(messages, "inlinelens: internal error: %v\n%s\n"+
				"This is a mistake in inlinelens, not in your code. Please report it, with the lines above and\n"+
				"what \"inlinelens version\" prints, at https://github.com/inlinelens/inlinelens/issues\n", v, debug.Stack())
			code = exitFailed
		}
	}()
	root := newRoot(stdout, stderr)
	if completing(args) {
		var oneHyphen bool
		args, oneHyphen = completionArgs(root, args)
		root.SetOut(&completionWriter{stdout, oneHyphen})
	} else {
		args = goFlags(root, args)
	}
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, syscall.EPIPE):
		return exitFine // the reader, head or a pager, has seen enough
	case ctx.Err() != nil:
		fmt.Fprintln(messages, "inlinelens: interrupted")
	case errors.Is(err, errFindings):
		return exitFindings
	case errors.Is(err, errUnjudged):
		return exitUnjudged
	case errors.As(err, &usage):
		fmt.Fprintf(messages, "inlinelens: %v\nRun \"%s\" for usage.\n", err, usage.help())
	default:
		fmt.Fprintf(messages, "inlinelens: %v\n", err)
	}
	return exitFailed
}
