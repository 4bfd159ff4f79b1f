package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/report"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A commandRun is one run of a command that prints packages: its two writers, the
// progress between them, and the log.
type commandRun struct {
	stdout, stderr io.Writer
	progress       *progress
	log            *zap.Logger
	engine         *engine.Engine // once there is one
	allErrors      bool           // and not only the first
}

func newCommandRun(cmd *cobra.Command) *commandRun {
	p := newProgress(cmd.ErrOrStderr())
	s := &commandRun{
		stdout:   p.over(cmd.OutOrStdout()),
		stderr:   words.PlainWriter(p.over(cmd.ErrOrStderr())),
		progress: p,
	}
	s.log = newLog(s.stderr)
	return s
}

// newLog returns a log of warnings that read like the program's other messages.
func newLog(w io.Writer) *zap.Logger {
	encoder := zapcore.NewConsoleEncoder(zapcore.EncoderConfig{
		MessageKey: "message", NameKey: zapcore.OmitKey, ConsoleSeparator: " ",
		LevelKey: "level",
		EncodeLevel: func(l zapcore.Level, e zapcore.PrimitiveArrayEncoder) {
			e.AppendString("inlinelens: " + l.String() + ":")
		},
		EncodeDuration: zapcore.StringDurationEncoder,
	})
	return zap.New(zapcore.NewCore(encoder, zapcore.AddSync(w), zapcore.WarnLevel))
}

// options are what all printers are told of the terminal and of the build.
func (s *commandRun) options(cmd *cobra.Command, cfg load.Config, build *buildFlags, color string, errs *value) report.Options {
	s.allErrors = errs.text == "all"
	out := terminalOf(cmd.OutOrStdout()).colored(color)
	return report.Options{
		Dir: cfg.Dir, Color: out.color, Width: out.width,
		Errors: s.stderr, AllErrors: s.allErrors, ReadFile: s.overlaid(cfg.Dir, build.overlay),
	}
}

// errorsFlag returns the flag that says how many errors are shown.
func errorsFlag(cmd *cobra.Command) *value {
	v := &value{text: "first", kind: "string", parse: oneOf([]string{"first", "all"})}
	cmd.Flags().Var(v, "errors", "`which` errors to show: first (of each package, and of the go\ncommand; the default) or all")
	complete(cmd, "errors", []string{"first", "all"})
	return v
}

// inFull writes all that the go command said, if that is wanted, and says otherwise how to
// have it.
func (s *commandRun) inFull(err error) error {
	var failure *load.Failure
	if !errors.As(err, &failure) || failure.More == 0 {
		return err
	}
	if !s.allErrors {
		return fmt.Errorf("%w; -errors all shows all lines", err)
	}
	fmt.Fprintln(s.stderr, failure.Output)
	return err
}

func (s *commandRun) stopProgress() { s.progress.stop() }

// run makes the packages that patterns name and prints each as it comes. It
// returns errFindings when one of them does not compile.
func (s *commandRun) run(ctx context.Context, cfg load.Config, patterns []string, printer report.Printer) (err error) {
	if len(patterns) == 0 {
		patterns = []string{"."}
	}
	e, err := newEngine(s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, e.Close()) }()
	broken := false
	err = e.Run(ctx, cfg, patterns, func(p *inline.Package) error {
		broken = broken || len(p.Errors) > 0
		return printer.Package(p)
	})
	if err != nil {
		return s.inFull(withNearPaths(ctx, cfg.Dir, patterns, err))
	}
	err = printer.Close()
	var unmatched *report.UnmatchedError
	if broken && errors.As(err, &unmatched) { // it may be in the package that does not compile
		fmt.Fprintf(s.stderr, "inlinelens: %v\n", err)
		err = nil
	}
	if err == nil && broken {
		return errFindings
	}
	return err
}
