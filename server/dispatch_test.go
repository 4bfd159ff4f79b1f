package server

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// withMethods adds methods for one test. Call it before a server starts.
func withMethods(t *testing.T, add map[string]method) {
	for name, m := range add {
		requests[name] = m
		t.Cleanup(func() { delete(requests, name) })
	}
}

// raw speaks with a server without an editor's manners.
type raw struct {
	t    *testing.T
	conn *served
	in   jsonrpc2.Stream

	mu      sync.Mutex
	answers []*jsonrpc2.Response
	done    chan struct{}
}

// talk starts a server, and initializes it by hand.
func talk(t *testing.T) *raw {
	t.Helper()
	s := serve(t)
	r := &raw{t: t, conn: s, in: jsonrpc2.NewHeaderStream(s.conn), done: make(chan struct{})}
	go func() {
		defer close(r.done)
		for {
			msg, _, err := r.in.Read(context.Background())
			if err != nil {
				return
			}
			if answer, ok := msg.(*jsonrpc2.Response); ok {
				r.mu.Lock()
				r.answers = append(r.answers, answer)
				r.mu.Unlock()
			}
		}
	}()
	t.Cleanup(func() {
		s.conn.Close()
		<-r.done
	})
	r.send(`{"jsonrpc":"2.0","id":"init","method":"initialize","params":{"capabilities":{"textDocument":{"inlayHint":{},"codeLens":{},"hover":{}}}}}`)
	r.send(`{"jsonrpc":"2.0","method":"initialized","params":{}}`)
	r.await(`"init"`, 0)
	return r
}

func (r *raw) send(body string) {
	r.t.Helper()
	r.write(frame(body))
}

func (r *raw) write(bytes string) {
	r.t.Helper()
	if _, err := r.conn.conn.Write([]byte(bytes)); err != nil {
		r.t.Fatal(err)
	}
}

// with returns the answers to the request with that id, as it is in JSON.
func (r *raw) with(id string) []*jsonrpc2.Response {
	r.mu.Lock()
	defer r.mu.Unlock()
	var found []*jsonrpc2.Response
	for _, a := range r.answers {
		text := fmt.Sprintf("%v", a.ID())
		if a.ID().IsString() {
			text = fmt.Sprintf("%q", text)
		}
		if text == id {
			found = append(found, a)
		}
	}
	return found
}

// await waits for the first answer with that id, which has that code; 0 for none.
func (r *raw) await(id string, want jsonrpc2.Code) *jsonrpc2.Response {
	r.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		if found := r.with(id); len(found) > 0 {
			if got := code(found[0].Err()); got != want {
				r.t.Errorf("request %s: %v, want code %d", id, found[0].Err(), want)
			}
			return found[0]
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("no answer to %s", id)
		}
	}
}

func TestCancel(t *testing.T) {
	started, free := make(chan struct{}), make(chan struct{})
	withMethods(t, map[string]method{"test/wait": request(func(*server, *struct{}) (answer, error) {
		return func(context.Context) (any, error) {
			started <- struct{}{}
			<-free
			return "done", nil
		}, nil
	})})
	r := talk(t)
	for _, id := range []string{"1", `"a"`, "-7", "99999999999", `"日\u0000本"`} {
		if strings.Contains(id, "u0000") {
			id = `"日本"`
		}
		r.send(`{"jsonrpc":"2.0","id":` + id + `,"method":"test/wait"}`)
		<-started
		r.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":` + id + `}}`)
		r.send(`{"jsonrpc":"2.0","id":1000,"method":"no/method"}`)
		r.await("1000", jsonrpc2.MethodNotFound) // so that the cancel was read
		free <- struct{}{}
		r.await(id, protocol.CodeRequestCancelled)
	}
	for _, params := range []string{`{"id":12345}`, `{"id":null}`, `{"id":1.5}`, `{"id":{}}`, `{}`, `[]`, `null`, `5`} {
		r.send(`{"jsonrpc":"2.0","method":"$/cancelRequest","params":` + params + `}`)
	}
	r.send(`{"jsonrpc":"2.0","id":2,"method":"test/wait"}`)
	<-started
	free <- struct{}{}
	if got := string(r.await("2", 0).Result()); got != `"done"` {
		t.Errorf("answered %s", got)
	}
}

// TestSameID sends a request with the id of one that is not answered yet.
func TestSameID(t *testing.T) {
	started, free := make(chan struct{}), make(chan struct{})
	withMethods(t, map[string]method{"test/wait": request(func(*server, *struct{}) (answer, error) {
		return func(context.Context) (any, error) {
			started <- struct{}{}
			<-free
			return "done", nil
		}, nil
	})})
	r := talk(t)
	r.send(`{"jsonrpc":"2.0","id":1,"method":"test/wait"}`)
	<-started
	r.send(`{"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}}`)
	r.await("1", jsonrpc2.InvalidRequest)
	free <- struct{}{}
	for len(r.with("1")) < 2 {
		time.Sleep(time.Millisecond)
	}
	if got := r.with("1")[1]; got.Err() != nil {
		t.Errorf("the first of two with one id: %v", got.Err())
	}
	// Answered, it is free again, and a number is not a string.
	r.send(`{"jsonrpc":"2.0","id":1,"method":"test/wait"}`)
	<-started
	r.send(`{"jsonrpc":"2.0","id":"1","method":"test/wait"}`)
	<-started
	free <- struct{}{}
	free <- struct{}{}
	r.await(`"1"`, 0)
}

