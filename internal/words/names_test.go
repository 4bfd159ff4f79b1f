package words_test

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

func TestShortNames(t *testing.T) {
	for _, test := range [][2]string{
		{"net/http.(*Client).Do", "(*Client).Do"},
		{"net/http/httputil.Dump", "httputil.Dump"},
		{"strings.ToUpper", "strings.ToUpper"},
		{"gopkg.example/yaml/v3.Marshal", "yaml/v3.Marshal"},
		{"v2.F", "v2.F"},
		{"internal/sync.(*Mutex).Lock", "internal/sync.(*Mutex).Lock"},
		{"example.com/a/internal/b.F", "internal/b.F"},
		{"example.com/a/notinternal/b.F", "b.F"},
		{"slices.SortFunc[net/http.Header, *a/b.T]", "slices.SortFunc[Header, *b.T]"},
		{"a/b.(*Map[string,go/ast.Node]).Load", "b.(*Map[string,ast.Node]).Load"},
		{"net/http.", "http."},
		{"", ""},
		{"p.Größe", "p.Größe"},
		{"p.\x1b[31mred", "p.\ufffd[31mred"},
	} {
		if got := string(words.AppendShort(nil, test[0], "net/http")); got != test[1] {
			t.Errorf("short name of %q is %q, want %q", test[0], got, test[1])
		}
	}
}

// TestMeaning holds that every status is explained.
func TestMeaning(t *testing.T) {
	for _, s := range inline.Statuses() {
		if words.Meaning(s) == "" {
			t.Errorf("status %s has no meaning", s)
		}
	}
}
