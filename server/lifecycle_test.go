package server

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// code returns the code of a server's error; 0 for none.
func code(err error) jsonrpc2.Code {
	var e *jsonrpc2.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestLifecycle(t *testing.T) {
	s := serve(t)
	e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{})
	ask := func(method string, want jsonrpc2.Code) {
		t.Helper()
		if err := e.Call(method, struct{}{}, nil); code(err) != want {
			t.Errorf("%s: %v, want code %d", method, err, want)
		}
	}
	ask("textDocument/hover", jsonrpc2.ServerNotInitialized)
	ask("no/method", jsonrpc2.ServerNotInitialized)
	ask("shutdown", jsonrpc2.ServerNotInitialized)
	e.Notify("textDocument/didOpen", struct{}{})

	e.Initialize()
	ask("initialize", jsonrpc2.InvalidRequest)
	ask("no/method", jsonrpc2.MethodNotFound)
	ask("$/no/method", jsonrpc2.MethodNotFound)
	e.Notify("$/noNotification", struct{}{})
	e.Notify("no/notification", []int{1})
	e.Notify("initialized", struct{}{})

	ask("shutdown", 0)
	ask("shutdown", jsonrpc2.InvalidRequest)
	ask("no/method", jsonrpc2.InvalidRequest)
	ask("initialize", jsonrpc2.InvalidRequest)
	e.Notify("textDocument/didOpen", struct{}{})
	e.Notify("exit", nil)
	if err := s.wait(t); err != nil {
		t.Errorf("Serve: %v", err)
	}
	if n := s.logs.FilterMessage("initialize").Len(); n != 1 {
		t.Errorf("initialized %d times", n)
	}
}

// TestEnd ends a connection in each way that it may end.
func TestEnd(t *testing.T) {
	for _, test := range []struct {
		name  string
		input []string // messages, then the input ends
		want  string   // in Serve's error; "" for none
	}{
		{"nothing", nil, "the input ended, without"},
		{"exit at once", []string{"exit"}, "exit, without"},
		{"end after initialize", []string{"initialize"}, "ended, without"},
		{"exit without shutdown", []string{"initialize", "initialized", "exit"}, "exit, without"},
		{"end after shutdown", []string{"initialize", "initialized", "shutdown"}, ""},
		{"exit after shutdown", []string{"initialize", "initialized", "shutdown", "exit"}, ""},
		{"shutdown at once", []string{"initialize", "shutdown", "exit"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := serve(t)
			e := fakeeditor.Connect(t, s.conn, fakeeditor.Options{})
			for _, method := range test.input {
				if method == "initialize" || method == "shutdown" {
					if err := e.Call(method, struct{}{}, nil); err != nil {
						t.Error(err)
					}
				} else {
					e.Notify(method, struct{}{})
				}
			}
			if len(test.input) == 0 || test.input[len(test.input)-1] != "exit" {
				s.conn.Close()
			}
			err := s.wait(t)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("Serve: %v, want %q", err, test.want)
			}
		})
	}
}

// TestPipelined sends a whole session before it reads an answer, as a shell does.
func TestPipelined(t *testing.T) {
	input := frame(`{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}`) +
		frame(`{"jsonrpc":"2.0","method":"initialized","params":{}}`) +
		frame(`{"jsonrpc":"2.0","id":2,"method":"shutdown"}`) +
		frame(`{"jsonrpc":"2.0","method":"exit"}`)
	conn := &loop{Reader: strings.NewReader(input)}
	if err := Serve(t.Context(), conn, Options{}); err != nil {
		t.Error(err)
	}
	if got := string(conn.written); strings.Count(got, `"result"`) != 2 || !strings.Contains(got, `"id":2,"result":null`) {
		t.Errorf("answered: %s", got)
	}
}

