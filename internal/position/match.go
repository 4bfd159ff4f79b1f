package position

import (
	"bytes"
	"slices"
	"sort"
)

// A matcher finds the blocks of one text in another one. Blocks in front of the
// first difference of the texts, and those behind the last one, are found by
// comparing; between them, the current text is scanned once, and each place where
// a declaration can start is looked up among the blocks.
type matcher struct {
	compiled, current []byte
	blocks            []Span
	to                []int // for each block, where it starts in current; -1: not found
	// middle is what is scanned of current; it ends where block behind[-1] would end.
	middle Span
	// behind is the index of the first of the blocks that are found by comparing
	// from the end.
	behind int
	// byKey has the blocks of the middle that are still to be found, by key.
	byKey map[string][]int
	// next is the block behind the one that was found last: where several have the
	// same text, they are found in order.
	next int
}

// match returns where the blocks of compiled that were not edited stand in
// current, in order of compiled.
func match(compiled []byte, blocks []Span, current []byte) []move {
	m := &matcher{compiled: compiled, current: current, blocks: blocks, to: make([]int, len(blocks))}
	m.compare()
	m.scanMiddle()
	moves := make([]move, 0, len(blocks))
	for i, to := range m.to {
		if to >= 0 {
			moves = append(moves, move{blocks[i], to})
		}
	}
	return moves
}

// compare finds the blocks in front of the first difference, and those behind
// the last one, and sets what is left to scan.
func (m *matcher) compare() {
	n := len(m.blocks)
	before := commonPrefix(m.compiled, m.current)
	after := len(m.compiled) - commonSuffix(m.compiled[before:], m.current[before:])
	delta := len(m.current) - len(m.compiled)

	// The line end behind a block is what ends its last statement.
	front := sort.Search(n, func(i int) bool { return m.blocks[i].End > before })
	for front > 0 && bytes.IndexByte(m.compiled[m.blocks[front-1].End:before], '\n') < 0 {
		front--
	}
	// What is in front of a block can comment it out, or give it a directive: the
	// same text must reach back to the block before it.
	m.behind = n
	m.middle.End = len(m.current)
	if i := sort.Search(n, func(i int) bool { return m.blocks[i].End >= after }); i < n {
		m.behind = i + 1
		m.middle.End = m.blocks[i].End + delta
	}
	if front > 0 {
		m.middle.Start = m.blocks[front-1].End
	}
	for i, b := range m.blocks {
		switch {
		case i < front:
			m.to[i] = b.Start
		case i < m.behind:
			m.to[i] = -1
		default:
			m.to[i] = b.Start + delta
		}
	}

	m.next = front
	m.byKey = make(map[string][]int, m.behind-front)
	for i := front; i < m.behind; i++ {
		k := string(key(m.compiled[m.blocks[i].Start:m.blocks[i].End]))
		m.byKey[k] = append(m.byKey[k], i)
	}
}

// scanMiddle finds the blocks of the middle, and drops those behind it that the
// middle's text swallows.
func (m *matcher) scanMiddle() {
	s := scanner{text: m.current, pos: m.middle.Start, fresh: m.middle.Start == 0, closes: m.closes}
	for s.pos < m.middle.End {
		if s.startsDecl() {
			if i, ok := m.blockAt(s.pos); ok && bytes.Equal(s.directives, m.directives(i)) {
				m.place(i, s.pos)
				s.skip(m.blocks[i].End - m.blocks[i].Start)
				continue
			}
		}
		s.next()
	}
	if s.pos == m.middle.End && len(s.directives) == 0 {
		return // what follows reads as it did when it was compiled
	}
	for i := m.behind; i < len(m.blocks); i++ {
		for s.pos < m.to[i] {
			s.next()
		}
		if s.pos == m.to[i] && s.startsDecl() && bytes.Equal(s.directives, m.directives(i)) {
			return
		}
		m.to[i] = -1
	}
}

// place notes that block i stands at offset pos.
func (m *matcher) place(i, pos int) {
	m.to[i] = pos
	m.next = i + 1
	k := string(key(m.current[pos:]))
	at, _ := slices.BinarySearch(m.byKey[k], i)
	m.byKey[k] = slices.Delete(m.byKey[k], at, at+1)
}

