package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
)

// baselineFlags are the flags of the commands about a baseline.
type baselineFlags struct {
	build  buildFlags
	tests  bool
	across bool
	calls  *report.NamePattern
	errors *value
}

const baselineExit = "The exit status is 0 on success, and 2 if the command could not be carried out."

func newBaseline() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "baseline [command]",
		Short: "record what is inlined, for \"inlinelens check\" to compare with",
		Long: `Baseline records in the file ` + compare.BaselineName + ` what the compiler does with the
functions of a module. A function is inlinable or not, and some calls in it are
inlined. Commit the file. "inlinelens check" then fails if a function is not
inlinable any more, or if a call is not inlined any more.

The file is text, in the root of the module. It has one line for each function,
and no line numbers, so that edits of other functions leave a line as it is. It
names the toolchain, target, build flags and profile of the build.

` + baselineExit,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(newBaselineWrite(), newBaselineShow(), newBaselinePrune())
	return cmd
}

func newBaselineWrite() *cobra.Command {
	f := &baselineFlags{}
	cmd := &cobra.Command{
		Use:   "write [flags] [packages]",
		Short: "record what the compiler does now",
		Long: `Write records what the compiler does with the functions of the packages now. What
was recorded of them before is replaced, be it better or worse. The default is the
packages that the baseline has, or else ./... If packages are named, a baseline
that is there keeps its other packages.

  inlinelens baseline write                   record the whole module
  inlinelens baseline write ./parse           accept what changed in one package
  inlinelens baseline write -calls Client.Do  with a line for each call in Client.Do

Nothing is written if a package does not compile.

` + baselineExit,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			return runCommand(cmd, false, func(ctx context.Context, s *commandRun) error {
				s.allErrors = f.errors.text == "all"
				return s.writeBaseline(ctx, cfg, f, patterns)
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.tests, "tests", false, "include test files")
	flags.Var(&value{kind: "string", parse: func(s string) (err error) { f.calls, err = report.ParseNamePattern(s); return }}, "calls",
		"also record each call in the functions of a `name`: Do,\nClient.Do, 'net/http.(*Client).Do', or a regular expression")
	f.errors = errorsFlag(cmd)
	setGroup(flags, "Flags", "tests", "calls", "errors")
	f.build.register(flags)
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, false)
	return cmd
}

// errBroken ends a command that needs packages which do not compile.
var errBroken = errors.New("a package does not compile; correct it first")

// record makes a baseline of packages, and tells also of each.
func (s *commandRun) record(ctx context.Context, cfg load.Config, patterns []string, each func(*inline.Package) error) (err error) {
	e, err := newEngine(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	errs := report.NewErrors(report.Options{Dir: cfg.Dir, Errors: s.stderr, AllErrors: s.allErrors})
	broken := false
	err = e.Run(ctx, cfg, patterns, func(p *inline.Package) error {
		if len(p.Errors) > 0 {
			broken = true
			return errs.Package(p)
		}
		if len(p.Problems) > 0 {
			fmt.Fprintf(s.stderr, "inlinelens: package %s: %d lines of the compiler's output were not understood, as in %.80q\n", p.Path, len(p.Problems), p.Problems[0].Text)
		}
		return each(p)
	})
	switch {
	case err != nil:
		return s.inFull(withNearPaths(ctx, cfg.Dir, patterns, err))
	case broken:
		return errors.Join(errs.Close(), errBroken)
	}
	return nil
}

func (s *commandRun) writeBaseline(ctx context.Context, cfg load.Config, f *baselineFlags, patterns []string) error {
	file := baselineFile(cfg.Dir)
	old, err := readBaseline(file)
	var fault *compare.BaselineError
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.As(err, &fault) {
		return err
	}
	root := filepath.Dir(file)
	recorded := rebased(patterns, cfg.Dir, root)
	if len(patterns) == 0 && old != nil {
		recorded = old.Patterns
		f.tests = f.tests || old.Tests
	} else if len(patterns) == 0 {
		recorded = []string{"./..."}
	}
	patterns = rebased(recorded, root, cfg.Dir)
	partial := old != nil && !slices.Equal(recorded, old.Patterns)
	cfg.Tests = f.tests
	b := &compare.Baseline{Patterns: recorded, Tests: f.tests}
	recorder := compare.Recorder{Baseline: b}
	if f.calls != nil {
		recorder.Calls = func(fn *inline.Function) bool { return f.calls.Match(fn.Name) }
	}
	var judge *compare.BaselineJudge
	if old != nil {
		judge = &compare.BaselineJudge{Baseline: old, File: file, Across: true}
	}
	err = s.record(ctx, cfg, patterns, func(p *inline.Package) error {
		if partial {
			if how := old.Differs(p); how != "" {
				return fmt.Errorf("the baseline is of another build: %s; record all of it with \"inlinelens baseline write %s\"", how, strings.Join(old.Patterns, " "))
			}
		}
		recorder.Add(p)
		if judge != nil {
			judge.Package(p)
		}
		return nil
	})
	if err != nil {
		return err
	}
	written := len(b.Packages)
	functions := b.Functions()
	if partial {
		for u, p := range b.Packages {
			old.Packages[u] = p
		}
		old.Tests = old.Tests || f.tests
		b = old
	}
	if err := replaceFile(file, b.Text()); err != nil {
		return fmt.Errorf("the baseline could not be written: %w", err)
	}
	fmt.Fprintf(s.stdout, "%s: recorded %s in %s, with %s for %s\n", relative(cfg.Dir, file), counted(functions, "function"), counted(written, "package"), b.Build.Go, b.Build.Target)
	if judge != nil {
		return tellAccepted(s.stdout, judge)
	}
	return nil
}

// tellAccepted says what a new baseline accepts that the old one did not have.
func tellAccepted(w io.Writer, judge *compare.BaselineJudge) error {
	j := judge.Judgment()
	worse, unjudged, _ := j.Counted()
	better := 0
	for i := range j.Findings {
		if j.Findings[i].Rule == compare.RuleImproved {
			better++
		}
	}
	if worse+unjudged+better == 0 {
		return nil
	}
	_, err := fmt.Fprintf(w, "compared with the old one: %d worse, %d better\n", worse+unjudged, better)
	return err
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func newBaselineShow() *cobra.Command {
	f := &baselineFlags{}
	cmd := &cobra.Command{
		Use:   "show [flags] [function ...]",
		Short: "print what is recorded",
		Long: `Show prints of which build the baseline is, and how much it has. With names of
functions it prints their lines. A name is written as for "inlinelens report -func".

  inlinelens baseline show            toolchain, target, packages
  inlinelens baseline show Client.Do  the lines of a function

` + baselineExit,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, names []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			file := baselineFile(cfg.Dir)
			b, err := existingBaseline(file)
			if err != nil {
				return err
			}
			var patterns []*report.NamePattern
			for _, name := range names {
				p, err := report.ParseNamePattern(name)
				if err != nil {
					return &usageError{cmd, err}
				}
				patterns = append(patterns, p)
			}
			return runCommand(cmd, true, func(_ context.Context, s *commandRun) error {
				if len(patterns) == 0 {
					return report.WriteBaseline(s.stdout, relative(cfg.Dir, file), b)
				}
				return report.WriteBaselineLines(s.stdout, b, patterns)
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.build.registerDir(flags)
	return cmd
}

func newBaselinePrune() *cobra.Command {
	f := &baselineFlags{}
	cmd := &cobra.Command{
		Use:   "prune [flags] [packages]",
		Short: "remove what is recorded of functions that are gone",
		Long: `Prune removes the lines of functions, instances and calls that are not there any
more. What is worse or better than the baseline stays as it is recorded. The default
is the packages that the baseline has: then packages that are gone are removed too.

` + baselineExit,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			return runCommand(cmd, false, func(ctx context.Context, s *commandRun) error {
				s.allErrors = f.errors.text == "all"
				return s.pruneBaseline(ctx, cfg, f, patterns)
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.across, "across", false, "also if the baseline is of another toolchain, target or\nbuild")
	f.errors = errorsFlag(cmd)
	setGroup(flags, "Flags", "across", "errors")
	f.build.register(flags)
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, false)
	return cmd
}

func (s *commandRun) pruneBaseline(ctx context.Context, cfg load.Config, f *baselineFlags, patterns []string) error {
	file := baselineFile(cfg.Dir)
	b, err := existingBaseline(file)
	if err != nil {
		return err
	}
	all := len(patterns) == 0
	if all {
		patterns = rebased(b.Patterns, filepath.Dir(file), cfg.Dir)
	}
	cfg.Tests = b.Tests
	pruner := compare.Pruner{Baseline: b}
	err = s.record(ctx, cfg, patterns, func(p *inline.Package) error {
		if how := b.Differs(p); how != "" && !f.across {
			return fmt.Errorf("the baseline is of another build: %s; build as it was built, or use -across", how)
		}
		pruner.Package(p)
		return nil
	})
	if err != nil {
		return err
	}
	if all {
		pruner.Others()
	}
	lines, packages := pruner.Removed()
	if lines+packages > 0 {
		if err := replaceFile(file, b.Text()); err != nil {
			return fmt.Errorf("the baseline could not be written: %w", err)
		}
	}
	text := "removed " + counted(lines, "line")
	if packages > 0 {
		text += ", with " + counted(packages, "package")
	}
	_, err = fmt.Fprintf(s.stdout, "%s: %s\n", relative(cfg.Dir, file), text)
	return err
}
