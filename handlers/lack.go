package handlers

import (
	"errors"
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file says why there are no verdicts.

// CodeNoVerdicts is the code of the diagnostic that says why a file has no verdicts.
const CodeNoVerdicts = "no-verdicts"

// whyNot says why there are no verdicts on a file as it is; nil if there are some.
func (d *Document) whyNot() error {
	f := d.File
	switch {
	case f == nil:
		return errors.New("the package has not been compiled yet")
	case f.Note != "":
		return errors.New(clean(f.Note))
	case len(f.Errors) > 0:
		return errors.New(d.errorsWords(f.Errors))
	case f.Unit == nil:
		return errors.New("the package has not been compiled yet")
	}
	return nil
}

// errorsWords says the first of some errors, with its place, and how many there are.
func (d *Document) errorsWords(list []inline.Error) string {
	first := list[0]
	s := errorMessage(first)
	if first.Pos.IsValid() {
		at := clean(d.nearName(first.Pos.File)) + ":" + strconv.Itoa(first.Pos.Line)
		if first.Pos.Col > 0 {
			at += ":" + strconv.Itoa(first.Pos.Col)
		}
		s = "the package does not compile: " + s + " (" + at + ")"
	}
	switch more := len(list) - 1; {
	case more == 1:
		s += ", and 1 more error"
	case more > 1:
		s += ", and " + strconv.Itoa(more) + " more errors"
	}
	return s
}

// errorMessage says an error in one line, without what names no place that a reader
// could go to.
func errorMessage(e inline.Error) string { return strings.TrimPrefix(clean(e.Message), "load .: ") }

// clean makes one line of a text that comes from a repository or a tool, not too long
// and without characters that are not seen or change how others are.
func clean(s string) string { return string(words.AppendPlain(nil, bounded(s))) }

// lackDiagnostic says at the package clause why the file has no verdicts as it is,
// to editors that show it nowhere else; ok is false if it has some, or if they are on
// their way.
func (d *Document) lackDiagnostic() (diagnostic protocol.Diagnostic, ok bool) {
	f := d.File
	if f == nil || f.Note == "" && len(f.Errors) == 0 {
		return protocol.Diagnostic{}, false
	}
	message := "No verdicts on inlining: " + d.whyNot().Error()
	if f.Unit != nil {
		message += "; the verdicts shown are as of the last compile"
	}
	if f.Tags != nil {
		message += fmt.Sprintf("; to get verdicts, add %q to the setting build.flags", tagsFlag(f.Tags))
	}
	return protocol.Diagnostic{
		Range:    d.span(packageClause(d.Mapper.Text())),
		Severity: protocol.DiagnosticSeverityInformation,
		Code:     protocol.String(CodeNoVerdicts),
		Source:   protocol.NewOptional(DiagnosticSource),
		Message:  protocol.String(message),
	}, true
}

// packageClause returns the span of a text's package clause; its start, if it cannot
// be read.
func packageClause(text []byte) position.Span {
	s := parseClause(text)
	if s == nil || s.file.Name == nil || !s.file.Package.IsValid() {
		return position.Span{}
	}
	return position.Span{Start: s.offset(s.file.Package), End: min(s.offset(s.file.Name.End()), len(text))}
}

func tagsFlag(tags []string) string { return "-tags=" + strings.Join(tags, ",") }

// tagsAction has the file compiled with the tags that it needs, for a range that
// begins in its package clause or before it.
func (d *Document) tagsAction(in position.Span) (action protocol.CodeAction, ok bool) {
	if d.File == nil || d.File.Tags == nil || in.Start > packageClause(d.Mapper.Text()).End {
		return protocol.CodeAction{}, false
	}
	title, kind := "Inlinelens: compile with "+tagsFlag(d.File.Tags), protocol.CodeActionKindQuickFix
	action = protocol.CodeAction{
		Title: title, Kind: &kind,
		Command: protocol.Command{Title: title, Command: CommandAddTags, Arguments: tagsArguments(d.File.Tags)},
	}
	if diagnostic, ok := d.lackDiagnostic(); ok && d.tellsLack() {
		action.Diagnostics = []protocol.Diagnostic{diagnostic}
	}
	return action, true
}

// tellsLack reports whether a diagnostic says why there are no verdicts.
func (d *Document) tellsLack() bool { return d.Settings.Diagnostics.Enabled && d.Client.TellsLack }

// lackAt says why there is no verdict at a position: on the file, or on the function
// there, which was edited. It is nil where there is nothing to have a verdict on.
func (d *Document) lackAt(at protocol.Position) error {
	offset, ok := d.offset(at)
	if !ok {
		return nil
	}
	if d.File != nil {
		if err := d.whyNot(); err != nil {
			return err
		}
	}
	if _, ok := d.callableAt(offset); !ok && functionAround(d.Mapper.Text(), offset) == "" {
		return nil
	}
	if d.File == nil {
		return d.whyNot()
	}
	if _, err := CostFunction(d, at); err != nil {
		return err
	}
	return nil
}

// callableAt returns the span of the name of the callee or of the declared function
// at an offset of the current text; ok is false if there is none. Conversions and built-in functions are
// none, as far as syntax tells.
func (d *Document) callableAt(offset int) (span position.Span, ok bool) {
	s := parse(d.Mapper.Text())
	if s == nil {
		return position.Span{}, false
	}
	at := func(id *ast.Ident) {
		if name := (position.Span{Start: s.offset(id.Pos()), End: s.offset(id.End())}); touches(name, offset) {
			span, ok = name, true
		}
	}
	ast.Inspect(s.file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			at(n.Name)
		case *ast.CallExpr:
			if id := calleeName(n.Fun); id != nil && (n.Fun != ast.Expr(id) || types.Universe.Lookup(id.Name) == nil) {
				at(id)
			}
		}
		return n != nil && s.offset(n.Pos()) <= offset && offset <= s.offset(n.End())
	})
	return span, ok
}

