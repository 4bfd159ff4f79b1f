package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// diffFlags are the flags of diff.
type diffFlags struct {
	build      buildFlags
	output     outputFlags
	goVersions string
	goarch     string
	goos       string
	tests      bool
	errors     *value
}

func newDiff() *cobra.Command {
	f := &diffFlags{}
	cmd := &cobra.Command{
		Use:   "diff [flags] [revision | before after] [packages]",
		Short: "compare two commits, Go releases or builds",
		Long: `Diff compares what the compiler does on two sides, and says why a call is not
inlined any more. The default is to compare the working tree with HEAD, in ./...

  inlinelens diff HEAD~1                     the working tree with a commit
  inlinelens diff main..feature ./parse      two commits, in one package
  inlinelens diff main...feature             what a branch changed
  inlinelens diff -go go1.26.8,go1.27.3      two Go releases
  inlinelens diff -go go1.27.3               your Go release with another one
  inlinelens diff -pgo off,default.pgo       builds without and with a profile
  inlinelens diff -goarch amd64,arm64        two targets; -goos likewise
  inlinelens diff -tags "" -tags purego      builds without and with build tags
  inlinelens diff before.json after.json     two outputs of "report -format json"

Calls and functions are matched by their text, not by their line. A function that was
renamed or moved is found if its text is the same. A call that is not inlined any
more, and a function that is not inlinable any more, are findings. What is better, new
or gone is noted. The repository stays as it is.

` + judgeExit,
		RunE: func(cmd *cobra.Command, args []string) error {
			cfg, err := f.build.config()
			if err != nil {
				return err
			}
			if err := f.output.check(); err != nil {
				return err
			}
			if cfg.Dir, err = filepath.EvalSymlinks(cfg.Dir); err != nil { // git names files so
				return err
			}
			cfg.Tests = f.tests
			return runCommand(cmd, true, func(ctx context.Context, s *commandRun) error {
				s.allErrors = f.errors.text == "all"
				j, err := s.diff(ctx, cmd, cfg, f, args)
				if err != nil {
					return err
				}
				s.stopProgress()
				return f.output.write(cmd, s, cfg, f.command(args), j)
			})
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	f.output.register(cmd)
	flags.StringVar(&f.goVersions, "go", "", "compare two Go `releases`, as in go1.26.8,go1.27.3")
	flags.StringVar(&f.goarch, "goarch", "", "compare two `architectures`, as in amd64,arm64")
	flags.StringVar(&f.goos, "goos", "", "compare two operating `systems`, as in linux,windows")
	flags.BoolVar(&f.tests, "tests", false, "include test files")
	f.errors = errorsFlag(cmd)
	setGroup(flags, "Comparison", "go", "goarch", "goos", "tests", "errors")
	f.build.register(flags)
	completeFlags(cmd, &f.build)
	completePackages(cmd, &f.build, false)
	return cmd
}

// command is what was compared, as a person writes it.
func (f *diffFlags) command(args []string) string {
	words := []string{"diff"}
	for _, flag := range []struct{ name, value string }{{"-go", f.goVersions}, {"-goarch", f.goarch}, {"-goos", f.goos}} {
		if flag.value != "" {
			words = append(words, flag.name, flag.value)
		}
	}
	for _, arg := range f.build.args {
		words = append(words, strings.Replace(arg, "=", " ", 1))
	}
	return strings.Join(append(words, args...), " ")
}

// diff compares what the flags and arguments name.
func (s *commandRun) diff(ctx context.Context, cmd *cobra.Command, cfg load.Config, f *diffFlags, args []string) (j *compare.Judgment, err error) {
	if isReport(args) {
		f.output.elsewhere = true
		return compareReports(args[0], args[1])
	}
	before, after, kind, err := f.builds(cfg)
	if err != nil {
		return nil, &usageError{cmd, err}
	}
	patterns := args
	if before == nil {
		sides, err := revisions(ctx, cfg, args)
		if err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, sides.close()) }()
		before, after, patterns = sides.before, sides.after, sides.patterns
		f.output.elsewhere = after.Name != workingTree
	}
	if len(patterns) == 0 {
		patterns = []string{"./..."}
	}
	before.Patterns, after.Patterns = patterns, patterns
	e, err := newEngine(s)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	j, err = e.Compare(ctx, before, after, kind)
	if err != nil {
		return nil, s.inFull(withNearPaths(ctx, cfg.Dir, patterns, err))
	}
	if after.Checkout != "" { // changes are for files that are there
		return j, nil
	}
	compared := []checkedBuild{{cfg: after.Config, asserted: &compare.Asserted{Packages: after.Packages}}}
	return j, s.mend(ctx, e, patterns, compared, j, f.output.top.n)
}

