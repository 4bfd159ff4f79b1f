// Command bench measures the built program against the go command, in one run
// and interleaved, and prints each ratio with its goal as a table in Markdown.
//
// Everything is measured from outside, as a user meets it: whole processes, by
// the wall clock, with their output going to a file. The build cache is one of
// its own in which the dependencies' export data is ready and nothing else; our
// own results of the measured text are never in a cache, because each run
// measures another edit. Nothing of the user's caches is read or written.
//
// The package judges no verdicts: it only looks that each run answered for the
// edit at hand. With -gate a missed goal makes the exit code 1.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"regexp"
)

func main() {
	var (
		runs   = flag.Int("n", 5, "measure each warm row `N` times and take the median")
		only   = flag.String("only", "", "measure only the rows whose name matches `REGEXP`")
		update = flag.String("update", "", "also write the table into `FILE`, between its bench marks")
		gate   = flag.Bool("gate", false, "exit with 1 when a goal is missed")
	)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	missed, err := bench(ctx, *runs, *only, *update)
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(2)
	}
	if missed && *gate {
		os.Exit(1)
	}
}

// bench runs every row and reports whether a goal was missed.
func bench(ctx context.Context, runs int, only, update string) (missed bool, err error) {
	wanted, err := regexp.Compile(only)
	if err != nil {
		return false, fmt.Errorf("-only: %w", err)
	}
	r, err := newRig(ctx, runs)
	if err != nil {
		return false, err
	}
	defer r.close()
	var table []row
	var failed []error
	for _, s := range all {
		if !wanted.MatchString(s.name) {
			continue
		}
		progress("%s", s.name)
		rows, err := s.measure(r)
		if err != nil { // the others' rows are not lost for it
			err = fmt.Errorf("%s: %w", s.name, err)
			progress("%v%s", err, tail(r.sub(serverLog)))
			failed = append(failed, err)
			if ctx.Err() != nil {
				break
			}
		}
		for _, row := range rows {
			progress("  %s", row)
		}
		table = append(table, rows...)
	}
	text := markdown(table)
	fmt.Print(text)
	for _, row := range table {
		missed = missed || row.verdict() == "missed"
	}
	if update != "" && len(failed) == 0 {
		failed = append(failed, writeInto(update, text))
	}
	return missed, errors.Join(failed...)
}

// progress says on standard error what is being done.
func progress(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
