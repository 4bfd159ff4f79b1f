package server

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// questionsOfPeople are what somebody asks on purpose about a place; each has the
// answer of its own kind in it.
var questionsOfPeople = []struct {
	method, command, answer string
}{
	{handlers.MethodCost, "", `"cost":%d,"budget":80`},
	{handlers.MethodCalls, "", `"name":"Twice"`},
	{protocol.MethodWorkspaceExecuteCommand, handlers.CommandShowCost, `"shown":true`},
	{protocol.MethodWorkspaceExecuteCommand, handlers.CommandShowCalls, `"name":"Twice"`},
	{protocol.MethodWorkspaceExecuteCommand, handlers.CommandExplain, `cost %d exceeds budget 80`},
}

// TestAskedEarly asks when the answer is not known yet, but about to be: as soon as a
// file is open, saved, or has a text that is going to be compiled.
func TestAskedEarly(t *testing.T) {
	for _, q := range questionsOfPeople {
		t.Run(strings.TrimPrefix(q.method+" "+q.command, protocol.MethodWorkspaceExecuteCommand+" "), func(t *testing.T) {
			dir := write(t, costly)
			a := filepath.Join(dir, "a.go")
			e, _ := edit(t, fakeeditor.Options{})
			want := func(when, place string, cost int) {
				t.Helper()
				var params any = placeOf(e, a, place)
				if q.command != "" {
					params = map[string]any{"command": q.command, "arguments": []any{params}}
				}
				var result jsontext.Value
				err := e.Call(q.method, params, &result)
				answer := q.answer
				if strings.Contains(answer, "%d") {
					answer = fmt.Sprintf(answer, cost)
				}
				if err != nil || !strings.Contains(string(result), answer) || strings.Contains(string(result), "Its cost by line is not known") {
					t.Errorf("%s: %s, %v; want %s", when, result, err, answer)
				}
			}
			e.Open(a)
			want("opened", "Twice(s string)", 129)
			e.Edit(a, "ToUpper(s) + plus(s)", "ToUpper(s) + plus(s) + plus(s)")
			e.Save(a)
			want("saved", "Twice(s string)", 136)
			e.Edit(a, "return s + s }", "return s + s + s }")
			e.Save(a)
			if q.command == handlers.CommandShowCost {
				toggleCost(t, e, a, "Twice(s string)") // the edit of another function has left it shown
			}
			want("saved, a callee changed", "Twice(s string)", 138)
			set(e, map[string]any{"trigger": "type", "delay": "1h"})
			e.Edit(a, "ToUpper(s) + plus(s) + plus(s)", "ToUpper(s) + plus(s)")
			want("typed, a long pause before it is compiled", "Twice(s string)", 130)
		})
	}
}

// TestAskedInVain asks where there is no answer, and none to come.
func TestAskedInVain(t *testing.T) {
	dir := write(t, costly)
	a := filepath.Join(dir, "a.go")
	e, _ := edit(t, fakeeditor.Options{})
	e.Open(a)
	for _, q := range questionsOfPeople {
		var params any = placeOf(e, a, "package")
		if q.command != "" {
			params = map[string]any{"command": q.command, "arguments": []any{params}}
		}
		result := jsontext.Value("nothing")
		if err := e.Call(q.method, params, &result); err != nil || q.method != handlers.MethodCalls && q.command != handlers.CommandShowCalls && string(result) != "null" {
			t.Errorf("%s %s, of no function: %s, %v", q.method, q.command, result, err)
		}
	}
	// Closed while somebody waits.
	e.Edit(a, "return s + s }", "return s }")
	e.Save(a)
	answered := make(chan error, 1)
	place := placeOf(e, a, "plus(s string)")
	go func() { answered <- e.Call(handlers.MethodCost, place, nil) }()
	e.Close(a)
	select {
	case err := <-answered:
		if err != nil && code(err) != requestFailed {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error(errors.New("no answer in a closed document"))
	}
}
