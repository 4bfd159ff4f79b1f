package position

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf16"
)

var encodings = []Encoding{UTF8, UTF16, UTF32}

func TestCompilerColumns(t *testing.T) {
	m := NewMapper([]byte("\ufeffpackage p\r\nx\ry\n\nä(b)"))
	for _, tt := range []struct{ line, col, offset int }{
		{1, 1, 0},
		{1, 4, 3},   // p of package: the byte order mark has three bytes
		{1, 13, 12}, // the \r
		{1, 14, 13}, // the \n
		{2, 3, 16},  // y: \r ends no line
		{3, 1, 18},  // the empty line
		{4, 1, 19},
		{4, 3, 21}, // (
		{4, 6, 24}, // the end of the text
	} {
		if got, err := m.Offset(tt.line, tt.col); err != nil || got != tt.offset {
			t.Errorf("Offset(%d, %d) = %d, %v; want %d", tt.line, tt.col, got, err, tt.offset)
		}
		if line, col := m.LineCol(tt.offset); line != tt.line || col != tt.col {
			t.Errorf("LineCol(%d) = %d, %d; want %d, %d", tt.offset, line, col, tt.line, tt.col)
		}
	}
	for _, tt := range []struct {
		line, col int
		want      string
	}{
		{0, 1, "line 0 is not in a text of 4 lines"},
		{5, 1, "line 5 is not in a text of 4 lines"},
		{1, 0, "column 0 is not in line 1 of 13 bytes"},
		{1, 15, "column 15 is not in line 1 of 13 bytes"},
		{4, 7, "column 7 is not in line 4 of 5 bytes"},
	} {
		if _, err := m.Offset(tt.line, tt.col); err == nil || err.Error() != tt.want {
			t.Errorf("Offset(%d, %d): error %v, want %s", tt.line, tt.col, err, tt.want)
		}
	}
	for _, offset := range []int{-1, 25} {
		if line, col := m.LineCol(offset); line != 0 || col != 0 {
			t.Errorf("LineCol(%d) = %d, %d; want 0, 0", offset, line, col)
		}
	}
}

// TestPoints has texts with ^ in front of the place that is asked for.
func TestPoints(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		line       uint32
		character  [3]uint32 // UTF-8, UTF-16, UTF-32
	}{
		{"start", "^abc", 0, [3]uint32{0, 0, 0}},
		{"empty", "^", 0, [3]uint32{0, 0, 0}},
		{"end", "a\nbc^", 1, [3]uint32{2, 2, 2}},
		{"behind the last line end", "a\n^", 1, [3]uint32{0, 0, 0}},
		{"two bytes", "äö^x", 0, [3]uint32{4, 2, 2}},
		{"three bytes", "a€^", 0, [3]uint32{4, 2, 2}},
		{"a surrogate pair", "a😀^b", 0, [3]uint32{5, 3, 2}},
		{"combining", "e\u0301^", 0, [3]uint32{3, 2, 2}},
		{"line ends of all kinds", "a\nb\r\nc\r😀d^e\n", 3, [3]uint32{5, 3, 2}},
		{"two \\r", "\r\r^", 2, [3]uint32{0, 0, 0}},
		{"line separators are no line ends", "a\u2028\v\f\u0085^", 0, [3]uint32{8, 5, 5}},
		{"invalid bytes", "a\xff\xe2\x82^b", 0, [3]uint32{4, 4, 4}},
		{"an encoded surrogate", "\xed\xa0\x80^", 0, [3]uint32{3, 3, 3}},
		{"a byte order mark", "\ufeff^package p", 0, [3]uint32{3, 1, 1}},
		{"ASCII below a wide line", "ä\nab^c", 1, [3]uint32{2, 2, 2}},
	} {
		offset := strings.Index(tt.text, "^")
		m := NewMapper([]byte(strings.Replace(tt.text, "^", "", 1)))
		for i, enc := range encodings {
			want := Point{tt.line, tt.character[i]}
			if got, err := m.Point(offset, enc); err != nil || got != want {
				t.Errorf("%s: Point(%d, %v) = %v, %v; want %v", tt.name, offset, enc, got, err, want)
			}
			if got, err := m.PointOffset(want, enc); err != nil || got != offset {
				t.Errorf("%s: PointOffset(%v, %v) = %d, %v; want %d", tt.name, want, enc, got, err, offset)
			}
		}
	}
}

