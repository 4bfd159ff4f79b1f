package report

import (
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// appendShort appends a link name as the source of package pkg would write it:
// without the path of pkg itself, and with the last element of other packages'
// paths (with the one before it, where the last is a version: yaml/v3.Marshal).
// Type arguments are shortened the same way.
func appendShort(b []byte, name, pkg string) []byte {
	if i := strings.IndexByte(name, '['); i >= 0 {
		b = appendShortPath(b, name[:i], pkg)
		return appendShortTypes(b, name[i:], pkg)
	}
	return appendShortPath(b, name, pkg)
}

func appendShortPath(b []byte, name, pkg string) []byte {
	if rest, ok := strings.CutPrefix(name, pkg); ok && len(rest) > 1 && rest[0] == '.' {
		return appendPlain(b, rest[1:])
	}
	end := len(name)
	if i := strings.IndexByte(name, '('); i >= 0 {
		end = i
	}
	slash := strings.LastIndexByte(name[:end], '/')
	if slash > 0 && isVersion(name[slash+1:]) {
		slash = strings.LastIndexByte(name[:slash], '/')
	}
	return appendPlain(b, name[slash+1:])
}

// isVersion reports whether s begins with the last element of a module path of
// major version 2 or more, and goes on with a dot.
func isVersion(s string) bool {
	digits := 0
	for digits+1 < len(s) && s[0] == 'v' && s[digits+1] >= '0' && s[digits+1] <= '9' {
		digits++
	}
	return digits > 0 && digits+1 < len(s) && s[digits+1] == '.'
}

// appendShortTypes shortens each path in text that has punctuation around paths.
func appendShortTypes(b []byte, s, pkg string) []byte {
	for s != "" {
		n := strings.IndexAny(s, "[](){}*, ;")
		switch {
		case n < 0:
			return appendShortPath(b, s, pkg)
		case n == 0:
			b = append(b, s[0])
			s = s[1:]
		default:
			b = appendShortPath(b, s[:n], pkg)
			s = s[n:]
		}
	}
	return b
}

// appendPlain appends text that came from source files or from the compiler,
// with control characters replaced: none of them may reach a terminal.
func appendPlain(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return appendPlainSlow(b, s)
		}
	}
	return append(b, s...)
}

func appendPlainSlow(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case r == '\n' || r == '\t':
			b = append(b, ' ')
		case r < ' ' || r >= 0x7f && r < 0xa0:
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

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
