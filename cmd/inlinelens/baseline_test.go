package main

import (
	"slices"
	"testing"
)

func TestRebased(t *testing.T) {
	for _, test := range []struct {
		from, to  string
		was, want []string
	}{
		{"/m", "/m", []string{"./...", ".", "./a", "std", "net/http"}, []string{"./...", ".", "./a", "std", "net/http"}},
		{"/m/q", "/m", []string{"./...", ".", "..", "./a/", "../b", "std"}, []string{"./q/...", "./q", ".", "./q/a", "./b", "std"}},
		{"/m", "/m/q", []string{"./...", ".", "./q", "./q/..."}, []string{"../...", "..", ".", "./..."}},
	} {
		if got := rebased(test.was, test.from, test.to); !slices.Equal(got, test.want) {
			t.Errorf("%q from %s in %s: %q, want %q", test.was, test.from, test.to, got, test.want)
		}
	}
}
