package handlers

import (
	"go.lsp.dev/protocol"
)

// DiagnosticSource is the source of every diagnostic of this server.
const DiagnosticSource = "inlinelens"

// The codes of diagnostics.
const (
	// CodeNoSuchDirective: the comment asks for inlining, and no directive does.
	CodeNoSuchDirective = "no-such-directive"
	// CodeMisspeltDirective: the comment was meant as //go:noinline.
	CodeMisspeltDirective = "misspelt-directive"
	// CodeMisplacedDirective: a //go:noinline where the compiler refuses it.
	CodeMisplacedDirective = "misplaced-directive"
)

// Diagnostics returns what textDocument/publishDiagnostics is to say of the current
// text: assertions that do not hold; directives that do nothing, for which it needs no
// verdicts and not even source that compiles; and why there are no verdicts, if the editor
// shows that nowhere else.
func Diagnostics(d *Document) []protocol.Diagnostic {
	list := []protocol.Diagnostic{}
	if !d.Settings.Diagnostics.Enabled {
		return list
	}
	if d.tellsLack() {
		if diagnostic, ok := d.lackDiagnostic(); ok {
			list = append(list, diagnostic)
		}
	}
	for f, at := range d.failing {
		list = append(list, d.failure(f, at))
	}
	for f, at := range d.worse {
		diagnostic := d.failure(f, at)
		diagnostic.Severity = protocol.DiagnosticSeverityHint
		list = append(list, diagnostic)
	}
	list = append(list, d.unreadableAssertions()...)
	s, found := directives(d.Mapper.Text())
	for i := range found {
		if diagnostic, ok := d.diagnostic(s, &found[i]); ok {
			list = append(list, diagnostic)
		}
	}
	return list
}

// diagnostic makes the diagnostic on a directive; ok is false for one that is as it
// should be.
func (d *Document) diagnostic(s *parsedText, dir *directive) (diagnostic protocol.Diagnostic, ok bool) {
	var code, message string
	severity := protocol.DiagnosticSeverityWarning
	switch written := string(s.text[dir.Start:dir.End]); {
	case dir.strict && !dir.onOwnLine:
		code = CodeMisplacedDirective
		severity = protocol.DiagnosticSeverityError
		message = "The compiler rejects a directive that is not on a line of its own."
		if dir.kind == asksForInlining {
			message += " No directive makes the compiler inline: remove the comment."
		}
	case dir.kind == asksForInlining:
		code = CodeNoSuchDirective
		message = written + " does nothing: no directive makes the compiler inline. Make the function cheap enough, and remove the comment."
	case dir.kind == misspelt && dir.target == nil:
		code = CodeMisspeltDirective
		message = written + " does nothing: the directive is //go:noinline, on a line of its own before a function declaration."
	case dir.kind == misspelt:
		code = CodeMisspeltDirective
		message = written + " does nothing: write " + dir.fixed
	case dir.target == nil && !s.broken:
		code = CodeMisplacedDirective
		severity = protocol.DiagnosticSeverityError
		message = "The compiler rejects //go:noinline here. Put it on a line of its own, before a function declaration."
	default:
		return protocol.Diagnostic{}, false
	}
	return protocol.Diagnostic{
		Range:    d.span(dir.Span),
		Severity: severity,
		Code:     protocol.String(code),
		Source:   protocol.NewOptional(DiagnosticSource),
		Message:  protocol.String(message),
	}, true
}
