package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// sample is a small module. Its files end in .txt, so that the go command takes
// them neither for a part of this package nor for a module of its own.
//
//go:embed demo/sample/*.txt
var sample embed.FS

// demoWidth is how wide the demo is where no terminal says otherwise.
const demoWidth = 100

func newDemo() *cobra.Command {
	color := &value{text: "auto", kind: "string", parse: oneOf(colors)}
	cmd := &cobra.Command{
		Use:   "demo [flags]",
		Short: "show the terms on a small program",
		Long: `Demo compiles a small program that comes with inlinelens, with your Go. It shows
the source with the compiler's verdict below every call.

` + exitStatus,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, remove, err := unpackSample()
			if err != nil {
				return fmt.Errorf("unpacking the sample program: %w; set TMPDIR to a directory that can be written", err)
			}
			defer remove()
			return runCommand(cmd, true, func(ctx context.Context, s *commandRun) error {
				return s.demo(ctx, terminalOf(cmd.OutOrStdout()).colored(color.text), dir)
			})
		},
	}
	cmd.Flags().Var(color, "color", colorUsage)
	complete(cmd, "color", colors)
	return cmd
}

// demo explains the sample, which is in dir.
func (s *commandRun) demo(ctx context.Context, out terminal, dir string) error {
	if out.width == 0 {
		out.width = demoWidth
	}
	if _, err := io.WriteString(s.stdout, demoBefore(out.color)); err != nil {
		return err
	}
	printer, err := report.New("annotate", s.stdout, report.Options{
		Dir: dir, Color: out.color, Width: out.width, Errors: s.stderr,
	})
	if err != nil {
		return err
	}
	if err := s.run(ctx, demoConfig(dir), nil, printer); err != nil {
		return err
	}
	_, err = io.WriteString(s.stdout, demoAfter)
	return err
}

// demoConfig builds the sample as it is, whatever the user's settings say of
// their own modules and targets.
func demoConfig(dir string) load.Config {
	env := append(os.Environ(), "PWD="+dir, "GOFLAGS=", "GOWORK=off", "GO111MODULE=on", "GOPACKAGESDRIVER=off", "GOOS=", "GOARCH=")
	return load.Config{Dir: dir, Env: env}
}

// unpackSample writes the sample to a new directory and returns its name, and
// how to remove it.
func unpackSample() (dir string, remove func(), err error) {
	temp, err := tempdir.New("")
	if err != nil {
		return "", nil, err
	}
	dir = temp.Path
	// What is left in a temporary directory is the system's to clear; there is
	// nothing that the user could do about an error.
	remove = func() { _ = temp.Close() }
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved // the compiler names files by the real path
	}
	err = fs.WalkDir(sample, "demo/sample", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := sample.ReadFile(name)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(dir, strings.TrimSuffix(filepath.Base(name), ".txt")), text, 0o666)
	})
	if err != nil {
		remove()
		return "", nil, errors.Unwrap(err)
	}
	return dir, remove, nil
}

// demoBefore says in a few lines what is going to be seen.
func demoBefore(color bool) string {
	var b strings.Builder
	b.WriteString(`Inlining replaces a call by the body of the function. That saves the call, and lets the compiler
optimize across it. The compiler inlines functions whose cost is within a budget. The cost is roughly
the number of operations: "34/80" is a cost of 34 and a budget of 80. Each call has a status:

`)
	for _, s := range report.StatusLegend(color) {
		b.WriteString("  " + s + "\n")
	}
	b.WriteString("\nThis is what your compiler did with a small program. Lines with └ are calls inside an inlined body.\n\n")
	return b.String()
}

const demoAfter = `
Next:
  inlinelens report ./...                       your own module, and its near misses
  inlinelens report -format annotate -func Add  one function, as above
  inlinelens report -status not-inlined ./...   only the calls that remain
  inlinelens explain Add                        what a function costs, line by line
  inlinelens help report                        more flags and filters
`
