package position

import (
	"bytes"
	"slices"
	"sort"
)

// A Shift leads from offsets of the compiled text to offsets of the current one
// and back, for blocks (top-level declarations) that were not edited. It is
// immutable.
//
// A block was not edited if its text stands, byte for byte, where a declaration
// can stand, under the same //go: directives as before. So it may move, also past
// others; but one that is commented out, or now goes on behind its end, was edited.
type Shift struct {
	// size is the length of both texts if they are the same, else -1.
	size int
	// moves are the blocks that were not edited, in order of the compiled text.
	moves []move
	// back has the same moves in order of the current text.
	back []move
	// edited is what remains of the other blocks.
	edited edited
}

// A move is a span of the compiled text that now starts at to.
type move struct {
	Span
	to int
}

// NewShift compares the current text with the compiled one. The blocks are spans
// of the compiled text, in order; one that overlaps the one before it, or
// reaches out of the text, counts as edited. The texts must be Go, or what is
// typed on the way to it.
func NewShift(compiled []byte, blocks []Span, current []byte) *Shift {
	if bytes.Equal(compiled, current) {
		return &Shift{size: len(compiled)}
	}
	blocks = proper(blocks, len(compiled))
	s := &Shift{size: -1, moves: match(compiled, blocks, current)}
	byTarget := func(a, b move) int { return a.to - b.to }
	s.back = s.moves
	if !slices.IsSortedFunc(s.moves, byTarget) {
		s.back = slices.SortedFunc(slices.Values(s.moves), byTarget)
	}
	s.follow(compiled, blocks, current)
	return s
}

// proper returns the blocks without those that overlap the one before them, or
// reach out of a text of the given size.
func proper(blocks []Span, size int) []Span {
	end := 0
	improper := func(b Span) bool {
		if b.Start < end || b.End <= b.Start || b.End > size {
			return true
		}
		end = b.End
		return false
	}
	if !slices.ContainsFunc(blocks, improper) {
		return blocks
	}
	end = 0
	return slices.DeleteFunc(slices.Clone(blocks), improper)
}

// Offset returns the offset in the current text of an offset in the compiled
// text; ok is false if that is in an edited block or outside all blocks. The
// offset just behind a block belongs to it.
func (s *Shift) Offset(compiled int) (current int, ok bool) {
	if s.size >= 0 {
		return compiled, compiled >= 0 && compiled <= s.size
	}
	i := sort.Search(len(s.moves), func(i int) bool { return s.moves[i].Start > compiled }) - 1
	if i < 0 || compiled > s.moves[i].End {
		return 0, false
	}
	return compiled - s.moves[i].Start + s.moves[i].to, true
}

// Back returns the offset in the compiled text of an offset in the current text;
// ok is false if that is in no block that is still as it was compiled. The offset
// just behind a block belongs to it.
func (s *Shift) Back(current int) (compiled int, ok bool) {
	if s.size >= 0 {
		return current, current >= 0 && current <= s.size
	}
	i := sort.Search(len(s.back), func(i int) bool { return s.back[i].to > current }) - 1
	if i < 0 || current > s.back[i].to+s.back[i].End-s.back[i].Start {
		return 0, false
	}
	return current - s.back[i].to + s.back[i].Start, true
}
