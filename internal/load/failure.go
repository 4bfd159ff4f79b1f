package load

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
)

// What can be wrong before there is a unit to which an error could belong. A
// Failure wraps one of them.
var (
	ErrNoGo      = errors.New("no go command")
	ErrToolchain = errors.New("toolchain not available")
	ErrGoTooOld  = errors.New("go too old")
	ErrNoModule  = errors.New("outside any module")
	ErrNoMatch   = errors.New("pattern matches nothing")
	ErrModFiles  = errors.New("go.mod, go.sum or go.work need an update")
	ErrIrregular = errors.New("a file that cannot be read")
	ErrGoCommand = errors.New("go command failed")
)

// A Failure says why nothing could be loaded, or why a pattern named nothing.
type Failure struct {
	Kind  error  // one of the Err values
	Tried string // "load ./..."
	Why   string // what failed
	More  int    // how many lines of the go command's are left out of Why
	Do    string // what the user can do; "" when there is nothing to suggest
	// Output is all that the go command said, in its own lines; "" where Why is not the go
	// command's.
	Output string
}

func (f *Failure) Error() string {
	s := f.Tried + ": " + f.Why
	if f.More > 0 {
		s += fmt.Sprintf("; and %d more lines", f.More)
	}
	if f.Do != "" {
		s += "; " + f.Do
	}
	return s
}

func (f *Failure) Unwrap() error { return f.Kind }

// A symptom is a phrase of the go command with what it means. The wording is no
// stable interface: an unknown phrase becomes ErrGoCommand, with the go
// command's own words.
type symptom struct {
	phrase string
	kind   error
	do     string
}

const inAModule = "run it in a directory of the module"

const inNoModule = "run it in a directory of a module, or create one with \"go mod init\""

// The first symptom that applies wins.
var symptoms = []symptom{
	{"cannot find GOROOT", ErrNoGo, "unset GOROOT, or set it to an installed Go"},
	{"build cache", ErrGoCommand, "set GOCACHE to a directory that can be written"},
	{"creating work dir", ErrGoCommand, "set TMPDIR or GOTMPDIR to a directory that can be written"},
	{"unsupported GOOS/GOARCH pair", ErrGoCommand, "\"go tool dist list\" names the pairs that exist"},
	{"flag provided but not defined", ErrGoCommand, "check the build flags: \"go help build\" lists them"},
	{"flag needs an argument", ErrGoCommand, "check the build flags: \"go help build\" lists them"},
	{"toolchain not available", ErrToolchain, "set GOTOOLCHAIN to a Go release that exists"},
	{"GOTOOLCHAIN=local)", ErrToolchain, "install that Go release, or set GOTOOLCHAIN=auto to have the go command fetch it"},
	{"invalid toolchain", ErrToolchain, "set GOTOOLCHAIN to local, auto or a release such as go1.26.0"},
	{"invalid GOTOOLCHAIN", ErrToolchain, "set GOTOOLCHAIN to local, auto or a release such as go1.26.0"},
	{"cannot find \"go1.", ErrToolchain, "install that Go release, or set GOTOOLCHAIN=auto to have the go command fetch it"},
	{"download go1.", ErrToolchain, "set GOTOOLCHAIN to a Go release that exists and that GOPROXY can serve, or to local"},
	{"go.mod file not found", ErrNoModule, inNoModule},
	{"cannot find main module", ErrNoModule, inNoModule},
	// What to do about these depends on where the modules are: see moduleAdvice.
	{"does not contain main module", ErrNoModule, inAModule},
	{"outside main module", ErrNoModule, inAModule},
	{"listed in go.work", ErrNoModule, inAModule},
	{"outside available modules", ErrNoModule, inAModule},
	{"go.sum is part of the overlay", ErrModFiles, "run \"go mod download\" in the workspace: go.work.sum lacks checksums, and is not written here"},
	{"requires go >= ", ErrToolchain, "set GOTOOLCHAIN to auto, or to such a release"},
	{"inconsistent vendoring", ErrModFiles, "run \"go mod vendor\" (\"go work vendor\" in a workspace), or build with -mod=mod"},
	{"disabled by GOPROXY=off", ErrModFiles, "run \"go mod download\" with a GOPROXY"},
	{"dial tcp", ErrModFiles, "check the network, GOPROXY and GOSUMDB, and run \"go mod download\""},
	{"missing go.sum entry", ErrModFiles, "run \"go mod tidy\", or \"go mod download\": go.sum is not written here"},
	{"updates to go.mod needed", ErrModFiles, "run \"go mod tidy\": go.mod is not written here"},
	{"updates to go.sum needed", ErrModFiles, "run \"go mod tidy\": go.sum is not written here"},
	{"to add it:", ErrNoMatch, "check the spelling, or add its module"}, // the go command names the go get for that
	{"to add missing requirements", ErrModFiles, ""},
	{"errors parsing go.mod", ErrModFiles, "correct go.mod"},
	{"errors parsing go.work", ErrModFiles, "correct go.work"},
	{"is not in std", ErrNoMatch, "check the spelling; a path of a module has a dot in its first element, a directory begins with ./"},
	{"directory not found", ErrNoMatch, "check the spelling"},
	{"no such file or directory", ErrNoMatch, "check the spelling"},
	{"no Go files in", ErrNoMatch, "name a directory that has Go files, or ./... for all directories below"},
	{"matched no packages", ErrNoMatch, "check the spelling; \"go list ./...\" names the packages of a module"},
	{"does not contain package", ErrNoMatch, "check the spelling; \"go list ./...\" names the packages of a module"},
}

