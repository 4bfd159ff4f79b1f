package handlers

import (
	"errors"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// overBudget is a document with one function, whose cost is over the budget.
func overBudget(t *testing.T) *Document {
	t.Helper()
	sc := newScene(t, &txtar.Archive{Files: []txtar.File{
		{Name: "go.mod", Data: []byte("module example.com/p\n\ngo 1.26\n")},
		{Name: "p.go", Data: []byte("package p\n\nfunc over(f, g func() int) int {\n\treturn f() + f() + f() + g() + g()\n}\n")},
	}}, t.TempDir())
	return sc.document("p.go")
}

// TestCostIsNotKnown holds what is said where a cost could not be counted, and
// while it is being counted.
func TestCostIsNotKnown(t *testing.T) {
	d := overBudget(t)
	name := protocol.Position{Line: 2, Character: 5}
	content, _, ok := Explain(d, name, nil)
	if !ok || !strings.Contains(content.Value, "over budget from here") || strings.Contains(content.Value, "could not") {
		t.Errorf("explained: %s", content.Value)
	}
	if s := CostTargets(d, name, false); len(s) != 1 || s[0].Source != d.Path || s[0].Pos.Line != 3 {
		t.Errorf("a hover needs the costs of %v", s)
	}
	inside := protocol.Position{Line: 3, Character: 2}
	if s, around := CostTargets(d, inside, false), CostTargets(d, inside, true); len(s) != 0 || len(around) != 1 {
		t.Errorf("in a function a hover needs the costs of %v, an explanation those of %v", s, around)
	}
	d.Costs = func(workspace.Target) *breakdown.UnitCosts { return nil }
	content, _, ok = Explain(d, name, errors.New("the compiler is gone"))
	if !ok || !strings.Contains(content.Value, "Its cost by line is not known: the compiler is gone.") {
		t.Errorf("explained: %s", content.Value)
	}
	for _, counting := range []bool{false, true} {
		d.Counting = counting
		h := Hover(d, name)
		if text := h.Contents.(*protocol.MarkupContent).Value; strings.Contains(text, "still being counted") != counting {
			t.Errorf("counting: %v, hover: %s", counting, text)
		}
	}
}

// TestCostHintsInRange holds that hints come for the lines that are asked for.
func TestCostHintsInRange(t *testing.T) {
	d := overBudget(t)
	f, err := CostFunction(d, protocol.Position{Line: 3})
	if err != nil {
		t.Fatal(err)
	}
	costs := d.Costs(workspace.Target{Source: d.Path})
	for _, test := range []struct {
		first, last uint32
		want        int
	}{{0, 2, 0}, {3, 3, 1}, {0, 100, 1}, {4, 5, 0}} {
		r := protocol.Range{Start: protocol.Position{Line: test.first}, End: protocol.Position{Line: test.last}}
		if hints := d.costHints(f, costs, r); len(hints) != test.want {
			t.Errorf("%d hints in lines %d to %d, want %d", len(hints), test.first, test.last, test.want)
		}
	}
}
