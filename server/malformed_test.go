package server

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/uri"
)

// TestMalformed sends 10,000 messages that are mutated, out of order, cut short
// or made up, with good requests between them. Each good one is answered, each
// answer is one that the protocol knows, and in the end the server still works.
func TestMalformed(t *testing.T) {
	const total = 10_000
	dir := write(t, module)
	path := filepath.Join(dir, "a.go")
	document := uri.File(path)
	r := talk(t)
	seeds := messages(t, string(document))
	random := rand.New(rand.NewPCG(3, 5))
	refused := 0
	for i := range total {
		seed := seeds[random.IntN(len(seeds))]
		if random.IntN(4) == 0 {
			seed = reID(seed, i)
		}
		r.write(mutate(random, seed))
		if i%100 != 99 {
			continue
		}
		// What was cut short is read to the length that it promised, whatever that is.
		id := fmt.Sprintf("good-%d", i)
		r.send(`{"jsonrpc":"2.0","method":"$/nothing","params":["` + strings.Repeat("x", 5000) + `"]}`)
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%q,"method":"no/method"}`, id))
		r.await(fmt.Sprintf("%q", id), jsonrpc2.MethodNotFound)
	}
	known := map[jsonrpc2.Code]bool{
		0: true, jsonrpc2.ParseError: true, jsonrpc2.InvalidRequest: true, jsonrpc2.MethodNotFound: true, jsonrpc2.InvalidParams: true, -32800: true,
	}
	r.mu.Lock()
	for _, a := range r.answers {
		c := code(a.Err())
		if !known[c] {
			t.Errorf("answered %v: %v", a.ID(), a.Err())
		}
		if c == jsonrpc2.ParseError || c == jsonrpc2.InvalidRequest {
			refused++
		}
	}
	t.Logf("%d answers, of which %d refuse", len(r.answers), refused)
	r.mu.Unlock()
	if refused < total/100 {
		t.Errorf("only %d messages were refused: the test does not do what it says", refused)
	}

	r.send(fmt.Sprintf(`{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":%q,"languageId":"go","version":1,"text":%q}}}`, document, module["a.go"]))
	for i := 0; ; i++ {
		id := fmt.Sprintf("lens-%d", i)
		r.send(fmt.Sprintf(`{"jsonrpc":"2.0","id":%q,"method":"textDocument/codeLens","params":{"textDocument":{"uri":%q}}}`, id, document))
		if answer := r.await(fmt.Sprintf("%q", id), 0); strings.Count(string(answer.Result()), `"range"`) == 3 {
			break
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// messages are good ones: what mutations begin with.
func messages(t *testing.T, document string) []string {
	t.Helper()
	text := map[string]any{"uri": document}
	zero := map[string]any{"line": 0, "character": 0}
	all := map[string]any{
		"textDocument/didOpen":                map[string]any{"textDocument": map[string]any{"uri": document, "languageId": "go", "version": 1, "text": "package m\n\nfunc f() { g() }\n"}},
		"textDocument/didChange":              map[string]any{"textDocument": map[string]any{"uri": document, "version": 2}, "contentChanges": []any{map[string]any{"range": map[string]any{"start": zero, "end": zero}, "text": "// é😀\r\n"}}},
		"textDocument/didSave":                map[string]any{"textDocument": text, "text": "package m\n"},
		"textDocument/didClose":               map[string]any{"textDocument": text},
		"workspace/didChangeWatchedFiles":     map[string]any{"changes": []any{map[string]any{"uri": document, "type": 2}}},
		"workspace/didChangeConfiguration":    map[string]any{"settings": map[string]any{"inlinelens": map[string]any{"hints": map[string]any{"style": "full"}}}},
		"workspace/didChangeWorkspaceFolders": map[string]any{"event": map[string]any{"added": []any{}, "removed": []any{}}},
		"$/cancelRequest":                     map[string]any{"id": 5},
		"initialized":                         map[string]any{},
		"initialize":                          map[string]any{"capabilities": map[string]any{}, "processId": nil},
		"textDocument/inlayHint":              map[string]any{"textDocument": text, "range": map[string]any{"start": zero, "end": map[string]any{"line": 99, "character": 0}}},
		"textDocument/codeLens":               map[string]any{"textDocument": text},
		"textDocument/hover":                  map[string]any{"textDocument": text, "position": map[string]any{"line": 2, "character": 12}},
		"textDocument/codeAction":             map[string]any{"textDocument": text, "range": map[string]any{"start": zero, "end": zero}, "context": map[string]any{"diagnostics": []any{}, "only": []any{"quickfix"}}},
		"inlayHint/resolve":                   map[string]any{"position": zero, "label": "x", "data": "1 5 " + document},
		"codeLens/resolve":                    map[string]any{"range": map[string]any{"start": zero, "end": zero}, "data": "1 5 " + document},
		"workspace/executeCommand":            map[string]any{"command": "inlinelens.explain", "arguments": []any{map[string]any{"textDocument": text, "position": zero}}},
		"inlinelens/calls":                    map[string]any{"textDocument": text, "position": zero},
		"no/method":                           []any{1, 2},
	}
	var bodies []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		m := map[string]any{"jsonrpc": "2.0", "method": name, "params": all[name]}
		if requests[name].receive != nil || name == "no/method" {
			m["id"] = len(bodies)
		}
		body, err := json.Marshal(m, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		bodies = append(bodies, string(body))
	}
	return append(bodies,
		`{"jsonrpc":"2.0","id":1,"result":null}`, `{"jsonrpc":"2.0","id":"x","error":{"code":1,"message":"m"}}`,
		`[{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}]`, `[]`, `{}`, `null`)
}

// reID gives a message another id, of any kind.
func reID(body string, n int) string {
	id := []string{fmt.Sprint(n), fmt.Sprintf("%q", fmt.Sprint(n)), "null", "-1", "1e3", "{}", "true", `""`, "9007199254740993"}[n%9]
	return strings.Replace(body, `{`, `{"id":`+id+`,`, 1)
}

// mutate returns bytes that are close to a good message.
func mutate(r *rand.Rand, body string) string {
	b := []byte(body)
	for range r.IntN(4) {
		if len(b) == 0 {
			break
		}
		at, to := r.IntN(len(b)), r.IntN(len(b)+1)
		if at > to {
			at, to = to, at
		}
		switch r.IntN(9) {
		case 0: // another byte
			b[at] = byte(r.IntN(256))
		case 1: // one that means something
			b[at] = `{}[]",:0-9\nte `[r.IntN(15)]
		case 2: // a piece less
			b = append(b[:at], b[min(to, at+r.IntN(20)):]...)
		case 3: // a piece twice
			b = bytes.Join([][]byte{b[:to], b[at:]}, nil)
		case 4: // another value
			values := []string{"null", "true", "-1", "1e400", `"\ud800"`, `"\u0000"`, "[]", "{}", `""`, "99999999999999999999", "0.5", strings.Repeat("[", 50), strings.Repeat(`{"a":`, 20)}
			if colon := bytes.IndexByte(b[at:], ':'); colon >= 0 {
				at += colon + 1
				end := at + max(bytes.IndexAny(b[at:], ",}]"), 0)
				b = bytes.Join([][]byte{b[:at], []byte(values[r.IntN(len(values))]), b[end:]}, nil)
			}
		case 5: // the names of members exchanged
			b = bytes.Replace(b, []byte("textDocument"), []byte("position"), 1)
		case 6: // another version
			b = bytes.Replace(b, []byte(`"2.0"`), []byte([]string{`"1.0"`, `2.0`, `null`}[r.IntN(3)]), 1)
		case 7: // bytes that are no UTF-8
			b = bytes.Join([][]byte{b[:at], {0xff, 0xc0, 0x80}, b[at:]}, nil)
		case 8: // a member twice
			b = bytes.Replace(b, []byte(`{`), []byte(`{"method":"textDocument/hover",`), 1)
		}
	}
	framed := frame(string(b))
	switch r.IntN(20) {
	case 0: // says that it is longer
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(b)+1+r.IntN(30), b)
	case 1: // says that it is shorter
		return fmt.Sprintf("Content-Length: %d\r\n\r\n%s", max(0, len(b)-1-r.IntN(30)), b)
	case 2: // cut
		return framed[:r.IntN(len(framed)+1)]
	case 3: // another header
		return strings.Replace(framed, "Content-Length", []string{"Content-Lenght", "content-length", "Content-Length : ", "X", ""}[r.IntN(5)], 1)
	case 4: // garbage between
		return "\r\n\x00garbage: \r\n" + framed
	case 5: // a length that cannot be
		return fmt.Sprintf("Content-Length: %s\r\n\r\n%s", []string{"-1", "0", "x", "1e2", "99999999999999999999", "9999999999"}[r.IntN(6)], b)
	}
	return framed
}