// linesShown is how many lines of the go command's an error has.
const linesShown = 3

// newFailure makes a Failure out of the go command's words.
func newFailure(tried, words string) *Failure {
	lines := tidyLines(words)
	f := &Failure{Kind: ErrGoCommand, Tried: tried, Output: strings.TrimSpace(words)}
	if f.More = len(lines) - linesShown; f.More <= 1 { // a line that says so takes as much room
		f.More = 0
	}
	f.Why = joinLines(lines[:len(lines)-f.More])
	for _, s := range symptoms {
		if strings.Contains(words, s.phrase) {
			f.Kind, f.Do = s.kind, s.do
			break
		}
	}
	if pattern, ok := strings.CutPrefix(tried, "load "); ok { // it is named already
		f.Why = strings.TrimPrefix(f.Why, "pattern "+pattern+": ")
	}
	return f
}

// itsAdvice matches what the go command advises and Do says, too, or says better.
var itsAdvice = regexp.MustCompile(`; to update it:\s+go mod tidy` +
	`|\. You can add the module to the workspace using:\s+go work use \S+` +
	`|; see 'go help modules'` +
	`|\s+To ignore the vendor directory, use [^\n]*` +
	`|\s+To sync the vendor directory, run:\s+go (mod|work) vendor`)

// tidyWords is what the go command wrote, in one line.
func tidyWords(s string) string { return joinLines(tidyLines(s)) }

// tidyLines takes the progress reports out of what the go command wrote, and its advice
// where there is a better one.
func tidyLines(s string) []string {
	// go/packages puts the go command's standard error behind these words.
	if _, after, ok := strings.Cut(s, "stderr: "); ok && strings.HasPrefix(s, "err: ") {
		s = after
	}
	if _, after, ok := strings.Cut(s, "unsupported version of go: "); ok { // its guess at an unknown flag
		if _, words, ok := strings.Cut(after, ": "); ok {
			s = words
		}
	}
	s, _, _ = strings.Cut(s, "\nusage: go ")
	s = itsAdvice.ReplaceAllString(s, "")
	s = missingSum.ReplaceAllString(s, "$1; run \"go mod tidy\"")
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "go: "))
		if line == "" || strings.HasPrefix(line, "downloading ") || strings.HasPrefix(line, "finding ") {
			continue
		}
		if n := len(lines); n > 0 && strings.HasSuffix(lines[n-1], ":") { // as "to add it:", with a command below
			lines[n-1] += " " + line
			continue
		}
		lines = append(lines, line)
	}
	return lines
}

// missingSum matches what the go command says of each package whose module is not in
// go.sum: the command that it offers adds that of one package.
var missingSum = regexp.MustCompile(`(missing go\.sum entry for module providing package \S+)(?: \(imported by [^)]*\))?; to add:\s+go get \S+( \S+)*`)

func joinLines(lines []string) string { return strings.Join(lines, "; ") }
