package position

import "bytes"

// A scanner reads Go just closely enough to know where a declaration can start
// and which directives it would have. It never fails: what is being typed is
// seldom correct.
type scanner struct {
	text []byte
	pos  int
	// fresh says that there are only blanks and comments since the last line end or
	// semicolon.
	fresh bool
	// directives are the //go: comments since the last code, each with a line end:
	// what the next declaration is compiled under.
	directives []byte
	// closes reports whether a comment or raw string that starts at offset open
	// ends with the mark at offset end; nil: it always does.
	closes func(open, end int) bool
	// comment and raw are the next ends of a comment and of a raw string.
	comment, raw ending
}

// An ending is where what runs over several lines ends next. It is looked for
// once: a text may have many opening marks, and no closing one.
type ending struct {
	at   int // offset of the mark; len(text) if there is none
	real bool
}

// startsDecl reports whether a declaration, or its doc comment, can start at the
// scanner's place.
func (s *scanner) startsDecl() bool {
	if !s.fresh || s.pos >= len(s.text) {
		return false
	}
	switch s.text[s.pos] {
	case ' ', '\t', '\r', '\n', ';':
		return false
	}
	return true
}

// skip moves behind a declaration of n bytes.
func (s *scanner) skip(n int) {
	s.pos += n
	s.code()
}

// code notes that the scanner moved over something that is neither blank nor
// comment.
func (s *scanner) code() {
	s.fresh = false
	s.directives = s.directives[:0]
}

// next moves over one blank, comment, literal or byte.
func (s *scanner) next() {
	rest := s.text[s.pos:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\r':
		s.pos++
	case c == '\n':
		s.pos++
		s.fresh = true
	case c == ';':
		s.pos++
		s.code()
		s.fresh = true
	case c == '"' || c == '\'':
		s.pos += quoted(rest)
		s.code()
	case c == '`':
		s.pos += s.delimited("`", "`", &s.raw)
		s.code()
	case bytes.HasPrefix(rest, []byte("//")):
		n := bytes.IndexByte(rest, '\n')
		if n < 0 {
			n = len(rest)
		}
		s.pos += n
		if bytes.HasPrefix(rest, []byte("//go:")) {
			s.directives = append(s.directives, bytes.TrimRight(rest[:n], " \t\r")...)
			s.directives = append(s.directives, '\n')
		}
	case bytes.HasPrefix(rest, []byte("/*")):
		n := s.delimited("/*", "*/", &s.comment)
		s.fresh = s.fresh || bytes.IndexByte(rest[:n], '\n') >= 0
		s.pos += n
	default:
		s.pos++
		s.code()
	}
}

// delimited returns the length of the comment or raw string at the scanner's
// place, or of its opening mark if it has no end.
func (s *scanner) delimited(open, end string, next *ending) int {
	from := s.pos + len(open)
	if next.at < from {
		*next = ending{at: len(s.text)}
		if i := bytes.Index(s.text[from:], []byte(end)); i >= 0 {
			next.at = from + i
			next.real = s.closes == nil || s.closes(s.pos, next.at)
		}
	}
	if !next.real {
		return len(open)
	}
	return next.at + len(end) - s.pos
}

// quoted returns the length of the string or rune literal that text starts with;
// the line's end ends it too.
func quoted(text []byte) int {
	for i := 1; i < len(text); i++ {
		switch text[i] {
		case text[0]:
			return i + 1
		case '\n':
			return i
		case '\\':
			if i+1 < len(text) && text[i+1] != '\n' {
				i++
			}
		}
	}
	return len(text)
}

// endsDecl reports whether a declaration that is complete at offset pos cannot go
// on behind it.
func endsDecl(text []byte, pos int) bool {
	s := scanner{text: text, pos: pos}
	for s.pos < len(text) && !s.fresh {
		switch rest := text[s.pos:]; {
		case rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r' || rest[0] == '\n' || rest[0] == ';':
		case bytes.HasPrefix(rest, []byte("//")):
			return true
		case bytes.HasPrefix(rest, []byte("/*")):
		default:
			return false
		}
		s.next()
	}
	return true
}
