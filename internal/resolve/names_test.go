package resolve

import (
	"slices"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/linkname"
)

func TestTypeArgs(t *testing.T) {
	for _, test := range []struct {
		name, base string
		args       []string
	}{
		{"F", "F", nil},
		{"(*T).M", "(*T).M", nil},
		{"Max[go.shape.int]", "Max", []string{"go.shape.int"}},
		{"(*S[go.shape.*uint8]).Push.func1", "(*S).Push.func1", []string{"go.shape.*uint8"}},
		{"slices.Sort[go.shape.[]int,go.shape.int]", "slices.Sort", []string{"go.shape.[]int", "go.shape.int"}},
		{"F[go.shape.map[string][]int,go.shape.func(int, string) bool]", "F", []string{"go.shape.map[string][]int", "go.shape.func(int, string) bool"}},
		{"F[go.shape.struct { A, B int; C []string }]", "F", []string{"go.shape.struct { A, B int; C []string }"}},
		{"G[p.T[int,string],bool]", "G", []string{"p.T[int,string]", "bool"}},
		{"(*S[go.shape.int]).Get[go.shape.map[string]int,go.shape.bool]", "(*S).Get", []string{"go.shape.int", "go.shape.map[string]int", "go.shape.bool"}},
		{"S.Get[go.shape.int].func1", "S.Get.func1", []string{"go.shape.int"}},
	} {
		if got := linkname.Generic(test.name); got != test.base {
			t.Errorf("linkname.Generic(%q) = %q, want %q", test.name, got, test.base)
		}
		if got := linkname.SplitTypeArgs(linkname.TypeArgs(test.name)); !slices.Equal(got, test.args) {
			t.Errorf("type arguments of %q: %q, want %q", test.name, got, test.args)
		}
	}
}

func TestInsertArgs(t *testing.T) {
	for _, test := range []struct {
		name          string
		receiver, own []string
		want          string
	}{
		{"F", nil, []string{"int"}, "F[int]"},
		{"T.M", []string{"int"}, nil, "T[int].M"},
		{"(*T).M", []string{"K", "V"}, nil, "(*T[K,V]).M"},
		{"T.M", nil, []string{"int"}, "T.M[int]"},
		{"(*T).M", []string{"K", "V"}, []string{"X"}, "(*T[K,V]).M[X]"},
	} {
		if got := insertArgs(test.name, test.receiver, test.own); got != test.want {
			t.Errorf("insertArgs(%q, %q, %q) = %q, want %q", test.name, test.receiver, test.own, got, test.want)
		}
	}
}

// Names come from the compiler, whose printing is no stable interface.
func FuzzNames(f *testing.F) {
	f.Add("(*S[go.shape.*uint8]).Push.func1")
	f.Add("F[go.shape.struct { A, B int; C []string },int]")
	f.Add("][")
	f.Fuzz(func(t *testing.T, name string) {
		base := linkname.Generic(name)
		if len(base) > len(name) || linkname.Generic(base) != base && strings.Count(name, "[") == strings.Count(name, "]") && !strings.Contains(base, "[") {
			t.Errorf("linkname.Generic(%q) = %q", name, base)
		}
		list := linkname.TypeArgs(name)
		if got := strings.Join(linkname.SplitTypeArgs(list), ","); got != list {
			t.Errorf("the type arguments %q of %q do not join again: %q", list, name, got)
		}
		insertArgs(name, []string{"int"}, []string{"bool"})
		isLiteralName(name)
		_ = unshape(name)
	})
}

func TestIsOwnLiteral(t *testing.T) {
	for name, own := range map[string]bool{
		"F[go.shape.int].func1":                 true,
		"F[go.shape.int].func1.1":               true,
		"F[go.shape.int]-range1.func2":          true,
		"F[go.shape.int].1":                     false, // the copy in a literal, Go 1.27
		"F[go.shape.int].1.1":                   false,
		"F[go.shape.int].func1.func1":           false,
		"F[int].F[go.shape.int].func1":          false,
		"G[go.shape.int].F[go.shape.int].func1": false,
	} {
		if got := isOwnLiteral(name, "F"); got != own {
			t.Errorf("isOwnLiteral(%q) = %v, want %v", name, got, own)
		}
	}
}
