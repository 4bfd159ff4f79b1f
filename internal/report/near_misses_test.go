package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// nearPackage has functions of which each is named for its cost and its calls.
func nearPackage(functions ...[2]int) *inline.Package {
	p := &inline.Package{Path: "example.com/p", Name: "p"}
	line := 0
	for _, f := range functions {
		line++
		cost, calls := f[0], f[1]
		name := fmt.Sprintf("example.com/p.cost%dcalls%d", cost, calls)
		reason := &inline.Reason{Code: inline.CodeTooExpensive, Message: "too expensive"}
		p.Functions = append(p.Functions, inline.Function{
			Name: name, Pos: inline.Position{File: "/p/p.go", Line: line, Col: 6}, Known: true, Cost: cost, Budget: 80, Reason: reason,
		})
	}
	for _, f := range p.Functions {
		var cost, calls int
		if _, err := fmt.Sscanf(f.Name, "example.com/p.cost%dcalls%d", &cost, &calls); err != nil {
			panic(err)
		}
		for range calls {
			line++
			p.Calls = append(p.Calls, inline.Call{
				Pos: inline.Position{File: "/p/p.go", Line: line, Col: 1}, Caller: "example.com/p.init", Callee: f.Name,
				Status: inline.StatusNotInlined, Cost: cost, Budget: 80, Reason: f.Reason,
			})
		}
	}
	return p
}

// TestNearMisses ranks by calls over overrun.
func TestNearMisses(t *testing.T) {
	p := nearPackage([2]int{81, 0}, [2]int{100, 30}, [2]int{82, 2}, [2]int{81, 1}, [2]int{90, 20}, [2]int{101, 90})
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		printer, err := New(format, &out, Options{Dir: "/p", NearMisses: 4})
		if err != nil {
			t.Fatal(err)
		}
		if err := printer.Package(p); err != nil {
			t.Fatal(err)
		}
		if err := printer.Close(); err != nil {
			t.Fatal(err)
		}
		at := -1
		for _, name := range []string{"cost90calls20", "cost100calls30", "cost81calls1", "cost82calls2"} {
			i := strings.Index(out.String(), name)
			if i < at {
				t.Errorf("%s: %s is missing, or not in its place:\n%s", format, name, out.String())
			}
			at = max(at, i)
		}
		if text := out.String(); strings.Contains(text, "cost101") || strings.Contains(text, "cost81calls0") {
			t.Errorf("%s: there is a function that is no near miss, or too many:\n%s", format, text)
		}
	}
}

// TestNoNearMisses says so.
func TestNoNearMisses(t *testing.T) {
	var out bytes.Buffer
	printer, err := New("text", &out, Options{NearMisses: 4})
	if err != nil {
		t.Fatal(err)
	}
	if err := printer.Close(); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "Near misses: 0 functions at most 20 over budget\n" {
		t.Errorf("printed %q", got)
	}
	if _, err := New("annotate", &out, Options{NearMisses: 4}); err == nil {
		t.Error("near misses were annotated")
	}
}
