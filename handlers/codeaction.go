package handlers

import (
	"bytes"
	"go/ast"
	"slices"
	"strings"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/words"
)

// The kinds of code actions. An explanation changes nothing, so that it is below no
// kind of the protocol.
const (
	KindAddNoinline    protocol.CodeActionKind = "refactor.rewrite.inlinelens.addNoinline"
	KindRemoveNoinline protocol.CodeActionKind = "refactor.rewrite.inlinelens.removeNoinline"
	KindExplain        protocol.CodeActionKind = "inlinelens.explain"
	KindExplainCost    protocol.CodeActionKind = "inlinelens.explain.cost"
	KindToggleHints    protocol.CodeActionKind = "source.inlinelens.toggleHints"
)

// CodeActionKinds lists the kinds that [CodeActions] and [AdviceActions] return.
func CodeActionKinds() []protocol.CodeActionKind {
	return []protocol.CodeActionKind{
		protocol.CodeActionKindQuickFix, KindOutline, KindUnwrap, KindExplainCost, KindExplain, KindAssertInlined, KindAssertInlinable, KindAddNoinline, KindRemoveNoinline,
		KindToggleHints,
	}
}

// CodeActions answers textDocument/codeAction: fixes of the diagnostics in the
// range; at the package clause of a file that a build tag excludes, to set the tag;
// advice, which is what makes the function there inlinable; in a function, to show or
// hide what its lines cost; on a call or a function's name, to explain it; on an inlined
// call, and on the signature of an inlinable function, to assert that it stays so; on a
// function's signature, to add //go:noinline or to remove it; anywhere, to show or
// hide hints. What changes the program for the better comes first, and settings last,
// as editors keep the order. An editor that asks by itself, to paint a light bulb, is
// told of fixes only.
func CodeActions(d *Document, r protocol.Range, c protocol.CodeActionContext, advice []protocol.CodeAction) []protocol.CodeAction {
	actions := []protocol.CodeAction{}
	in, ok := d.offsets(r)
	if !ok {
		return actions
	}
	wants := func(kind protocol.CodeActionKind) bool { return wanted(kind, c) }
	if wants(protocol.CodeActionKindQuickFix) {
		if a, ok := d.tagsAction(in); ok {
			actions = append(actions, a)
		}
		actions = append(actions, d.fixes(in)...)
	}
	actions = append(actions, advice...)
	if wants(KindExplainCost) {
		if a, ok := d.costAction(r.Start); ok {
			actions = append(actions, a)
		}
	}
	if wants(KindExplain) {
		if a, ok := d.explainAction(r.Start); ok {
			actions = append(actions, a)
		}
	}
	if wants(KindAssertInlined) {
		if a, ok := d.assertCallAction(r.Start); ok {
			actions = append(actions, a)
		}
	}
	if wants(KindAssertInlinable) {
		if a, ok := d.assertFunctionAction(in.Start); ok {
			actions = append(actions, a)
		}
	}
	if wants(KindAddNoinline) || wants(KindRemoveNoinline) {
		if a, ok := d.noinlineAction(in.Start); ok && wants(*a.Kind) {
			actions = append(actions, a)
		}
	}
	if wants(KindToggleHints) {
		title := "Inlinelens: show hints"
		if d.Settings.Hints.Enabled {
			title = "Inlinelens: hide hints"
		}
		kind := KindToggleHints
		actions = append(actions, protocol.CodeAction{
			Title: title, Kind: &kind,
			Command: protocol.Command{Title: title, Command: CommandToggleHints},
		})
	}
	return actions
}

// wanted reports whether a request asks for actions of a kind. A kind includes
// those below it: "refactor" has "refactor.rewrite".
func wanted(kind protocol.CodeActionKind, c protocol.CodeActionContext) bool {
	if len(c.Only) == 0 {
		return c.TriggerKind != protocol.CodeActionTriggerKindAutomatic || kind == protocol.CodeActionKindQuickFix
	}
	return slices.ContainsFunc(c.Only, func(only protocol.CodeActionKind) bool {
		return only == "" || only == kind || strings.HasPrefix(string(kind), string(only)+".")
	})
}

