package handlers

import (
	"bytes"
	"fmt"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/trial"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// The kinds of code actions that make a function inlinable. They are offered only
// when the compiler has confirmed that they do.
const (
	KindOutline protocol.CodeActionKind = "refactor.extract.inlinelens.outline"
	KindUnwrap  protocol.CodeActionKind = "refactor.rewrite.inlinelens.unwrap"
)

// Advised returns the function on which a request for code actions wants advice:
// one that is over its budget, and stands in the text as it was compiled; nil if
// there is none. Patient says that the request is about little else, so that it may
// take a moment: the caret is on the function's first line, or only refactorings are
// asked for.
func Advised(d *Document, r protocol.Range, c protocol.CodeActionContext) (f *workspace.FileFunction, patient bool) {
	if !wanted(KindOutline, c) && !wanted(KindUnwrap, c) {
		return nil, false
	}
	if f = AdvisedAt(d, r.Start); f == nil {
		return nil, false
	}
	at, _ := d.find(r.Start)
	first, _, _ := bytes.Cut(d.File.Text[f.Name.End:], []byte("\n"))
	return f, len(c.Only) > 0 || at.offset <= f.Name.End+len(first)
}

// AdvisedAt returns the function around a position if advice may help it: it is over its
// budget, and stands in the text as it was compiled; nil if there is none.
func AdvisedAt(d *Document, p protocol.Position) (f *workspace.FileFunction) {
	at, ok := d.find(p)
	if !ok {
		return nil
	}
	functions := d.functions(at.block)
	for i := range functions {
		if fn := &functions[i]; fn.Declared && touches(fn.Decl, at.offset) {
			f = fn
		}
	}
	if f == nil || !f.Known || f.Inlinable || f.Reason == nil ||
		f.Reason.Code != inline.CodeTooExpensive && f.Reason.Code != inline.CodeUnhandledOp {
		return nil
	}
	return f
}

// AdviceProgress says how many changes were tried: "3 of 9"; "" if that is not known.
func AdviceProgress(done, total int) string {
	if total == 0 {
		return ""
	}
	return fmt.Sprintf("%d of %d", done, total)
}

// PendingAdvice returns the action that says that changes are still being tried. To take
// it is to wait for the offers.
func PendingAdvice(d *Document, f *workspace.FileFunction, done, total int, c protocol.CodeActionContext) []protocol.CodeAction {
	start, ok := d.Shift.Offset(f.Name.Start)
	if !ok || !wanted(KindOutline, c) {
		return nil
	}
	title := "Inlinelens: trying changes to make " + d.short(f.Function.Name) + " inlinable"
	if p := AdviceProgress(done, total); p != "" {
		title += ": " + p
	}
	title += "…"
	kind := KindOutline
	at := d.point(start)
	return []protocol.CodeAction{{Title: title, Kind: &kind, Command: d.command(CommandAdvise, title, at)}}
}

// NoAdvice returns the action that cannot be taken on a function, with the reason, for
// editors that show that.
func NoAdvice(d *Document, f *workspace.FileFunction, why string, c protocol.CodeActionContext) []protocol.CodeAction {
	if !d.Client.ShowsDisabled || !wanted(KindOutline, c) {
		return nil
	}
	kind := KindOutline
	return []protocol.CodeAction{{
		Title: "Inlinelens: make " + d.short(f.Function.Name) + " inlinable", Kind: &kind,
		Disabled: protocol.CodeActionDisabled{Reason: why},
	}}
}

// AdviceActions returns the actions that make a function inlinable, one for each
// offer, or the one that says why there are none. Open says what is known of the open
// packages.
func AdviceActions(d *Document, f *workspace.FileFunction, a *trial.Advice, open *workspace.Snapshot, c protocol.CodeActionContext) []protocol.CodeAction {
	if len(a.Offers) == 0 {
		return NoAdvice(d, f, strings.Join(append([]string{a.Why}, a.Notes...), "; "), c)
	}
	var actions []protocol.CodeAction
	for i := range a.Offers {
		o := &a.Offers[i]
		kind := KindOutline
		if !o.Kind.Outlines() {
			kind = KindUnwrap
		}
		if !wanted(kind, c) {
			continue
		}
		edits, delta, ok := d.moved(f, o)
		if !ok {
			continue
		}
		actions = append(actions, protocol.CodeAction{
			Title: d.adviceTitle(f, a, o, delta, callsElsewhere(f, open, d.File.Package)), Kind: &kind,
			Edit: d.workspaceEdit(edits...),
		})
	}
	return actions
}

// moved returns an offer's edits as they are in the current text, and what is to be
// added to offsets; ok is false if what they replace, or stand behind, is not as it
// was compiled.
func (d *Document) moved(f *workspace.FileFunction, o *trial.Offer) (edits []edit, delta int, ok bool) {
	if !bytes.Equal(o.Text, d.File.Text) {
		return nil, 0, false
	}
	start, ok := d.Shift.Offset(f.Decl.Start)
	if !ok {
		return nil, 0, false
	}
	delta = start - f.Decl.Start
	end := f.Decl.End
	for _, e := range o.Edits {
		end = max(end, e.End)
		edits = append(edits, edit{position.Span{Start: e.Start + delta, End: e.End + delta}, e.New})
	}
	now := d.Mapper.Text()
	if end+delta > len(now) || !bytes.Equal(now[start:end+delta], o.Text[f.Decl.Start:end]) {
		return nil, 0, false
	}
	return edits, delta, true
}

// adviceTitle says what an offer does and what it gains:
// "Inlinelens: make Lock inlinable (150 → 71/80): move lines 19–22 to lockSlow, called
// unless line 17 returns; inlined at 2 of 2 calls".
func (d *Document) adviceTitle(f *workspace.FileFunction, a *trial.Advice, o *trial.Offer, delta, elsewhere int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Inlinelens: make %s inlinable (", d.short(f.Function.Name))
	if f.Cost > 0 {
		fmt.Fprintf(&b, "%d → ", f.Cost)
	}
	fmt.Fprintf(&b, "%d/%d): ", o.Cost, o.Budget)
	where := rewrite.Lines(int(d.point(o.Start+delta).Line)+1, int(d.point(o.End+delta).Line)+1)
	if o.Kind == rewrite.Unwrap {
		fmt.Fprintf(&b, "replace the function literal, %s, with its body", where)
		if call := o.Call + delta; o.CallLine > 0 {
			fmt.Fprintf(&b, " on line %d", d.point(call).Line+1)
		}
	} else {
		fmt.Fprintf(&b, "move %s to %s, called %s", where, o.Name, o.Stays(int(d.point(o.Exit+delta).Line)+1))
	}
	if a.Calls > 0 {
		fmt.Fprintf(&b, "; inlined at %d of %d calls", o.Inlined, a.Calls)
	}
	if o.Elsewhere != nil {
		fmt.Fprintf(&b, ", and at %d of %d in other open packages", o.Elsewhere.Inlined, o.Elsewhere.Calls)
		elsewhere -= o.Elsewhere.Calls
	}
	if elsewhere > 0 {
		fmt.Fprintf(&b, "; %d calls in other open packages were not tried", elsewhere)
	}
	return b.String()
}

// callsElsewhere counts the calls of a function in the open packages of other
// directories.
func callsElsewhere(f *workspace.FileFunction, open *workspace.Snapshot, own *workspace.Current) int {
	seen := make(map[inline.Position]bool)
	for _, p := range open.Packages {
		if own != nil && p.Dir == own.Dir {
			continue
		}
		for _, u := range p.Units {
			for i := range u.Calls {
				if linkname.Generic(u.Calls[i].Callee) == f.Function.Name {
					seen[u.Calls[i].Pos] = true // a test variant repeats the package's
				}
			}
		}
	}
	return len(seen)
}
