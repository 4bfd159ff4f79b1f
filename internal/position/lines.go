package position

import (
	"bytes"
	"regexp"
	"slices"
	"sort"
)

// An edited declaration has verdicts no more, but the declaration before the edit
// had some. This file finds where such a declaration stands now, and which of its
// lines still have the text that was compiled.

// A head is where an edited declaration starts now.
type head struct {
	Span     // of the declaration in the compiled text
	to   int // where its first keyword stands in the current text
}

// edited is what remains of declarations that were edited.
type edited struct {
	heads []head // in order of the compiled text
	lines []move // lines with the same text, in order of the compiled text
	back  []move // the same in order of the current text
	// compared counts the pairs of lines that were compared.
	compared int
}

// Head returns where the edited declaration stands in the current text that has an
// offset of the compiled text: the offset of its first keyword. ok is false for
// what was not edited, and for a declaration that is not there any more.
func (s *Shift) Head(compiled int) (current int, ok bool) {
	heads := s.edited.heads
	i := sort.Search(len(heads), func(i int) bool { return heads[i].Start > compiled }) - 1
	if i < 0 || compiled > heads[i].End {
		return 0, false
	}
	return heads[i].to, true
}

// Lines yields the spans of the compiled text, without blanks around them, that are
// lines of edited declarations and have the same text still, with what is to be
// added for an offset in the current text.
func (s *Shift) Lines(yield func(compiled Span, delta int) bool) {
	for _, m := range s.edited.lines {
		if !yield(m.Span, m.to-m.Start) {
			return
		}
	}
}

// LineAt returns the span that Lines yields for an offset of the current text; ok is
// false where there is none.
func (s *Shift) LineAt(current int) (compiled Span, delta int, ok bool) {
	back := s.edited.back
	i := sort.Search(len(back), func(i int) bool { return back[i].to > current }) - 1
	if i < 0 || current > back[i].to+back[i].End-back[i].Start {
		return Span{}, 0, false
	}
	return back[i].Span, back[i].to - back[i].Start, true
}

// follow finds the blocks that are not among the moves, in what the moves leave of the
// current text.
func (s *Shift) follow(compiled []byte, blocks []Span, current []byte) {
	var now []written
	gap := Span{}
	for _, m := range s.back {
		gap.End = m.to
		now = append(now, declsIn(current, gap)...)
		gap.Start = m.to + m.End - m.Start
	}
	gap.End = len(current)
	now = append(now, declsIn(current, gap)...)

	byKey := make(map[string][]int, len(now))
	for k := range now {
		if now[k].key != "" {
			byKey[now[k].key] = append(byKey[now[k].key], k)
		}
	}
	var was []written
	next := 0 // in s.moves
	for _, b := range blocks {
		if next < len(s.moves) && s.moves[next].Start == b.Start {
			next++
			continue
		}
		found := declsIn(compiled, b)
		if len(found) == 0 {
			continue
		}
		w := found[0]
		w.block, w.End, w.pair = b, b.End, -1
		if next > 0 {
			w.behind = s.moves[next-1].to + s.moves[next-1].End - s.moves[next-1].Start
		}
		if alike := byKey[w.key]; len(alike) > 0 {
			w.pair, byKey[w.key] = alike[0], alike[1:]
		}
		was = append(was, w)
	}
	renamed(compiled, was, current, now)
	for i := range was {
		if k := was[i].pair; k >= 0 {
			s.edited.heads = append(s.edited.heads, head{was[i].block, now[k].Start})
			s.edited.sameLines(compiled, was[i].Span, current, &now[k])
		}
	}
	s.edited.back = slices.SortedFunc(slices.Values(s.edited.lines), func(a, b move) int { return a.to - b.to })
}

// renamed pairs declarations whose names are being changed: one that was not found,
// with the one that is new at its place, if their first lines are much alike.
func renamed(compiled []byte, was []written, current []byte, now []written) {
	taken := make(map[int]bool, len(was))
	lost := make(map[int]int) // how many there are, by the place behind the declaration before them
	for i := range was {
		taken[was[i].pair] = true
		if was[i].pair < 0 {
			lost[was[i].behind]++
		}
	}
	for i := range was {
		w := &was[i]
		if w.pair >= 0 || w.key == "" || lost[w.behind] > 1 {
			continue
		}
		k := sort.Search(len(now), func(k int) bool { return now[k].Start >= w.behind })
		for k < len(now) && taken[k] {
			k++
		}
		if k == len(now) || k+1 < len(now) && now[k+1].gap == now[k].gap && !taken[k+1] {
			continue
		}
		a, b := firstLine(compiled, w.Span), firstLine(current, now[k].Span)
		before := commonPrefix(a, b)
		if after := commonSuffix(a[before:], b[before:]); now[k].gap <= w.behind && 2*(before+after) >= max(len(a), len(b)) {
			w.pair, taken[k] = k, true
		}
	}
}

func firstLine(text []byte, s Span) []byte {
	line, _, _ := bytes.Cut(text[s.Start:s.End], []byte("\n"))
	return line
}

