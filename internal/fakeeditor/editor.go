package fakeeditor

import (
	"context"
	"io"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/position"
)

// timeout is how long a test waits for what must come.
const timeout = 60 * time.Second

// Options are what an editor supports and is set to.
type Options struct {
	// Capabilities are the JSON object that initialize sends; "" for [Capable].
	Capabilities string
	// Initialization is sent as initializationOptions, if it is not nil.
	Initialization any
	// Settings are the sections that the editor answers workspace/configuration
	// with, by name.
	Settings map[string]any
	// Folders are the absolute names of the workspace's folders.
	Folders []string
	// ProcessID is the editor's; 0 for none.
	ProcessID int
}

// Capable are the capabilities of an editor that supports all that a server may
// want of it.
const Capable = `{
	"general": {"positionEncodings": ["utf-8", "utf-16"]},
	"window": {"workDoneProgress": true},
	"workspace": {
		"configuration": true, "workspaceFolders": true, "applyEdit": true,
		"workspaceEdit": {"documentChanges": true},
		"didChangeConfiguration": {"dynamicRegistration": true},
		"didChangeWatchedFiles": {"dynamicRegistration": true},
		"executeCommand": {},
		"inlayHint": {"refreshSupport": true}, "codeLens": {"refreshSupport": true}
	},
	"textDocument": {
		"synchronization": {"didSave": true},
		"inlayHint": {"resolveSupport": {"properties": ["tooltip", "label.location", "label.command"]}},
		"codeLens": {}, "hover": {"contentFormat": ["markdown", "plaintext"]},
		"codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "refactor"]}}},
		"publishDiagnostics": {"versionSupport": true, "relatedInformation": true}
	},
	"experimental": {"inlinelens": {"status": true, "progress": true}}
}`

// An Editor is connected to one server. Its methods fail the test when the
// server does what no server should.
type Editor struct {
	tb      testing.TB
	conn    jsonrpc2.Conn
	options Options

	// Server is what the server answered to initialize.
	Server   protocol.InitializeResult
	encoding position.Encoding

	buffers map[string]*buffer // by path

	mu     sync.Mutex
	events events
	moved  chan struct{} // closed, and made again, with each event
}

// Connect returns an editor at the other end of a server's connection, which it
// closes when the test ends. Nothing is sent yet.
func Connect(tb testing.TB, rwc io.ReadWriteCloser, o Options) *Editor {
	if o.Capabilities == "" {
		o.Capabilities = Capable
	}
	e := &Editor{
		tb: tb, options: o, buffers: map[string]*buffer{}, moved: make(chan struct{}),
		events: events{
			refreshes: map[string]int{}, diagnostics: map[uri.URI]*protocol.PublishDiagnosticsParams{},
			registered: map[string]jsontext.Value{},
		},
	}
	e.conn = jsonrpc2.NewConn(jsonrpc2.NewHeaderStream(rwc))
	e.conn.Go(context.Background(), e.handle)
	tb.Cleanup(func() {
		rwc.Close()
		e.conn.Close()
	})
	return e
}

// Initialize sends initialize and initialized.
func (e *Editor) Initialize() {
	e.tb.Helper()
	params := map[string]any{
		"processId": nil, "rootUri": nil,
		"clientInfo":   map[string]string{"name": "fakeeditor"},
		"capabilities": jsontext.Value(e.options.Capabilities),
	}
	if e.options.ProcessID != 0 {
		params["processId"] = e.options.ProcessID
	}
	if e.options.Initialization != nil {
		params["initializationOptions"] = e.options.Initialization
	}
	var folders []protocol.WorkspaceFolder
	for _, f := range e.options.Folders {
		folders = append(folders, protocol.WorkspaceFolder{URI: uri.File(f), Name: f})
	}
	if folders != nil {
		params["workspaceFolders"] = folders
		params["rootUri"] = folders[0].URI
	}
	if err := e.Call(protocol.MethodInitialize, params, &e.Server); err != nil {
		e.tb.Fatalf("initialize: %v", err)
	}
	switch e.Server.Capabilities.PositionEncoding {
	case protocol.PositionEncodingKindUTF8:
		e.encoding = position.UTF8
	case protocol.PositionEncodingKindUTF32:
		e.encoding = position.UTF32
	}
	e.Notify(protocol.MethodInitialized, struct{}{})
}

// Shutdown ends the session as an editor does, and waits for the end of the
// connection.
func (e *Editor) Shutdown() {
	e.tb.Helper()
	if err := e.Call(protocol.MethodShutdown, nil, nil); err != nil {
		e.tb.Errorf("shutdown: %v", err)
	}
	e.Notify(protocol.MethodExit, nil)
	select {
	case <-e.conn.Done():
	case <-time.After(timeout):
		e.tb.Errorf("the server does not end the connection after exit")
	}
}

// Call sends a request and decodes its result, unless result is nil. The error
// is the server's.
func (e *Editor) Call(method string, params, result any) error {
	e.tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	var raw jsonrpc2.RawMessage
	if _, err := e.conn.Call(ctx, method, e.encode(params), &raw); err != nil {
		if ctx.Err() != nil {
			e.tb.Fatalf("%s: no answer within %v", method, timeout)
		}
		return err
	}
	if result == nil {
		return nil
	}
	if err := protocol.Unmarshal(raw, result); err != nil {
		e.tb.Fatalf("%s: the result is not the method's: %v\n%s", method, err, raw)
	}
	return nil
}

// Notify sends a notification.
func (e *Editor) Notify(method string, params any) {
	e.tb.Helper()
	if err := e.conn.Notify(context.Background(), method, e.encode(params)); err != nil {
		e.tb.Errorf("%s: %v", method, err)
	}
}

func (e *Editor) encode(params any) any {
	e.tb.Helper()
	if params == nil {
		return nil
	}
	raw, err := protocol.Marshal(params)
	if err != nil {
		e.tb.Fatal(err)
	}
	return jsonrpc2.RawMessage(raw)
}

// Await waits until ok holds, which is looked at after each event and now and
// then; it fails the test with what, and what ok last said, if that does not come.
func (e *Editor) Await(what string, ok func() (bool, string)) {
	e.tb.Helper()
	deadline := time.Now().Add(timeout)
	for {
		e.mu.Lock()
		moved := e.moved
		e.mu.Unlock()
		done, seen := ok()
		if done {
			return
		}
		if time.Now().After(deadline) {
			e.tb.Fatalf("not within %v: %s; last seen: %s", timeout, what, seen)
		}
		select {
		case <-moved:
		case <-time.After(50 * time.Millisecond):
		}
	}
}
