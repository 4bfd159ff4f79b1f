package remark

import (
	"bufio"
	"errors"
	"io"
)

const (
	// maxHead is how much of a line's beginning is kept, in bytes. Longer lines
	// are "can inline" remarks with the function's whole body, of which only the
	// beginning matters, and remarks on expressions that hold long literals.
	maxHead = 64 << 10
	// maxLineTail is how much of a cut line's end is kept, in bytes.
	maxLineTail = 512
)

// A lineReader reads lines of any length in constant memory.
type lineReader struct {
	r    *bufio.Reader
	tail []byte
}

func newLineReader(r io.Reader) *lineReader {
	return &lineReader{r: bufio.NewReaderSize(r, maxHead)}
}

// next returns the next line without its line feed. It is valid until the next
// call. At the end of the input the error is io.EOF, and the line is what stood
// there without a line feed; it may be empty.
func (l *lineReader) next() (Line, error) {
	head, err := l.r.ReadSlice('\n')
	if err == nil {
		return Line{Head: trimEnd(head)}, nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return Line{Head: trimEnd(head)}, err
	}
	// The buffer is used again for the rest, so the head has to move.
	head = append([]byte(nil), head...)
	l.tail = append(l.tail[:0], head[len(head)-min(len(head), maxLineTail):]...)
	for {
		more, err := l.r.ReadSlice('\n')
		if n := len(more); n >= maxLineTail {
			l.tail = append(l.tail[:0], more[n-maxLineTail:]...)
		} else {
			l.tail = append(l.tail, more...)
			if n := len(l.tail); n > maxLineTail {
				l.tail = append(l.tail[:0], l.tail[n-maxLineTail:]...)
			}
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		return Line{Head: head, Tail: trimEnd(l.tail), Cut: true}, err
	}
}

// trimEnd removes the line feed and, for compilers that run on Windows, the
// carriage return before it.
func trimEnd(b []byte) []byte {
	if n := len(b); n > 0 && b[n-1] == '\n' {
		b = b[:n-1]
		if n := len(b); n > 0 && b[n-1] == '\r' {
			b = b[:n-1]
		}
	}
	return b
}

// EachLine hands each line of r to f until f returns true, and reports whether it
// did. A line is valid until f returns. Reading ends at any error of r: what the
// process behind it ended with tells more.
func EachLine(r io.Reader, f func(Line) (stop bool)) (stopped bool) {
	for lines := newLineReader(r); ; {
		line, err := lines.next()
		if err != nil && len(line.Head) == 0 {
			return false
		}
		if f(line) {
			return true
		}
		if err != nil {
			return false
		}
	}
}
