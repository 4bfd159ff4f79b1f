package main

import (
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
		Short: "explains the words on a small program",
		Long: `Demo compiles a small program, which comes with inlinelens, with your own Go, and
shows its source with the compiler's verdict below every call.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, remove, err := unpackSample()
			if err != nil {
				return fmt.Errorf("unpacking the sample program: %w; set TMPDIR to a directory that can be written", err)
			}
			defer remove()
			s := newCommandRun(cmd)
			defer s.stopProgress()
			out := terminalOf(cmd.OutOrStdout()).colored(color.text)
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
			if err := s.run(cmd.Context(), demoConfig(dir), nil, printer); err != nil {
				return err
			}
			_, err = io.WriteString(s.stdout, demoAfter)
			return err
		},
	}
	cmd.Flags().Var(color, "color", "`when` to colour: auto (on a terminal without NO_COLOR; the\ndefault), always or never")
	complete(cmd, "color", colors)
	return cmd
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
	b.WriteString(`Inlining puts the body of a function where it is called. That saves the call, and lets the compiler
see through it. It happens to functions whose cost, roughly the number of operations in them, is
within a budget: "34/80" is a cost and the budget. What happened to a call is one of these:

`)
	for _, s := range report.StatusLegend(color) {
		b.WriteString("  " + s + "\n")
	}
	b.WriteString("\nBelow is a small program as your compiler sees it. └ lines are calls inside an inlined body.\n\n")
	return b.String()
}

const demoAfter = `
What you can do next:
  inlinelens report ./...                       the verdicts on your own code, and its near misses
  inlinelens report -format annotate -func Add  one function, as above
  inlinelens report -status not-inlined ./...   only the calls that remain
  inlinelens report -format json std            everything, for programs, of any package
  inlinelens help report                        the other flags and filters
`
