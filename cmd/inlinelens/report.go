package main

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/report"
)

func newReport() *cobra.Command {
	var (
		build    buildFlags
		filter   report.Filter
		tree     report.Tree
		tests    bool
		near     uint
		format   = &value{text: "text", kind: "string", parse: oneOf(report.Formats())}
		color    = &value{text: "auto", kind: "string", parse: oneOf(colors)}
		statuses = &value{kind: "string", parse: func(s string) (err error) { filter.Statuses, err = report.ParseStatuses(s); return }}
		reasons  = &value{kind: "string", parse: func(s string) (err error) { filter.Reasons, err = report.ParseReasons(s); return }}
		caller   = &value{kind: "string", parse: func(s string) (err error) { filter.Func, err = report.ParseNamePattern(s); return }}
		callee   = &value{kind: "string", parse: func(s string) (err error) { filter.Callee, err = report.ParseNamePattern(s); return }}
		files    = &value{kind: "string", parse: func(s string) (err error) { filter.Files, err = report.ParseFilePatterns(s); return }}
		inlines  = &value{text: "remaining", kind: "string", parse: func(s string) (err error) { tree, err = report.ParseTree(s); return }}
	)
	cmd := &cobra.Command{
		Use:   "report [flags] [packages]",
		Short: "gives a verdict, with its reason, for every call of packages",
		Long: `Report compiles packages, as far as the compiler needs for its verdicts, and says
of every call whether it was inlined, at what cost, and why not. Packages are
named as for go build; without any, it is the one in the current directory.

A call's place is its opening parenthesis, in lines and bytes from 1. "34/80" is
a cost and the budget that it was measured against.

The filters decide what is shown and what the summary counts: both speak of the
same calls. With several filters a call must pass all of them.

The exit code is 0 whatever the verdicts are; 1 when a package does not compile;
2 when nothing could be done.`,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cfg, err := build.config()
			if err != nil {
				return err
			}
			cfg.Tests = tests
			s := newCommandRun(cmd)
			defer s.stopProgress()
			options := s.options(cmd, cfg, &build, color.text)
			options.Filter, options.Tree, options.NearMisses = &filter, tree, int(near)
			printer, err := report.New(format.text, s.stdout, options)
			if err != nil {
				return &usageError{cmd.CommandPath(), err}
			}
			return s.run(cmd.Context(), cfg, patterns, printer)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(format, "format", "`form` of the output\n"+
		"text: one line a call, and a summary (the default)\n"+
		"annotate: the source, with the verdicts below the calls\n"+
		"json: JSON Lines, schema version 1")
	flags.Var(inlines, "tree", "`what` to show of an inlined callee's own calls: remaining\n"+
		"(those that are still made; the default), all or none")
	flags.Var(color, "color", "`when` to colour: auto (on a terminal without NO_COLOR; the\ndefault), always or never")
	flags.BoolVar(&tests, "tests", false, "also the test files of the packages; a file that is in both\nbuilds is reported once, as the package itself has it")
	flags.UintVar(&near, "near-misses", 0, "only a ranking of `N` functions a little over the budget:\nfirst those with the most calls to gain for the least overrun")
	setGroup(flags, "Output", "format", "tree", "color", "tests", "near-misses")
	flags.Var(statuses, "status", "calls with a status of the `list`:\n"+wrapList(report.StatusNames()))
	flags.Var(reasons, "reason", "calls with a reason of the `list`:\n"+wrapList(report.ReasonNames()))
	flags.Var(caller, "func", "calls in functions of this `name` (Do, (*Client).Do,\nnet/http.(*Client).Do), or whose name matches a regular\nexpression; closures belong to their function")
	flags.Var(callee, "callee", "calls of functions of this `name`, in the same way")
	flags.Var(files, "file", "calls in files of the `list`: client.go, http/*_test.go")
	setGroup(flags, "Filters", "status", "reason", "func", "callee", "file")
	build.register(flags)
	complete(cmd, "format", report.Formats())
	complete(cmd, "tree", []string{"remaining", "all", "none"})
	complete(cmd, "color", colors)
	complete(cmd, "status", strings.Split(report.StatusNames(), ", "))
	complete(cmd, "reason", strings.Split(report.ReasonNames(), ", "))
	return cmd
}

// complete offers the words of a flag to the shell.
func complete(cmd *cobra.Command, flag string, words []string) {
	// An error would mean that the command has no such flag: a mistake here.
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)); err != nil {
		panic(err)
	}
}

// oneOf accepts the words of a list.
func oneOf(words []string) func(string) error {
	return func(s string) error {
		for _, w := range words {
			if s == w {
				return nil
			}
		}
		return &notOneOf{s, words}
	}
}

type notOneOf struct {
	text  string
	words []string
}

func (e *notOneOf) Error() string {
	return "unknown value \"" + e.text + "\": want one of " + strings.Join(e.words, ", ")
}

// wrapList breaks a list of words into lines that fit beside flags.
func wrapList(list string) string {
	var b strings.Builder
	line := 0
	for i, word := range strings.Split(list, ", ") {
		if i > 0 {
			b.WriteString(",")
			if line+len(word) > 56 {
				b.WriteString("\n")
				line = 0
			} else {
				b.WriteString(" ")
			}
		}
		b.WriteString(word)
		line += len(word) + 2
	}
	return b.String()
}