// A written declaration is one of a text, as far as it can be read by its first words.
type written struct {
	Span        // from its keyword to the next declaration
	key  string // its first words; "" for none
	gap  int    // where the span starts in which it was found
	// pair is the index of what a declaration of the compiled text has become; -1 for
	// nothing. Block is what it was compiled as, and behind where the declaration before
	// it ends now, of those that were not edited.
	pair   int
	block  Span
	behind int
	// inside are the spans of comments and raw strings that run over several lines.
	inside []Span
}

// declared matches the first words of a declaration, up to a name.
var declared = regexp.MustCompile(`^(?:func[ \t]*(?:\([^()]*\)[ \t]*)?[\pL_][\pL_\p{Nd}]*|var[ \t]*\(|var[ \t]+[\pL_][\pL_\p{Nd}]*)`)

// starts matches the keyword of any declaration.
var starts = regexp.MustCompile(`^(?:func|var|const|type|import)\b`)

// declsIn finds those in a span of a text whose keywords stand at the beginning
// of a line, as gofmt has them.
func declsIn(text []byte, in Span) []written {
	var found []written
	s := scanner{text: text[:in.End], pos: in.Start, fresh: in.Start == 0 || text[in.Start-1] == '\n'}
	for s.pos < in.End {
		at := s.pos
		if s.startsDecl() && (at == 0 || text[at-1] == '\n') && starts.Match(text[at:in.End]) {
			if n := len(found); n > 0 {
				found[n-1].End = at
			}
			key := declared.Find(text[at:in.End])
			found = append(found, written{Span: Span{at, in.End}, gap: in.Start, key: string(bytes.Join(bytes.Fields(key), []byte(" ")))})
		}
		s.next()
		if n := len(found); n > 0 && bytes.IndexByte(text[at:s.pos], '\n') >= 0 && s.pos > at+1 {
			found[n-1].inside = append(found[n-1].inside, Span{at, s.pos})
		}
	}
	return found
}

// maxCompared bounds how many pairs of lines are compared for all declarations
// together. Beyond it, only the lines before and behind an edit are found.
const maxCompared = 1_000_000

// sameLines notes the lines of a span that stand in a declaration of the current
// text, in the same order, blanks at their ends aside. Lines in a comment or a raw
// string are left out: they are no code there.
func (e *edited) sameLines(compiled []byte, was Span, current []byte, now *written) {
	a, b := lines(compiled, was), lines(current, now.Span)
	same := func(i, k int) bool {
		return bytes.Equal(compiled[a[i].Start:a[i].End], current[b[k].Start:b[k].End])
	}
	add := func(i, k int) {
		line := b[k]
		n := sort.Search(len(now.inside), func(n int) bool { return now.inside[n].End > line.Start })
		hidden := n < len(now.inside) && now.inside[n].Start < line.Start
		if !hidden && a[i].End > a[i].Start {
			e.lines = append(e.lines, move{a[i], line.Start})
		}
	}
	front := 0
	for front < len(a) && front < len(b) && same(front, front) {
		add(front, front)
		front++
	}
	behind := 0
	for behind < len(a)-front && behind < len(b)-front && same(len(a)-1-behind, len(b)-1-behind) {
		behind++
	}
	n, m := len(a)-front-behind, len(b)-front-behind
	if n > 0 && m > 0 && n*m <= maxCompared-e.compared {
		e.compared += n * m
		longest(n, m, func(i, k int) bool { return same(front+i, front+k) }, func(i, k int) { add(front+i, front+k) })
	}
	for i := behind; i > 0; i-- {
		add(len(a)-i, len(b)-i)
	}
}

// longest yields the pairs of a longest common subsequence of n and m items.
func longest(n, m int, same func(i, k int) bool, yield func(i, k int)) {
	// rest[i*(m+1)+k] is its length for the items from i and from k on.
	rest := make([]uint32, (n+1)*(m+1))
	at := func(i, k int) *uint32 { return &rest[i*(m+1)+k] }
	for i := n - 1; i >= 0; i-- {
		for k := m - 1; k >= 0; k-- {
			if same(i, k) {
				*at(i, k) = *at(i+1, k+1) + 1
			} else {
				*at(i, k) = max(*at(i+1, k), *at(i, k+1))
			}
		}
	}
	for i, k := 0, 0; i < n && k < m; {
		switch {
		case same(i, k):
			yield(i, k)
			i++
			k++
		case *at(i+1, k) >= *at(i, k+1):
			i++
		default:
			k++
		}
	}
}

// lines returns the lines of a span without the blanks around them.
func lines(text []byte, in Span) []Span {
	var all []Span
	for at := in.Start; at < in.End; {
		end := in.End
		if i := bytes.IndexByte(text[at:in.End], '\n'); i >= 0 {
			end = at + i
		}
		line := text[at:end]
		left := len(line) - len(bytes.TrimLeft(line, " \t"))
		all = append(all, Span{at + left, at + max(left, len(bytes.TrimRight(line, " \t\r")))})
		at = end + 1
	}
	return all
}
