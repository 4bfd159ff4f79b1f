package gc

import (
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// TestReleaseFacts holds facts of package gorelease against the compiler of each
// release.
func TestReleaseFacts(t *testing.T) {
	// A function literal that costs more than 80.
	literal := "package p\n\nvar a int\n\nfunc f(n int) int {\n\tg := func(x int) int {\n" + strings.Repeat("\t\ta += x * x\n", 20) + "\t\treturn n\n\t}\n\treturn g(n)\n}\n"
	eachRelease(t, func(t *testing.T, release string) {
		facts := findToolchain(t, release).Release()
		find := func(name, src string) remark.Remark {
			for _, r := range compile(t, release, sources(t, "a.go", src)).Remarks {
				if r.Name == name && (r.Kind == remark.CanInline || r.Kind == remark.CannotInline) {
					return r
				}
			}
			t.Fatalf("no remark on %s", name)
			return remark.Remark{}
		}
		for _, fact := range []struct {
			name     string
			got      bool
			observed remark.Remark
			holds    func(remark.Remark) bool
		}{
			{"HasClosureBudgets", facts.HasClosureBudgets(), find("f.func1", literal), func(r remark.Remark) bool { return r.Kind == remark.CanInline }},
			{
				"ParamCallsAreCheaper", facts.ParamCallsAreCheaper(), find("f", "package p\n\nfunc f(g func()) { g() }\n"),
				func(r remark.Remark) bool { return r.Cost < 57 },
			},
			{
				"SimplifiesSlicing", facts.SimplifiesSlicing(), find("f", "package p\n\nfunc f(s []int) []int { return s[0:] }\n"),
				func(r remark.Remark) bool {
					return r.Cost == find("f", "package p\n\nfunc f(s []int) []int { return s[:] }\n").Cost
				},
			},
		} {
			if want := fact.holds(fact.observed); fact.got != want {
				t.Errorf("%v: %s is %v, and the compiler says %+v", facts, fact.name, fact.got, fact.observed)
			}
		}
	})
}
