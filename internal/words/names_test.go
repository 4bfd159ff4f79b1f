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

func TestGeneric(t *testing.T) {
	for _, test := range [][2]string{
		{"p.F", "p.F"},
		{"p.Max[int]", "p.Max"},
		{"p.(*List[p.Pair[int,string]]).Len", "p.(*List).Len"},
		{"p.(*List[p.Pair[int,string]]).Map[go.shape.struct { A int \"]\" }].func1", "p.(*List).Map.func1"},
		{"p.List[int].Map[string]", "p.List.Map"},
		{"p.Broken[int", "p.Broken"},
	} {
		if got := words.Generic(test[0]); got != test[1] {
			t.Errorf("without type arguments %q is %q, want %q", test[0], got, test[1])
		}
	}
}

func TestTypeArgs(t *testing.T) {
	for _, test := range [][2]string{
		{"p.F", ""},
		{"p.Max[int]", "int"},
		{"p.(*List[p.Pair[int,string]]).Map[K,[]V].func1", "p.Pair[int,string],K,[]V"},
		{"p.F[go.shape.struct { A int \"]\" }]", "go.shape.struct { A int \"]\" }"},
	} {
		if got := words.TypeArgs(test[0]); got != test[1] {
			t.Errorf("the type arguments in %q are %q, want %q", test[0], got, test[1])
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
