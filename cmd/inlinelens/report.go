package main

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/report"
)

// reportFlags are the flags of report.
type reportFlags struct {
	build         buildFlags
	filter        report.Filter
	tree          report.Tree
	tests         bool
	near          number
	format, color *value
	errors        *value
}

func newReport() *cobra.Command {
	f := &reportFlags{
		near:   number{what: "functions"},
		format: &value{text: "text", kind: "string", parse: oneOf(report.Formats())},
		color:  &value{text: "auto", kind: "string", parse: oneOf(colors)},
	}
	cmd := &cobra.Command{
		Use:   "report [flags] [packages]",
		Short: "list the calls of packages, and whether they were inlined",
		Long: `Report lists every call in the packages: whether the compiler inlined it, at what
cost, and why not. A summary and the near misses follow. Packages are named as
for "go build"; the default is the package in the current directory.

  inlinelens report ./...                         every call of the module
  inlinelens report -status not-inlined ./...     the calls that remain
  inlinelens report -near-misses 20 ./...         functions slightly over budget
  inlinelens report -format annotate -func Parse  one function with its source

"34/80" means that the function called costs 34 and that the budget is 80.
Some budgets differ: the summary explains those that occur. The place of a call
is that of its "(". Columns count bytes from 1.

A call is shown if it matches all filters, and the summary counts the calls that
are shown. A -func, -callee or -file that matches nothing is an error.

` + exitStatus,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			cfg.Tests = f.tests
			pages := f.near.n == 0 // otherwise the user has said how much there is, and changes are tried
			return runCommand(cmd, pages, func(ctx context.Context, s *commandRun) error {
				options := s.options(cmd, cfg, &f.build, f.color.text, f.errors)
				options.Filter, options.Tree, options.NearMisses = &f.filter, f.tree, f.near.n
				printer, err := report.New(f.format.text, s.stdout, options)
				if err != nil {
					return &usageError{cmd, err}
				}
				err = s.run(ctx, cfg, patterns, report.Checked(printer, &f.filter, f.tests))
				if f.near.n == 0 || err != nil {
					return err
				}
				return s.gains(ctx, cfg, patterns, report.NewGains(f.format.text, s.stdout, options))
			})
		},
	}
	f.register(cmd)
	return cmd
}

// register gives the command its flags.
func (f *reportFlags) register(cmd *cobra.Command) {
	parsed := func(parse func(string) error) *value { return &value{kind: "string", parse: parse} }
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(f.format, "format", "output `format`:\n"+
		"text: one line for each call, and a summary (the default)\n"+
		"annotate: the source, with the verdicts below the calls\n"+
		"json: JSON Lines, schema version 1")
	flags.Var(parsed(func(s string) (err error) { f.tree, err = report.ParseTree(s); return }), "tree",
		"`which` calls of an inlined body to show: remaining (those\nthat are still made; the default), all or none")
	flags.Var(f.color, "color", colorUsage)
	flags.BoolVar(&f.tests, "tests", false, "include test files")
	flags.Var(&f.near, "near-misses", "list only the `N` best near misses: functions slightly over\nbudget, and those that a change makes inlinable, ranked by\nthe calls to gain")
	f.errors = errorsFlag(cmd)
	setGroup(flags, "Output", "format", "tree", "color", "tests", "near-misses", "errors")
	flags.Var(parsed(func(s string) (err error) { f.filter.Statuses, err = report.ParseStatuses(s); return }), "status",
		"show calls with a status in the `list`:\n"+wrapList(report.StatusNames()))
	flags.Var(parsed(func(s string) (err error) { f.filter.Reasons, err = report.ParseReasons(s); return }), "reason",
		"show calls with a reason in the `list`:\n"+wrapList(report.ReasonNames()))
	flags.Var(parsed(func(s string) (err error) { f.filter.Func, err = report.ParseNamePattern(s); return }), "func",
		"show calls in the functions of a `name`, with their closures:\nDo, Client.Do, 'net/http.(*Client).Do', or a regular\nexpression")
	flags.Var(parsed(func(s string) (err error) { f.filter.Callee, err = report.ParseNamePattern(s); return }), "callee",
		"show calls of the functions of a `name`, written as for -func")
	flags.Var(parsed(func(s string) (err error) { f.filter.Files, err = report.ParseFilePatterns(s); return }), "file",
		"show calls in files of the `list`: client.go,'http/*_test.go'")
	setGroup(flags, "Filters", "status", "reason", "func", "callee", "file")
	f.build.register(flags)
	complete(cmd, "format", report.Formats())
	complete(cmd, "tree", []string{"remaining", "all", "none"})
	complete(cmd, "color", colors)
	complete(cmd, "status", strings.Split(report.StatusNames(), ", "))
	complete(cmd, "reason", strings.Split(report.ReasonNames(), ", "))
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, false)
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
