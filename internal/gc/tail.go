package gc

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
