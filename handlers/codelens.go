package handlers

import (
	"slices"
	"sort"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// CodeLenses answers textDocument/codeLens: a lens above each function and method
// that was compiled and is declared still, edited or not. They have no words yet:
// see ResolveCodeLens.
func CodeLenses(d *Document) []protocol.CodeLens {
	lenses := []protocol.CodeLens{}
	if !d.Settings.Lenses.Enabled {
		return lenses
	}
	if d.File == nil || d.Shift == nil {
		return lenses
	}
	data := newDataWriter(d, len(d.File.Funcs))
	for i := range d.File.Funcs {
		f := &d.File.Funcs[i]
		if at, _, ok := d.nameNow(f); ok && f.Declared {
			lenses = append(lenses, protocol.CodeLens{
				Range: d.span(at),
				Data:  data.data(f.Name.Start),
			})
		}
	}
	sort.SliceStable(lenses, func(i, j int) bool { return lenses[i].Range.Start.Line < lenses[j].Range.Start.Line })
	return lenses
}

// nameNow returns where the name of a function stands in the current text, or where
// its declaration starts if its first line was edited. Edited says that it is not
// what was compiled; ok is false if it is declared no more.
func (d *Document) nameNow(f *workspace.FileFunction) (at position.Span, edited, ok bool) {
	size := f.Name.End - f.Name.Start
	if start, ok := d.Shift.Offset(f.Name.Start); ok {
		return position.Span{Start: start, End: start + size}, false, true
	}
	start, ok := d.Shift.Head(f.Name.Start)
	at = position.Span{Start: start, End: start}
	text := d.Mapper.Text()
	if offset := start + f.Name.Start - f.Decl.Start; ok && offset+size <= len(text) &&
		string(text[offset:offset+size]) == string(d.File.Text[f.Name.Start:f.Name.End]) {
		at = position.Span{Start: offset, End: offset + size}
	}
	return at, true, ok
}

// ResolveCodeLens answers codeLens/resolve:
//
//	inlinable 12/80 · inlined at 5 of 7 calls
//	not inlinable: 150/80 (70 over)
//	not inlinable: defer
//	inlinable for 3 of 4 instances, not for [float64]
//	inlinable 12/80 · asserted
//	inlinable 12/80 · as of the last save
//
// A click lists the calls of the function; it explains the verdict, with the cost of
// each line, where the function is over the budget or no call of it is known. A lens of
// a text that is no longer the one with verdicts says nothing: the editor is about to ask
// for new ones.
func ResolveCodeLens(d *Document, lens protocol.CodeLens, data Data) protocol.CodeLens {
	lens.Command = protocol.Command{Title: "…"} // an editor shows a lens without words as an error
	if !d.resolves(data) || len(data.At) != 1 {
		return lens
	}
	f := d.functionAt(data.At[0])
	if f == nil {
		return lens
	}
	name, edited, ok := d.nameNow(f)
	if !ok {
		return lens
	}
	command, label := CommandShowCalls, lensLabel(f)+d.assertedLabel(f)
	edited = edited || d.outdated()
	if edited {
		label += " · as of " + d.lastTime()
	}
	if edited || len(f.CalledFrom) == 0 || !canInline(f.Function) && f.Cost > f.Budget {
		command = CommandExplain
	}
	lens.Command = d.command(command, label, d.point(name.Start))
	return lens
}

// functionAt returns the function whose name starts at an offset of the compiled
// text; nil if there is none.
func (d *Document) functionAt(offset int) *workspace.FileFunction {
	all := d.File.Funcs
	i := sort.Search(len(all), func(i int) bool { return all[i].Name.Start >= offset })
	if i == len(all) || all[i].Name.Start != offset {
		return nil
	}
	return &all[i]
}

// lensLabel returns what a lens says of a function.
func lensLabel(f *workspace.FileFunction) string {
	var b strings.Builder
	switch {
	case words.InstancesDiffer(f.Function):
		b.WriteString(instancesLabel(f.Instances))
	case !f.Known:
		b.WriteString("not known")
		if f.Reason != nil {
			b.WriteString(": " + reasonWords(f.Reason))
		}
	case f.Inlinable:
		b.WriteString("inlinable " + costOf(f.Cost, f.Budget))
	default:
		b.WriteString("not inlinable" + overLabel(f.Reason, f.Cost, f.Budget))
	}
	if f.Hot {
		b.WriteString(" · hot in the profile")
	}
	if f.Probe && len(f.Instances) > 0 {
		b.WriteString(" · not instantiated here, tried with " + string(words.AppendTypeArgs(nil, f.Instances[0].TypeArgs, f.Instances[0].Shape)))
	}
	if t := tallyOf(f.CalledFrom); canInline(f.Function) && t.total > 0 {
		b.WriteString(" · " + t.words(""))
	}
	return b.String()
}

// canInline reports whether f, or an instance of it, can be inlined.
func canInline(f *inline.Function) bool {
	return f.Inlinable || slices.ContainsFunc(f.Instances, func(in inline.FunctionInstance) bool { return in.Inlinable })
}

// overLabel is the reason why a function is not inlinable: the numbers where they
// are the reason.
func overLabel(r *inline.Reason, cost, budget int) string {
	switch {
	case budget > 0 && cost > budget:
		return ": " + costOf(cost, budget) + " (" + strconv.Itoa(cost-budget) + " over)"
	case r != nil:
		return ": " + reasonWords(r)
	}
	return ""
}

// instancesShown is how many instances a lens names on each side.
const instancesShown = 3

// instancesLabel tells the instances of a generic function apart that can be
// inlined, or their costs where all can, or none.
func instancesLabel(instances []inline.FunctionInstance) string {
	var yes, no []*inline.FunctionInstance
	for i := range instances {
		if in := &instances[i]; in.Inlinable {
			yes = append(yes, in)
		} else {
			no = append(no, in)
		}
	}
	all := strconv.Itoa(len(instances)) + " instances"
	some := "inlinable for " + strconv.Itoa(len(yes)) + " of " + all
	switch {
	case len(no) == 0:
		return "inlinable for all " + all + ": " + listInstances(yes, true)
	case len(yes) == 0:
		return "not inlinable for any of " + all + ": " + listInstances(no, true)
	case len(yes) < len(no):
		return some + ": " + listInstances(yes, false)
	}
	return some + ", not for " + listInstances(no, false)
}

func listInstances(instances []*inline.FunctionInstance, costs bool) string {
	var b strings.Builder
	for i, in := range instances {
		if i == instancesShown {
			b.WriteString(" and " + strconv.Itoa(len(instances)-i) + " more")
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.Write(words.AppendTypeArgs(nil, in.TypeArgs, in.Shape))
		if costs && in.Budget > 0 {
			b.WriteString(" " + costOf(in.Cost, in.Budget))
		}
	}
	return b.String()
}

// A tally counts how the calls of a function came out. Eliminated calls are none.
type tally struct{ total, inlined, mixed int }

func tallyOf(calls []*inline.Call) tally {
	var t tally
	for _, c := range calls {
		switch c.Status {
		case inline.StatusEliminated:
			continue
		case inline.StatusInlined:
			t.inlined++
		case inline.StatusMixed:
			t.mixed++
		}
		t.total++
	}
	return t
}

// words says it: "inlined at 5 of 7 calls, at 1 for some instances", with the place
// of the calls behind their number.
func (t tally) words(where string) string {
	s := "inlined at " + strconv.Itoa(t.inlined) + " of " + strconv.Itoa(t.total) + " calls"
	if t.total == 1 {
		s = strings.TrimSuffix(s, "s")
	}
	s += where
	if t.mixed > 0 {
		s += ", at " + strconv.Itoa(t.mixed) + " for some instances"
	}
	return s
}
