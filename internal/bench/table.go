package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// A row is one line of the table: a measurement, what it is measured against,
// and the goal.
type row struct {
	work  string
	ours  string
	rival string // what was measured against, with its number
	ratio string
	goal  string // "" for a row that is shown and not judged
	met   bool
}

func (r row) verdict() string {
	switch {
	case r.goal == "":
		return ""
	case r.met:
		return "met"
	}
	return "missed"
}

// String is the row as a line of the table.
func (r row) String() string {
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s |", r.work, r.ours, r.rival, r.ratio, r.goal, r.verdict())
}

// faster is a row whose goal is to take at most 1/goal of the rival's time.
func faster(work, rivalName string, ours, rival sample, goal float64) row {
	ratio := rival.wall.Seconds() / ours.wall.Seconds()
	return row{
		work: work, ours: seconds(ours.wall), rival: rivalName + ": " + seconds(rival.wall),
		ratio: fmt.Sprintf("%.1f× faster", ratio), goal: fmt.Sprintf("%g× faster", goal), met: ratio >= goal,
	}
}

// within is a row whose goal is to take at most goal times the rival's time.
func within(work, rivalName string, ours, rival sample, goal float64) row {
	ratio := ours.wall.Seconds() / rival.wall.Seconds()
	return row{
		work: work, ours: seconds(ours.wall), rival: rivalName + ": " + seconds(rival.wall),
		ratio: fmt.Sprintf("%.2f×", ratio), goal: fmt.Sprintf("within %g×", goal), met: ratio <= goal,
	}
}

// memory is a row whose goal is a peak below goal MB (1,000,000 bytes).
func memory(work string, ours sample, goal int64) row {
	mb := (ours.peak + 500_000) / 1_000_000
	return row{
		work: work, ours: fmt.Sprintf("%d MB", mb), goal: fmt.Sprintf("under %d MB", goal),
		met: ours.peak > 0 && ours.peak < goal*1_000_000,
	}
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func markdown(rows []row) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Measured with %s %s/%s on %d cores%s.\n\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), processor())
	b.WriteString("| work | ours | rival, same run | ratio | goal | |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		fmt.Fprintln(&b, r)
	}
	return b.String()
}

// processor names the machine's processor where the system tells.
func processor() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return " of " + strings.TrimSpace(value)
		}
	}
	return ""
}

// The marks between which writeInto puts the table.
const (
	begin = "<!-- bench: make bench UPDATE=1 -->\n"
	end   = "<!-- /bench -->"
)

// writeInto replaces what stands between the marks in a file of documentation.
func writeInto(name, text string) error {
	doc, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	before, rest, ok := strings.Cut(string(doc), begin)
	_, after, ok2 := strings.Cut(rest, end)
	if !ok || !ok2 {
		return fmt.Errorf("%s has no marks %q and %q to write between", name, strings.TrimSpace(begin), end)
	}
	return os.WriteFile(name, []byte(before+begin+"\n"+text+"\n"+end+after), 0o666)
}
