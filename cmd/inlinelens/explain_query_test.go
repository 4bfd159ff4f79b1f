package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestQuestions reads arguments: each becomes patterns with what is asked for in
// them, the likeliest first.
func TestQuestions(t *testing.T) {
	for _, test := range []struct {
		arg  string
		want []string
	}{
		{"net/http.(*Client).do", []string{"net/http: (*Client).do", "net/http.(*Client).do: all"}},
		{"net/http.Client.do", []string{"net/http: Client.do", "net/http.Client: do", "net/http.Client.do: all"}},
		{"strings.Title", []string{"strings: Title", "strings.Title: all", ".: strings.Title"}},
		{"slices.Max[example.com/a.T]", []string{"slices: Max[example.com/a.T]", ".: slices.Max[example.com/a.T]"}},
		{"./lib.Parse.func1", []string{"./lib: Parse.func1", "./lib.Parse: func1", "./lib.Parse.func1: all"}},
		{"./.Parse", []string{".: Parse", "./.Parse: all"}},
		{"example.com/v2.F", []string{"example.com/v2: F", "example.com/v2.F: all"}},
		{"gopkg.in/yaml.v3", []string{"gopkg.in/yaml.v3: all"}},
		{"gopkg.in/yaml.v3.Marshal", []string{"gopkg.in/yaml.v3: Marshal", "gopkg.in/yaml.v3.Marshal: all"}},
		{"list.Map[int,string]", []string{"list: Map[int,string]", ".: list.Map[int,string]"}},
		{"example.com/a.list[int].Map[string]", []string{"example.com/a: list[int].Map[string]"}},
		{"list[int].conv[string]", []string{".: list[int].conv[string]"}},
		{"main.run", []string{".: run"}},
		{"Parse", []string{".: Parse"}},
		{"(*T).M", []string{".: (*T).M"}},
		{"parse", []string{"parse: all", ".: parse"}},
		{"net/http", []string{"net/http: all"}},
		{"./...", []string{"./...: all"}},
		{".", []string{".: all"}},
		{"a.go", []string{"a.go: all"}},
		{"a.go:12", []string{"./.: a.go:12:0"}},
		{"a.go:12:", []string{"./.: a.go:12:0"}},
		{"lib/a.go:12:7", []string{"./lib: lib/a.go:12:7"}},
		{"lib/a_test.go:12:7", []string{"./lib with tests: lib/a_test.go:12:7"}},
		{"../a.go:12", []string{"/home: ../a.go:12:0"}},
		{"/usr/a.go:1:1", []string{"/usr: ../../usr/a.go:1:1"}},
		{"a.go:0", []string{"a.go:0: all"}},
	} {
		var got []string
		for _, q := range readings(test.arg, "/home/gopher") {
			got = append(got, written(q))
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.arg, diff)
		}
	}
}

// written is a question as the test has it.
func written(q reading) string {
	text := q.pattern
	if q.tests {
		text += " with tests"
	}
	switch {
	case q.query == nil:
		return text + ": all"
	case q.query.Name != "":
		return text + ": " + q.query.Name
	}
	file, err := filepath.Rel("/home/gopher", q.query.At.File)
	if err != nil {
		file = q.query.At.File
	}
	return fmt.Sprintf("%s: %s:%d:%d", text, file, q.query.At.Line, q.query.At.Col)
}

// FuzzQuestions holds that each reading of an argument can be asked.
func FuzzQuestions(f *testing.F) {
	for _, arg := range []string{"net/http.(*Client).do", "a.go:12:7", "a.go:99999999999999999999", "gopkg.in/yaml.v3.F", "x[", ".", "..", "", "(", "/.", "v1.", "a..b", ".go:1"} {
		f.Add(arg)
	}
	f.Fuzz(func(t *testing.T, arg string) {
		list := readings(arg, "/home/gopher")
		if len(list) == 0 {
			t.Fatalf("%q can be read in no way", arg)
		}
		for _, q := range list {
			switch {
			case q.pattern == "" && arg != "":
				t.Errorf("%q: no pattern", arg)
			case q.query == nil:
			case q.query.Name == "" && (q.query.At.Line < 1 || q.query.At.Col < 0 || !filepath.IsAbs(q.query.At.File)):
				t.Errorf("%q: the place %+v", arg, q.query.At)
			case q.query.Name != "" && !strings.HasSuffix(arg, q.query.Name):
				t.Errorf("%q: the name %q", arg, q.query.Name)
			}
		}
	})
}
