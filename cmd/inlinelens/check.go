package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// checkFlags are the flags of check.
type checkFlags struct {
	build    buildFlags
	output   outputFlags
	matrix   matrix
	tests    bool
	across   bool
	gcassert *value
	errors   *value
}

// judgeExit is what the commands that judge have in their help.
const judgeExit = `The exit status is 0 if everything holds, 1 if something does not, and 3 if
something could not be judged. It is 2 if the command could not be carried out.`

func newCheck() *cobra.Command {
	f := &checkFlags{gcassert: &value{text: "all", kind: "string", parse: oneOf([]string{"all", "any"})}}
	cmd := &cobra.Command{
		Use:   "check [flags] [packages]",
		Short: "check assertions, and the baseline",
		Long: `Check compares what the compiler does with what is asserted, and with the
baseline if the module has one. The default is ./..., all packages of the
module. Assertions are directives in the source, or lines of the file
.inlinelens in the root of the module:

  //inlinelens:inlined             every static call on the line is inlined
  //inlinelens:inlinable           above a function: it can be inlined
  //inlinelens:cost<=60            above a function: it costs at most 60
  inlined ./hot.Sum -> ./hot.add   in the file: the calls of add in Sum
  cost<=60 ./hot.* if arm64        in the file: functions, in builds for arm64

  inlinelens check                             the whole module
  inlinelens check -tests ./hot                a package and its tests
  inlinelens check -matrix goarch=amd64,arm64  two builds in one run
  inlinelens check -o sarif=check.sarif        a file for other tools

An assertion that matches no call or function fails, and so does a package that
does not compile. The directive //gcassert:inline is checked too. What changes
would make a function inlinable is tried for at most ` + gainsTime.String() + `.

` + judgeExit,
		RunE: func(cmd *cobra.Command, patterns []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			if err := f.output.check(); err != nil {
				return err
			}
			cfg.Tests = f.tests
			if len(patterns) == 0 {
				patterns = []string{"./..."}
			}
			return runCommand(cmd, true, func(ctx context.Context, s *commandRun) error {
				s.allErrors = f.errors.text == "all"
				j, err := s.check(ctx, cfg, patterns, f)
				if j == nil {
					return err
				}
				s.stopProgress()
				return cmp.Or(err, f.output.write(cmd, s, cfg, "check", j)) // that it could not be carried out comes first
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.output.register(cmd)
	flags.BoolVar(&f.tests, "tests", false, "include test files")
	flags.Var(&f.matrix, "matrix", "check the `builds` that the list has, one for each combination\nof its values: goos=linux,goarch=amd64,arm64. The keys are\n"+wrapList(matrixKeyNames())+".\nTags of one build have a + between them. May be given\nseveral times")
	flags.BoolVar(&f.across, "across", false, "compare with the baseline also if it is of another\ntoolchain, target or build")
	flags.Var(f.gcassert, "gcassert", "`which` calls on the line of a //gcassert:inline must be\ninlined: all (the default), or any, as for gcassert")
	f.errors = errorsFlag(cmd)
	setGroup(flags, "Checks", "tests", "matrix", "across", "gcassert", "errors")
	f.build.register(flags)
	complete(cmd, "gcassert", []string{"all", "any"})
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, false)
	return cmd
}

// A checked build is one of which there is a judgment.
type checkedBuild struct {
	cfg      load.Config
	asserted *compare.Asserted
	judgment *compare.Judgment
}

// check judges all builds. There is a judgment with an error where a pattern named
// nothing, and others did.
func (s *commandRun) check(ctx context.Context, cfg load.Config, patterns []string, f *checkFlags) (j *compare.Judgment, err error) {
	e, err := newEngine(s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	specs := []matrixBuild(f.matrix)
	if len(specs) == 0 {
		specs = []matrixBuild{nil}
	}
	var failed error
	var builds []checkedBuild
	for _, spec := range specs {
		b := checkedBuild{cfg: spec.config(cfg)}
		b.asserted, err = e.Check(ctx, b.cfg, patterns)
		if err != nil {
			err = s.inFull(withNearPaths(ctx, cfg.Dir, patterns, err))
			if len(specs) > 1 {
				err = fmt.Errorf("build %s: %w", spec, err)
			}
			var failure *load.Failure
			if b.asserted == nil || ctx.Err() != nil || !errors.As(err, &failure) {
				return nil, err
			}
			failed = errors.Join(failed, err)
		}
		b.asserted.AnyCall = f.gcassert.text == "any"
		builds = append(builds, b)
	}
	if err := judgeBuilds(builds, baselineFile(cfg.Dir), f.across); err != nil {
		return nil, err
	}
	judgments := make([]*compare.Judgment, len(builds))
	names := make([]string, len(builds))
	for i, b := range builds {
		judgments[i], names[i] = b.judgment, specs[i].name(b.asserted.Packages)
	}
	j = judgments[0]
	if len(builds) > 1 {
		j = compare.Merge(names, judgments)
	}
	j.RequireAssertions()
	j.Sort()
	if err := s.mend(ctx, e, patterns, builds, j, f.output.top.n); err != nil {
		return nil, err
	}
	return j, failed
}

// judgeBuilds judges each build by itself.
func judgeBuilds(builds []checkedBuild, file string, across bool) error {
	baseline, bad := readBaseline(file)
	for i := range builds {
		b := &builds[i]
		b.judgment = compare.JudgePackages(b.asserted.Packages)
		b.judgment.Add(compare.JudgePackages(b.asserted.Others))
		b.judgment.Add(compare.JudgeAssertions(b.asserted))
	}
	if errors.Is(bad, fs.ErrNotExist) {
		return nil
	}
	if bad != nil {
		for _, b := range builds {
			b.judgment.Findings = append(b.judgment.Findings, compare.BadBaseline(file, bad))
		}
		return nil
	}
	// A baseline is of one build. Where none is it, the first one says so.
	same := func(b checkedBuild) bool {
		return !slices.ContainsFunc(b.asserted.Packages, func(p *inline.Package) bool { return baseline.Differs(p) != "" })
	}
	none := !slices.ContainsFunc(builds, same)
	for i, b := range builds {
		if !across && !same(b) && !(none && i == 0) {
			continue
		}
		judge := &compare.BaselineJudge{Baseline: baseline, File: file, Across: across}
		for _, p := range b.asserted.Packages {
			judge.Package(p)
		}
		judged := judge.Judgment()
		b.judgment.Add(&judged)
	}
	return nil
}