// TestPanic holds that a mistake in a handler is answered, and stays there.
func TestPanic(t *testing.T) {
	withMethods(t, map[string]method{
		"test/take": request(func(*server, *struct{}) (answer, error) { panic("in take") }),
		"test/compute": request(func(*server, *struct{}) (answer, error) {
			return func(context.Context) (any, error) { panic("in compute") }, nil
		}),
	})
	notifications["test/notice"] = notification(func(*server, *struct{}) error { panic("in a notification") })
	t.Cleanup(func() { delete(notifications, "test/notice") })
	r := talk(t)
	r.send(`{"jsonrpc":"2.0","method":"test/notice"}`)
	r.send(`{"jsonrpc":"2.0","id":1,"method":"test/take"}`)
	r.send(`{"jsonrpc":"2.0","id":2,"method":"test/compute"}`)
	if err := r.await("1", jsonrpc2.InternalError).Err(); !strings.Contains(err.Error(), "in take") {
		t.Error(err)
	}
	r.await("2", jsonrpc2.InternalError)
	r.send(`{"jsonrpc":"2.0","id":1,"method":"no/method"}`)
	for len(r.with("1")) < 2 {
		time.Sleep(time.Millisecond)
	}
	r.conn.mistakes = 3
	logged := r.conn.logs.FilterMessage("internal error").All()
	if len(logged) != 3 || !strings.Contains(fmt.Sprint(logged[0].ContextMap()), "dispatch_test.go") {
		t.Errorf("logged: %v", logged)
	}
}

// TestOrder holds that a request sees the notifications before it, and those
// only, however long it takes.
func TestOrder(t *testing.T) {
	free := make(chan struct{})
	withMethods(t, map[string]method{"test/version": request(func(s *server, p *protocol.HoverParams) (answer, error) {
		d := s.documents.at(p.TextDocument.URI)
		return func(context.Context) (any, error) {
			<-free
			return d.version, nil
		}, nil
	})})
	r := talk(t)
	r.send(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///no/such/x.go","languageId":"go","version":1,"text":""}}}`)
	const n = 50
	for i := 1; i <= n; i++ {
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///no/such/x.go","version":%d},"contentChanges":[]}}`, i))
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":"test/version","params":{"textDocument":{"uri":"file:///no/such/x.go"}}}`, i))
	}
	close(free)
	for i := 1; i <= n; i++ {
		if got := string(r.await(fmt.Sprint(i), 0).Result()); got != fmt.Sprint(i) {
			t.Errorf("request %d saw version %s", i, got)
		}
	}
}

// TestParams sends parameters that are not the method's.
func TestParams(t *testing.T) {
	r := talk(t)
	id := 0
	for name := range requests {
		if name == protocol.MethodInitialize || name == protocol.MethodShutdown {
			continue
		}
		for _, params := range []string{`[]`, `[1]`, `5`, `"x"`, `{"textDocument":5,"dir":[]}`, `{"textDocument":{"uri":7},"position":{},"range":[],"data":8,"command":[],"dir":9}`} {
			id++
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%q,"params":%s}`, id, name, params))
			if err := r.await(fmt.Sprint(id), jsonrpc2.InvalidParams).Err(); err == nil {
				t.Errorf("%s takes %s", name, params)
			}
		}
	}
	for name := range notifications {
		if name == protocol.MethodExit {
			continue
		}
		for _, params := range []string{`[]`, `5`, `{"textDocument":{"uri":7},"contentChanges":3,"event":1,"changes":2,"settings":"x"}`} {
			r.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":%q,"params":%s}`, name, params))
		}
	}
	r.send(`{"jsonrpc":"2.0","id":"last","method":"textDocument/hover","params":{"textDocument":{"uri":"file:///x.go"},"position":{"line":0,"character":0}}}`)
	if got := string(r.await(`"last"`, 0).Result()); got != "null" {
		t.Errorf("a hover on a file that is not open: %s", got)
	}
}

// TestNotOpen asks for what is not open, or is no business of ours.
func TestNotOpen(t *testing.T) {
	e, _ := edit(t, fakeeditor.Options{})
	open := func(uri, language string) {
		e.Notify("textDocument/didOpen", map[string]any{"textDocument": map[string]any{"uri": uri, "languageId": language, "version": 1, "text": "package p"}})
	}
	open("untitled:Untitled-1", "go")
	open("git:/a/b.go?x", "go")
	open("file:///tmp/go.mod", "go.mod")
	open("file:///tmp/x.py", "python")
	for _, uri := range []string{"untitled:Untitled-1", "git:/a/b.go?x", "file:///tmp/go.mod", "file:///tmp/x.py", "file:///tmp/notopen.go", "", "::"} {
		document := map[string]any{"uri": uri}
		zero := map[string]any{"line": 0, "character": 0}
		for _, name := range []string{"textDocument/inlayHint", "textDocument/codeLens", "textDocument/hover", "textDocument/codeAction", "inlinelens/calls"} {
			var result any
			params := map[string]any{
				"textDocument": document, "position": zero, "range": map[string]any{"start": zero, "end": zero},
				"context": map[string]any{"diagnostics": []any{}},
			}
			if err := e.Call(name, params, &result); err != nil || result != nil {
				t.Errorf("%s of %q: %v, %v; want null", name, uri, result, err)
			}
		}
		e.Notify("textDocument/didChange", map[string]any{"textDocument": map[string]any{"uri": uri, "version": 2}, "contentChanges": []any{}})
		e.Notify("textDocument/didSave", map[string]any{"textDocument": document})
		e.Notify("textDocument/didClose", map[string]any{"textDocument": document})
	}
	e.Shutdown()
}