// maxTries bounds how many blocks that begin alike are compared at one place, so
// that thousands of them cannot take long; those beyond it count as edited.
const maxTries = 64

// blockAt returns the block, of those still to be found, whose text stands at
// offset pos of the middle and ends there as a declaration does.
func (m *matcher) blockAt(pos int) (block int, ok bool) {
	alike := m.byKey[string(key(m.current[pos:]))]
	first, _ := slices.BinarySearch(alike, m.next)
	for n := range min(len(alike), maxTries) {
		i := alike[(first+n)%len(alike)]
		b := m.blocks[i]
		end := pos + b.End - b.Start
		if end <= m.middle.End && bytes.Equal(m.compiled[b.Start:b.End], m.current[pos:end]) && endsDecl(m.current, end) {
			return i, true
		}
	}
	return 0, false
}

// directives returns the directives that block i was compiled under and that are
// not part of it: those with an empty line behind them.
func (m *matcher) directives(i int) []byte {
	s := scanner{text: m.compiled}
	if i > 0 {
		s.pos = m.blocks[i-1].End
	}
	for s.pos < m.blocks[i].Start {
		s.next()
	}
	return s.directives
}

// closes reports whether a comment or raw string that starts at offset open ends
// with the mark at offset end. If that mark is inside a block that was not
// edited, it ends something there, and who typed the opening one has not come to
// its end yet: better to read on as if it were not there than to lose every
// block up to the mark.
func (m *matcher) closes(open, end int) bool { return !m.insideBlock(open, end) }

// insideBlock reports whether offset at is inside a block that was not edited and
// starts behind offset open.
func (m *matcher) insideBlock(open, at int) bool {
	i := m.behind + sort.Search(len(m.blocks)-m.behind, func(i int) bool { return m.to[m.behind+i] > at }) - 1
	if i >= m.behind {
		return m.to[i] >= 0 && at < m.to[i]+m.blocks[i].End-m.blocks[i].Start
	}
	for pos := open; ; {
		line := bytes.IndexByte(m.current[pos:at], '\n')
		if line < 0 {
			return false
		}
		pos += line + 1
		if i, ok := m.blockAt(pos); ok {
			pos += m.blocks[i].End - m.blocks[i].Start
			if pos > at {
				return true
			}
		}
	}
}

// maxKey is enough of a declaration to tell it from most others.
const maxKey = 96

// key returns the start of a declaration: as much as can be told without knowing
// where it ends. A line that is a comment or ends in an opening bracket is not
// the last one.
func key(text []byte) []byte {
	text = text[:min(len(text), maxKey)]
	line := 0
	for n, c := range text {
		switch {
		case c == ';', c == '/' && n > line && n+1 < len(text) && (text[n+1] == '/' || text[n+1] == '*'):
			return bytes.TrimRight(text[:n], " \t\r")
		case c == '\n':
			last := bytes.TrimRight(text[line:n], " \t\r")
			if !bytes.HasPrefix(last, []byte("//")) && !bytes.HasSuffix(last, []byte("{")) && !bytes.HasSuffix(last, []byte("(")) {
				return bytes.TrimRight(text[:n], " \t\r")
			}
			line = n + 1
		}
	}
	return bytes.TrimRight(text, " \t\r")
}

// commonPrefix returns how many bytes at the start of a and b are the same.
func commonPrefix(a, b []byte) int {
	const chunk = 256
	n, i := min(len(a), len(b)), 0
	for i+chunk <= n && bytes.Equal(a[i:i+chunk], b[i:i+chunk]) {
		i += chunk
	}
	for i < n && a[i] == b[i] {
		i++
	}
	return i
}

// commonSuffix returns how many bytes at the end of a and b are the same.
func commonSuffix(a, b []byte) int {
	const chunk = 256
	n, i := min(len(a), len(b)), 0
	for i+chunk <= n && bytes.Equal(a[len(a)-i-chunk:len(a)-i], b[len(b)-i-chunk:len(b)-i]) {
		i += chunk
	}
	for i < n && a[len(a)-1-i] == b[len(b)-1-i] {
		i++
	}
	return i
}
