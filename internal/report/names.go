package report

import (
	"path/filepath"
	"strings"
)

// A namer writes file names relative to a directory.
type namer struct {
	prefix string // the directory with a separator at its end; "" for none

	last, lastRel string // the file asked for last
}

func newNamer(dir string) namer {
	if dir == "" {
		return namer{}
	}
	dir = filepath.Clean(dir)
	if !strings.HasSuffix(dir, string(filepath.Separator)) {
		dir += string(filepath.Separator)
	}
	return namer{prefix: dir}
}

// name returns the name of file as reports give it: relative to the directory
// when it is below it, absolute otherwise.
func (n *namer) name(file string) string {
	if file == n.last {
		return n.lastRel
	}
	n.last = file
	n.lastRel = file
	if n.prefix != "" {
		if rel, ok := strings.CutPrefix(file, n.prefix); ok && rel != "" {
			n.lastRel = rel
		}
	}
	return n.lastRel
}

// near returns the name of file for a place that is only mentioned: relative to
// the directory, or the last two elements of a file elsewhere (strings/builder.go).
func (n *namer) near(file string) string {
	if n.prefix != "" && strings.HasPrefix(file, n.prefix) {
		return file[len(n.prefix):]
	}
	for i, slashes := len(file)-1, 0; i >= 0; i-- {
		if file[i] == '/' || file[i] == filepath.Separator {
			if slashes++; slashes == 2 {
				return file[i+1:]
			}
		}
	}
	return file
}
