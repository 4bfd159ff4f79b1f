package remark

import "bytes"

// A printedPos is a position as the compiler prints it before a remark or an
// error: "FILE:LINE:COL", "FILE:LINE", and with the compiler's flag -L for
// places that a //line directive moved "FILE:LINE:COL[FILE:LINE:COL]", where
// the brackets hold the place in the file that was compiled. A position that
// the compiler does not know has line 0.
type printedPos struct {
	printedPlace
	orig    printedPlace
	hasOrig bool
}

// A printedPlace is a Place whose file is still part of the line that was read.
type printedPlace struct {
	file []byte
	line int
	col  int
}

var unknownPos = []byte("<unknown line number>")

// parsePos reads a whole position. A colon in a file name may leave two
// readings: "a:1:2" is line 1, column 2 of "a", or line 2 of "a:1". The first
// is taken, unless files says that only the other names a file; files may be nil.
func parsePos(b []byte, files func([]byte) bool) (printedPos, bool) {
	if bytes.Equal(b, unknownPos) {
		return printedPos{}, true
	}
	if n := len(b); n > 0 && b[n-1] == ']' {
		// A file name may have brackets: the right one is the first that leaves
		// a position on each side.
		for i := 0; i < n; i++ {
			j := bytes.IndexByte(b[i:], '[')
			if j < 0 {
				break
			}
			i += j
			// "//line :5" names no file.
			outer, ok := parsePlace(b[:i], nil)
			if !ok {
				continue
			}
			inner, ok := parsePlace(b[i+1:n-1], files)
			if !ok || len(inner.file) == 0 {
				continue
			}
			return printedPos{printedPlace: outer, orig: inner, hasOrig: true}, true
		}
	}
	p, ok := parsePlace(b, files)
	return printedPos{printedPlace: p}, ok && len(p.file) > 0
}

// parsePlace reads "FILE:LINE:COL" or "FILE:LINE", where FILE may be empty.
func parsePlace(b []byte, files func([]byte) bool) (printedPlace, bool) {
	file, last, ok := cutNumber(b)
	if !ok {
		return printedPlace{}, false
	}
	if shorter, line, ok := cutNumber(file); ok {
		if files == nil || files(shorter) || !files(file) {
			return printedPlace{file: shorter, line: line, col: last}, true
		}
	}
	return printedPlace{file: file, line: last}, true
}

// cutNumber splits "x:12" into "x" and 12. The number is positive, has no
// leading zero and at most 9 digits.
func cutNumber(b []byte) (before []byte, n int, ok bool) {
	i, unit := len(b), 1
	for i > 0 && '0' <= b[i-1] && b[i-1] <= '9' && len(b)-i < 9 {
		i--
		n += int(b[i]-'0') * unit
		unit *= 10
	}
	if i == len(b) || b[i] == '0' || i == 0 || b[i-1] != ':' {
		return nil, 0, false
	}
	return b[:i-1], n, true
}

// maxPosLen bounds the search for the end of a position, so that a long line
// without one costs little. Paths are at most 4096 bytes on most systems, and a
// line may have two.
const maxPosLen = 10 << 10

// cutPos splits "POS: TEXT" at the first place, from index from on, that leaves
// a position before it. next is where a search for another reading may go on.
func cutPos(line []byte, from int, files func([]byte) bool) (pos printedPos, text []byte, next int, ok bool) {
	limit := min(len(line), maxPosLen)
	for i := from; i < limit; {
		j := bytes.IndexByte(line[i:limit], ':')
		if j < 0 {
			break
		}
		i += j
		// Most colons are inside a position; a space or, for flow explanations,
		// a second blank must follow the one behind it.
		if i+1 < len(line) && line[i+1] == ' ' {
			if pos, ok := parsePos(line[:i], files); ok {
				return pos, line[i+2:], i + 1, true
			}
		}
		i++
	}
	return printedPos{}, nil, len(line), false
}
