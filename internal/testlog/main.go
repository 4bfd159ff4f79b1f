// Command testlog turns the events of "go test -json", read from standard
// input, into lines for a person, and holds what "go test" lets pass: a skipped
// test is a failure here, and so is a run in which nothing was tested.
//
// Package lines look like those of "go test"; the output of failed and of
// skipped tests follows their package. With -logs PATTERN the log lines of
// passing tests of matching packages are shown too, because some tests prove
// something by a number that a reader wants to see.
//
// It starts nothing: the Makefile runs the tests and pipes them here.
package main

import (
	"flag"
	"fmt"
	"os"
	"regexp"
)

func main() {
	logs := flag.String("logs", "", "show the logs of passing tests in packages whose path matches `PATTERN`")
	flag.Parse()
	l := log{out: os.Stdout}
	if *logs != "" {
		re, err := regexp.Compile(*logs)
		if err != nil {
			fmt.Fprintln(os.Stderr, "testlog: -logs:", err)
			os.Exit(2)
		}
		l.logs = re
	}
	if err := l.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testlog: reading test events:", err)
		os.Exit(2)
	}
	if !l.summary() {
		os.Exit(1)
	}
}