// TestParent ends when the process of the client does.
func TestParent(t *testing.T) {
	client := exec.Command("go", "version")
	if err := client.Run(); err != nil {
		t.Fatal(err)
	}
	t.Run("never there", func(t *testing.T) {
		// Numbers of processes do not come again at once.
		e, s := edit(t, fakeeditor.Options{ProcessID: client.Process.Pid})
		if err := e.Call("no/method", nil, nil); code(err) != jsonrpc2.MethodNotFound {
			t.Error(err)
		}
		if s.logs.FilterMessageSnippet("cannot be seen").Len() != 1 {
			t.Error("it does not say that it cannot watch its client")
		}
	})
	t.Run("alive", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			ctx, stop := context.WithCancel(t.Context())
			s := &server{ctx: ctx, stop: stop, end: func(err error) { t.Errorf("it ended: %v", err) }}
			s.watchParent(os.Getpid())
			time.Sleep(10 * parentInterval)
			stop()
			s.background.Wait()
		})
	})
	t.Run("gone", func(t *testing.T) {
		r, w := io.Pipe()
		defer r.Close()
		client := exec.Command("cat")
		client.Stdin = r
		if err := client.Start(); err != nil {
			t.Skip("no program cat:", err)
		}
		_, s := edit(t, fakeeditor.Options{ProcessID: client.Process.Pid})
		w.Close() // the client ends, and is a zombie until somebody waits for it
		defer func() {
			if err := client.Wait(); err != nil {
				t.Error(err)
			}
		}()
		if err := s.wait(t); err == nil || !strings.Contains(err.Error(), "is gone") {
			t.Errorf("Serve: %v", err)
		}
	})
}

// TestCapabilities holds what is offered against what the client supports.
func TestCapabilities(t *testing.T) {
	t.Run("nothing", func(t *testing.T) {
		e, _ := edit(t, fakeeditor.Options{Capabilities: "{}"})
		c := e.Server.Capabilities
		if c.InlayHintProvider != nil || c.CodeLensProvider != nil || c.HoverProvider != nil || c.CodeActionProvider != nil || len(c.ExecuteCommandProvider.Commands) > 0 {
			t.Errorf("offered to a client that supports nothing: %+v", c)
		}
		if c.PositionEncoding != "utf-16" {
			t.Errorf("encoding %q", c.PositionEncoding)
		}
		if v, _ := e.Server.ServerInfo.Version.Get(); e.Server.ServerInfo.Name != "inlinelens" || v != "v1.2.3" {
			t.Errorf("server %+v", e.Server.ServerInfo)
		}
		e.Shutdown()
		if unknown := e.Unknown(); unknown != nil || e.Registered("workspace/didChangeWatchedFiles") != nil {
			t.Errorf("sent to a client that supports nothing: %q", unknown)
		}
	})
	t.Run("everything", func(t *testing.T) {
		e, _ := edit(t, fakeeditor.Options{})
		c := e.Server.Capabilities
		if c.InlayHintProvider == nil || c.CodeLensProvider == nil || c.HoverProvider == nil || c.CodeActionProvider == nil {
			t.Errorf("offered: %+v", c)
		}
		if len(c.ExecuteCommandProvider.Commands) == 0 {
			t.Error("no commands")
		}
		for _, name := range c.ExecuteCommandProvider.Commands {
			if !strings.HasPrefix(name, "inlinelens.") {
				t.Errorf("command %s may clash with another server's", name)
			}
		}
		e.Await("registrations", func() (bool, string) {
			files, config := string(e.Registered("workspace/didChangeWatchedFiles")), string(e.Registered("workspace/didChangeConfiguration"))
			return strings.Contains(files, "go.mod") && strings.Contains(config, "inlinelens"), files + config
		})
	})
	// lsp-mode of Emacs says of lenses only that they can be refreshed.
	t.Run("refreshes only", func(t *testing.T) {
		e, _ := edit(t, fakeeditor.Options{Capabilities: `{"workspace":{"codeLens":{"refreshSupport":true},"inlayHint":{"refreshSupport":false}}}`})
		if c := e.Server.Capabilities; c.CodeLensProvider == nil || c.InlayHintProvider == nil {
			t.Errorf("offered: %+v", c)
		}
	})
	// Neovim says nothing of commands, but runs those of actions if they are offered.
	t.Run("actions only", func(t *testing.T) {
		e, _ := edit(t, fakeeditor.Options{Capabilities: `{"textDocument":{"codeAction":{"codeActionLiteralSupport":{"codeActionKind":{"valueSet":["source"]}}}}}`})
		if c := e.Server.Capabilities; len(c.ExecuteCommandProvider.Commands) == 0 {
			t.Errorf("offered: %+v", c.ExecuteCommandProvider)
		}
	})
	for offered, want := range map[string]protocol.PositionEncodingKind{
		`[]`: "utf-16", `["utf-16"]`: "utf-16", `["utf-32","utf-16","utf-8"]`: "utf-8", `["utf-32"]`: "utf-32", `["utf-32","utf-16"]`: "utf-16", `["ebcdic"]`: "utf-16",
	} {
		e, _ := edit(t, fakeeditor.Options{Capabilities: `{"general":{"positionEncodings":` + offered + `}}`})
		if got := e.Server.Capabilities.PositionEncoding; got != want {
			t.Errorf("of %s it takes %s, not %s", offered, got, want)
		}
	}
}
