package words

import (
	"bytes"
	"io"
	"unicode/utf8"
)

// Hidden reports whether a character must not reach a reader as it is: a control
// character, which may steer a terminal, or one that changes the direction or the
// lines of the text around it, so that it reads otherwise than it is.
func Hidden(r rune) bool {
	switch {
	case r < ' ', r >= 0x7f && r < 0xa0:
		return true
	case r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x2028 && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return true
	}
	return false
}

// PlainWriter returns a writer of messages that may have foreign text in them. It
// replaces what is [Hidden], but for tabs and line ends, and what is not UTF-8. A
// character must be written whole.
func PlainWriter(w io.Writer) io.Writer { return plainWriter{w} }

type plainWriter struct{ w io.Writer }

func (p plainWriter) Write(text []byte) (int, error) {
	plain := make([]byte, 0, len(text))
	for _, r := range string(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))) {
		if r != '\n' && r != '\t' && Hidden(r) {
			r = utf8.RuneError
		}
		plain = utf8.AppendRune(plain, r)
	}
	if _, err := p.w.Write(plain); err != nil {
		return 0, err
	}
	return len(text), nil
}
