package gc

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The kinds of ToolchainError that errors.Is can tell apart.
var (
	ErrNoGo   = errors.New("no go command")
	ErrTooOld = errors.New("the Go release is too old")
)

// A ToolchainError says why no toolchain could be found.
type ToolchainError struct {
	Kind  error  // ErrNoGo, ErrTooOld, or nil
	Tried string // "to run go env -json in /src/m"
	Err   error  // what failed
	Do    string // what the user can do
}

func (e *ToolchainError) Error() string {
	msg := "tried " + e.Tried + ": "
	if e.Kind != nil {
		msg += e.Kind.Error() + ": "
	}
	return msg + e.Err.Error() + "; " + e.Do
}

// Unwrap returns the kind and the cause.
func (e *ToolchainError) Unwrap() []error {
	if e.Kind == nil {
		return []error{e.Err}
	}
	return []error{e.Kind, e.Err}
}

// A CompilerError says that the compiler could not be run, failed without
// compile errors, or crashed: an internal compiler error, a panic, a signal
// that was not ours. Its fields are what a report of it needs.
type CompilerError struct {
	Reason     string   `json:"reason"` // "internal compiler error: ...", "signal: aborted", "exit status 3"
	Crashed    bool     `json:"crashed"`
	Version    string   `json:"version"`
	GOOS       string   `json:"goos"`
	GOARCH     string   `json:"goarch"`
	ImportPath string   `json:"importPath"`
	Dir        string   `json:"dir"`
	Args       []string `json:"args"`   // the command line, beginning with the compiler
	Output     string   `json:"output"` // the end of what it printed, at most 8 KiB of each stream
	Err        error    `json:"-"`      // what os/exec said, if anything
}

func (e *CompilerError) Error() string {
	what, do := "the compiler failed", "see whether go build of the package fails too"
	if e.Crashed {
		what, do = "the compiler crashed", "if go build of the package crashes too, report it at https://go.dev/issue/new"
	}
	msg := fmt.Sprintf("tried to compile %s with %s: %s: %s", e.ImportPath, e.Version, what, e.Reason)
	if out := strings.TrimSpace(e.Output); out != "" {
		msg += "\n\t" + strings.ReplaceAll(out, "\n", "\n\t")
	}
	return msg + "\n" + do
}

// Unwrap returns what os/exec said.
func (e *CompilerError) Unwrap() error { return e.Err }

// JSON returns what to report as an indented JSON object.
func (e *CompilerError) JSON() []byte {
	b, err := json.Marshal(e, jsontext.Multiline(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		// Strings and slices of strings always have a JSON form.
		panic(err)
	}
	return b
}

// A TimeoutError says that a compile took longer than its Job.Timeout.
type TimeoutError struct {
	ImportPath string
	After      time.Duration
}

func (e *TimeoutError) Error() string {
	return fmt.Sprintf("tried to compile %s: stopped after %v, its time limit; allow more time, or check whether go build of it ends", e.ImportPath, e.After)
}

// Timeout tells callers that know net.Error and the like.
func (e *TimeoutError) Timeout() bool { return true }
