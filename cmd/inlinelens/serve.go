package main

import (
	"fmt"
	"io"
	"os"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
	"golang.org/x/term"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/server"
)

var logLevels = []string{"debug", "info", "warn", "error"}

func newServe() *cobra.Command {
	var (
		file  string
		level = &value{text: "info", kind: "string", parse: oneOf(logLevels)}
		pid   = number{what: "a process"}
	)
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "run the language server, for editors",
		Long: `Serve speaks the Language Server Protocol on standard input and output. Editors
start it, beside gopls. It compiles the packages of open files when they are saved.
Verdicts appear as inlay hints, code lenses and hovers.

The exit status is 0 after a shutdown request, 1 if the connection ended without
one, and 2 if the server could not start.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			setGCPolicy(&serving)
			jobs := runtime.GOMAXPROCS(0)
			leaveRoom()
			log, atomic, closeLog, err := openLog(cmd.ErrOrStderr(), file, level.text)
			if err != nil {
				return err
			}
			defer closeLog()
			if term.IsTerminal(int(os.Stdin.Fd())) {
				fmt.Fprintln(cmd.ErrOrStderr(), "inlinelens: serve waits for an editor on standard input; Ctrl+C stops it. For a terminal there are report and explain.")
			}
			err = server.Serve(cmd.Context(), newStdio(os.Stdin, cmd.OutOrStdout()), server.Options{
				Engine: engine.Options{Jobs: jobs},
				Log:    log, Level: atomic, Version: versionOf(buildInfo()), ClientProcessID: pid.n,
				Pause: collectAhead, Quiet: debug.FreeOSMemory,
			})
			if err != nil {
				return errFindings // that is, exit code 1: the protocol asks for it
			}
			return nil
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&file, "log", "", "append the log to `file`, instead of writing to standard error")
	flags.Var(level, "log-level", "log messages of this `level` and above: debug, info (the\ndefault), warn or error")
	flags.Bool("stdio", true, "use standard input and output; accepted for editors that pass it")
	flags.Var(&pid, "clientProcessId", "exit when the process of this `ID`, the editor, does")
	complete(cmd, "log-level", logLevels)
	return cmd
}

// leaveRoom lets requests be answered at once while all cores check types: the
// Go scheduler lets a goroutine run for 10 ms before another gets its place, the
// system's is fairer to threads that have slept.
func leaveRoom() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(2 * runtime.GOMAXPROCS(0))
	}
}

// openLog returns a logger to a file, or to stderr if its name is "".
func openLog(stderr io.Writer, file, level string) (*zap.Logger, *zap.AtomicLevel, func(), error) {
	atomic, err := zap.ParseAtomicLevel(level)
	if err != nil {
		return nil, nil, nil, err
	}
	to, closeFile := words.PlainWriter(stderr), func() {}
	if file != "" {
		f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o666)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("flag -log: %w", err)
		}
		// What cannot be written to a log cannot be said anywhere.
		to, closeFile = words.PlainWriter(f), func() { _ = f.Close() }
	}
	encoder := zapcore.NewConsoleEncoder(zapcore.EncoderConfig{
		TimeKey: "time", LevelKey: "level", MessageKey: "message", NameKey: zapcore.OmitKey, ConsoleSeparator: " ",
		EncodeTime:     zapcore.TimeEncoderOfLayout("2006-01-02T15:04:05.000Z07:00"),
		EncodeLevel:    zapcore.LowercaseLevelEncoder,
		EncodeDuration: zapcore.StringDurationEncoder,
	})
	return zap.New(zapcore.NewCore(encoder, zapcore.Lock(zapcore.AddSync(to)), atomic)), &atomic, closeFile, nil
}

// stdio are standard input and output as one connection. A read from standard
// input ends only with that; so that Close can end one, another goroutine reads,
// which stays until the process ends.
type stdio struct {
	*io.PipeReader
	out io.Writer
}

func newStdio(in io.Reader, out io.Writer) stdio {
	r, w := io.Pipe()
	go func() {
		_, err := io.Copy(w, in)
		w.CloseWithError(err) // nil is the end of the input
	}()
	return stdio{PipeReader: r, out: out}
}

func (s stdio) Write(p []byte) (int, error) { return s.out.Write(p) }
