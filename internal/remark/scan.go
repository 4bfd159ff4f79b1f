package remark

import "bytes"

// The names in remarks may be instances of generic functions, whose type
// arguments have blanks, colons and, in struct tags, any text at all:
//
//	gen[go.shape.struct { F int "json: into with cost" }]
//
// So a separator is looked for only outside of brackets and quotes.

// indexOutside returns the index of the first sep in b that stands outside of
// brackets and quoted text, or -1. If b's brackets or quotes do not match (the
// line was cut short, or is none of ours) it returns the first sep of all.
func indexOutside(b, sep []byte) int {
	first := bytes.Index(b, sep)
	if first < 0 || !bytes.ContainsAny(b[:first], "[({\"'`") {
		return first
	}
	s := scanner{b: b}
	for s.i < len(b) {
		if s.depth == 0 && bytes.HasPrefix(b[s.i:], sep) {
			return s.i
		}
		if !s.step() {
			return first
		}
	}
	if s.depth != 0 {
		return first
	}
	return -1
}

// lastIndexOutside is indexOutside for the last sep.
func lastIndexOutside(b, sep []byte) int {
	last := bytes.LastIndex(b, sep)
	if last < 0 || bytes.Index(b, sep) == last {
		return last
	}
	found := -1
	s := scanner{b: b}
	for s.i < len(b) {
		if s.depth == 0 && bytes.HasPrefix(b[s.i:], sep) {
			found = s.i
		}
		if !s.step() {
			return last
		}
	}
	if s.depth != 0 || found < 0 {
		return last
	}
	return found
}

// A scanner goes over names and expressions in the form that the compiler
// prints them.
type scanner struct {
	b     []byte
	i     int
	depth int // open brackets of any kind
}

// step passes over one byte or one quoted text. It reports false if a quote is
// not closed or a bracket closes that was not open.
func (s *scanner) step() bool {
	c := s.b[s.i]
	s.i++
	switch c {
	case '[', '(', '{':
		s.depth++
	case ']', ')', '}':
		s.depth--
		return s.depth >= 0
	case '"', '\'', '`':
		for s.i < len(s.b) {
			d := s.b[s.i]
			s.i++
			if d == '\\' && c != '`' {
				s.i++
			} else if d == c {
				return true
			}
		}
		return false
	}
	return true
}
