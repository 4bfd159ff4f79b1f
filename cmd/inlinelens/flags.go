package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
	"github.com/inlinelens/inlinelens/internal/similar"
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
		text = unknownFlag(cmd, unknown.GetSpecifiedName())
	case errors.As(err, &novalue):
		text = "flag -" + novalue.GetSpecifiedName() + " needs a value"
	case errors.As(err, &invalid):
		text = fmt.Sprintf("flag -%s: %v", invalid.GetFlag().Name, invalid.Unwrap())
	}
	return &usageError{cmd, errors.New(text)}
}

// unknownFlag says that a command has no such flag, and which ones could be meant.
func unknownFlag(cmd *cobra.Command, name string) string {
	text := "unknown flag -" + name
	var others []string
	for _, other := range cmd.Root().Commands() {
		if other.IsAvailableCommand() && other.Flags().Lookup(name) != nil {
			others = append(others, other.Name())
		}
	}
	switch {
	case len(others) > 0 && cmd.HasParent():
		return text + ": it is a flag of the command " + similar.Or(others)
	case len(others) > 0:
		return fmt.Sprintf("%s: flags follow the command, as in \"%s %s -%s\"", text, cmd.Name(), others[0], name)
	}
	near := similar.New("-" + name)
	cmd.Flags().VisitAll(func(f *pflag.Flag) { near.Add("-" + f.Name) })
	return text + similar.DidYouMean(near.Names())
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

// A number is a flag whose value is a whole number.
type number struct {
	n    int
	what string // what it is a number of, for the error
}

func (v *number) String() string { return strconv.Itoa(v.n) }
func (v *number) Type() string   { return "int" }
func (v *number) Set(s string) error {
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return fmt.Errorf("want a number of %s, as in 20, not %q", v.what, s)
	}
	v.n = n
	return nil
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
	{"C", "change to `dir` before anything else"},
	{"tags", "build with the build tags in the comma-separated `list`"},
	{"race", "build with the race detector"},
	{"gcflags", "pass `flags` to the compiler, as in flags or pattern=flags"},
	{"mod", "module download `mode`: readonly, vendor or mod"},
	{"modfile", "read `file` instead of go.mod"},
	{"overlay", "read the JSON `file`, which replaces source files"},
	{"pgo", "optimize with the profile in `file`, or auto or off"},
}

const buildGroup = "Build flags (others of \"go build\" are accepted too)"

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
		if _, ok := known[f.Name]; ok && flags.Lookup(f.Name) == nil { // of check and diff, -o is their own
			add(f, "").Hidden = true
		}
	}
}

// registerDir registers -C alone, for commands that build nothing.
func (b *buildFlags) registerDir(flags *pflag.FlagSet) {
	for _, f := range load.BuildFlags() {
		if f.Name == "C" {
			flags.VarPF(&buildFlag{f, b}, f.Name, "", usages[0].text)
		}
	}
	setGroup(flags, "Flags", "C")
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
