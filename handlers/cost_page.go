package handlers

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// This file puts costs into paragraphs, for hovers and explanations. What a part
// costs, and what is left without it, is arithmetic; what the compiler would do with
// the rest is not said, as it was not asked.

// CostSources returns the source files whose units' costs a hover or an explanation
// at a position has use for: of the function there, of the callee of a call that
// stayed because of what it costs or has in it. Around says that where neither is the function around
// is meant.
func CostSources(d *Document, at protocol.Position, around bool) []string {
	f, ok := d.find(at)
	if !ok {
		return nil
	}
	var sources []string
	if f.call != nil && revealing(f.call.Call) {
		sources = append(sources, d.costSource(f.call.Call))
	}
	if f.function != nil || around && f.call == nil && f.around != nil {
		sources = append(sources, d.File.Name)
	}
	return sources
}

// revealing reports whether the callee's cost, or a statement in it, kept a call from
// being inlined, so that its parts tell more.
func revealing(c *inline.Call) bool {
	if c.Status != inline.StatusNotInlined || !c.CalleePos.IsValid() {
		return false
	}
	return c.Budget > 0 && c.Cost > c.Budget || c.Reason != nil && c.Reason.Code == inline.CodeUnhandledOp
}

// costSource is a file of the unit that has the costs of a callee: instances of
// generic functions are compiled with the caller.
func (d *Document) costSource(c *inline.Call) string {
	if strings.Contains(c.Callee, "[") {
		return d.File.Name
	}
	return c.CalleePos.File
}

// known returns the costs of the unit that has a source file; nil while they are
// not known.
func (d *Document) known(source string) *breakdown.UnitCosts {
	if d.Costs == nil {
		return nil
	}
	return d.Costs(source)
}

// calleeCosts returns what the callee of a call costs; nil if that is not known.
func (d *Document) calleeCosts(c *inline.Call) *account {
	if !revealing(c) {
		return nil
	}
	unit := d.known(d.costSource(c))
	if unit == nil {
		return nil
	}
	return d.account(unit, instance(unit.At(c.CalleePos, c.Callee), false, c.Cost))
}

// ownCosts returns what a function of the document costs; nil if that is not known.
func (d *Document) ownCosts(f *workspace.FileFunction) *account {
	unit := d.known(d.File.Name)
	if unit == nil {
		return nil
	}
	return d.account(unit, functionCosts(f, unit))
}

// An account is what a function of any package costs, for a reader of d.
type account struct {
	*breakdown.FunctionCosts
	d *Document
	// linkPath is how link names of the function's package begin; "" for the
	// document's own. The compiler leaves it out there.
	linkPath string
}

func (d *Document) account(unit *breakdown.UnitCosts, c *breakdown.FunctionCosts) *account {
	if c == nil {
		return nil
	}
	a := &account{FunctionCosts: c, d: d}
	if unit.Package.Path != d.File.Unit.Path {
		a.linkPath = linkname.Prefix(unit.Package.Path, unit.Package.Name)
	}
	return a
}

// worth is what a part has to cost to be named in a hover.
const worth = 5

// summary writes what costs most, and what is left without those parts that are too
// much.
func (a *account) summary(p *page, e extent) {
	if !a.Inlinable || 2*a.Cost > a.Budget || e.lines {
		a.most(p, e)
	}
	if len(a.Blockers) > 0 && !a.Inlinable {
		a.obstacles(p)
	} else {
		a.without(p)
	}
	if a.Unexplained != 0 {
		p.paragraph()
		p.text("Of the cost, " + strconv.Itoa(a.Unexplained) + " could not be assigned to any part.")
	}
}

// most writes the largest parts that can be named, or the most expensive lines where there
// are none.
func (a *account) most(p *page, e extent) {
	if parts := a.named(); len(parts) > 0 {
		p.paragraph()
		p.text("Costs most:")
		for i := range parts[:min(len(parts), e.parts)] {
			p.item(0)
			a.part(p, &parts[i])
		}
		return
	}
	var lines []costLine
	for i := range a.Parts {
		part := &a.Parts[i]
		if n := len(lines); n == 0 || lines[n-1].parts[0].Pos.Line != part.Pos.Line {
			lines = append(lines, costLine{})
		}
		l := &lines[len(lines)-1]
		l.cost += part.Cost
		l.parts = append(l.parts, costPart{Part: part})
	}
	lines = byCost(lines, func(l costLine) int { return l.cost })
	if len(lines) == 0 || lines[0].cost < worth || e.lines {
		return
	}
	p.paragraph()
	p.text("No part costs much; of the lines these do most:")
	for i := range lines[:min(len(lines), e.parts)] {
		p.item(0)
		p.text(strconv.Itoa(lines[i].cost) + " ")
		a.line(p, lines[i].parts[0].Pos)
		p.text(": " + a.d.lineWords(&lines[i], lineParts))
	}
}

// named returns the parts that are calls, literals and the like and not cheap, the
// largest first.
func (a *account) named() []cost.Part {
	parts := byCost(a.Parts, func(p cost.Part) int { return p.Cost })
	return slices.DeleteFunc(parts, func(p cost.Part) bool {
		return p.Cost < worth || !isCall(p.What) && p.What != cost.Closure && p.What != cost.Panic && p.What != cost.Append
	})
}

// part writes what one part costs, why, and where it is:
//
//	58 fmt.Errorf, a call: cost 93 exceeds budget 80 (line 12)
func (a *account) part(p *page, part *cost.Part) {
	a.piece(p, part)
	p.text(" (")
	a.line(p, part.Pos)
	p.text(")")
}

