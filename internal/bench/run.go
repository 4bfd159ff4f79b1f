package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// A command is one process to measure.
type command struct {
	args    []string
	dir     string // "" for a folder outside of any module
	gocache string // "" for the rig's
	facts   string // our own cache; "" for the rig's
	// keep has its standard output and error written to a file and checked to
	// contain this text; "" sends them to the null device, which favours a rival
	// that prints much.
	keep string
}

// A sample is one measurement.
type sample struct {
	wall  time.Duration
	peak  int64 // bytes of the process itself, without its children; 0 where the system does not tell
	lines int   // of output, where it was kept
}

// run runs the command to its end. Exit code 1 is a failure too: nothing that
// is measured has findings.
func (r *rig) run(c command) (sample, error) {
	cmd := exec.CommandContext(r.ctx, c.args[0], c.args[1:]...)
	cmd.Dir = or(c.dir, r.work())
	cmd.Env = append(os.Environ(),
		"GOCACHE="+or(c.gocache, r.gocache), "INLINELENS_CACHE="+or(c.facts, r.facts),
		"GOFLAGS=", "GOWORK=off", "GOPACKAGESDRIVER=off", "PWD="+cmd.Dir, "TMPDIR="+r.dir)
	name := os.DevNull
	if c.keep != "" {
		name = r.sub("output")
	}
	out, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
	if err != nil {
		return sample{}, err
	}
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	start := time.Now()
	if err := cmd.Start(); err != nil {
		return sample{}, err
	}
	ctx, stop := context.WithCancel(r.ctx)
	peak := make(chan int64, 1)
	go func() { peak <- watchPeak(ctx, cmd.Process.Pid) }()
	err = cmd.Wait()
	s := sample{wall: time.Since(start)}
	stop()
	s.peak = <-peak
	if err != nil {
		return s, fmt.Errorf("%s: %w%s", strings.Join(c.args, " "), err, tail(name))
	}
	if c.keep != "" {
		text, err := os.ReadFile(name)
		if err != nil {
			return s, err
		}
		if !bytes.Contains(text, []byte(c.keep)) {
			return s, fmt.Errorf("%s: the output says nothing of %s%s", strings.Join(c.args, " "), c.keep, tail(name))
		}
		s.lines = bytes.Count(text, []byte("\n"))
	}
	return s, nil
}

// watchPeak reads the high-water mark of the process's resident memory until
// ctx is done or the process is gone. (The rusage of a waited-for process would
// count the largest of its children too, and those are compilers.)
func watchPeak(ctx context.Context, pid int) (peak int64) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for {
		_, high := memoryOf(pid)
		if high == 0 {
			return peak
		}
		peak = max(peak, high)
		select {
		case <-ctx.Done():
			return peak
		case <-tick.C:
		}
	}
}

// memoryOf returns the resident memory of a process and its high-water mark, in
// bytes; zeros if it is gone, or where the system does not tell.
func memoryOf(pid int) (now, high int64) {
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "status"))
	if err != nil {
		return 0, 0
	}
	read := func(name string) (bytes int64) {
		if _, rest, ok := strings.Cut(string(status), name+":"); ok {
			var kib int64
			if _, err := fmt.Sscan(rest, &kib); err == nil {
				bytes = kib << 10
			}
		}
		return bytes
	}
	return read("VmRSS"), read("VmHWM")
}

// tail is the end of a command's output, for an error.
func tail(name string) string {
	text, err := os.ReadFile(name)
	if err != nil || len(text) == 0 {
		return ""
	}
	return "\n" + string(text[max(0, len(text)-2000):])
}

// median returns the middle sample by time, with the largest peak of all.
func median(samples []sample) sample {
	sorted := slices.SortedFunc(slices.Values(samples), func(a, b sample) int { return int(a.wall - b.wall) })
	m := sorted[len(sorted)/2]
	for _, s := range samples {
		m.peak = max(m.peak, s.peak)
	}
	return m
}

func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
