package words

import (
	"strings"
	"unicode/utf8"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// LinkPath is how the link names of p's functions begin: its path, but main for
// every main package.
func LinkPath(p *inline.Package) string {
	if p.Name == "main" {
		return "main"
	}
	return p.Path
}

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
		switch {
		case r == '\n' || r == '\t':
			b = append(b, ' ')
		case Hidden(r):
			b = utf8.AppendRune(b, utf8.RuneError)
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return b
}

// Generic cuts the type arguments off a link name: p.Max[int] is p.Max.
func Generic(name string) string {
	open := strings.IndexByte(name, '[')
	if open < 0 {
		return name
	}
	end := strings.LastIndexByte(name, ']')
	return name[:open] + name[max(end+1, open):]
}