// calleeName returns the last identifier of what is called; nil if it has none.
func calleeName(e ast.Expr) *ast.Ident {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return calleeName(e.X)
	case *ast.IndexListExpr:
		return calleeName(e.X)
	}
	return nil
}

// lackHover says why the call or function at a position has no verdict, if that is
// so for the whole file.
func (d *Document) lackHover(place protocol.Position) *protocol.Hover {
	offset, ok := d.offset(place)
	if !ok || d.File == nil {
		return nil
	}
	why := d.whyNot()
	if why == nil {
		return nil
	}
	at, ok := d.callableAt(offset)
	if !ok {
		return nil
	}
	content, marked := d.lackPage(why), d.span(at)
	return &protocol.Hover{Contents: &content, Range: &marked}
}

func (d *Document) lackPage(why error) protocol.MarkupContent {
	p := page{markdown: d.Client.Markdown}
	p.strong("no verdict")
	p.text(": " + why.Error())
	if d.File != nil && d.File.Tags != nil {
		p.paragraph()
		p.text("To get verdicts, add ")
		p.code(strconv.Quote(tagsFlag(d.File.Tags)))
		p.text(" to the setting build.flags. A code action at the package clause does this.")
	}
	return p.content()
}

// asOf writes of what time a verdict is that is not on the text as it is.
func (d *Document) asOf(p *page, edited bool) {
	switch {
	case d.outdated():
		p.paragraph()
		p.text("As of the last compile. Now " + d.whyNot().Error() + ".")
	case edited:
		p.paragraph()
		p.text("As of " + d.lastTime() + ". The function has been edited since.")
	}
}

// outdated reports whether the package does not compile as it is, so that what is
// known is of an older text.
func (d *Document) outdated() bool { return d.File != nil && len(d.File.Errors) > 0 }

// lastTime names what the verdicts on edited text are as of.
func (d *Document) lastTime() string {
	if d.outdated() || d.Settings.Trigger != settings.TriggerSave {
		return "the last compile"
	}
	return "the last save"
}
