package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"
)

// A usageError is a mistake on the command line.
type usageError struct {
	command string // whose help has the answer
	err     error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "inlinelens",
		Short: "shows what the Go compiler did with every call",
		Long: `Inlinelens shows what the Go compiler did with every call: inlined or not, at
what cost, and why. The verdicts are the compiler's own; nothing is guessed.

New here? "inlinelens demo" explains the words on a small program.

Exit codes: 0 fine; 1 findings, or a package that does not compile; 2 it could
not be done, and standard error says why.

Verdicts are remembered in the user's cache directory. The environment variable
INLINELENS_CACHE names another directory, or is "off".
"inlinelens completion bash" (zsh, fish, powershell) prints shell completion.`,
		SilenceErrors:     true,
		SilenceUsage:      true,
		Args:              cobra.ArbitraryArgs,
		CompletionOptions: cobra.CompletionOptions{HiddenDefaultCmd: true},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return cmd.Help()
			}
			err := fmt.Errorf("unknown command %q", args[0])
			if s := cmd.SuggestionsFor(args[0]); len(s) > 0 {
				err = fmt.Errorf("%w; did you mean %s?", err, strings.Join(s, " or "))
			}
			return &usageError{cmd.Name(), err}
		},
	}
	root.SuggestionsMinimumDistance = 2
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd.OutOrStdout(), cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { writeHelp(cmd.OutOrStderr(), cmd); return nil })
	root.SetFlagErrorFunc(flagError)
	root.AddCommand(newReport(), newExplain(), newServe(), newDemo(), newVersion())
	return root
}
