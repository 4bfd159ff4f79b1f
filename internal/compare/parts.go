package compare

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A lineDelta is by how much a line of a function costs more than before, or less.
type lineDelta struct {
	text   string // as it is written
	pos    inline.Position
	delta  int
	part   cost.Part
	before *cost.Part // the same part before; nil if there was none
	gain   int        // by how much part costs more
}

// A costLine sums up the parts of lines that read alike.
type costLine struct {
	text  string
	pos   inline.Position
	cost  int
	parts []cost.Part
}

// linesOf sums up a cost by lines.
func (d *side) linesOf(b *cost.Breakdown) (byText map[string]*costLine, order []string) {
	byText = make(map[string]*costLine)
	for _, p := range b.Parts {
		key := d.texts.onLine(p.Pos.File, p.Pos.Line)
		if key == "" { // no source: lines count from the beginning of the function
			key = fmt.Sprintf("line %d", p.Pos.Line-b.Pos.Line)
		}
		l := byText[key]
		if l == nil {
			l = &costLine{text: d.texts.source(p.Pos.File, p.Pos.Line), pos: p.Pos}
			byText[key] = l
			order = append(order, key)
		}
		l.cost += p.Cost
		l.parts = append(l.parts, p)
	}
	return byText, order
}

// lineDeltas compares two costs of a function line by line. The lines that cost more come
// first, those that cost most of all before others.
func (c *Comparison) lineDeltas(before, after *cost.Breakdown) (more []lineDelta) {
	was, _ := c.before.linesOf(before)
	is, order := c.after.linesOf(after)
	edited := c.editedLines(was, is, order)
	for _, key := range order {
		l, old := is[key], was[key]
		if old == nil {
			old = was[edited[key]]
		}
		d := lineDelta{text: l.text, pos: l.pos, delta: l.cost}
		var oldParts []cost.Part
		if old != nil {
			d.delta -= old.cost
			oldParts = old.parts
		}
		if d.delta > 0 {
			d.part, d.before, d.gain = c.grownPart(oldParts, l.parts)
			if d.before == nil {
				c.elsewhere(&d, before, after)
			}
			more = append(more, d)
		}
	}
	slices.SortStableFunc(more, func(a, b lineDelta) int { return cmp.Compare(b.delta, a.delta) })
	return more
}

// editedLines finds the lines of before that lines of after were made of, by their texts:
// those that have most in common, and at least half.
func (c *Comparison) editedLines(was, is map[string]*costLine, order []string) map[string]string {
	edited, taken := make(map[string]string), make(map[string]bool)
	for _, key := range order {
		if was[key] != nil {
			continue
		}
		parts := make(map[string]int)
		for i := range is[key].parts {
			parts[c.partKey(&is[key].parts[i], false)] += is[key].parts[i].Cost
		}
		best, most := "", 0
		for old, l := range was {
			if is[old] != nil || taken[old] {
				continue
			}
			common := 0
			for i := range l.parts {
				if p := &l.parts[i]; parts[c.partKey(p, true)] > 0 {
					common += min(p.Cost, parts[c.partKey(p, true)])
				}
			}
			if 2*common >= l.cost && (common > most || common == most && common > 0 && old < best) {
				best, most = old, common
			}
		}
		if most > 0 {
			edited[key], taken[best] = best, true
		}
	}
	return edited
}

// partKey tells which parts of two lines are the same. A call may have been inlined.
func (c *Comparison) partKey(p *cost.Part, isBefore bool) string {
	switch p.What {
	case cost.Call, cost.InlinedCall, cost.CheapCall, cost.IntrinsicCall:
		name := linkname.Generic(p.Callee)
		if to, ok := c.renamed[name]; ok && isBefore {
			name = to
		}
		return "call " + name
	}
	return string(p.What)
}

// grownPart returns the part of a line that costs most more than before.
func (c *Comparison) grownPart(before, after []cost.Part) (grown cost.Part, was *cost.Part, gain int) {
	used := make([]bool, len(before))
	for i := range after {
		key := c.partKey(&after[i], false)
		j := -1
		for k := range before {
			if !used[k] && c.partKey(&before[k], true) == key {
				j = k
				break
			}
		}
		delta := after[i].Cost
		var old *cost.Part
		if j >= 0 {
			used[j] = true
			old = &before[j]
			delta -= old.Cost
		}
		if delta > gain {
			grown, was, gain = after[i], old, delta
		}
	}
	return grown, was, gain
}

// elsewhere finds a call of a new line on another line before. There must be no more calls
// of the callee than there were.
func (c *Comparison) elsewhere(d *lineDelta, before, after *cost.Breakdown) {
	key := c.partKey(&d.part, false)
	if !strings.HasPrefix(key, "call ") {
		return
	}
	var was *cost.Part
	calls := 0
	for i := range before.Parts {
		if p := &before.Parts[i]; c.partKey(p, true) == key {
			calls++
			if was == nil || p.Cost < was.Cost {
				was = p
			}
		}
	}
	for i := range after.Parts {
		if c.partKey(&after.Parts[i], false) == key {
			calls--
		}
	}
	if was != nil && calls >= 0 && was.Cost < d.part.Cost {
		d.before, d.gain = was, d.part.Cost-was.Cost
	}
}

// mostLines is how many lines a cause names.
const mostLines = 3

// sayLines names the line that costs most more, "+5 in line 12: return append(b, x)", and
// the next ones as places of their own.
func sayLines(more []lineDelta) (first string, others []Place) {
	for i, l := range more[:min(len(more), mostLines)] {
		text := fmt.Sprintf("%+d", l.delta)
		if i == 0 {
			text += fmt.Sprintf(" in line %d", l.pos.Line)
		}
		if what := partText(&l.part); what != "" {
			text += ", for " + what
		}
		if l.text != "" {
			text += ": " + shortened(l.text)
		}
		if i == 0 {
			first = text
		} else {
			others = append(others, Place{l.pos, text})
		}
	}
	return first, others
}

// partText says what a part is, where that is not seen from its line.
func partText(p *cost.Part) string {
	switch p.What {
	case cost.Call:
		return "a call of " + cmp.Or(short(p.Callee), "a function value")
	case cost.InlinedCall:
		return "the inlined body of " + cmp.Or(short(p.Callee), "a function literal")
	case cost.InterfaceCall:
		return "a call through an interface"
	case cost.ParamCall:
		return "a call of a function value"
	case cost.Closure:
		return "a function literal"
	case cost.Panic, cost.ThrowCall:
		return "a panic"
	}
	return ""
}

// maxLine is how much of a line of source a sentence has, in bytes.
const maxLine = 80

func shortened(line string) string {
	if len(line) <= maxLine {
		return line
	}
	return strings.ToValidUTF8(line[:maxLine], "") + "…"
}

// short is a link name for a sentence: with the last element of its path.
func short(name string) string { return string(words.AppendShort(nil, name, "")) }
