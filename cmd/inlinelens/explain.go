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
	"github.com/inlinelens/inlinelens/internal/similar"
	"github.com/inlinelens/inlinelens/internal/trial"
)

// explainFlags are the flags of explain.
type explainFlags struct {
	build         buildFlags
	tests         bool
	all           bool
	advice        bool
	callers       []string
	format, color *value
	errors        *value
}

func newExplain() *cobra.Command {
	f := &explainFlags{
		format: &value{text: "text", kind: "string", parse: oneOf(report.CostFormats())},
		color:  &value{text: "auto", kind: "string", parse: oneOf(colors)},
	}
	cmd := &cobra.Command{
		Use:   "explain [flags] function | file:line[:column] | packages",
		Short: "show what a function costs, line by line",
		Long: `Explain shows the source of a function with the cost of each line and the running
total. A line marks where the inlining budget ends. For packages, it lists the
functions over budget.

  inlinelens explain strings.Title            a function
  inlinelens explain net/http.Client.do       a method; 'net/http.(*Client).do' works too
  inlinelens explain Parse                    in the package of the current directory
  inlinelens explain ./lib.Parse.func1        a function literal
  inlinelens explain 'slices.Sort[int]'       one instance of a generic function
  inlinelens explain client.go:590            the function at a line
  inlinelens explain client.go:587:13         the function called at a name or "("
  inlinelens explain ./...                    all functions over budget

The costs are those that the compiler counted, and they add up to its number. A
call that is not inlined costs 57, and 1 for its node. An inlined call costs what
its function costs, and 1. A function literal costs 16, and most other nodes 1.

` + exitStatus,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return &usageError{cmd, errors.New("no function is named; name a function, a place or packages")}
			}
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			cfg.Tests = f.tests
			return runCommand(cmd, !f.advice, func(ctx context.Context, s *commandRun) error {
				options := s.options(cmd, cfg, &f.build, f.color.text, f.errors)
				options.Unfolded = f.all
				printer, err := report.NewCost(f.format.text, s.stdout, options)
				if err != nil {
					return err
				}
				x := &explainer{cfg: cfg, callers: f.callers, printer: printer}
				if f.advice {
					x.offers = 1 // in lists, of which text has the best change
					if f.format.text == "json" {
						x.offers = trial.MostOffers
					}
					x.advice = report.NewAdvice(f.format.text, s.stdout, options, strings.Join(f.callers, " "))
				}
				return s.explain(ctx, x, args)
			})
		},
	}
	f.register(cmd)
	return cmd
}

// register gives the command its flags.
func (f *explainFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.Var(f.format, "format", "output `format`:\n"+
		"text: the source with its costs, or a table (the default)\n"+
		"json: JSON Lines, one object for each function")
	flags.BoolVar(&f.all, "all", false, "show every line of a long function, also those that cost little")
	flags.BoolVar(&f.advice, "advice", false, "show changes that make the function inlinable, each tried with\nthe compiler")
	flags.StringSliceVar(&f.callers, "callers", nil, "also look for calls of the function in the packages of the\n`list`, as in ./...")
	flags.Var(f.color, "color", colorUsage)
	flags.BoolVar(&f.tests, "tests", false, "include test files")
	f.errors = errorsFlag(cmd)
	f.build.register(flags)
	complete(cmd, "format", report.CostFormats())
	complete(cmd, "color", colors)
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, true)
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
			return s.inFull(err)
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
	offers  int                  // for each function of a list
	broken  bool                 // a package does not compile
}

// argument answers one argument. A function that is not where it was looked for may be in
// another package of the module.
func (x *explainer) argument(arg string) error {
	err := x.try(arg)
	var unknown *explain.NotFoundError
	if errors.As(err, &unknown) && !unknown.Ambiguous && unknown.Query.Name != "" || errors.Is(err, load.ErrNoMatch) {
		if names := elsewhere(x.ctx, x.cfg.Dir, arg); len(names) > 0 {
			return fmt.Errorf("explain %s: the package in this directory has no such function%s", arg, similar.DidYouMean(names))
		}
	}
	if unknown != nil && unknown.Query.Name == arg && len(unknown.Near) == 0 { // it may be a package
		return fmt.Errorf("%w%s", err, similar.DidYouMean(nearPaths(x.ctx, x.cfg.Dir, arg)))
	}
	return withNearPaths(x.ctx, x.cfg.Dir, []string{arg}, err)
}

// try tries the ways to read an argument. If none will do, the error is what is wrong with
// the likeliest; a mere word is more likely a function than a package.
func (x *explainer) try(arg string) error {
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