// builds returns the two builds that flags name; nil for none.
func (f *diffFlags) builds(cfg load.Config) (before, after *engine.Side, kind compare.CauseKind, err error) {
	axes := 0
	use := func(cause compare.CauseKind, b, a engine.Side) {
		before, after, kind = &b, &a, cause
		axes++
	}
	for _, v := range []struct {
		flag, list, variable, prefix string
	}{{"-go", f.goVersions, "GOTOOLCHAIN", "go"}, {"-goarch", f.goarch, "GOARCH", ""}, {"-goos", f.goos, "GOOS", ""}} {
		if v.list == "" {
			continue
		}
		one, other, two := strings.Cut(v.list, ",")
		if !two {
			one, other = "", one
		}
		if strings.Contains(other, ",") || other == "" || two && one == "" {
			return nil, nil, "", fmt.Errorf("flag %s: want two values, as in a,b, not %q", v.flag, v.list)
		}
		use(compare.CauseToolchain, withVariable(cfg, v.variable, one, v.prefix), withVariable(cfg, v.variable, other, v.prefix))
	}
	rest, pgo, tags := splitBuildFlags(f.build.args)
	if one, other, ok := strings.Cut(pgo, ","); ok {
		cfg := cfg
		cfg.BuildFlags = rest
		use(compare.CauseProfile, withFlag(cfg, "-pgo="+one), withFlag(cfg, "-pgo="+other))
	}
	if len(tags) > 1 {
		cfg := cfg
		cfg.BuildFlags = rest
		if len(tags) > 2 {
			return nil, nil, "", errors.New("flag -tags: two lists can be compared, not more")
		}
		use(compare.CauseToolchain, withFlag(cfg, "-tags="+tags[0]), withFlag(cfg, "-tags="+tags[1]))
	}
	if axes > 1 {
		return nil, nil, "", errors.New("only one thing can be compared at a time: use one of -go, -goarch, -goos, -pgo and -tags with two values")
	}
	return before, after, kind, nil
}

// withVariable returns a side with an environment variable; the present one for "".
func withVariable(cfg load.Config, name, value, prefix string) engine.Side {
	if value == "" {
		return engine.Side{Config: cfg, NameOf: func(p *inline.Package) string {
			return map[string]string{"GOTOOLCHAIN": p.Go, "GOARCH": p.GOARCH, "GOOS": p.GOOS}[name]
		}}
	}
	if !strings.HasPrefix(value, prefix) {
		value = prefix + value
	}
	cfg.Env = append(os.Environ(), name+"="+value)
	return engine.Side{Name: value, Config: cfg}
}

func withFlag(cfg load.Config, flag string) engine.Side {
	cfg.BuildFlags = append(cfg.BuildFlags[:len(cfg.BuildFlags):len(cfg.BuildFlags)], flag)
	return engine.Side{Name: flag, Config: cfg}
}

// splitBuildFlags takes the values that may be two out of build flags: -pgo, if it names two
// profiles, and -tags, if it is there more than once.
func splitBuildFlags(args []string) (rest []string, pgo string, tags []string) {
	for _, arg := range args {
		if v, ok := strings.CutPrefix(arg, "-tags="); ok {
			tags = append(tags, v)
		}
	}
	for _, arg := range args {
		if v, ok := strings.CutPrefix(arg, "-pgo="); ok && strings.Contains(v, ",") {
			pgo = v
			continue
		}
		if strings.HasPrefix(arg, "-tags=") && len(tags) > 1 {
			continue
		}
		rest = append(rest, arg)
	}
	return rest, pgo, tags
}
