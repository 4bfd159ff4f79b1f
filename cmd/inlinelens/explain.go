package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/explain"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
)

func newExplain() *cobra.Command {
	var (
		build   buildFlags
		tests   bool
		all     bool
		advice  bool
		callers []string
		format  = &value{text: "text", kind: "string", parse: oneOf(report.CostFormats())}
		color   = &value{text: "auto", kind: "string", parse: oneOf(colors)}
	)
	cmd := &cobra.Command{
		Use:   "explain [flags] function | file:line[:col] | packages ...",
		Short: "takes the cost of a function apart, line by line",
		Long: `Explain shows what the inlining budget of a function was spent on: its source,
beside it what each line costs and the running total, and where the budget ends.
The parts are those that the compiler counted. They add up to its number; what
cannot be attributed to a part is said to be so.

  inlinelens explain strings.Title            a function of a package
  inlinelens explain 'net/http.(*Client).do'  a method; net/http.Client.do will do
  inlinelens explain Parse                    of the package in this directory
  inlinelens explain ./lib.Parse.func1        a function literal in it
  inlinelens explain 'slices.Sort[int]'       one instance; all of them without [int]
  inlinelens explain client.go:590            the innermost function around a line
  inlinelens explain client.go:587:13         the callee of a call, if the column is on
                                              its name or its "("; otherwise as above
  inlinelens explain ./...                    a table of functions over the budget

A call that stays costs 57 and 1 for its node, one that is inlined the cost of
its callee and 1, a function literal 15 and 1, and most other nodes 1.

The exit code is 0 whatever the costs are; 1 when a package does not compile;
2 when there is no such function, or nothing could be done.`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{cmd.CommandPath(), errors.New("no function is named")}
			}
			cfg, err := build.config()
			if err != nil {
				return err
			}
			cfg.Tests = tests
			s := newCommandRun(cmd)
			defer s.stopProgress()
			options := s.options(cmd, cfg, &build, color.text)
			options.Unfolded = all
			printer, err := report.NewCost(format.text, s.stdout, options)
			if err != nil {
				return err
			}
			x := &explainer{cfg: cfg, callers: callers, printer: printer}
			if advice {
				x.advice = report.NewAdvice(format.text, s.stdout, options, strings.Join(callers, " "))
			}
			return s.explain(cmd.Context(), x, args)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(format, "format", "`form` of the output\n"+
		"text: the source with its costs, or a table (the default)\n"+
		"json: JSON Lines, one object a function")
	flags.BoolVar(&all, "all", false, "every line of long functions, also those that cost little")
	flags.BoolVar(&advice, "advice", false, "the changes that make the function inlinable, of which each was\ncompiled")
	flags.StringSliceVar(&callers, "callers", nil, "look for calls of the function in packages of the `list` too:\n./..., or example.com/a,example.com/b")
	flags.Var(color, "color", "`when` to colour: auto (on a terminal without NO_COLOR; the\ndefault), always or never")
	flags.BoolVar(&tests, "tests", false, "also the functions of test files")
	setGroup(flags, "Output", "format", "all", "advice", "callers", "color", "tests")
	build.register(flags)
	complete(cmd, "format", report.CostFormats())
	complete(cmd, "color", colors)
	return cmd
}

// explain answers for each argument. It returns errFindings when a package does
// not compile.
func (s *commandRun) explain(ctx context.Context, x *explainer, args []string) (err error) {
	e, err := newEngine(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	x.ctx, x.engine = ctx, e
	for _, arg := range args {
		if err := x.argument(arg); err != nil {
			return err
		}
	}
	if err := x.printer.Close(); err != nil {
		return err
	}
	if x.broken {
		return errFindings
	}
	return nil
}

// An explainer is the work on the arguments of one command.
type explainer struct {
	ctx     context.Context
	cfg     load.Config
	engine  *engine.Engine
	callers []string // patterns in which calls are looked for
	printer report.CostPrinter
	advice  report.AdvicePrinter // nil where none is asked for
	broken  bool                 // a package does not compile
}

// argument tries the ways to read an argument. If none will do, the error is what is
// wrong with the likeliest; a mere word is more likely a function than a package.
func (x *explainer) argument(arg string) error {
	var first error
	for _, q := range readings(arg, x.cfg.Dir) {
		err := x.answer(q)
		var unknown *explain.NotFoundError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &unknown):
			err = fmt.Errorf("explain %s: %w", arg, err)
			if unknown.Ambiguous || len(unknown.Near) > 0 {
				return err
			}
			if !strings.ContainsAny(arg, "./") {
				return err
			}
		case errors.Is(err, load.ErrNoMatch):
		default:
			return err
		}
		first = cmp.Or(first, err)
	}
	return first
}

// answer answers one reading of an argument.
func (x *explainer) answer(q reading) error {
	cfg := x.cfg
	cfg.Tests = cfg.Tests || q.tests
	if q.query == nil {
		if err := x.packages(cfg, q.pattern); err != nil || x.advice == nil {
			return err
		}
		return x.adviseAll(cfg, q.pattern)
	}
	found, err := x.engine.Explain(x.ctx, cfg, q.pattern, *q.query)
	if err != nil {
		return err
	}
	if len(found.Package.Errors) > 0 {
		x.broken = true
		return x.printer.Package(found.Package, nil)
	}
	c := &report.Cost{Package: found.Package, Function: found.Function, Calls: found.Calls, Call: found.Call}
	for _, b := range found.Costs {
		c.Breakdowns = append(c.Breakdowns, b.Breakdown)
	}
	if len(x.callers) > 0 {
		calls, err := x.calls(cfg, x.callers, func(callee string) bool { return callee == found.Function.Name })
		if err != nil {
			return err
		}
		c.Calls, c.Callers = calls[found.Function.Name], strings.Join(x.callers, " ")
	}
	if err := x.printer.Function(c); err != nil || x.advice == nil {
		return err
	}
	return x.advise(cfg, q, found)
}

// packages answers for all functions of what a pattern names.
func (x *explainer) packages(cfg load.Config, pattern string) error {
	patterns := append([]string{pattern}, x.callers...)
	calls, err := x.calls(cfg, patterns, func(string) bool { return true })
	if err != nil {
		return err
	}
	return x.engine.Costs(x.ctx, cfg, []string{pattern}, func(p *breakdown.PackageCosts) error {
		if len(p.Package.Errors) > 0 {
			x.broken = true // calls has said why
			return nil
		}
		breakdowns := make(map[*inline.Function][]*cost.Breakdown)
		for _, b := range p.Functions {
			breakdowns[b.Function] = append(breakdowns[b.Function], b.Breakdown)
		}
		var list []*report.Cost
		for i := range p.Package.Functions {
			f := &p.Package.Functions[i]
			list = append(list, &report.Cost{
				Package: p.Package, Function: f, Breakdowns: breakdowns[f],
				Calls: calls[f.Name], Callers: strings.Join(patterns, " "),
			})
		}
		return x.printer.Package(p.Package, list)
	})
}
