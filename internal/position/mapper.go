package position

import (
	"bytes"
	"fmt"
	"sort"
	"unicode/utf8"
)

// An Encoding is the unit in which an editor counts characters of a line.
type Encoding uint8

// The encodings of the protocol. UTF-16 is what every editor understands, and
// what holds where nothing was agreed on.
const (
	UTF16 Encoding = iota
	UTF8
	UTF32
)

// String returns the protocol's name of e, such as "utf-16".
func (e Encoding) String() string {
	switch e {
	case UTF8:
		return "utf-8"
	case UTF16:
		return "utf-16"
	case UTF32:
		return "utf-32"
	}
	return fmt.Sprintf("Encoding(%d)", uint8(e))
}

// A Point is a position of the protocol: both 0-based, the character in code
// units of an encoding.
type Point struct{ Line, Character uint32 }

// A Span is the text from offset Start up to, and without, offset End.
type Span struct{ Start, End int }

// A Mapper converts positions in one text. It is immutable, and serves several
// goroutines at once.
type Mapper struct {
	text []byte
	// compiler has the offset at which each line starts that ends in \n.
	compiler []int
	// editor has the offset at which each line starts that ends in \n, \r\n or
	// \r: the same slice as compiler where no \r stands alone.
	editor []int
	// wide tells the lines of editor that are not all ASCII; nil if there are none.
	wide []bool
}

// NewMapper returns a Mapper of text, which must not change from now on.
func NewMapper(text []byte) *Mapper {
	m := &Mapper{text: text, compiler: lineStarts(text)}
	m.editor = m.compiler
	if loneReturn(text) {
		m.editor = editorLineStarts(text)
	}
	if asciiLen(text) < len(text) {
		m.wide = make([]bool, len(m.editor))
		for i := range m.editor {
			line := text[m.editor[i]:m.lineEnd(i)]
			m.wide[i] = asciiLen(line) < len(line)
		}
	}
	return m
}

// lineStarts returns the offsets of lines that end in \n.
func lineStarts(text []byte) []int {
	starts := make([]int, 1, 1+bytes.Count(text, []byte{'\n'}))
	for from := 0; ; {
		i := bytes.IndexByte(text[from:], '\n')
		if i < 0 {
			return starts
		}
		from += i + 1
		starts = append(starts, from)
	}
}

// loneReturn reports whether text has a \r without a \n behind it.
func loneReturn(text []byte) bool {
	for {
		i := bytes.IndexByte(text, '\r')
		if i < 0 {
			return false
		}
		text = text[i+1:]
		if len(text) == 0 || text[0] != '\n' {
			return true
		}
	}
}

