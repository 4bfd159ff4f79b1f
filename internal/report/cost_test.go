package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// costed is a package with functions whose costs are made by hand: a small one
// that is over, one with instances that differ, and a long one.
func costed(t *testing.T) (*fixture, []*Cost) {
	f := newFixture(t, "example.com/shop", "")
	var long strings.Builder
	long.WriteString("func long() {\n")
	for i := range 70 {
		fmt.Fprintf(&long, "\tx%d := %d\n", i, i)
	}
	long.WriteString("}\n")
	f.source("book.go", `package shop

func (b *Book) Add(o Order) error {
	// 世界	tab
	if err := o.validate(); err != nil { // 1
		return fmt.Errorf("order %d of a customer who has ordered before: %w", o.number, err) // 2
	}
	return nil
}

func pick[T any](list []T) T { return list[0] } // 3

`+long.String())
	add := f.at("Add(o Order)", "Add")
	f.function("Add(o Order)", "return nil\n}", inline.Function{
		Name: "example.com/shop.(*Book).Add", Known: true, Cost: 92, Budget: 80,
		Reason: &inline.Reason{Code: inline.CodeTooExpensive, Message: "cost 92 exceeds budget 80"},
	})
	f.function("pick[T any]", "list[0] }", inline.Function{
		Name: "example.com/shop.pick", Known: true, Inlinable: true, Cost: 5, Budget: 80,
		Instances: []inline.FunctionInstance{
			{TypeArgs: []string{"int"}, Shape: "go.shape.int", Inlinable: true, Cost: 5, Budget: 80},
			{TypeArgs: []string{"string"}, Shape: "go.shape.string", Inlinable: true, Cost: 5, Budget: 80},
			{TypeArgs: []string{"any"}, Shape: "go.shape.interface{}", Cost: 90, Budget: 80, Reason: &inline.Reason{Code: inline.CodeTooExpensive, Message: "cost 90 exceeds budget 80"}},
		},
	})
	f.function("long() {", "x69 := 69\n}", inline.Function{
		Name: "example.com/shop.long", Known: true, Reason: &inline.Reason{Code: inline.CodeUnhandledOp, Op: "DEFER", Message: "the inliner does not handle defer"},
	})
	on := func(mark string, col int) inline.Position {
		p := f.at(mark, mark)
		p.Col = col
		return p
	}
	small := &cost.Breakdown{
		Function: "(*Book).Add", Pos: add, Printed: true, Cost: 92, Budget: 80, Unexplained: -4,
		Parts: []cost.Part{
			{Pos: on("// 1", 2), What: cost.If, Cost: 1, Count: 1},
			{Pos: on("// 1", 22), What: cost.InlinedCall, Cost: 31, Count: 1, Callee: "example.com/shop.(*Order).validate", Note: "inlined: its body costs 30"},
			{Pos: on("// 2", 3), What: cost.Name, Cost: 5, Count: 5},
			{Pos: on("// 2", 20), What: cost.Call, Cost: 58, Count: 1, Callee: "fmt.Errorf", CalleePos: inline.Position{File: "/go/fmt/errors.go", Line: 23, Col: 6}, Note: "function too complex: cost 145 exceeds budget 80"},
			{Pos: on("return nil", 2), What: cost.Return, Cost: 1, Count: 1},
		},
		Cut: true,
	}
	instance := func(shape string, n int) *cost.Breakdown {
		return &cost.Breakdown{
			Function: "pick[" + shape + "]", Pos: on("pick[T", 6), Printed: true, Inlinable: n <= 80, Cost: n, Budget: 80,
			Reason: map[bool]string{n > 80: fmt.Sprintf("function too complex: cost %d exceeds budget 80", n)}[true],
			Parts:  []cost.Part{{Pos: on("// 3", 40), What: cost.InlinedCall, Cost: n, Count: 1, Callee: "slices.Max[" + shape + "]"}},
		}
	}
	folded := &cost.Breakdown{Function: "long", Pos: on("long()", 6), Budget: 80, Reason: "unhandled op DEFER"}
	for i := range 70 {
		c := 1
		if i == 40 {
			c = 77
		}
		p := on(fmt.Sprintf("x%d :=", i), 2)
		folded.Parts = append(folded.Parts, cost.Part{Pos: p, What: cost.Assignment, Cost: c, Count: c})
		folded.Cost += c
		if i == 50 {
			folded.Blockers = append(folded.Blockers, cost.Blocker{Pos: p, Op: "DEFER"})
		}
	}
	list := []*Cost{
		{Breakdowns: []*cost.Breakdown{small}},
		{Breakdowns: []*cost.Breakdown{instance("go.shape.int", 5), instance("go.shape.string", 5), instance("go.shape.interface{}", 90)}},
		{Breakdowns: []*cost.Breakdown{folded}},
	}
	for i, c := range list {
		c.Package, c.Function = &f.pkg, &f.pkg.Functions[i]
	}
	list[0].Calls = []inline.Call{
		{Pos: f.at("x1 :=", "x"), Caller: "example.com/shop.long", Callee: list[0].Function.Name, Status: inline.StatusNotInlined, Reason: list[0].Function.Reason},
		{Pos: f.at("x2 :=", "x"), Caller: "example.com/shop.long", Callee: list[0].Function.Name, Status: inline.StatusEliminated},
	}
	return f, list
}

