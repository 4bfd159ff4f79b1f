package main

import (
	"context"
	"errors"
	"os"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/pager"
	"github.com/inlinelens/inlinelens/internal/words"
)

// runCommand does the work of a command. With pages, a person reads its output a screen at
// a time, if it goes to a terminal and is longer than that. A pipe gets it as it comes, and
// so does a terminal what comes slowly: nothing of it is held back.
func runCommand(cmd *cobra.Command, pages bool, do func(ctx context.Context, s *commandRun) error) error {
	s := newCommandRun(cmd)
	defer s.stopProgress()
	f, _ := cmd.OutOrStdout().(*os.File)
	t := terminalOf(cmd.OutOrStdout())
	if !pages || !t.is || t.height == 0 || !pager.Wanted() {
		return do(cmd.Context(), s)
	}
	ctx, leave := context.WithCancel(cmd.Context())
	defer leave()
	p := pager.New(pager.Options{Terminal: f, Rows: t.height, Direct: s.stdout, Before: s.stopProgress, Ended: leave})
	s.stdout = p
	if terminalOf(cmd.ErrOrStderr()).is { // what is wrong stands where it belongs, and not across a page
		s.stderr = words.PlainWriter(p)
		s.log = newLog(s.stderr)
	}
	err := do(ctx, s)
	closed := p.Close() // waits for the program: a write may fail before it is known that it has ended
	if err == nil {
		err = closed
	}
	if p.Left() && cmd.Context().Err() == nil && (errors.Is(err, context.Canceled) || errors.Is(err, syscall.EPIPE)) {
		return nil // the reader has seen enough
	}
	return err
}
