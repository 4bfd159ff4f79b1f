package linkname_test

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/linkname"
)

func TestGeneric(t *testing.T) {
	for _, test := range [][2]string{
		{"p.F", "p.F"},
		{"p.Max[int]", "p.Max"},
		{"p.(*List[p.Pair[int,string]]).Len", "p.(*List).Len"},
		{"p.(*List[p.Pair[int,string]]).Map[go.shape.struct { A int \"]\" }].func1", "p.(*List).Map.func1"},
		{"p.List[int].Map[string]", "p.List.Map"},
		{"p.Broken[int", "p.Broken"},
	} {
		if got := linkname.Generic(test[0]); got != test[1] {
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
		if got := linkname.TypeArgs(test[0]); got != test[1] {
			t.Errorf("the type arguments in %q are %q, want %q", test[0], got, test[1])
		}
	}
}

func TestBase(t *testing.T) {
	for _, test := range [][2]string{
		{"net/http.(*Client).Do", "Do"},
		{"p.Max[go.shape.int]", "Max"},
		{"p.(*S[a/b.T]).Get[string]", "Get"},
		{"p.F.func1", "func1"},
		{"F", "F"},
	} {
		if got := linkname.Base(test[0]); got != test[1] {
			t.Errorf("the base of %q is %q, want %q", test[0], got, test[1])
		}
	}
}

func TestWithin(t *testing.T) {
	for _, test := range [][4]string{
		{"a/b", "b", "a/b.(*T).F", "(*T).F"},
		{"a/cmd", "main", "main.run", "run"},
		{"a/cmd", "main", "a/cmd.run", "run"},
		{"a/b", "b", "a/c.F", "a/c.F"},
	} {
		if got := linkname.Within(test[0], test[1], test[2]); got != test[3] {
			t.Errorf("%q within %s is %q, want %q", test[2], test[0], got, test[3])
		}
	}
}