func costOptions(f *fixture) Options {
	return Options{Dir: fixtureDir, ReadFile: func(name string) ([]byte, error) { return []byte(f.files[name]), nil }}
}

func printCosts(t *testing.T, format string, f *fixture, o Options, list []*Cost) []byte {
	t.Helper()
	var out bytes.Buffer
	p, err := NewCost(format, &out, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range list {
		if err := p.Function(c); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Package(&f.pkg, list); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// TestCostGolden shows functions and their package's table as they are printed.
func TestCostGolden(t *testing.T) {
	f, list := costed(t)
	golden(t, "cost.text", string(printCosts(t, "text", f, costOptions(f), list)))
	golden(t, "cost.json", string(printCosts(t, "json", f, costOptions(f), list)))
	narrow := costOptions(f)
	narrow.Width = 60
	golden(t, "cost.narrow.text", string(printCosts(t, "text", f, narrow, list)))
	for line := range strings.Lines(string(printCosts(t, "text", f, narrow, list[:1]))) {
		if strings.Contains(line, "│") && columns(strings.TrimSuffix(line, "\n")) > 60 {
			t.Errorf("a line is wider than the terminal: %q", line)
		}
	}
}

// TestCostUnfolded shows every line of a long function on demand.
func TestCostUnfolded(t *testing.T) {
	f, list := costed(t)
	o := costOptions(f)
	if text := string(printCosts(t, "text", f, o, list[2:])); strings.Contains(text, "x13 :=") || !strings.Contains(text, "x50 :=") {
		t.Errorf("cheap lines are not folded, or a line that matters is:\n%s", text)
	}
	o.Unfolded = true
	if text := string(printCosts(t, "text", f, o, list[2:])); strings.Contains(text, "…") || !strings.Contains(text, "x13 :=") {
		t.Errorf("lines are folded:\n%s", text)
	}
}

// TestCostJSON holds that the lines of an object add up.
func TestCostJSON(t *testing.T) {
	f, list := costed(t)
	lines := 0
	for text := range strings.Lines(string(printCosts(t, "json", f, costOptions(f), list))) {
		var o struct {
			Cost        int `json:"cost"`
			Unexplained int `json:"unexplained"`
			Lines       []struct {
				Cost  int `json:"cost"`
				Total int `json:"total"`
				Parts []struct {
					Cost int `json:"cost"`
				} `json:"parts"`
			} `json:"lines"`
		}
		if err := json.Unmarshal([]byte(text), &o); err != nil {
			t.Fatal(err)
		}
		total := 0
		for _, l := range o.Lines {
			sum := 0
			for _, p := range l.Parts {
				sum += p.Cost
			}
			total += sum
			lines++
			if sum != l.Cost || total != l.Total {
				t.Errorf("a line of %d, total %d, has parts of %d, total %d", l.Cost, l.Total, sum, total)
			}
		}
		if total+o.Unexplained != o.Cost {
			t.Errorf("lines of %d and %d unexplained make a cost of %d", total, o.Unexplained, o.Cost)
		}
	}
	if lines < 100 {
		t.Errorf("only %d lines were looked at", lines)
	}
}

// TestBar holds that bars have their width, and that what is not nothing is seen.
func TestBar(t *testing.T) {
	for n := range 101 {
		bar := string(appendBar(nil, n, 100, 10))
		if columns(bar) != 10 || (strings.TrimSpace(bar) == "") != (n == 0) {
			t.Errorf("the bar of %d is %q", n, bar)
		}
	}
}
