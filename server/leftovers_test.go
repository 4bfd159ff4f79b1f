package server

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// leaveNothing gives the test a directory for temporary files of its own, and
// holds at its end, when all servers that it began have ended, that there is
// nothing in that directory and that no process is left of those which were
// started, by whomever, since. It must come before the first of them.
func leaveNothing(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	// Every descendant inherits it, also one that its parent has left behind.
	mark := fmt.Sprintf("INLINELENS_TEST_MARK=%d-%d", os.Getpid(), time.Now().UnixNano())
	name, value, _ := strings.Cut(mark, "=")
	t.Setenv(name, value)
	t.Cleanup(func() {
		// What was killed is gone a moment later.
		var processes []string
		for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			processes = marked(mark)
			if len(processes) == 0 || time.Now().After(end) {
				break
			}
		}
		for _, p := range processes {
			t.Errorf("left behind: process %s", p)
		}
		for _, name := range filesBelow(t, dir) {
			t.Errorf("left behind: %s", filepath.Join(dir, name))
		}
	})
}

// marked lists the processes with an entry in their environment, and our children,
// also those that have ended and that nobody has waited for. Where there is no
// /proc there is nothing to see.
func marked(entry string) []string {
	dirs, _ := filepath.Glob("/proc/[0-9]*")
	self := strconv.Itoa(os.Getpid())
	var found []string
	for _, dir := range dirs {
		if filepath.Base(dir) == self {
			continue
		}
		// A process may go while it is looked at; what cannot be read says nothing.
		environ, _ := os.ReadFile(filepath.Join(dir, "environ"))
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		_, rest, _ := strings.Cut(string(stat), ") ")
		fields := strings.Fields(rest) // state, parent, ...
		ours := len(fields) > 1 && fields[1] == self
		if ours || slices.Contains(strings.Split(string(environ), "\x00"), entry) {
			command, _ := os.ReadFile(filepath.Join(dir, "cmdline"))
			found = append(found, filepath.Base(dir)+": "+strings.ReplaceAll(string(command), "\x00", " ")+" "+string(stat))
		}
	}
	return found
}

// filesBelow lists the files below dir, by name there.
func filesBelow(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		names = append(names, name)
		return err
	})
	if err != nil {
		t.Error(err)
	}
	return names
}
