package words

import (
	"strings"
	"unicode/utf8"
)

// AppendShort appends a link name as the source of the package whose link names
// begin with pkg would write it: without that, and with the last element of
// other packages' paths. The element before it stays where the last one alone
// could mislead: yaml/v3.Marshal, internal/sync.(*Mutex).Lock. Type arguments are
// shortened the same way.
func AppendShort(b []byte, name, pkg string) []byte {
	if i := strings.IndexByte(name, '['); i >= 0 {
		b = appendShortPath(b, name[:i], pkg)
		return appendShortTypes(b, name[i:], pkg)
	}
	return appendShortPath(b, name, pkg)
}

func appendShortPath(b []byte, name, pkg string) []byte {
	if rest, ok := strings.CutPrefix(name, pkg); ok && len(rest) > 1 && rest[0] == '.' {
		return AppendPlain(b, rest[1:])
	}
	end := len(name)
	if i := strings.IndexByte(name, '('); i >= 0 {
		end = i
	}
	slash := strings.LastIndexByte(name[:end], '/')
	if slash > 0 && (isVersion(name[slash+1:]) || endsInternal(name[:slash])) {
		slash = strings.LastIndexByte(name[:slash], '/')
	}
	return AppendPlain(b, name[slash+1:])
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

func endsInternal(path string) bool {
	rest, ok := strings.CutSuffix(path, "internal")
	return ok && (rest == "" || rest[len(rest)-1] == '/')
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

// AppendPlain appends text that came from source files or from the compiler,
// with control characters replaced: none of them may reach a terminal.
func AppendPlain(b []byte, s string) []byte {
	for i := range len(s) {
		if s[i] < ' ' || s[i] >= 0x7f {
			return appendPlainSlow(b, s)
		}
	}
	return append(b, s...)
}

func appendPlainSlow(b []byte, s string) []byte {
	for _, r := range s {
		b = utf8.AppendRune(b, Printable(r))
	}
	return b
}

// Printable returns what stands for a character of foreign text where one line is
// shown: a blank for a line break or tab, U+FFFD for what is [Hidden].
func Printable(r rune) rune {
	switch {
	case r == '\n' || r == '\t':
		return ' '
	case Hidden(r):
		return utf8.RuneError
	}
	return r
}
