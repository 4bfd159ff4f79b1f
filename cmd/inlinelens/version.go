package main

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/mod/module"

	"github.com/inlinelens/inlinelens/internal/report"
)

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "print the version",
		Long: `Version prints the version of inlinelens with its commit, the Go release that
built it, and the version of the JSON schema. So do the flags -version and -v.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := io.WriteString(cmd.OutOrStdout(), versionText())
			return err
		},
	}
}

func versionText() string {
	return fmt.Sprintf("inlinelens %s\nbuilt with %s for %s/%s\nJSON schema %d\n",
		versionOf(buildInfo()), runtime.Version(), runtime.GOOS, runtime.GOARCH, report.Schema)
}

func buildInfo() *debug.BuildInfo {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info
	}
	return &debug.BuildInfo{}
}

// shortCommit is how many digits of a commit are shown, as in a pseudo-version.
const shortCommit = 12

// versionOf is the module's version with the commit, as far as they are known: "v1.2.3
// (commit 0123456789ab)". A program that "go install" built from a downloaded module has
// no commit but the one in its version.
func versionOf(info *debug.BuildInfo) string {
	version, commit, modified := info.Main.Version, "", false
	if version == "" {
		version = "(devel)"
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision":
			commit = s.Value[:min(len(s.Value), shortCommit)]
		case "vcs.modified":
			modified = s.Value == "true"
		}
	}
	if commit == "" {
		commit, _ = module.PseudoVersionRev(version)
	}
	switch {
	case commit == "":
		return version
	case modified:
		return fmt.Sprintf("%s (commit %s, with local changes)", version, commit)
	}
	return fmt.Sprintf("%s (commit %s)", version, commit)
}
