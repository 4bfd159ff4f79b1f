package load

import (
	"errors"
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
	Do    string // what the user can do; "" when there is nothing to suggest
}

func (f *Failure) Error() string {
	s := f.Tried + ": " + f.Why
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
	{"does not contain main module", ErrNoModule, "run it in a directory of the module, or add the directory's module to go.work with \"go work use\""},
	{"outside main module", ErrNoModule, "run it in a directory of the module, or add the directory's module to go.work with \"go work use\""},
	{"listed in go.work", ErrNoModule, "add the module to go.work with \"go work use\""},
	{"outside available modules", ErrNoModule, "run it in a directory of the module"},
	{"go.sum is part of the overlay", ErrModFiles, "run \"go mod download\" in the workspace: go.work.sum lacks checksums, and is not written here"},
	{"inconsistent vendoring", ErrModFiles, "run \"go mod vendor\" (\"go work vendor\" in a workspace)"},
	{"missing go.sum entry", ErrModFiles, "run \"go mod tidy\", or \"go mod download\": go.sum is not written here"},
	{"updates to go.mod needed", ErrModFiles, "run \"go mod tidy\": go.mod is not written here"},
	{"updates to go.sum needed", ErrModFiles, "run \"go mod tidy\": go.sum is not written here"},
	{"to add it:", ErrNoMatch, "check the spelling, or add the module that has it"}, // the go command names the go get for that
	{"to add missing requirements", ErrModFiles, ""},
	{"errors parsing go.mod", ErrModFiles, "correct go.mod"},
	{"errors parsing go.work", ErrModFiles, "correct go.work"},
	{"is not in std", ErrNoMatch, "check the spelling; a path of a module has a dot in its first element, a directory begins with ./"},
	{"directory not found", ErrNoMatch, "check the spelling"},
	{"no such file or directory", ErrNoMatch, "check the spelling"},
	{"no Go files in", ErrNoMatch, "name a directory that has Go files, or DIR/... for all below it"},
	{"matched no packages", ErrNoMatch, "check the spelling; \"go list ./...\" names the packages of a module"},
	{"does not contain package", ErrNoMatch, "check the spelling; \"go list ./...\" names the packages of a module"},
}

// newFailure makes a Failure out of the go command's words.
func newFailure(tried, words string) *Failure {
	f := &Failure{Kind: ErrGoCommand, Tried: tried, Why: tidyWords(words)}
	for _, s := range symptoms {
		if strings.Contains(words, s.phrase) {
			f.Kind, f.Do = s.kind, s.do
			f.Why = strings.Replace(f.Why, "; to update it: go mod tidy", "", 1) // Do says it
			return f
		}
	}
	return f
}

// tidyWords takes the progress reports out of what the go command wrote, and
// the line breaks that would tear a message apart.
func tidyWords(s string) string {
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
	var lines []string
	for line := range strings.SplitSeq(s, "\n") {
		line = strings.TrimSpace(strings.TrimPrefix(line, "go: "))
		if line == "" || strings.HasPrefix(line, "downloading ") || strings.HasPrefix(line, "finding ") {
			continue
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	for i, line := range lines {
		switch {
		case i == 0:
		case strings.HasSuffix(lines[i-1], ":"):
			b.WriteString(" ")
		default:
			b.WriteString("; ")
		}
		b.WriteString(line)
	}
	return b.String()
}
