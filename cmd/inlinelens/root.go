package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// A usageError is a mistake on the command line.
type usageError struct {
	cmd *cobra.Command // whose help has the answer
	err error
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

// help is the command line that prints the help which has the answer.
func (e *usageError) help() string {
	line := ""
	for cmd := e.cmd; cmd.HasParent(); cmd = cmd.Parent() {
		line = " " + cmd.Name() + line
	}
	return e.cmd.Root().Name() + " help" + line
}

// rootNotes stand below the list of commands.
const rootNotes = `
Exit status:
  0  success
  1  a package does not compile; what could be reported was reported.
     For check and diff: there are findings
  2  the command could not be carried out; standard error says why
  3  for check and diff: something could not be judged

Environment:
  INLINELENS_CACHE  the directory of the cache, an absolute path, or "off"
  NO_COLOR          if set, no colors
  PAGER             the program that shows long output on a terminal, or "cat"
`

func newRoot(stdout, stderr io.Writer) *cobra.Command {
	cobra.EnableCommandSorting = false // help has the commands in the order of their use
	var version bool
	root := &cobra.Command{
		Use:   "inlinelens",
		Short: "show what the Go compiler inlined",
		Long: `Inlinelens shows for every call whether the Go compiler inlined it, at what cost,
and why not. It asks the compiler of your Go installation and never guesses.

New here? "inlinelens demo" shows the terms on a small program.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			switch {
			case version:
				_, err := io.WriteString(stdout, versionText())
				return err
			case len(args) > 0:
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.Flags().BoolVarP(&version, "version", "v", false, "")
	root.Flags().Lookup("version").Hidden = true // the command is listed
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd.OutOrStdout(), cmd) })
	root.SetUsageFunc(func(cmd *cobra.Command) error { writeHelp(cmd.OutOrStderr(), cmd); return nil })
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelp())
	root.AddCommand(newReport(), newExplain(), newCheck(), newBaseline(), newDiff(), newServe(), newDemo(), newCache(), newVersion())
	addCompletion(root)
	return root
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &usageError{cmd, fmt.Errorf("%s takes no arguments, but got %q", cmd.Name(), args[0])}
}
