package handlers

import (
	"path/filepath"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// This file puts costs into paragraphs, for hovers and explanations.

// CostTargets returns the functions whose costs a hover or an explanation at a position
// has use for: the function there, the callee of a call that stayed because of what it
// costs or has in it. Around says that where neither is, the function around is meant.
func CostTargets(d *Document, at protocol.Position, around bool) []workspace.Target {
	f, ok := d.find(at)
	if !ok {
		return nil
	}
	var targets []workspace.Target
	if f.call != nil && revealing(f.call.Call) {
		targets = append(targets, d.calleeTarget(f.call.Call))
	}
	switch {
	case f.function != nil:
		targets = append(targets, d.target(f.function))
	case around && f.call == nil && f.around != nil:
		targets = append(targets, d.target(f.around))
	}
	return targets
}

// target is a function of the document, for who asks what it costs.
func (d *Document) target(f *workspace.FileFunction) workspace.Target {
	return workspace.Target{Source: d.File.Name, Pos: f.Function.Pos}
}

// revealing reports whether the callee's cost, or a statement in it, kept a call from
// being inlined, so that its parts tell more.
func revealing(c *inline.Call) bool {
	if c.Status != inline.StatusNotInlined || !c.CalleePos.IsValid() {
		return false
	}
	return c.Budget > 0 && c.Cost > c.Budget || c.Reason != nil && c.Reason.Code == inline.CodeUnhandledOp
}

// calleeTarget is the callee of a call, in the unit that has its costs: instances of
// generic functions are compiled with the caller.
func (d *Document) calleeTarget(c *inline.Call) workspace.Target {
	t := workspace.Target{Source: c.CalleePos.File, Pos: c.CalleePos}
	if strings.Contains(c.Callee, "[") {
		t.Source = d.File.Name
	}
	return t
}

// known returns costs that have those of a function; nil while they are not known.
func (d *Document) known(t workspace.Target) *breakdown.UnitCosts {
	if d.Costs == nil {
		return nil
	}
	return d.Costs(t)
}

// calleeCosts returns what the callee of a call costs, and the costs of its unit; nil if
// that is not known.
func (d *Document) calleeCosts(c *inline.Call) (*breakdown.FunctionCosts, *breakdown.UnitCosts) {
	if !revealing(c) {
		return nil, nil
	}
	unit := d.known(d.calleeTarget(c))
	if unit == nil {
		return nil, nil
	}
	return instance(unit.At(c.CalleePos, c.Callee), false, c.Cost), unit
}

// costs writes what a function of a unit costs most, and what is left without those
// parts that are too much.
func (d *Document) costs(p *page, c *breakdown.FunctionCosts, unit *breakdown.UnitCosts, e extent) {
	w := costWriter{p: p, d: d, dir: filepath.Dir(c.Pos.File)}
	if unit.Package.Path != d.File.Unit.Path {
		w.linkPath = linkname.Prefix(unit.Package.Path, unit.Package.Name)
	}
	s := summarize(c, e)
	w.most(&s)
	w.obstacles(&s)
	w.without(&s)
	if s.unexplained != 0 {
		p.paragraph()
		p.text("Of the cost, " + strconv.Itoa(s.unexplained) + " could not be assigned to any part.")
	}
}

// A costWriter writes what a function of any package costs, for a reader of d.
type costWriter struct {
	p   *page
	d   *Document
	dir string // of the function's file
	// linkPath is how link names of the function's package begin; "" for the
	// document's own. The compiler leaves it out there.
	linkPath string
}

// most writes the largest parts, or the most expensive lines.
func (w *costWriter) most(s *costSummary) {
	if len(s.parts) > 0 {
		w.p.paragraph()
		w.p.text("Largest parts:")
	}
	for i := range s.parts {
		w.p.item(0)
		w.part(&s.parts[i])
	}
	if len(s.lines) > 0 {
		w.p.paragraph()
		w.p.text("No part is large. These lines cost most:")
	}
	for i := range s.lines {
		w.p.item(0)
		w.p.text(strconv.Itoa(s.lines[i].cost) + " ")
		w.line(s.lines[i].parts[0].Pos)
		w.p.text(": " + w.d.lineWords(&s.lines[i], lineParts))
	}
}

// part writes what one part costs, why, and where it is:
//
//	58 fmt.Errorf, a call: cost 93 exceeds budget 80 (line 12)
func (w *costWriter) part(part *cost.Part) {
	w.piece(part)
	w.p.text(" (")
	w.line(part.Pos)
	w.p.text(")")
}

// piece writes what one part costs, and why.
func (w *costWriter) piece(part *cost.Part) {
	w.p.text(strconv.Itoa(part.Cost) + " ")
	w.name(part)
	if part.Count > 1 {
		w.p.text(" ×" + strconv.Itoa(part.Count))
	}
	if isWrapper(part) || part.Callee == "" {
		return
	}
	if s := partWords[part.What]; s != "" {
		w.p.text(", " + s)
	}
	switch {
	case part.What == cost.Call && part.Note != "":
		w.p.text(": " + clip(note(part), maxSentence))
	case part.What == cost.InlinedCall:
		// Elsewhere the callee's cost is named, which is less by the call's node.
		w.p.text(": its body " + strconv.Itoa(part.Cost-callNode) + ", the call " + strconv.Itoa(callNode))
	}
}

// callNode is what the node of a call costs, beside its callee's body.
const callNode = 1

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
	cost.InlinedCall:   "inlined",
	cost.InterfaceCall: "a call through an interface",
	cost.ParamCall:     "a call of a parameter",
}