// TestInexactPoints has places that no position names.
func TestInexactPoints(t *testing.T) {
	m := NewMapper([]byte("a😀b\r\nc\rd"))
	for _, tt := range []struct {
		offset int
		want   Point
	}{
		{2, Point{0, 1}}, // inside 😀
		{4, Point{0, 1}},
		{7, Point{0, 4}}, // between \r and \n
	} {
		if got, err := m.Point(tt.offset, UTF16); err != nil || got != tt.want {
			t.Errorf("Point(%d) = %v, %v; want %v", tt.offset, got, err, tt.want)
		}
	}
	for _, tt := range []struct {
		enc  Encoding
		p    Point
		want int
	}{
		{UTF16, Point{0, 2}, 1}, // between the surrogates
		{UTF8, Point{0, 3}, 1},
		{UTF16, Point{0, 5}, 6}, // the \r
		{UTF16, Point{0, 1<<32 - 1}, 6},
		{UTF16, Point{1, 7}, 9},
		{UTF16, Point{2, 7}, 11},
		{UTF16, Point{3, 0}, 11}, // the whole text, as editors say it
		{UTF16, Point{3, 9}, 11},
	} {
		if got, err := m.PointOffset(tt.p, tt.enc); err != nil || got != tt.want {
			t.Errorf("PointOffset(%v, %v) = %d, %v; want %d", tt.p, tt.enc, got, err, tt.want)
		}
	}
	for _, offset := range []int{-1, 12} {
		if _, err := m.Point(offset, UTF16); err == nil {
			t.Errorf("Point(%d) has no error", offset)
		}
	}
	for _, line := range []uint32{4, 1<<32 - 1} {
		if got, err := m.PointOffset(Point{line, 0}, UTF16); err == nil {
			t.Errorf("PointOffset of line %d = %d without an error", line, got)
		}
	}
}

// FuzzMapper compares with a Mapper that has no tables and no shortcuts, and
// converts every offset of the text there and back.
func FuzzMapper(f *testing.F) {
	for _, text := range []string{
		"", "\n", "\r", "\r\n", "\n\r", "a\r\rb\n", "package p\n\nfunc f() {}\n",
		"ä\nabcdefgh😀ijk\r\nü", "\xff\r\xe2\x82\n\xf0\x9f\x98", "abcdefghijklmnopqä\n\n\nz", "\u2028\u0085",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) > 1<<10 {
			t.Skip("the naive conversion takes the square of the length")
		}
		m := NewMapper(text)
		if !bytes.Equal(m.Text(), text) {
			t.Fatal("the text changed")
		}
		for offset := range len(text) + 1 {
			line, col := m.LineCol(offset)
			wantLine := 1 + bytes.Count(text[:offset], []byte("\n"))
			wantCol := offset - bytes.LastIndexByte(text[:offset], '\n')
			if line != wantLine || col != wantCol {
				t.Fatalf("LineCol(%d) = %d, %d; want %d, %d", offset, line, col, wantLine, wantCol)
			}
			if back, err := m.Offset(line, col); err != nil || back != offset {
				t.Fatalf("Offset(%d, %d) = %d, %v; want %d", line, col, back, err, offset)
			}
			for _, enc := range encodings {
				want, exact := naivePoint(text, offset, enc)
				got, err := m.Point(offset, enc)
				if err != nil || got != want {
					t.Fatalf("Point(%d, %v) = %v, %v; want %v", offset, enc, got, err, want)
				}
				if back, err := m.PointOffset(got, enc); err != nil || back != exact {
					t.Fatalf("PointOffset(%v, %v) = %d, %v; want %d", got, enc, back, err, exact)
				}
			}
		}
	})
}

// naivePoint returns the position of offset, and the offset that this position
// stands for exactly.
func naivePoint(text []byte, offset int, enc Encoding) (p Point, exact int) {
	place := 0
	for place < offset {
		rest := string(text[place:])
		switch {
		case strings.HasPrefix(rest, "\r\n"):
			if place+2 > offset {
				return p, place
			}
			p = Point{Line: p.Line + 1}
			place += 2
			continue
		case rest[0] == '\n' || rest[0] == '\r':
			p = Point{Line: p.Line + 1}
			place++
			continue
		}
		size := len(rest)
		for i := range rest { // the second character's start is the first one's size
			if i > 0 {
				size = i
				break
			}
		}
		if place+size > offset {
			return p, place
		}
		switch char := rest[:size]; enc {
		case UTF8:
			p.Character += uint32(len(char))
		case UTF16:
			p.Character += uint32(len(utf16.Encode([]rune(char))))
		case UTF32:
			p.Character += uint32(len([]rune(char)))
		}
		place += size
	}
	return p, place
}

func BenchmarkMapper(b *testing.B) {
	ascii := bytes.Repeat([]byte("\tif err := doSomething(ctx, argument); err != nil {\n"), 3000)
	wide := bytes.ReplaceAll(ascii, []byte("argument"), []byte("Ärgument"))
	for _, bb := range []struct {
		name string
		text []byte
	}{{"ascii", ascii}, {"wide", wide}} {
		b.Run("new/"+bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.text)))
			for b.Loop() {
				NewMapper(bb.text)
			}
		})
		b.Run("point/"+bb.name, func(b *testing.B) {
			m := NewMapper(bb.text)
			offset := len(bb.text)/2 + 40
			for b.Loop() {
				if _, err := m.Point(offset, UTF16); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
