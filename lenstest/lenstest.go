// Package lenstest runs "inlinelens check" in the tests of a module: the test fails where
// the compiler does not do what the module's assertions and its baseline say.
//
//	package shop_test
//
//	import (
//		"testing"
//
//		"github.com/inlinelens/inlinelens/lenstest"
//	)
//
//	func TestInlining(t *testing.T) {
//		lenstest.Check(t, "./...")
//	}
//
// The package is a module of its own without dependencies, so that a module that is
// tested need not have the Go release that inlinelens itself needs. It looks for the
// program in four places, in this order: the environment variable INLINELENS, the tools
// of the module, PATH, and the directory of "go install". If the program is in none of
// them, the test fails. To make it a tool of the module:
//
//	go get -tool github.com/inlinelens/inlinelens/cmd/inlinelens
package lenstest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// Check runs "inlinelens check" with arguments, packages and flags, in the directory of
// the test's package, and reports each finding as an error of the test, with its place.
// What could not be judged is an error too. Packages are named as for "go build": "./..."
// has those below the directory.
//
// The result of a test that passes is kept by "go test" as that of any other, and not used
// again once a Go file of the module has changed.
func Check(t testing.TB, args ...string) {
	t.Helper()
	ctx := context.Background()
	if d, ok := t.(interface{ Deadline() (time.Time, bool) }); ok {
		if at, ok := d.Deadline(); ok {
			var cancel context.CancelFunc
			ctx, cancel = context.WithDeadline(ctx, at.Add(-stopTime))
			defer cancel()
		}
	}
	if err := watch(ctx); err != nil {
		t.Fatalf("lenstest: %v", err)
	}
	program, err := find(ctx)
	if err != nil {
		t.Fatalf("lenstest: %v", err)
	}
	out, err := run(ctx, program, args)
	if err != nil {
		t.Fatalf("lenstest: %v", err)
	}
	for _, f := range out {
		t.Errorf("\n%s", f)
	}
}

// stopTime is how long before the end of the tests the program is told to stop, and
// waitTime how long that may take.
const (
	stopTime = 5 * time.Second
	waitTime = 3 * time.Second
)

// run runs the program, and returns its findings as text.
func run(ctx context.Context, program string, args []string) (findings []string, err error) {
	cmd := exec.CommandContext(ctx, program, append([]string{"check", "-format", "json", "-errors", "all"}, args...)...)
	cmd.Cancel = func() error { return interrupt(cmd.Process) } // it then ends what it has started
	cmd.WaitDelay = waitTime
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return nil, fmt.Errorf("inlinelens check did not end in the time of the test: %w", context.Cause(ctx))
	case errors.As(err, &exit) && (exit.ExitCode() == 1 || exit.ExitCode() == 3):
	case err != nil:
		return nil, fmt.Errorf("inlinelens check: %v\n%s", err, plain(stderr.String()))
	}
	findings, judged, parseErr := parse(stdout.Bytes())
	switch {
	case parseErr != nil:
		return nil, parseErr
	case !judged:
		return nil, fmt.Errorf("%s printed no judgment; is it an older version?\n%s", program, plain(stderr.String()))
	case err != nil && len(findings) == 0:
		return nil, fmt.Errorf("inlinelens check: %v, without a finding\n%s", err, plain(stderr.String()))
	case err == nil && len(findings) > 0:
		return nil, fmt.Errorf("inlinelens check ended with status 0, and has findings:\n%s", strings.Join(findings, "\n"))
	}
	return findings, nil
}

// A place is where something is.
type place struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Col  int    `json:"col"`
}

func (p place) String() string {
	switch {
	case p.File == "":
		return ""
	case p.Line == 0:
		return p.File + ": "
	case p.Col == 0:
		return fmt.Sprintf("%s:%d: ", p.File, p.Line)
	}
	return fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Col)
}

// An object is one line of the output: a judgment, a cause or a finding.
type object struct {
	Kind   string `json:"kind"`
	Schema int    `json:"schema"` // of a judgment
	place
	Level   string   `json:"level"`
	Subject string   `json:"subject"`
	Was     string   `json:"was"`
	Is      string   `json:"is"`
	Fix     string   `json:"fix"`
	Builds  []string `json:"builds"`
	Cause   int      `json:"cause"`
	Message string   `json:"message"` // of a cause
	Promise *struct {
		place
		Text string `json:"text"`
	} `json:"promise"`
}

// schema is the version of the output that is understood.
const schema = 1

// parse reads the output. Judged tells whether a judgment is there at all.
func parse(out []byte) (findings []string, judged bool, err error) {
	causes := map[int]object{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, len(out)+1)
	for lines.Scan() {
		var o object
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			return nil, false, fmt.Errorf("the output of inlinelens check cannot be read: %w", err)
		}
		switch {
		case o.Kind == "judgment" && o.Schema != schema:
			return nil, false, fmt.Errorf("inlinelens prints schema %d, and this package reads %d; update it", o.Schema, schema)
		case o.Kind == "judgment":
			judged = true
		case o.Kind == "cause":
			causes[o.Cause] = o
		case o.Kind == "finding" && o.Level != "note":
			findings = append(findings, o.text(causes))
		}
	}
	return findings, judged, lines.Err()
}

// text says a finding: its place and what it is, then a line for each thing that is known
// besides.
func (o object) text(causes map[int]object) string {
	said := o.Is
	if o.Promise == nil && o.Was != "" {
		said = "was " + o.Was + "; now " + o.Is
	}
	if o.Subject != "" && said != "" {
		said = o.Subject + ": " + said
	} else {
		said = o.Subject + said
	}
	if len(o.Builds) > 0 {
		said += " [" + strings.Join(o.Builds, ", ") + "]"
	}
	text := o.place.String() + said
	if cause, ok := causes[o.Cause]; ok {
		text += "\n" + cause.place.String() + cause.Message
	}
	if p := o.Promise; p != nil {
		text += "\n" + p.place.String() + p.Text
	}
	if o.Fix != "" {
		text += "\nto fix: " + o.Fix
	}
	return strings.ReplaceAll(plain(text), "\n", "\n\t")
}

// plain replaces what would steer a terminal.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ', r >= 0x7f && r < 0xa0, r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
			return '\uFFFD'
		}
		return r
	}, strings.TrimSpace(text))
}

// interrupt asks a process to stop, or ends it where it cannot be asked.
func interrupt(p *os.Process) error {
	if err := p.Signal(os.Interrupt); err != nil {
		return p.Kill()
	}
	return nil
}