// fixes returns the fixes of diagnostics that overlap a span of the current text.
func (d *Document) fixes(in position.Span) []protocol.CodeAction {
	if !d.Settings.Diagnostics.Enabled {
		return nil
	}
	var actions []protocol.CodeAction
	s, found := directives(d.Mapper.Text())
	for i := range found {
		dir := &found[i]
		diagnostic, ok := d.diagnostic(s, dir)
		if !ok || dir.End < in.Start || dir.Start > in.End {
			continue
		}
		fix := func(title string, preferred bool, e edit) {
			kind := protocol.CodeActionKindQuickFix
			actions = append(actions, protocol.CodeAction{
				Title: title, Kind: &kind, IsPreferred: &preferred,
				Diagnostics: []protocol.Diagnostic{diagnostic},
				Edit:        d.workspaceEdit(e),
			})
		}
		repairs := dir.kind == misspelt && dir.onOwnLine && dir.target != nil
		if repairs {
			fix("Write "+dir.fixed, true, s.repair(dir))
		}
		fix("Remove "+string(s.text[dir.Start:dir.End]), !repairs, edit{Span: s.removal(dir)})
	}
	return actions
}

// noinlineAction adds //go:noinline to the function whose signature has an offset
// of the current text, or removes it.
func (d *Document) noinlineAction(offset int) (action protocol.CodeAction, ok bool) {
	s := parse(d.Mapper.Text())
	if s == nil {
		return protocol.CodeAction{}, false
	}
	f := s.declared(offset)
	if f == nil {
		return protocol.CodeAction{}, false
	}
	var edits []edit
	for _, dir := range s.directives() {
		if dir.kind == exact && dir.target == f && dir.onOwnLine {
			edits = append(edits, edit{Span: s.removal(&dir)})
		}
	}
	kind, title := KindRemoveNoinline, "Inlinelens: remove //go:noinline from "+f.Name.Name
	if len(edits) == 0 {
		e, ok := s.insertion(f, "//go:noinline")
		if !ok {
			return protocol.CodeAction{}, false
		}
		kind, title = KindAddNoinline, "Inlinelens: add //go:noinline to "+f.Name.Name
		edits = append(edits, e)
	}
	return protocol.CodeAction{Title: title, Kind: &kind, Edit: d.workspaceEdit(edits...)}, true
}

// explainAction runs CommandExplain on the call or function at a position.
func (d *Document) explainAction(at protocol.Position) (action protocol.CodeAction, ok bool) {
	f, ok := d.find(at)
	if !ok || f.call == nil && f.function == nil {
		return protocol.CodeAction{}, false
	}
	title := "Inlinelens: explain "
	if f.function != nil {
		title += d.short(f.function.Function.Name)
	} else {
		title += "the call of " + string(words.AppendName(nil, f.call.Call.Callee, f.call.Reason, d.linkPath()))
	}
	kind := KindExplain
	return protocol.CodeAction{Title: title, Kind: &kind, Command: d.command(CommandExplain, title, at)}, true
}

// costAction runs CommandShowCost on the function at a position, or around it.
func (d *Document) costAction(at protocol.Position) (action protocol.CodeAction, ok bool) {
	f, err := CostFunction(d, at)
	if f == nil || err != nil || !f.Known {
		return protocol.CodeAction{}, false
	}
	title := "Inlinelens: explain cost of " + d.short(f.Function.Name) + " line by line"
	if d.showsCost(f) {
		title = "Inlinelens: hide cost of " + d.short(f.Function.Name)
	}
	kind := KindExplainCost
	return protocol.CodeAction{Title: title, Kind: &kind, Command: d.command(CommandShowCost, title, at)}, true
}

// declared returns the function with a body whose declaration has an offset before
// its opening brace, doc comment included.
func (s *parsedText) declared(offset int) *ast.FuncDecl {
	for _, decl := range s.file.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil || s.offset(f.Body.Lbrace) < offset {
			continue
		}
		start := f.Pos()
		if f.Doc != nil {
			start = f.Doc.Pos()
		}
		if s.offset(start) <= offset {
			return f
		}
		return nil
	}
	return nil
}