// editorLineStarts returns the offsets of lines that end in \n, \r\n or \r.
func editorLineStarts(text []byte) []int {
	starts := []int{0}
	for i, b := range text {
		if b == '\n' || b == '\r' && (i+1 == len(text) || text[i+1] != '\n') {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// asciiLen returns how many bytes at the start of text are ASCII.
func asciiLen(text []byte) int {
	i := 0
	for ; i+8 <= len(text); i += 8 {
		b := text[i : i+8]
		if (b[0]|b[1]|b[2]|b[3]|b[4]|b[5]|b[6]|b[7])&0x80 != 0 {
			break
		}
	}
	for i < len(text) && text[i] < utf8.RuneSelf {
		i++
	}
	return i
}

// Text returns the text; it must not be changed.
func (m *Mapper) Text() []byte { return m.text }

// Offset returns the byte offset of the compiler's line and column, 1-based, the
// column in bytes. The column just behind a line's last byte is the line's end:
// its \n, or the end of the text.
func (m *Mapper) Offset(line, col int) (int, error) {
	if line < 1 || line > len(m.compiler) {
		return 0, fmt.Errorf("line %d is not in a text of %d lines", line, len(m.compiler))
	}
	start, end := m.compiler[line-1], len(m.text)
	if line < len(m.compiler) {
		end = m.compiler[line] - 1
	}
	if col < 1 || col-1 > end-start {
		return 0, fmt.Errorf("column %d is not in line %d of %d bytes", col, line, end-start)
	}
	return start + col - 1, nil
}

// LineCol returns the compiler's line and column, 1-based, the column in bytes,
// of a byte offset; 0, 0 for one outside the text.
func (m *Mapper) LineCol(offset int) (line, col int) {
	if offset < 0 || offset > len(m.text) {
		return 0, 0
	}
	i := lineAt(m.compiler, offset)
	return i + 1, offset - m.compiler[i] + 1
}

// lineAt returns the index of the line that offset is in.
func lineAt(starts []int, offset int) int {
	return sort.Search(len(starts), func(i int) bool { return starts[i] > offset }) - 1
}

// lineEnd returns the offset at which line i of the editor ends, before the
// characters that end it.
func (m *Mapper) lineEnd(i int) int {
	if i+1 == len(m.editor) {
		return len(m.text)
	}
	end := m.editor[i+1] - 1
	if end > m.editor[i] && m.text[end] == '\n' && m.text[end-1] == '\r' {
		end--
	}
	return end
}

// Point returns the editor's position of a byte offset. An offset inside a
// character is taken as its start, and one between \r and \n as the line's end.
// The error says that the offset is outside the text.
func (m *Mapper) Point(offset int, enc Encoding) (Point, error) {
	if offset < 0 || offset > len(m.text) {
		return Point{}, fmt.Errorf("offset %d is not in a text of %d bytes", offset, len(m.text))
	}
	i := lineAt(m.editor, offset)
	offset = min(offset, m.lineEnd(i))
	start := m.editor[i]
	character := offset - start
	if m.isWide(i) {
		character = units(m.text[start:m.lineEnd(i)], offset-start, enc)
	}
	return Point{Line: uint32(i), Character: uint32(character)}, nil
}

// PointOffset returns the byte offset of an editor's position. A character beyond
// the line's end means the line's end, and one inside a character its start. The
// line just behind the last one means the end of the text, since editors name
// whole texts that way; the error says that the line is beyond that.
func (m *Mapper) PointOffset(p Point, enc Encoding) (int, error) {
	if uint64(p.Line) > uint64(len(m.editor)) {
		return 0, fmt.Errorf("line %d (0-based) is not in a text of %d lines", p.Line, len(m.editor))
	}
	if int(p.Line) == len(m.editor) {
		return len(m.text), nil
	}
	start, end := m.editor[p.Line], m.lineEnd(int(p.Line))
	if uint64(p.Character) >= uint64(end-start) {
		return end, nil // no character has more units than bytes
	}
	if m.isWide(int(p.Line)) {
		return start + bytesOf(m.text[start:end], int(p.Character), enc), nil
	}
	return start + int(p.Character), nil
}

func (m *Mapper) isWide(line int) bool { return m.wide != nil && m.wide[line] }

// units returns how many units the characters of line have that end at offset or
// before it.
func units(line []byte, offset int, enc Encoding) int {
	n := 0
	for i := 0; i < offset; {
		r, size := utf8.DecodeRune(line[i:])
		if i+size > offset {
			break
		}
		i += size
		n += width(r, size, enc)
	}
	return n
}

// bytesOf returns how many bytes the characters of line have that end at the
// given unit or before it.
func bytesOf(line []byte, unit int, enc Encoding) int {
	i := 0
	for i < len(line) {
		r, size := utf8.DecodeRune(line[i:])
		unit -= width(r, size, enc)
		if unit < 0 {
			break
		}
		i += size
	}
	return i
}

// width returns how many units a character of size bytes has. What is not valid
// UTF-8 comes as characters of one byte, and has one unit.
func width(r rune, size int, enc Encoding) int {
	switch {
	case enc == UTF8:
		return size
	case enc == UTF16 && r > 0xFFFF:
		return 2
	}
	return 1
}
