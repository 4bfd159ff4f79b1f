package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// Flags are written as those of the go command: -format json, -format=json,
// with one hyphen or two. Cobra's flag library reads one hyphen as a row of
// one-letter flags, of which there are none here but -h; so goFlags rewrites the
// arguments before cobra sees them, and help and errors show one hyphen.

// goFlags returns args with every flag in the form that cobra understands. The
// value of a flag, and what follows "--", is left as it is.
func goFlags(root *cobra.Command, args []string) []string {
	out := make([]string, 0, len(args))
	cmd := root
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			return append(out, args[i:]...)
		}
		if len(arg) < 2 || arg[0] != '-' {
			if sub, _, err := cmd.Find([]string{arg}); err == nil && sub != cmd {
				cmd = sub
			}
			out = append(out, arg)
			continue
		}
		name, _, hasValue := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		flag := cmd.Flags().Lookup(name)
		if flag == nil && len(name) <= 1 {
			out = append(out, arg)
			continue
		}
		out = append(out, "--"+strings.TrimLeft(arg, "-"))
		if flag != nil && !hasValue && flag.NoOptDefVal == "" && i+1 < len(args) {
			i++
			out = append(out, args[i])
		}
	}
	return out
}

// flagError turns an error of the flag library into one in the go command's manner.
func flagError(cmd *cobra.Command, err error) error {
	if errors.Is(err, pflag.ErrHelp) {
		return err
	}
	text := err.Error()
	var unknown *pflag.NotExistError
	var novalue *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		text = "unknown flag -" + unknown.GetSpecifiedName()
	case errors.As(err, &novalue):
		text = "flag -" + novalue.GetSpecifiedName() + " needs a value"
	case errors.As(err, &invalid):
		text = fmt.Sprintf("flag -%s: %v", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return &usageError{cmd.CommandPath(), errors.New(text)}
}

// A value is a flag whose text is checked where it is given, so that the error
// comes before any work.
type value struct {
	text  string
	kind  string
	parse func(string) error
}

func (v *value) String() string { return v.text }
func (v *value) Type() string   { return v.kind }
func (v *value) Set(s string) error {
	v.text = s
	return v.parse(s)
}

// The groups of flags in help. Each command orders its own.
const groupAnnotation = "inlinelens_group"

func setGroup(flags *pflag.FlagSet, group string, names ...string) {
	for _, n := range names {
		flags.Lookup(n).Annotations = map[string][]string{groupAnnotation: {group}}
	}
}

// buildFlags are the flags of go build, in the order in which they were given.
type buildFlags struct {
	chdir   string
	overlay string
	args    []string
}

// A buildFlag is one flag of go build. It may come more than once: what the
// later ones mean is for the go command's rules.
type buildFlag struct {
	load.BuildFlag
	build *buildFlags
}

func (f *buildFlag) String() string   { return "" }
func (f *buildFlag) IsBoolFlag() bool { return f.Bool }

func (f *buildFlag) Type() string {
	if f.Bool {
		return "bool"
	}
	return "string"
}

func (f *buildFlag) Set(s string) error {
	switch {
	case f.Name == "C":
		f.build.chdir = s
		return nil
	case f.Name == "json":
		return errors.New("use -format json")
	case f.Name == "overlay":
		f.build.overlay = s
	}
	if f.Bool {
		if _, err := strconv.ParseBool(s); err != nil {
			return fmt.Errorf("%q: want true or false", s)
		}
	}
	f.build.args = append(f.build.args, "-"+f.Name+"="+s)
	return nil
}

// usages describes the build flags that help lists; it names the page with the
// others.
var usages = []struct{ name, text string }{
	{"C", "change to `dir` first; patterns and files are relative to it"},
	{"tags", "comma-separated `list` of build tags"},
	{"race", "as built with the race detector"},
	{"gcflags", "compiler `flags`, also as pattern=flags"},
	{"mod", "module download `mode`: readonly, vendor or mod"},
	{"modfile", "`file` to read instead of go.mod"},
	{"overlay", "JSON `file` that replaces files of the build"},
	{"pgo", "profile `file` for optimization, auto or off"},
}

const buildGroup = "Build flags (all of go build are understood; GOOS, GOARCH and GOFLAGS count too)"

func (b *buildFlags) register(flags *pflag.FlagSet) {
	add := func(flag load.BuildFlag, usage string) *pflag.Flag {
		f := flags.VarPF(&buildFlag{flag, b}, flag.Name, "", usage)
		if flag.Bool {
			f.NoOptDefVal = "true"
		}
		setGroup(flags, buildGroup, flag.Name)
		return f
	}
	known := make(map[string]load.BuildFlag)
	for _, f := range load.BuildFlags() {
		known[f.Name] = f
	}
	for _, u := range usages {
		add(known[u.name], u.text)
		delete(known, u.name)
	}
	for _, f := range load.BuildFlags() {
		if _, ok := known[f.Name]; ok {
			add(f, "").Hidden = true
		}
	}
}

// config changes to the directory that -C names, and returns how to load.
func (b *buildFlags) config() (load.Config, error) {
	if b.chdir != "" {
		if err := os.Chdir(b.chdir); err != nil {
			return load.Config{}, fmt.Errorf("flag -C: %w", err)
		}
	}
	dir, err := os.Getwd()
	if err != nil {
		return load.Config{}, fmt.Errorf("the working directory has no name: %w; change to a directory that exists", err)
	}
	return load.Config{Dir: dir, BuildFlags: b.args}, nil
}

// writeHelp writes what a command is for and the flags it has.
func writeHelp(w io.Writer, cmd *cobra.Command) {
	var b strings.Builder
	if cmd.HasParent() {
		fmt.Fprintf(&b, "Usage: %s\n\n%s\n", cmd.UseLine(), cmp.Or(cmd.Long, cmd.Short))
	} else {
		fmt.Fprintf(&b, "%s\n\nUsage: %s <command> [flags] [packages]\n\nCommands:\n", cmd.Long, cmd.Name())
		for _, sub := range cmd.Commands() {
			if sub.IsAvailableCommand() {
				fmt.Fprintf(&b, "  %-9s %s\n", sub.Name(), sub.Short)
			}
		}
		fmt.Fprintf(&b, "\n\"%s <command> -help\" says more.\n", cmd.Name())
	}
	var groups []string
	members := map[string][]*pflag.Flag{}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Name == "help" || f.Hidden {
			return
		}
		group := "Flags"
		if g := f.Annotations[groupAnnotation]; len(g) > 0 {
			group = g[0]
		}
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		members[group] = append(members[group], f)
	})
	for _, g := range groups {
		fmt.Fprintf(&b, "\n%s:\n", g)
		for _, f := range members[g] {
			name, text := pflag.UnquoteUsage(f)
			if f.Value.Type() == "bool" {
				name = ""
			}
			left := strings.TrimSpace("-" + f.Name + " " + name)
			text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 20))
			if len(left) > 16 {
				fmt.Fprintf(&b, "  %s\n%20s%s\n", left, "", text)
			} else {
				fmt.Fprintf(&b, "  %-17s %s\n", left, text)
			}
		}
	}
	// Help is for a person; where it cannot be written there is nobody to tell.
	_, _ = io.WriteString(w, b.String())
}

// overlaid returns a reader of sources that sees them as the build does: through
// the -overlay file when there is one. What is wrong with that file is for the
// loader to say.
func (s *commandRun) overlaid(dir, name string) func(string) ([]byte, error) {
	var replace map[string]string
	if name != "" {
		replace, _ = load.ReadOverlay(dir, name)
	}
	return func(file string) ([]byte, error) {
		if r, ok := replace[filepath.Clean(file)]; ok {
			return regular.ReadFile(r)
		}
		return s.engine.ReadSource(file)
	}
}
