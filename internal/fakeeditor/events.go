package fakeeditor

import (
	"context"
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// events are what the server sent on its own.
type events struct {
	refreshes   map[string]int // by method
	diagnostics map[uri.URI]*protocol.PublishDiagnosticsParams
	messages    []string
	registered  map[string]jsontext.Value // options by method
	progress    []Progress
	status      jsontext.Value
	questions   []*protocol.ShowMessageRequestParams
	edits       []*protocol.ApplyWorkspaceEditParams
	unknown     []string
}

// A Progress is one step of a work-done progress.
type Progress struct {
	Token   string `json:"-"`
	Kind    string `json:"kind"` // "create", "begin", "report" or "end"
	Title   string `json:"title"`
	Message string `json:"message"`
}

// handle takes what the server sends, and answers what it asks.
func (e *Editor) handle(_ context.Context, req *jsonrpc2.Request) (any, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	defer func() {
		close(e.moved)
		e.moved = make(chan struct{})
	}()
	ev := &e.events
	switch method := req.Clone().Method(); method {
	case protocol.MethodWorkspaceInlayHintRefresh, protocol.MethodWorkspaceCodeLensRefresh:
		ev.refreshes[method]++
	case protocol.MethodTextDocumentPublishDiagnostics:
		p := new(protocol.PublishDiagnosticsParams)
		e.decode(req, p)
		ev.diagnostics[p.URI] = p
	case protocol.MethodWindowShowMessage:
		p := new(protocol.ShowMessageParams)
		e.decode(req, p)
		ev.messages = append(ev.messages, p.Message)
	case protocol.MethodWindowShowMessageRequest: // the first answer is the user's
		p := new(protocol.ShowMessageRequestParams)
		e.decode(req, p)
		ev.questions = append(ev.questions, p)
		if len(p.Actions) > 0 {
			return &p.Actions[0], nil
		}
	case protocol.MethodWorkspaceApplyEdit:
		p := new(protocol.ApplyWorkspaceEditParams)
		e.decode(req, p)
		ev.edits = append(ev.edits, p)
		return &protocol.ApplyWorkspaceEditResult{Applied: true}, nil
	case protocol.MethodWindowLogMessage, protocol.MethodCancelRequest:
	case protocol.MethodClientRegisterCapability:
		p := new(protocol.RegistrationParams)
		e.decode(req, p)
		for _, r := range p.Registrations {
			ev.registered[r.Method] = jsontext.Value(r.RegisterOptions)
		}
	case protocol.MethodWorkspaceConfiguration:
		p := new(protocol.ConfigurationParams)
		e.decode(req, p)
		sections := make([]any, len(p.Items))
		for i, item := range p.Items {
			if item.Section != nil {
				sections[i] = e.options.Settings[*item.Section]
			}
		}
		return sections, nil
	case protocol.MethodWindowWorkDoneProgressCreate:
		p := new(protocol.WorkDoneProgressCreateParams)
		e.decode(req, p)
		ev.progress = append(ev.progress, Progress{Token: token(p.Token), Kind: "create"})
	case protocol.MethodProgress:
		p := new(protocol.ProgressParams)
		e.decode(req, p)
		step := Progress{}
		if err := json.Unmarshal(p.Value, &step); err != nil {
			e.tb.Errorf("%s: %v", method, err)
		}
		step.Token = token(p.Token)
		ev.progress = append(ev.progress, step)
	case "inlinelens/status":
		ev.status = jsontext.Value(req.Clone().Params())
	default:
		ev.unknown = append(ev.unknown, method)
		if req.IsCall() {
			return nil, jsonrpc2.ErrMethodNotFound
		}
	}
	return nil, nil
}

func (e *Editor) decode(req *jsonrpc2.Request, v any) {
	if err := protocol.Unmarshal(req.Params(), v); err != nil {
		e.tb.Errorf("%s: %v\n%s", req.Method(), err, req.Params())
	}
}

func token(t protocol.ProgressToken) string {
	if s, ok := t.(protocol.String); ok {
		return string(s)
	}
	return ""
}

// see reads the events.
func see[R any](e *Editor, read func(*events) R) R {
	e.mu.Lock()
	defer e.mu.Unlock()
	return read(&e.events)
}

// Refreshes returns how often the server asked the editor to ask again, by method.
func (e *Editor) Refreshes() map[string]int {
	return see(e, func(ev *events) map[string]int { return maps.Clone(ev.refreshes) })
}

// Diagnostics returns what the server last published for a file; nil if it did not.
func (e *Editor) Diagnostics(path string) *protocol.PublishDiagnosticsParams {
	return see(e, func(ev *events) *protocol.PublishDiagnosticsParams { return ev.diagnostics[uri.File(path)] })
}

// Messages returns the messages that the server has shown.
func (e *Editor) Messages() []string {
	return see(e, func(ev *events) []string { return slices.Clone(ev.messages) })
}

// Registered returns the options with which the server registered for a method;
// nil if it did not.
func (e *Editor) Registered(method string) jsontext.Value {
	return see(e, func(ev *events) jsontext.Value { return ev.registered[method] })
}

// Questions returns what the server had the user pick from. The first was picked.
func (e *Editor) Questions() []*protocol.ShowMessageRequestParams {
	return see(e, func(ev *events) []*protocol.ShowMessageRequestParams { return slices.Clone(ev.questions) })
}

// Edits returns the edits that the server had the editor make. They are not made.
func (e *Editor) Edits() []*protocol.ApplyWorkspaceEditParams {
	return see(e, func(ev *events) []*protocol.ApplyWorkspaceEditParams { return slices.Clone(ev.edits) })
}

// Progress returns the steps of progress so far.
func (e *Editor) Progress() []Progress {
	return see(e, func(ev *events) []Progress { return slices.Clone(ev.progress) })
}

// Status decodes the last inlinelens/status into v; false if there was none.
func (e *Editor) Status(v any) bool {
	raw := see(e, func(ev *events) jsontext.Value { return ev.status })
	if raw == nil {
		return false
	}
	if err := json.Unmarshal(raw, v); err != nil {
		e.tb.Fatal(err)
	}
	return true
}

// Unknown returns the methods that the server called and that no editor has.
func (e *Editor) Unknown() []string {
	return see(e, func(ev *events) []string { return slices.Clone(ev.unknown) })
}
