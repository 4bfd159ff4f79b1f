package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/report"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "prints the version of inlinelens, of its Go, and of the JSON schema",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				info = &debug.BuildInfo{}
			}
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "inlinelens %s\nbuilt with %s for %s/%s\nJSON schema %d\n",
				versionOf(info), runtime.Version(), runtime.GOOS, runtime.GOARCH, report.Schema)
			return err
		},
	}
}

// versionOf is the module's version, or for a build out of a checkout what is
// known of the commit.
func versionOf(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	version := "(devel)"
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			version += " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			version += " with local changes"
		}
	}
	return version
}

// noArgs refuses arguments.
func noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	return &usageError{cmd.CommandPath(), fmt.Errorf("%s takes no arguments, but got %q", cmd.Name(), args[0])}
}