// name writes what a part is, with a link to the callee.
func (w *costWriter) name(part *cost.Part) {
	if part.Callee == "" || isWrapper(part) {
		w.p.text(w.d.partName(part))
		return
	}
	name := linkname.Generic(part.Callee)
	if w.linkPath != "" && filepath.Dir(part.CalleePos.File) == w.dir && !strings.HasPrefix(name, w.linkPath+".") {
		name = w.linkPath + "." + name
	}
	href, _ := w.d.link(part.CalleePos)
	w.p.codeLink(w.d.short(name), href)
}

// line writes the line of a place, with a link; in another file than the document's
// with that.
func (w *costWriter) line(at inline.Position) {
	href, name := w.d.link(at)
	if href == "" {
		w.p.text("line " + strconv.Itoa(at.Line))
		return
	}
	if w.d.isOwn(at) {
		name = "line " + name[strings.LastIndexByte(name, ':')+1:]
	}
	w.p.link(name, href)
}

const obstaclesShown = 3

// obstacles writes what makes inlining impossible whatever the function costs.
func (w *costWriter) obstacles(s *costSummary) {
	if len(s.blockers) == 0 {
		return
	}
	w.p.paragraph()
	w.p.text("Inlining is impossible whatever the cost, because of ")
	for i, b := range s.blockers[:min(len(s.blockers), obstaclesShown)] {
		if i > 0 {
			w.p.text(", ")
		}
		w.p.code(strings.ToLower(b.Op))
		w.p.text(" (")
		w.line(b.Pos)
		w.p.text(")")
	}
	if more := len(s.blockers) - obstaclesShown; more > 0 {
		w.p.text(" and " + strconv.Itoa(more) + " more")
	}
	w.p.text(".")
	if s.sum > 0 {
		w.p.text(" Its parts add up to " + strconv.Itoa(s.sum) + "; the budget is " + strconv.Itoa(s.budget) + ".")
	}
}

// without writes what is left without the parts that are too much.
func (w *costWriter) without(s *costSummary) {
	if len(s.without) == 0 {
		return
	}
	w.p.paragraph()
	w.p.text("Without ")
	for i := range s.without {
		part := &s.without[i]
		switch {
		case i > 0 && i == len(s.without)-1:
			w.p.text(" and ")
		case i > 0:
			w.p.text(", ")
		}
		if part.Callee == "" || isWrapper(part) {
			w.p.text("the ")
		}
		w.name(part)
		w.p.text(" in ")
		w.line(part.Pos)
		w.p.text(" (" + strconv.Itoa(part.Cost) + ")")
	}
	w.p.text(", the rest costs " + strconv.Itoa(s.left) + ".")
}

// A costRow is a line of a function with what is said of it in a table.
type costRow struct {
	number string
	cost   string
	total  string
	over   bool // the total is over the budget
	words  string
	// crossing says of the first line that is over the budget that it is; "" for others.
	crossing string
}

// costRows returns the lines of a function as they are shown in a table.
func (d *Document) costRows(s *costLines) []costRow {
	rows := make([]costRow, len(s.lines))
	before := 0
	for i := range s.lines {
		l := &s.lines[i]
		rows[i] = costRow{
			number: strconv.Itoa(int(l.line) + 1), cost: strconv.Itoa(l.cost), total: strconv.Itoa(l.total),
			over: l.total > s.costs.Budget, words: d.lineWords(l, lineParts),
		}
		if rows[i].over && before <= s.costs.Budget {
			rows[i].crossing = "over budget from here"
		}
		before = l.total
	}
	return rows
}

// table writes the cost of each line of a function of the document.
func (d *Document) table(p *page, f *workspace.FileFunction, unit *breakdown.UnitCosts) {
	s, err := d.costLines(f, unit)
	if err != nil || len(s.lines) == 0 {
		return
	}
	rows := d.costRows(s)
	p.paragraph()
	if !p.markdown {
		p.text("By line:")
		for _, r := range rows {
			p.item(0)
			p.text("line " + r.number + ": +" + r.cost + " = " + r.total + ": " + r.words)
			if r.crossing != "" {
				p.text(" (" + r.crossing + ")")
			}
		}
		return
	}
	p.raw("| line | cost | total | |\n|---:|---:|---:|---|")
	for _, r := range rows {
		p.raw("\n| ")
		p.link(r.number, string(d.URI)+"#L"+r.number)
		p.raw(" | " + r.cost + " | ")
		if r.over {
			p.strong(r.total)
		} else {
			p.text(r.total)
		}
		p.raw(" | ")
		p.text(r.words)
		if r.crossing != "" {
			p.text(" · ")
			p.strong(r.crossing)
		}
		p.raw(" |")
	}
}
