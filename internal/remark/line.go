package remark

import (
	"bytes"
	"path/filepath"
)

// A lineClass says what a line of the compiler's output is.
type lineClass uint8

const (
	classUnknown lineClass = iota // no known form: a problem, or a compile error
	classRemark                   // one of the forms of Remark
	classIgnored                  // a known form that comes before escape analysis and says nothing about inlining
	classStop                     // escape analysis, or a later phase, has begun: no remark about inlining follows
)

// A Line is a line of the compiler's output, without its line feed. A long line is
// cut: Head is its beginning, Tail its end, and what lay between them is not kept.
type Line struct {
	Head []byte
	Tail []byte // only of a line that was cut
	Cut  bool
}

// hasSuffix reports whether the whole line, or text which is the part of Head
// from some place on, ends with suffix.
func (l Line) hasSuffix(text []byte, suffix string) bool {
	if l.Cut {
		text = l.Tail
	}
	return len(text) >= len(suffix) && string(text[len(text)-len(suffix):]) == suffix
}

// A parser reads the lines of one compile. It keeps one copy of each name.
type parser struct {
	files map[string]string // the files that the compiler was given, by each name that it may print, if they are known
	names map[string]string // interned
}

// intern returns b as a string; equal ones share their memory.
func (p *parser) intern(b []byte) string {
	if s, ok := p.names[string(b)]; ok {
		return s
	}
	if p.names == nil {
		p.names = map[string]string{}
	}
	s := string(b)
	p.names[s] = s
	return s
}

func (p *parser) isFile(b []byte) bool {
	_, ok := p.files[string(b)]
	return ok
}

// fileName returns the name under which the caller knows the file that is printed as b.
func (p *parser) fileName(b []byte) string {
	if name, ok := p.files[string(b)]; ok {
		return name
	}
	return filepath.FromSlash(p.intern(b))
}

// knownFiles returns what parsePos may ask about files.
func (p *parser) knownFiles() func([]byte) bool {
	if len(p.files) == 0 {
		return nil
	}
	return p.isFile
}

func (p *parser) parse(line Line) (Remark, lineClass) {
	if len(bytes.TrimSpace(line.Head)) == 0 && !line.Cut {
		return Remark{}, classIgnored
	}
	if bytes.HasPrefix(line.Head, []byte("hot-")) {
		if r, class := p.parseHot(line); class != classUnknown {
			return r, class
		}
	}
	// A file name may look like the end of a position ("a:1: b.go"), so take the
	// first reading whose text is understood.
	for from := 0; ; {
		pos, text, next, ok := cutPos(line.Head, from, p.knownFiles())
		if !ok {
			return Remark{}, classUnknown
		}
		if r, class := p.parseText(text, line); class != classUnknown {
			if class == classRemark {
				p.setPos(&r, pos)
			}
			return r, class
		}
		from = next
	}
}

func (p *parser) setPos(r *Remark, pos printedPos) {
	r.File, r.Line, r.Col = p.fileName(pos.file), pos.line, pos.col
	if pos.hasOrig {
		r.Orig = &Place{File: p.fileName(pos.orig.file), Line: pos.orig.line, Col: pos.orig.col}
	}
}

// parseText reads what follows the position. The remarks about inlining are tried
// first: they begin with words and blanks, and an expression, with which a remark of
// escape analysis begins, has no blanks outside of quotes.
func (p *parser) parseText(text []byte, line Line) (Remark, lineClass) {
	for _, f := range remarkForms {
		if rest, ok := bytes.CutPrefix(text, f.prefix); ok {
			if r, ok := f.parse(p, rest, line); ok {
				return r, classRemark
			}
			if !f.soft {
				return Remark{}, classUnknown
			}
		}
	}
	for _, prefix := range ignoredPrefixes {
		if bytes.HasPrefix(text, prefix) {
			return Remark{}, classIgnored
		}
	}
	if isStop(text, line) {
		return Remark{}, classStop
	}
	for _, suffix := range ignoredSuffixes {
		if line.hasSuffix(text, suffix) {
			return Remark{}, classIgnored
		}
	}
	return Remark{}, classUnknown
}
