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

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/server"
)

func newServe() *cobra.Command {
	var (
		file  string
		level = &value{text: "info", kind: "string", parse: oneOf([]string{"debug", "info", "warn", "error"})}
		pid   int
	)
	cmd := &cobra.Command{
		Use:   "serve [flags]",
		Short: "is a language server: verdicts in an editor",
		Long: `Serve speaks the language server protocol with an editor, on standard input and
output, beside gopls. It compiles the packages of open files when they are saved,
and shows the verdicts where you read: inlay hints, code lenses, hovers. Editors
start it; there is nothing to see in a terminal.

The exit code is 0 after a shutdown request, 1 when the connection ended without
one, 2 when it could not start.`,
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
			info, ok := debug.ReadBuildInfo()
			if !ok {
				info = &debug.BuildInfo{}
			}
			err = server.Serve(cmd.Context(), newStdio(os.Stdin, cmd.OutOrStdout()), server.Options{
				Engine: engine.Options{Jobs: jobs},
				Log:    log, Level: atomic, Version: versionOf(info), ClientProcessID: pid,
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
	flags.StringVar(&file, "log", "", "log to `file`, at its end, instead of standard error")
	flags.Var(level, "log-level", "log from this `level` on: debug, info (the default), warn\nor error; the editor's settings can change it")
	flags.Bool("stdio", true, "use standard input and output; there is no other way")
	flags.IntVar(&pid, "clientProcessId", 0, "end when the process with this `number`, the editor, does")
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
