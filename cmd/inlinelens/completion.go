package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/load"
)

// addCompletion adds the command that prints completion scripts. Root has its other
// commands and its writers already.
func addCompletion(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	cmd := commandNamed(root, "completion")
	cmd.Use = "completion <shell>"
	cmd.Short = "print a completion script for bash, zsh, fish or powershell"
	cmd.Long = `Completion prints a script for a shell that completes commands, flags, packages
and functions. The help of each shell says where to put it.

  source <(inlinelens completion bash)   for this session of bash
  inlinelens help completion zsh         how to keep it, in zsh`
	cmd.Args = cobra.ArbitraryArgs
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) > 0 {
			return unknownCommand(cmd, args[0])
		}
		return cmd.Help()
	}
	for _, shell := range cmd.Commands() {
		shell.Short = "print the completion script for " + shell.Name()
	}
}

// completing reports whether a shell asks for completions.
func completing(args []string) bool {
	return len(args) > 1 && (args[0] == cobra.ShellCompRequestCmd || args[0] == cobra.ShellCompNoDescRequestCmd)
}

// completionArgs is goFlags for what a shell asks: the last argument is not complete.
// Where it begins with one hyphen, the writer gives the flags that are offered one, too.
func completionArgs(root *cobra.Command, args []string) (_ []string, oneHyphen bool) {
	last := args[len(args)-1]
	oneHyphen = strings.HasPrefix(last, "-") && !strings.HasPrefix(last, "--")
	if oneHyphen {
		last = "-" + last
	}
	return append(goFlags(root, args[:len(args)-1]), last), oneHyphen
}

// A completionWriter writes the completions that cobra offers as help has flags.
type completionWriter struct {
	w         io.Writer
	oneHyphen bool
}

func (c *completionWriter) Write(text []byte) (int, error) {
	var out bytes.Buffer
	for line := range bytes.Lines(text) {
		word, description, described := bytes.Cut(line, []byte("\t"))
		if c.oneHyphen {
			word = bytes.TrimPrefix(word, []byte("-"))
		}
		out.Write(word)
		if described {
			description = bytes.ReplaceAll(description, []byte("`"), nil) // the marks of usages
			out.WriteByte('\t')
			out.Write(bytes.TrimRight(description, ":\n"))
			out.WriteByte('\n')
		}
	}
	if _, err := c.w.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}

// A completer completes the arguments of a command. Completions are a help: what goes
// wrong offers nothing.
type completer struct {
	cmd   *cobra.Command
	build *buildFlags
}

// completeFlags has the values of flags completed that name something.
func completeFlags(cmd *cobra.Command, b *buildFlags) {
	c := completer{cmd, b}
	offer := func(flag string, words func(args []string, begun string) []string) {
		if cmd.Flags().Lookup(flag) == nil {
			return
		}
		register(cmd, flag, func(_ *cobra.Command, args []string, begun string) ([]string, cobra.ShellCompDirective) {
			return words(args, begun), cobra.ShellCompDirectiveNoFileComp
		})
	}
	offer("func", func(args []string, _ string) []string { return c.functionsOfAll(args) })
	offer("callee", func(args []string, _ string) []string { return c.functionsOfAll(args) })
	offer("file", func([]string, string) []string { return c.goFiles(".") })
	offer("callers", func(_ []string, begun string) []string { return c.packages(begun) })
	complete(cmd, "mod", []string{"readonly", "vendor", "mod"})
	complete(cmd, "race", []string{"true", "false"})
	register(cmd, "C", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return nil, cobra.ShellCompDirectiveFilterDirs
	})
}

// complete offers the words of a flag to the shell.
func complete(cmd *cobra.Command, flag string, words []string) {
	register(cmd, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

func register(cmd *cobra.Command, flag string, f cobra.CompletionFunc) {
	// An error would mean that the command has no such flag: a mistake here.
	if err := cmd.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err)
	}
}

// completePackages completes arguments that are packages, and, with functions, those of
// explain.
func completePackages(cmd *cobra.Command, b *buildFlags, functions bool) {
	c := completer{cmd, b}
	cmd.ValidArgsFunction = func(_ *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		words := c.packages(begun)
		if functions {
			words = append(words, c.functions(begun)...)
			dir, _ := filepath.Split(begun)
			for _, file := range c.goFiles(dir) {
				words = append(words, dir+file+":")
			}
		}
		words = slices.DeleteFunc(words, func(w string) bool { return !strings.HasPrefix(w, begun) })
		return words, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

func (c completer) dir() string { return filepath.Join(".", c.build.chdir) }

// packages returns directories for a word that begins like one or not at all, and import
// paths for another.
func (c completer) packages(begun string) []string {
	if begun != "" && begun[0] != '.' && !filepath.IsAbs(begun) {
		paths, _ := load.ImportPaths(c.cmd.Context(), c.dir(), begun)
		return paths
	}
	parent, _ := filepath.Split(begun)
	if parent == "" {
		parent = "./"
	}
	words := []string{parent + "..."}
	at := parent
	if !filepath.IsAbs(at) {
		at = filepath.Join(c.dir(), at)
	}
	entries, _ := os.ReadDir(at)
	for _, e := range entries {
		name := e.Name()
		if e.IsDir() && name[0] != '.' && name[0] != '_' && name != "testdata" && name != "node_modules" {
			words = append(words, parent+name+"/")
		}
	}
	return words
}

// functions returns the functions that a word may name, as explain reads it:
// strings.Title, ./lib.Parse, Parse.
func (c completer) functions(begun string) []string {
	slash := strings.LastIndexByte(begun, '/') + 1
	dot := strings.IndexByte(begun[slash:], '.')
	if dot < 0 || slash == 0 && strings.Trim(begun, ".") == "" {
		if slash > 0 {
			return nil
		}
		return c.functionsOf(".")
	}
	path := begun[:slash+dot]
	words := c.functionsOf(path)
	for i, name := range words {
		words[i] = path + "." + name
	}
	if len(words) == 0 && slash == 0 { // T.Method of the package here
		return c.functionsOf(".")
	}
	return words
}

// functionsOfAll returns the functions of the packages that arguments name.
func (c completer) functionsOfAll(patterns []string) []string {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	var names []string
	for _, pattern := range patterns {
		names = append(names, c.functionsOf(strings.TrimSuffix(pattern, "/..."))...)
	}
	return names
}

// functionsOf returns the functions that a package declares, without the marks of
// receivers, which a shell would need quotes for.
func (c completer) functionsOf(path string) []string {
	files, _ := load.Files(c.cmd.Context(), c.dir(), path)
	var names []string
	for _, file := range files {
		names = append(names, declared(file)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// goFiles returns the Go files of a directory.
func (c completer) goFiles(dir string) []string {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(c.dir(), dir)
	}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	for i, file := range files {
		files[i] = filepath.Base(file)
	}
	return files
}
