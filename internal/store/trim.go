package store

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

const (
	// unusedTime is how long an entry is kept that nobody asks for.
	unusedTime = 5 * 24 * time.Hour
	// trimStep is how often a store is trimmed at its end.
	trimStep = time.Hour
	// writingTime is how long the writing of an entry may take; a file that is older
	// was left by a process that was killed.
	writingTime = time.Hour
)

// tempPrefix begins the name of a file that is being written.
const tempPrefix = "tmp-"

// entryName matches the files of entries, and those of older versions.
var entryName = regexp.MustCompile(`^[0-9a-f]{64}(-[ad])?$`)

// stampFile has the time of the last trim.
const stampFile = "trimmed"

// trimSometimes trims if no process has done so for a while.
func (s *Store) trimSometimes() {
	root := s.current()
	if root == nil {
		return
	}
	if info, err := root.Lstat(stampFile); err == nil && time.Since(info.ModTime()) < trimStep && s.written.Load() < s.limit/8 {
		return
	}
	s.trim(root)
}

// An entry is a file with what decides on its removal.
type entry struct {
	name string
	size int64
	used time.Time
}

// trim removes what has not been used for days, then what has not been used for
// longest, until the store has three quarters of its limit. Other processes may do
// the same at the same time: they choose the same.
func (s *Store) trim(root *os.Root) {
	if root == nil {
		return
	}
	now := time.Now()
	_ = root.Remove(stampFile) // whatever it is
	if f, err := root.OpenFile(stampFile, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600); err == nil {
		f.Close()
	}
	var entries []entry
	total := int64(0)
	for i := range 256 {
		for _, e := range list(root, fmt.Sprintf("%02x", i)) {
			if now.Sub(e.used) > unusedTime {
				_ = root.Remove(e.name)
				continue
			}
			entries = append(entries, e)
			total += e.size
		}
	}
	if total <= s.limit {
		return
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(a.used.Compare(b.used), strings.Compare(a.name, b.name)) })
	for _, e := range entries {
		if total <= s.limit/4*3 {
			return
		}
		_ = root.Remove(e.name) // another process may have done it
		total -= e.size
	}
}

// list returns the entries in a directory of the store. What is no regular file, and
// what a killed process left half-written, is removed on the way.
func list(root *os.Root, dir string) []entry {
	info, err := root.Lstat(dir)
	if err != nil || !info.IsDir() {
		return nil
	}
	all, err := fs.ReadDir(root.FS(), dir)
	if err != nil {
		return nil
	}
	var entries []entry
	for _, e := range all {
		name := dir + "/" + e.Name()
		isTemp := strings.HasPrefix(e.Name(), tempPrefix)
		info, err := e.Info()
		switch {
		case err != nil, !isTemp && !entryName.MatchString(e.Name()):
		case !info.Mode().IsRegular(), isTemp && time.Since(info.ModTime()) > writingTime:
			_ = root.Remove(name)
		case !isTemp:
			entries = append(entries, entry{name, info.Size(), info.ModTime()})
		}
	}
	return entries
}
