package handlers

import (
	"strconv"
	"strings"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// This file puts verdicts into paragraphs, for hovers, tooltips and explanations.

// An extent bounds what a page lists.
type extent struct {
	entries    int  // of one list
	depth      int  // of nested lists
	eliminated bool // also what the compiler dropped from an inlined body
	parts      int  // of a cost
	lines      bool // also the cost of each line
}

var (
	hoverExtent = extent{entries: 12, depth: 3, parts: 3}                                    // what a hover has room for
	fullExtent  = extent{entries: 1000, depth: 20, eliminated: true, parts: 10, lines: true} // an explanation that was asked for
)

// callVerdict writes the one sentence on a call:
//
//	not-inlined strings.ToUpper: cost 355 exceeds budget 80 (strings/strings.go:594)
func (d *Document) callVerdict(p *page, c *workspace.FileCall) {
	p.strong(c.Status.String())
	p.text(" ")
	if c.Via == "go" || c.Via == "defer" {
		p.code(c.Via)
		p.text(" ")
	}
	d.name(p, c.Call.Callee, c.Reason)
	d.why(p, c.Status, c.Reason, c.Cost, c.Budget)
}

// callPage writes all that is known of a call.
func (d *Document) callPage(p *page, c *workspace.FileCall, e extent) {
	d.callVerdict(p, c)
	if c.Status == inline.StatusNotInlined && c.Reason != nil && c.Cost > 0 && c.Budget > 0 {
		d.headroom(p, c.Cost, c.Budget)
	}
	if costs, unit := d.calleeCosts(c.Call); costs != nil {
		d.costs(p, costs, unit, e)
	} else if d.Counting && revealing(c.Call) && d.known(d.calleeTarget(c.Call)) == nil {
		d.counting(p)
	}
	d.writeAsserted(p, c.Pos)
	d.callFacts(p, c.Call)
	if len(c.Instances) > 0 && c.Status == inline.StatusMixed {
		p.paragraph()
		rows := make([]row, len(c.Instances))
		for i := range c.Instances {
			in := &c.Instances[i]
			rows[i] = row{
				instance: string(words.AppendTypeArgs(nil, in.TypeArgs, in.Shape)),
				verdict:  in.Status.String(),
				cost:     in.Cost, budget: in.Budget, reason: in.Reason,
			}
		}
		d.instances(p, rows, e)
	}
	if e.count(c.Inlines) > 0 {
		p.paragraph()
		p.text("In the inlined body:")
		room := quota{left: e.entries}
		d.tree(p, c.Inlines, 0, e, &room)
		room.writeHidden(p)
	}
	known := c.Reason != nil && c.Reason.At == c.CalleePos // linked in the first line
	if href, name := d.link(c.CalleePos); href != "" && !known && !isLiteral(d.File.Text, c) {
		p.paragraph()
		p.text("Declared in ")
		p.link(name, href)
	}
	d.advice(p, c.Reason)
}

// callFacts writes what is known of a call besides its status and reason.
func (d *Document) callFacts(p *page, c *inline.Call) {
	if c.Devirtualized != "" {
		p.paragraph()
		p.text("Devirtualized: the compiler calls the method of ")
		p.code(string(words.AppendShort(nil, c.Devirtualized, d.linkPath())))
		p.text(" directly.")
	}
	if c.Wrapped && c.Reason == nil { // otherwise the reason says so
		p.paragraph()
		p.text("The compiler makes a wrapper for the " + c.Via + " statement. The callee is inlined into the wrapper.")
	}
	if c.Copied != "" {
		copied := "this function literal"
		if strings.Contains(c.Caller[strings.LastIndexByte(c.Caller, '.')+1:], "-range") {
			copied = "the body of this loop"
		}
		p.paragraph()
		p.text("If ")
		p.code(string(words.AppendShort(nil, c.Copied, d.linkPath())))
		p.text(" is inlined, " + copied + " is copied. A copy that is not inlined still makes this call.")
	}
	if c.Doubt != "" {
		p.paragraph()
		p.text("A later pass of the compiler may still remove this call: " + c.Doubt + ".")
	}
	if c.Hot {
		p.paragraph()
		p.text("Hot in the profile: the budget is larger than usual.")
	}
}

// functionVerdict writes the one sentence on a function:
//
//	not inlinable f: cost 150 exceeds budget 80
func (d *Document) functionVerdict(p *page, f *inline.Function) {
	switch {
	case words.InstancesDiffer(f):
		p.strong(instancesLabel(f.Instances))
		p.text(" ")
		d.name(p, f.Name, nil)
		return
	case !f.Known:
		p.strong("not known")
	case f.Inlinable:
		p.strong("inlinable")
	default:
		p.strong("not inlinable")
	}
	p.text(" ")
	d.name(p, f.Name, nil)
	switch {
	case f.Reason != nil:
		d.why(p, inline.StatusNotInlined, f.Reason, f.Cost, f.Budget)
	case f.Inlinable:
		d.why(p, inline.StatusInlined, nil, f.Cost, f.Budget)
	}
}

// functionPage writes all that is known of a function.
func (d *Document) functionPage(p *page, f *workspace.FileFunction, e extent) {
	d.functionVerdict(p, f.Function)
	differ := words.InstancesDiffer(f.Function)
	if f.Reason != nil && f.Cost > 0 && f.Budget > 0 && !differ {
		d.headroom(p, f.Cost, f.Budget)
	}
	d.writeAsserted(p, f.Function.Pos)
	unit := d.known(d.target(f))
	if costs := functionCosts(f, unit); costs != nil {
		d.costs(p, costs, unit, e)
		if e.lines {
			d.table(p, f, unit)
		}
	} else if d.Counting && unit == nil {
		d.counting(p)
	}
	if f.Hot {
		p.paragraph()
		p.text("Hot in the profile: the budget is larger than usual.")
	}
	if f.Probe && len(f.Instances) > 0 {
		p.paragraph()
		p.text("Nothing in the package instantiates it. The verdict is that of an instance with ")
		p.code(string(words.AppendTypeArgs(nil, f.Instances[0].TypeArgs, f.Instances[0].Shape)))
		p.text(", which Inlinelens compiled to see it.")
	}
	if differ {
		p.paragraph()
		rows := make([]row, len(f.Instances))
		for i := range f.Instances {
			in := &f.Instances[i]
			rows[i] = row{
				instance: string(words.AppendTypeArgs(nil, in.TypeArgs, in.Shape)),
				verdict:  "not inlinable",
				cost:     in.Cost, budget: in.Budget, reason: in.Reason,
			}
			if in.Inlinable {
				rows[i].verdict = "inlinable"
			}
		}
		d.instances(p, rows, e)
	}
	d.advice(p, missReason(f.Function))
}

// missReason is the reason why f, or its first instance of which that is so, is not
// inlinable; nil if it is.
func missReason(f *inline.Function) *inline.Reason {
	for i := range f.Instances {
		if in := &f.Instances[i]; !in.Inlinable {
			return in.Reason
		}
	}
	return f.Reason
}

// callers writes how the calls of a function came out, and where it was not inlined.
func (d *Document) callers(p *page, f *workspace.FileFunction, e extent) {
	tally := tallyOf(f.CalledFrom)
	if !canInline(f.Function) || tally.total == 0 {
		return
	}
	p.paragraph()
	s := tally.words(" in this package")
	p.text(strings.ToUpper(s[:1]) + s[1:] + ".")
	room := quota{left: e.entries}
	for _, c := range f.CalledFrom {
		if c.Status == inline.StatusInlined || c.Status == inline.StatusEliminated {
			continue
		}
		if !room.use() {
			continue
		}
		p.item(0)
		href, name := d.link(c.Pos)
		if href == "" {
			name = d.nearName(c.Pos.File)
		}
		p.link(name, href)
		p.text(" in ")
		d.name(p, c.Caller, nil)
		p.text(": " + callLabel(c, true))
	}
	room.writeHidden(p)
}

// name writes the short name of a function.
func (d *Document) name(p *page, name string, r *inline.Reason) {
	short := string(words.AppendName(nil, name, r, d.linkPath()))
	if name == "" {
		p.text(short)
		return
	}
	p.code(short)
}

// why writes what stands behind a name: the reason with the place of the cause, or
// the cost of what can be inlined.
func (d *Document) why(p *page, s inline.Status, r *inline.Reason, cost, budget int) {
	if r != nil {
		p.text(": " + r.Message)
		if href, name := d.link(r.At); href != "" {
			p.text(" (")
			p.link(name, href)
			p.text(")")
		}
		return
	}
	if s == inline.StatusInlined && budget > 0 {
		p.text(": cost " + strconv.Itoa(cost) + " of budget " + budgetWords(budget))
	}
}

// budgetWords is a budget, and whose it is if it is not the usual one. Of a hot function
// something else is said.
func budgetWords(budget int) string {
	if whose := words.Budget(budget); whose != "" && budget != gorelease.HotBudget {
		return strconv.Itoa(budget) + " (that of " + whose + ")"
	}
	return strconv.Itoa(budget)
}

// headroom writes how far a cost is from its budget.
func (d *Document) headroom(p *page, cost, budget int) {
	p.paragraph()
	switch over := cost - budget; {
	case over > words.NearOverrun:
		p.text("Over budget by " + strconv.Itoa(over) + ".")
		if whose := words.Budget(budget); whose != "" && budget != gorelease.HotBudget {
			p.text(" The budget is that of " + whose + ".")
		}
	case over > 0:
		p.text("A near miss: over budget by " + strconv.Itoa(over) + ".")
	default:
		p.text("Cost " + strconv.Itoa(cost) + " of budget " + budgetWords(budget) + ".")
	}
}

// counting writes that there is more to come.
func (d *Document) counting(p *page) {
	p.paragraph()
	p.text("What it costs is still being counted.")
}

// advice writes what can be done about a reason.
func (d *Document) advice(p *page, r *inline.Reason) {
	if r == nil || words.Advice(r.Code) == "" {
		return
	}
	text := words.Advice(r.Code)
	if r.Message == "marked go:cgo_unsafe_args" { // by cgo
		text = "C functions cannot be inlined. Call them less often, with more work in each call."
	}
	p.paragraph()
	p.prose(text)
}

// tree lists the calls in an inlined body, as e asks for and as far as there is room.
func (d *Document) tree(p *page, calls []inline.Inlined, level int, e extent, room *quota) {
	for i := range calls {
		c := &calls[i]
		if !e.shows(c) {
			continue
		}
		if level == e.depth || room.left == 0 {
			room.hidden += e.count(calls[i:])
			return
		}
		room.left--
		p.item(level)
		p.text(c.Status.String() + " ")
		d.name(p, c.Callee, c.Reason)
		switch {
		case c.Reason != nil:
			p.text(": " + c.Reason.Message)
		case c.Status == inline.StatusInlined && c.Budget > 0:
			p.text(" " + costOf(c.Cost, c.Budget))
		}
		d.tree(p, c.Inlines, level+1, e, room)
	}
}

// shows reports whether a call in an inlined body is listed, room permitting.
func (e extent) shows(c *inline.Inlined) bool {
	return e.eliminated || c.Status != inline.StatusEliminated
}

// count counts the calls that are listed, those in inlined bodies included.
func (e extent) count(calls []inline.Inlined) int {
	n := 0
	for i := range calls {
		if c := &calls[i]; e.shows(c) {
			n += 1 + e.count(c.Inlines)
		}
	}
	return n
}

// A row is the verdict on one instance of a generic function, or of a call in one.
type row struct {
	instance, verdict string
	cost, budget      int
	reason            *inline.Reason
}

// instances writes a table of instances; a list where tables cannot be shown.
func (d *Document) instances(p *page, rows []row, e extent) {
	room := quota{left: e.entries}
	if p.markdown {
		p.b.WriteString("| instance | verdict | cost |\n|---|---|---|")
	} else {
		p.text("Instances:")
	}
	for _, r := range rows {
		if !room.use() {
			continue
		}
		cost := ""
		if r.cost > 0 && r.budget > 0 {
			cost = costOf(r.cost, r.budget)
		}
		why := r.verdict
		if r.reason != nil {
			why += ": " + r.reason.Message
		}
		if !p.markdown {
			p.item(0)
			p.text(r.instance + " " + why)
			if cost != "" {
				p.text(" (" + cost + ")")
			}
			continue
		}
		p.b.WriteString("\n| ")
		p.code(strings.ReplaceAll(r.instance, "|", `\|`))
		p.b.WriteString(" | ")
		p.text(why)
		p.b.WriteString(" | " + cost + " |")
	}
	if p.markdown && room.hidden > 0 { // without an empty line it would be a row
		p.b.WriteByte('\n')
	}
	room.writeHidden(p)
}

// A quota is the room that a list has.
type quota struct{ left, hidden int }

// use reports whether there is room for another entry, and uses it.
func (q *quota) use() bool {
	if q.left == 0 {
		q.hidden++
		return false
	}
	q.left--
	return true
}

// writeHidden writes how many entries found no room.
func (q *quota) writeHidden(p *page) {
	if q.hidden > 0 {
		p.item(0)
		p.text("and " + strconv.Itoa(q.hidden) + " more")
	}
}
