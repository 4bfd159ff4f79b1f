package gc

import (
	"bytes"
	"path/filepath"
)

// A Class says what a line of the compiler's output is.
type Class uint8

// The classes of lines.
const (
	ClassUnknown Class = iota // no known form: a problem, or a compile error
	ClassRemark               // one of the forms of Remark
	ClassIgnored              // a known form that comes before escape analysis and says nothing about inlining
	ClassStop                 // escape analysis, or a later phase, has begun: no remark about inlining follows
)

var classNames = [...]string{"unknown", "remark", "ignored", "stop"}

func (c Class) String() string { return classNames[c] }

// ParseLine reads one line, without its line feed, of what the compiler prints
// with -m=2 (with or without -L and -d=pgodebug=1). The Remark is set only for
// ClassRemark.
func ParseLine(line []byte) (Remark, Class) {
	return new(remarkParser).parse(textLine{head: line})
}

// A textLine is a line of output. A long line is cut: head is its beginning, tail its
// end, and what lay between them is not kept.
type textLine struct {
	head []byte
	tail []byte // only of a line that was cut
	cut  bool
}

// hasSuffix reports whether the whole line, or text which is the part of head
// from some place on, ends with suffix.
func (l textLine) hasSuffix(text []byte, suffix string) bool {
	if l.cut {
		text = l.tail
	}
	return len(text) >= len(suffix) && string(text[len(text)-len(suffix):]) == suffix
}

// A remarkParser reads lines of one compile. It keeps one copy of each name.
type remarkParser struct {
	files map[string]string // the files that the compiler was given, by each name that it may print, if they are known
	names map[string]string // interned
}

// intern returns b as a string; equal ones share their memory.
func (p *remarkParser) intern(b []byte) string {
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

func (p *remarkParser) isFile(b []byte) bool {
	_, ok := p.files[string(b)]
	return ok
}

// fileName returns the name under which the caller knows the file that is printed as b.
func (p *remarkParser) fileName(b []byte) string {
	if name, ok := p.files[string(b)]; ok {
		return name
	}
	return filepath.FromSlash(p.intern(b))
}

// knownFiles returns what parsePos may ask about files.
func (p *remarkParser) knownFiles() func([]byte) bool {
	if len(p.files) == 0 {
		return nil
	}
	return p.isFile
}

func (p *remarkParser) parse(line textLine) (Remark, Class) {
	if len(bytes.TrimSpace(line.head)) == 0 && !line.cut {
		return Remark{}, ClassIgnored
	}
	if bytes.HasPrefix(line.head, []byte("hot-")) {
		if r, class := p.parseHot(line); class != ClassUnknown {
			return r, class
		}
	}
	// A file name may look like the end of a position ("a:1: b.go"), so take the
	// first reading whose text is understood.
	for from := 0; ; {
		pos, text, next, ok := cutPos(line.head, from, p.knownFiles())
		if !ok {
			return Remark{}, ClassUnknown
		}
		if r, class := p.parseText(text, line); class != ClassUnknown {
			if class == ClassRemark {
				p.setPos(&r, pos)
			}
			return r, class
		}
		from = next
	}
}

func (p *remarkParser) setPos(r *Remark, pos printedPos) {
	r.File, r.Line, r.Col = p.fileName(pos.file), pos.line, pos.col
	if pos.hasOrig {
		r.Orig = &Place{File: p.fileName(pos.orig.file), Line: pos.orig.line, Col: pos.orig.col}
	}
}

// parseText reads what follows the position. The remarks come first: their
// beginnings are words with blanks, which the expression that begins an escape
// remark cannot have outside of quotes.
func (p *remarkParser) parseText(text []byte, line textLine) (Remark, Class) {
	for _, f := range remarkForms {
		if rest, ok := bytes.CutPrefix(text, f.prefix); ok {
			if r, ok := f.parse(p, rest, line); ok {
				return r, ClassRemark
			}
			if !f.soft {
				return Remark{}, ClassUnknown
			}
		}
	}
	for _, prefix := range ignoredPrefixes {
		if bytes.HasPrefix(text, prefix) {
			return Remark{}, ClassIgnored
		}
	}
	if isStop(text, line) {
		return Remark{}, ClassStop
	}
	for _, suffix := range ignoredSuffixes {
		if line.hasSuffix(text, suffix) {
			return Remark{}, ClassIgnored
		}
	}
	return Remark{}, ClassUnknown
}
