package handlers

import (
	"path/filepath"
	"slices"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/words"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// This file says what is asserted of calls and functions, and what does not hold.

// unreadableAssertions are the diagnostics on directives of the current text that cannot be
// read. They need no verdicts.
func (d *Document) unreadableAssertions() []protocol.Diagnostic {
	var list []protocol.Diagnostic
	for _, e := range assertion.InSource(d.Path, d.Mapper.Text()).Errors {
		start, err := d.Mapper.Offset(e.Pos.Line, e.Pos.Col)
		if err != nil || e.Pos.File != d.Path || e.Refused {
			continue // //line directives moved it, or another tool checks it
		}
		list = append(list, protocol.Diagnostic{
			Range:    d.span(position.Span{Start: start, End: start + len(e.Text)}),
			Severity: protocol.DiagnosticSeverityWarning,
			Code:     protocol.String(compare.RuleSyntax),
			Source:   protocol.NewOptional(DiagnosticSource),
			Message:  protocol.String(sentence(e.Message)),
		})
	}
	return list
}

// sentence makes text into one.
func sentence(text string) string {
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

// worse yields what is worse than the baseline, as failing does.
func (d *Document) worse(yield func(*compare.Finding, position.Span) bool) {
	if d.File != nil && d.File.Asserted != nil && d.Settings.Diagnostics.Baseline {
		d.findings(d.File.Asserted.Worse, yield)
	}
}

// failing yields the findings on assertions that stand in the current text as they were
// compiled, with their places there.
func (d *Document) failing(yield func(*compare.Finding, position.Span) bool) {
	if d.File != nil && d.File.Asserted != nil {
		d.findings(d.File.Asserted.Findings, yield)
	}
}

func (d *Document) findings(list []compare.Finding, yield func(*compare.Finding, position.Span) bool) {
	if d.Shift == nil {
		return
	}
	for i := range list {
		f := &list[i]
		if f.Level == compare.LevelNote || f.Pos.File != d.File.Name {
			continue
		}
		at := d.placeOf(f)
		start, ok := d.Shift.Offset(at.Start)
		if ok && !yield(f, position.Span{Start: start, End: start + at.End - at.Start}) {
			return
		}
	}
}

// placeOf returns what a finding is about, in the compiled text: the name of a callee or
// function, or a directive.
func (d *Document) placeOf(f *compare.Finding) position.Span {
	offset, _ := d.compiledOffset(f.Pos)
	if c := d.callAtPos(f.Pos); c != nil && c.Name.End > c.Name.Start {
		return c.Name
	}
	if fn := d.functionAtPos(f.Pos); fn != nil {
		return fn.Name
	}
	end := offset + 1
	if f.End.Line == f.Pos.Line {
		end = offset + f.End.Col - f.Pos.Col
	}
	return position.Span{Start: offset, End: min(end, len(d.File.Text))}
}

func (d *Document) callAtPos(pos inline.Position) *workspace.FileCall {
	i := slices.IndexFunc(d.File.Calls, func(c workspace.FileCall) bool { return c.Pos == pos })
	if i < 0 {
		return nil
	}
	return &d.File.Calls[i]
}

func (d *Document) functionAtPos(pos inline.Position) *workspace.FileFunction {
	i := slices.IndexFunc(d.File.Funcs, func(f workspace.FileFunction) bool { return f.Function.Pos == pos })
	if i < 0 {
		return nil
	}
	return &d.File.Funcs[i]
}

// failure is the diagnostic on a finding.
func (d *Document) failure(f *compare.Finding, at position.Span) protocol.Diagnostic {
	message := sentence(f.Is)
	if f.Was != "" {
		message = d.subject(f.Subject) + " is " + f.Is + ". Asserted: " + f.Was + "."
	}
	if f.Promise != nil && filepath.Base(f.Promise.Pos.File) == compare.BaselineName {
		message = d.subject(f.Subject) + " is " + f.Is + ". In the baseline it is " + f.Was + "."
	}
	if f.Rule == compare.RuleUnmatched {
		message = "The assertion matches nothing: " + f.Is + "."
	}
	diagnostic := protocol.Diagnostic{
		Range:    d.span(at),
		Severity: protocol.DiagnosticSeverityWarning,
		Code:     protocol.String(f.Rule),
		Source:   protocol.NewOptional(DiagnosticSource),
		Message:  protocol.String(message),
	}
	if !d.Client.RelatedInformation {
		return diagnostic
	}
	related := func(pos inline.Position, text string) {
		if loc, ok := d.location(pos); ok {
			diagnostic.RelatedInformation = append(diagnostic.RelatedInformation, protocol.DiagnosticRelatedInformation{Location: loc, Message: text})
		}
	}
	if f.Reason != nil {
		related(f.Reason.At, "The reason: "+f.Reason.Message)
	}
	if f.Promise != nil {
		related(f.Promise.Pos, sentence(f.Promise.Text))
	}
	return diagnostic
}

// subject names what a finding is about, at its place: "The call of q.G", "F".
func (d *Document) subject(s compare.Subject) string {
	text := d.short(s.Function)
	switch {
	case s.Function == "":
		return s.Text
	case s.Call:
		text = "The call of " + s.CalleeNamed(d.short)
	}
	if s.Inlined != "" {
		text += ", in the body of " + d.short(s.Inlined) + " that was inlined there,"
	}
	if s.Where != "" {
		text += ", " + s.Where + ","
	}
	return text
}

// writeAsserted writes what is asserted of a call or function.
func (d *Document) writeAsserted(p *page, pos inline.Position) {
	for _, a := range d.assertionsAbout(pos) {
		p.paragraph()
		if a.Kind == assertion.Exempt {
			p.text("Exempt from assertions, because " + a.Because)
		} else {
			p.text("Asserted: ")
			p.code(a.What())
		}
		if href, name := d.link(a.Pos); href != "" {
			p.text(" (")
			p.link(name, href)
			p.text(")")
		}
		switch {
		case a.Kind == assertion.Exempt:
		case d.fails(a, pos):
			p.text(". This does not hold.")
		default:
			p.text(".")
		}
	}
}

func (d *Document) assertionsAbout(pos inline.Position) []*assertion.Assertion {
	if d.File == nil || d.File.Asserted == nil {
		return nil
	}
	return d.File.Asserted.About[pos]
}

// fails reports whether there is a finding on what an assertion says of a call or function.
func (d *Document) fails(a *assertion.Assertion, pos inline.Position) bool {
	return slices.ContainsFunc(d.File.Asserted.Findings, func(f compare.Finding) bool {
		return f.Pos == pos && f.Was == a.What()
	})
}

// assertedLabel is what a lens adds to what it says of a function: " · asserted".
func (d *Document) assertedLabel(f *workspace.FileFunction) string {
	asserted := false
	for _, a := range d.assertionsAbout(f.Function.Pos) {
		if a.Kind == assertion.Exempt {
			continue
		}
		asserted = true
		if d.fails(a, f.Function.Pos) || a.Kind == assertion.Inlined && slices.ContainsFunc(f.CalledFrom, func(c *inline.Call) bool { return d.fails(a, c.Pos) }) {
			return " · an assertion fails"
		}
	}
	if asserted {
		return " · asserted"
	}
	return ""
}

// The kinds of code actions that write assertions.
const (
	KindAssertInlined   protocol.CodeActionKind = "refactor.rewrite.inlinelens.assertInlined"
	KindAssertInlinable protocol.CodeActionKind = "refactor.rewrite.inlinelens.assertInlinable"
)

// assertCallAction writes a directive that the static calls on a call's line stay inlined,
// which they are now.
func (d *Document) assertCallAction(at protocol.Position) (action protocol.CodeAction, ok bool) {
	f, ok := d.find(at)
	if !ok || f.call == nil {
		return action, false
	}
	static := 0
	for i := range d.File.Calls {
		c := &d.File.Calls[i]
		if c.Pos.Line != f.call.Pos.Line || c.Pos.File != f.call.Pos.File || c.Status == inline.StatusDynamic {
			continue
		}
		if static++; c.Status != inline.StatusInlined && c.Status != inline.StatusIntrinsic {
			return action, false
		}
	}
	asserted := slices.ContainsFunc(d.assertionsAbout(f.call.Pos), func(a *assertion.Assertion) bool {
		return a.At != nil && !a.At.Function.IsValid() && a.Kind == assertion.Inlined
	})
	e, ok := d.lineDirective(f.call.Paren + f.delta)
	if static == 0 || asserted || !ok {
		return action, false
	}
	title := "Inlinelens: assert that this call stays inlined"
	if static > 1 {
		title = "Inlinelens: assert that the calls on this line stay inlined"
	}
	kind := KindAssertInlined
	return protocol.CodeAction{Title: title, Kind: &kind, Edit: d.workspaceEdit(e)}, true
}

const inlinedDirective = assertion.Prefix + "inlined"

// lineDirective inserts the directive about calls of the line of an offset in the current
// text: at its end, or above it where that is in a comment or a string. ok is false if
// neither is about the line alone.
func (d *Document) lineDirective(offset int) (e edit, ok bool) {
	s := parsedText{text: d.Mapper.Text()}
	start := s.lineStart(offset)
	line := strings.Count(string(s.text[:start]), "\n") + 1
	end := start
	for end < len(s.text) && s.text[end] != '\n' {
		end++
	}
	written := strings.TrimRight(string(s.text[start:end]), " \t\r")
	indent := written[:len(written)-len(strings.TrimLeft(written, " \t"))]
	behind := start + len(written)
	for _, try := range []struct {
		edit
		below int // by how many lines the line moves down
	}{
		{edit{position.Span{Start: behind, End: behind}, " " + inlinedDirective}, 0},
		{edit{position.Span{Start: start, End: start}, indent + inlinedDirective + s.newline()}, 1},
	} {
		text := slices.Concat(s.text[:try.Start], []byte(try.text), s.text[try.Start:])
		for _, a := range assertion.InSource(d.Path, text).Assertions {
			if a.Kind == assertion.Inlined && a.Pos.Line == line && !a.At.Function.IsValid() &&
				len(a.At.Lines) == 1 && a.At.Lines[0].Line == line+try.below && parses(text) {
				return try.edit, true
			}
		}
	}
	return edit{}, false
}

// parses reports whether a text is a Go file without syntax errors.
func parses(text []byte) bool {
	s := parse(text)
	return s != nil && !s.broken
}

// assertFunctionAction writes a directive that the function at an offset of the current text
// stays inlinable, which it is now.
func (d *Document) assertFunctionAction(offset int) (action protocol.CodeAction, ok bool) {
	if d.File == nil || d.Shift == nil || d.outdated() {
		return action, false
	}
	s := parse(d.Mapper.Text())
	if s == nil {
		return action, false
	}
	decl := s.declared(offset)
	if decl == nil {
		return action, false
	}
	compiled, ok := d.Shift.Back(s.offset(decl.Name.Pos()))
	if !ok {
		return action, false
	}
	f := d.functionAt(compiled)
	asserted := f != nil && slices.ContainsFunc(d.assertionsAbout(f.Function.Pos), func(a *assertion.Assertion) bool { return a.Kind == assertion.Inlinable })
	if f == nil || !f.Known || !f.Inlinable || words.InstancesDiffer(f.Function) || asserted {
		return action, false
	}
	e, ok := s.insertion(decl, assertion.Prefix+"inlinable")
	kind := KindAssertInlinable
	return protocol.CodeAction{
		Title: "Inlinelens: assert that " + d.short(f.Function.Name) + " stays inlinable", Kind: &kind, Edit: d.workspaceEdit(e),
	}, ok
}

// A Failing is an assertion that fails, and the function whose change may make it hold.
type Failing struct {
	Diagnostic protocol.Diagnostic
	Function   inline.Position
}

// FailingAt returns what fails in a range, for the fixes that a request wants.
func FailingAt(d *Document, r protocol.Range, c protocol.CodeActionContext) (list []Failing) {
	in, ok := d.offsets(r)
	if !ok || !wanted(protocol.CodeActionKindQuickFix, c) || !d.Settings.Diagnostics.Enabled {
		return nil
	}
	findings := func(yield func(*compare.Finding, position.Span) bool) {
		d.failing(yield)
		d.worse(yield)
	}
	for f, at := range findings {
		if at.End < in.Start || at.Start > in.End || f.Reason == nil ||
			f.Reason.Code != inline.CodeTooExpensive && f.Reason.Code != inline.CodeUnhandledOp {
			continue
		}
		function := f.Pos
		if f.Rule == compare.RuleCallNotInlined {
			function = f.Reason.At
		}
		list = append(list, Failing{d.failure(f, at), function})
	}
	return list
}

// DeclaredAt returns the function of the document at a place; nil if it has none there.
func DeclaredAt(d *Document, pos inline.Position) *workspace.FileFunction {
	if d == nil || d.File == nil || d.Shift == nil {
		return nil
	}
	return d.functionAtPos(pos)
}

// FixesOf makes actions that change a function into fixes of a diagnostic.
func FixesOf(diagnostic protocol.Diagnostic, actions []protocol.CodeAction) []protocol.CodeAction {
	kind := protocol.CodeActionKindQuickFix
	var fixes []protocol.CodeAction
	for _, a := range actions {
		if a.Edit != nil {
			a.Kind, a.Diagnostics = &kind, []protocol.Diagnostic{diagnostic}
			fixes = append(fixes, a)
		}
	}
	return fixes
}
