package gc

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
func (l *lineReader) next() (textLine, error) {
	head, err := l.r.ReadSlice('\n')
	if err == nil {
		return textLine{head: trimEnd(head)}, nil
	}
	if !errors.Is(err, bufio.ErrBufferFull) {
		return textLine{head: trimEnd(head)}, err
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
		return textLine{head: head, tail: trimEnd(l.tail), cut: true}, err
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

// maxTail is how much of a process's last output is kept for error messages, in bytes.
const maxTail = 8 << 10

// A tailBuffer is a writer that keeps the last max bytes that it was given.
type tailBuffer struct {
	max int
	buf []byte
	cut bool
}

func (t *tailBuffer) Write(b []byte) (int, error) {
	n := len(b)
	if n > t.max {
		b, t.cut = b[n-t.max:], true
	}
	if over := len(t.buf) + len(b) - t.max; over > 0 {
		t.buf, t.cut = append(t.buf[:0], t.buf[over:]...), true
	}
	t.buf = append(t.buf, b...)
	return n, nil
}

func (t *tailBuffer) String() string {
	if t.cut {
		return "..." + string(t.buf)
	}
	return string(t.buf)
}
