package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

// An event is one line of "go test -json"; see "go doc test2json".
type event struct {
	Action      string  `json:"Action"`
	Package     string  `json:"Package"`
	ImportPath  string  `json:"ImportPath"` // of build-output and build-fail
	Test        string  `json:"Test"`
	Elapsed     float64 `json:"Elapsed"` // seconds
	Output      string  `json:"Output"`
	FailedBuild string  `json:"FailedBuild"`
}

// A log is the state of one or more test runs, read one event after another.
type log struct {
	out  io.Writer
	logs *regexp.Regexp // packages whose passing tests' logs are shown; nil for none

	output   map[string]*strings.Builder // by package and test, until the test ends
	packages int
	passed   int
	failed   int      // tests
	failures []string // their names, and the packages that hold them or failed as a whole
	skipped  []string
}

// read consumes events until the end of r. A line that is no event (the go
// command's own complaints) is passed on as it is.
func (l *log) read(r io.Reader) error {
	l.output = map[string]*strings.Builder{}
	br := bufio.NewReader(r)
	for {
		line, err := br.ReadString('\n')
		if line != "" {
			var e event
			if !strings.HasPrefix(line, "{") || json.Unmarshal([]byte(line), &e) != nil {
				fmt.Fprint(l.out, line)
			} else {
				l.event(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (l *log) event(e event) {
	key := e.Package + "." + e.Test
	switch e.Action {
	case "build-output":
		fmt.Fprint(l.out, e.Output)
	case "output":
		if l.output[key] == nil {
			l.output[key] = &strings.Builder{}
		}
		l.output[key].WriteString(e.Output)
	case "pass", "fail", "skip":
		text := ""
		if b := l.output[key]; b != nil {
			text = b.String()
			delete(l.output, key)
		}
		if e.Test == "" {
			l.endPackage(e, text)
		} else {
			l.endTest(e, text)
		}
	}
}

func (l *log) endTest(e event, text string) {
	name := e.Package + "." + e.Test
	switch e.Action {
	case "fail":
		l.failed++
		l.failures = append(l.failures, name)
		fmt.Fprint(l.out, text)
	case "skip":
		l.skipped = append(l.skipped, name)
		fmt.Fprint(l.out, text)
	default:
		l.passed++
		if l.logs != nil && l.logs.MatchString(e.Package) {
			for line := range strings.Lines(text) {
				if !strings.HasPrefix(strings.TrimSpace(line), "--- ") && !strings.HasPrefix(line, "=== ") {
					fmt.Fprint(l.out, line)
				}
			}
		}
	}
}

// endPackage prints one line for the package, and for a failed one also what it
// wrote outside of any test (a panic, a data race, a time-out).
func (l *log) endPackage(e event, text string) {
	switch e.Action {
	case "skip": // the package has no tests
		fmt.Fprintf(l.out, "?   \t%s\t[no test files]\n", e.Package)
		return
	case "fail":
		l.packages++
		l.failures = append(l.failures, e.Package)
		for _, b := range l.unfinished(e.Package) {
			fmt.Fprint(l.out, b)
		}
		fmt.Fprint(l.out, text)
		if e.FailedBuild != "" {
			fmt.Fprintf(l.out, "FAIL\t%s\t[build of %s failed]\n", e.Package, e.FailedBuild)
		}
	default:
		l.packages++
		fmt.Fprintf(l.out, "ok  \t%s\t%.2fs\n", e.Package, e.Elapsed)
	}
}

// unfinished returns what tests wrote that never ended: they were running when
// the test binary died.
func (l *log) unfinished(pkg string) []string {
	var texts []string
	for key, b := range l.output {
		if strings.HasPrefix(key, pkg+".") {
			texts = append(texts, b.String())
			delete(l.output, key)
		}
	}
	return texts
}

// summary prints the closing lines and reports whether the run was good.
func (l *log) summary() bool {
	for _, name := range l.failures {
		fmt.Fprintf(l.out, "FAILED  %s\n", name)
	}
	for _, name := range l.skipped {
		fmt.Fprintf(l.out, "SKIPPED %s (a skipped test proves nothing: make it run, or take it out)\n", name)
	}
	good := len(l.failures) == 0 && len(l.skipped) == 0 && l.passed > 0
	word := "PASS"
	if !good {
		word = "FAIL"
	}
	fmt.Fprintf(l.out, "%s\n%d passed, %d failed, %d skipped; packages tested: %d\n", word, l.passed, l.failed, len(l.skipped), l.packages)
	return good
}
