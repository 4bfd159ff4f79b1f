package words

import (
	"iter"
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

// Generic cuts the type arguments out of a link name: p.Max[int] is p.Max, and
// p.(*S[int]).Get[string] is p.(*S).Get.
func Generic(name string) string {
	if !strings.Contains(name, "[") {
		return name
	}
	var b strings.Builder
	from := 0
	for open, end := range brackets(name) {
		b.WriteString(name[from:open])
		from = end
	}
	b.WriteString(name[from:])
	return b.String()
}

// TypeArgs returns the type arguments in a link name, without their brackets; those
// of a method stand behind those of its receiver. It returns "" if there are none.
func TypeArgs(name string) string {
	var lists []string
	for open, end := range brackets(name) {
		lists = append(lists, strings.TrimSuffix(name[open+1:end], "]"))
	}
	return strings.Join(lists, ",")
}

// brackets are the places of the lists of type arguments in a name: of the bracket
// that opens one, and behind the one that closes it.
func brackets(name string) iter.Seq2[int, int] {
	return func(yield func(int, int) bool) {
		depth, open := 0, 0
		for i := 0; i < len(name); i++ {
			switch name[i] {
			case '[':
				if depth++; depth == 1 {
					open = i
				}
			case ']':
				if depth == 1 && !yield(open, i+1) {
					return
				}
				depth = max(depth-1, 0)
			case '"': // a struct tag
				if depth > 0 {
					i = afterTag(name, i) - 1
				}
			}
		}
		if depth > 0 {
			yield(open, len(name))
		}
	}
}

// afterTag returns the index behind the quoted struct tag that begins at i.
func afterTag(s string, i int) int {
	for i++; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}