// piece writes what one part costs, and why.
func (a *account) piece(p *page, part *cost.Part) {
	p.text(strconv.Itoa(part.Cost) + " ")
	a.name(p, part)
	if part.Count > 1 {
		p.text(" ×" + strconv.Itoa(part.Count))
	}
	if isWrapper(part) || part.Callee == "" {
		return
	}
	if s := partWords[part.What]; s != "" {
		p.text(", " + s)
	}
	if part.What == cost.Call && part.Note != "" {
		p.text(": " + clip(note(part), maxSentence))
	}
}

// note is why a part costs what it does; "" where the part says it all.
func note(part *cost.Part) string {
	if isWrapper(part) {
		return ""
	}
	return strings.TrimPrefix(part.Note, "function too complex: ")
}

// partWords says what was done with a call whose callee is known.
var partWords = map[cost.What]string{
	cost.Call:          "a call",
	cost.InlinedCall:   "with its body",
	cost.InterfaceCall: "a call through an interface",
	cost.ParamCall:     "a call of a parameter",
}

// name writes what a part is, with a link to the callee.
func (a *account) name(p *page, part *cost.Part) {
	if part.Callee == "" || isWrapper(part) {
		p.text(a.d.partName(part))
		return
	}
	name := linkname.Generic(part.Callee)
	if a.linkPath != "" && filepath.Dir(part.CalleePos.File) == filepath.Dir(a.Pos.File) && !strings.HasPrefix(name, a.linkPath+".") {
		name = a.linkPath + "." + name
	}
	href, _ := a.d.link(part.CalleePos)
	p.codeLink(a.d.short(name), href)
}

// line writes the line of a place, with a link; in another file than the document's
// with that.
func (a *account) line(p *page, at inline.Position) {
	href, name := a.d.link(at)
	if href == "" {
		p.text("line " + strconv.Itoa(at.Line))
		return
	}
	if a.d.isOwn(at) {
		name = "line " + name[strings.LastIndexByte(name, ':')+1:]
	}
	p.link(name, href)
}

// obstacles writes what makes inlining impossible whatever the function costs.
func (a *account) obstacles(p *page) {
	if len(a.Blockers) == 0 || a.Inlinable {
		return
	}
	p.paragraph()
	p.text("Whatever it costs, what stands in the way is ")
	for i, b := range a.Blockers {
		switch {
		case i == obstaclesShown:
			p.text(" and " + strconv.Itoa(len(a.Blockers)-i) + " more")
		case i > obstaclesShown:
			continue
		case i > 0:
			p.text(", ")
		}
		if i < obstaclesShown {
			p.code(strings.ToLower(b.Op))
			p.text(" (")
			a.line(p, b.Pos)
			p.text(")")
		}
	}
	p.text(".")
	if !a.Printed {
		p.text(" Its parts add up to " + strconv.Itoa(a.Cost) + "; the budget is " + strconv.Itoa(a.Budget) + ".")
	}
}

const obstaclesShown = 3

// tooMany is how many parts are still worth naming as those that are too much.
const tooMany = 3

// without writes what is left without the largest parts, where a few of them are as
// much as the overrun.
func (a *account) without(p *page) {
	if a.Inlinable || a.Cost <= a.Budget {
		return
	}
	parts := a.named()
	left, n := a.Cost, 0
	for left > a.Budget && n < len(parts) && n < tooMany {
		left -= parts[n].Cost
		n++
	}
	if left > a.Budget {
		return
	}
	p.paragraph()
	p.text("Without ")
	for i := range n {
		switch {
		case i > 0 && i == n-1:
			p.text(" and ")
		case i > 0:
			p.text(", ")
		}
		if parts[i].Callee == "" || isWrapper(&parts[i]) {
			p.text("the ")
		}
		a.name(p, &parts[i])
		p.text(" in ")
		a.line(p, parts[i].Pos)
		p.text(" (" + strconv.Itoa(parts[i].Cost) + ")")
	}
	p.text(" the rest costs " + strconv.Itoa(left) + ".")
}

// table writes the cost of each line of a function of the document.
func (d *Document) table(p *page, f *workspace.FileFunction) {
	unit := d.known(d.File.Name)
	if unit == nil {
		return
	}
	s, err := d.costLines(f, unit)
	if err != nil || len(s.lines) == 0 {
		return
	}
	p.paragraph()
	if p.markdown {
		p.raw("| line | cost | total | |\n|---:|---:|---:|---|")
	} else {
		p.text("By line:")
	}
	over := false
	for i := range s.lines {
		l := &s.lines[i]
		number := strconv.Itoa(int(l.line) + 1)
		total := strconv.Itoa(l.total)
		crossing := ""
		if l.total > s.costs.Budget && !over {
			over = true
			crossing = "over the budget from here"
		}
		if !p.markdown {
			p.item(0)
			p.text("line " + number + ": +" + strconv.Itoa(l.cost) + " = " + total + ": " + d.lineWords(l, lineParts))
			if crossing != "" {
				p.text(" (" + crossing + ")")
			}
			continue
		}
		p.raw("\n| ")
		p.link(number, string(d.URI)+"#L"+number)
		p.raw(" | " + strconv.Itoa(l.cost) + " | ")
		if over {
			p.strong(total)
		} else {
			p.text(total)
		}
		p.raw(" | ")
		p.text(d.lineWords(l, lineParts))
		if crossing != "" {
			p.text(" · ")
			p.strong(crossing)
		}
		p.raw(" |")
	}
}