// An edit replaces a span of the current text.
type edit struct {
	position.Span
	text string
}

// insertion adds a directive on a line of its own above a function and below its
// doc comment, with the empty comment line between them that gofmt wants. ok is
// false if something stands before the function on its line.
func (s *parsedText) insertion(f *ast.FuncDecl, directive string) (e edit, ok bool) {
	at := s.offset(f.Pos())
	start := s.lineStart(at)
	indent := s.text[start:at]
	if len(bytes.TrimLeft(indent, " \t")) > 0 {
		return edit{}, false
	}
	text := directive + s.newline() + string(indent)
	if f.Doc != nil {
		last := f.Doc.List[len(f.Doc.List)-1].Text
		if strings.HasPrefix(last, "//") && !isDirectiveLine(last) && strings.TrimSpace(last) != "//" {
			text = "//" + s.newline() + string(indent) + text
		}
	}
	return edit{position.Span{Start: at, End: at}, text}, true
}

// isDirectiveLine reports whether gofmt takes a comment for a directive, which
// needs no empty line before the next one: //go:name, //line, //extern and the like.
func isDirectiveLine(comment string) bool {
	name, _, ok := strings.Cut(strings.TrimPrefix(comment, "//"), ":")
	return ok && name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
}

// repair writes a misspelt directive as it is to be, with what stands behind it, if
// anything, on a line of its own.
func (s *parsedText) repair(dir *directive) edit {
	e := edit{dir.Span, dir.fixed}
	if behind := s.blanksAt(dir.End); behind < len(s.text) && s.text[behind] != '\n' {
		e.End = behind
		e.text += s.newline()
	}
	return e
}

// blanksAt returns where the blanks end that begin at an offset, at the end of the
// line at the latest.
func (s *parsedText) blanksAt(offset int) int {
	for offset < len(s.text) && strings.IndexByte(" \t\r", s.text[offset]) >= 0 {
		offset++
	}
	return offset
}

// removal is the span to delete for a directive: its whole line where it stands
// alone, and the empty comment line that led over to it from a doc comment, if
// nothing follows that it could lead to; otherwise the comment and the blanks
// before it.
func (s *parsedText) removal(dir *directive) position.Span {
	line := s.lineStart(dir.Start)
	if !dir.onOwnLine {
		return position.Span{Start: line + len(bytes.TrimRight(s.text[line:dir.Start], " \t")), End: dir.End}
	}
	end := s.blanksAt(dir.End)
	if end < len(s.text) {
		if s.text[end] != '\n' { // code behind a /* */ comment
			return position.Span{Start: dir.Start, End: end}
		}
		end++
	}
	if before := s.lineStart(max(line-1, 0)); line > 0 && string(bytes.TrimSpace(s.text[before:line])) == "//" && !s.commentAt(end) {
		line = before
	}
	return position.Span{Start: line, End: end}
}

// commentAt reports whether the line at an offset is a comment.
func (s *parsedText) commentAt(offset int) bool {
	return bytes.HasPrefix(bytes.TrimLeft(s.text[offset:], " \t"), []byte("//"))
}

// newline is what ends the lines of the text.
func (s *parsedText) newline() string {
	if i := bytes.IndexByte(s.text, '\n'); i > 0 && s.text[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}

// workspaceEdit makes edits of the current text into those of the protocol.
func (d *Document) workspaceEdit(edits ...edit) *protocol.WorkspaceEdit {
	texts := make([]protocol.TextEdit, len(edits))
	for i, e := range edits {
		texts[i] = protocol.TextEdit{Range: d.span(e.Span), NewText: e.text}
	}
	if !d.Client.VersionedEdits {
		return &protocol.WorkspaceEdit{Changes: map[uri.URI][]protocol.TextEdit{d.URI: texts}}
	}
	version := d.Version
	document := protocol.TextDocumentEdit{}
	document.TextDocument.URI = d.URI
	document.TextDocument.Version = &version
	for i := range texts {
		document.Edits = append(document.Edits, &texts[i])
	}
	return &protocol.WorkspaceEdit{DocumentChanges: []protocol.DocumentChange{&document}}
}
