package main

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/inlinelens/inlinelens/internal/similar"
)

// exitStatus is what the commands that report have in their help.
const exitStatus = `The exit status is 0 on success, 1 if a package does not compile, and 2 if the
command could not be carried out.`

// newHelp returns the command help, which takes the name of a command.
func newHelp() *cobra.Command {
	return &cobra.Command{
		Use:   "help [command]",
		Short: "print help about a command",
		RunE: func(cmd *cobra.Command, args []string) error {
			of := cmd.Root()
			for _, name := range args {
				sub := commandNamed(of, name)
				if sub == nil {
					return unknownCommand(of, name)
				}
				of = sub
			}
			return of.Help()
		},
		ValidArgsFunction: func(cmd *cobra.Command, args []string, _ string) (names []string, _ cobra.ShellCompDirective) {
			if len(args) == 0 {
				for _, sub := range cmd.Root().Commands() {
					if sub.IsAvailableCommand() {
						names = append(names, cobra.CompletionWithDesc(sub.Name(), sub.Short))
					}
				}
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
	}
}

// commandNamed returns the subcommand of a name, nil if there is none.
func commandNamed(parent *cobra.Command, name string) *cobra.Command {
	for _, sub := range parent.Commands() {
		if sub.Name() == name {
			return sub
		}
	}
	return nil
}

// unknownCommand says that there is no such command, and which one could be meant.
func unknownCommand(parent *cobra.Command, name string) error {
	near := similar.New(name)
	var all []string
	for _, sub := range parent.Commands() {
		if sub.IsAvailableCommand() {
			near.Add(sub.Name())
			all = append(all, sub.Name())
		}
	}
	text := fmt.Sprintf("unknown command %q", name)
	switch names := near.Names(); {
	case len(all) == 0:
		text = fmt.Sprintf("%s has no command %q", parent.Name(), name)
	case len(names) > 0:
		text += similar.DidYouMean(names)
	case !parent.HasParent() && strings.ContainsAny(name, "./"):
		text += fmt.Sprintf("; did you mean \"%s report %s\"?", parent.Name(), name)
	default:
		text += "; the commands are " + strings.Join(all, ", ")
	}
	return &usageError{parent, fmt.Errorf("%s", text)}
}

// writeHelp writes what a command is for and the flags it has.
func writeHelp(w io.Writer, cmd *cobra.Command) {
	var b strings.Builder
	if cmd.HasParent() {
		fmt.Fprintf(&b, "Usage: %s\n\n%s\n", cmd.UseLine(), cmp.Or(cmd.Long, cmd.Short))
	} else {
		fmt.Fprintf(&b, "%s\n", cmd.Long)
	}
	writeCommands(&b, cmd)
	writeFlags(&b, cmd)
	// Help is for a person; where it cannot be written there is nobody to tell.
	_, _ = io.WriteString(w, b.String())
}

// writeCommands writes the subcommands of a command, and what else the root has to say.
func writeCommands(b *strings.Builder, cmd *cobra.Command) {
	width := 0
	var commands []*cobra.Command
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() {
			commands = append(commands, sub)
			width = max(width, len(sub.Name()))
		}
	}
	if len(commands) == 0 {
		return
	}
	if !cmd.HasParent() {
		fmt.Fprintf(b, "\nUsage: %s <command> [arguments]\n", cmd.Name())
	}
	b.WriteString("\nCommands:\n")
	for _, sub := range commands {
		fmt.Fprintf(b, "  %-*s  %s\n", width, sub.Name(), sub.Short)
	}
	if !cmd.HasParent() {
		fmt.Fprintf(b, "\nUse \"%s help <command>\" for more information about a command.\n%s", cmd.Name(), rootNotes)
	}
}

// writeFlags writes the flags of a command, by groups.
func writeFlags(b *strings.Builder, cmd *cobra.Command) {
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
		fmt.Fprintf(b, "\n%s:\n", g)
		for _, f := range members[g] {
			name, text := pflag.UnquoteUsage(f)
			if f.Value.Type() == "bool" {
				name = ""
			}
			left := strings.TrimSpace("-" + f.Name + " " + name)
			text = strings.ReplaceAll(text, "\n", "\n"+strings.Repeat(" ", 20))
			if len(left) > 16 {
				fmt.Fprintf(b, "  %s\n%20s%s\n", left, "", text)
			} else {
				fmt.Fprintf(b, "  %-17s %s\n", left, text)
			}
		}
	}
}
