package handlers

import (
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// TestFacts has what the marker tests do not bring about: a profile, instances
// without a table, and compilers of other releases.
func TestFacts(t *testing.T) {
	d := document([]byte("package p\n"))
	d.Client.Markdown = false
	d.File = &workspace.File{Name: d.Path, Unit: &inline.Package{Path: "m/p", Name: "p"}, Text: d.Mapper.Text()}
	d.Shift = position.NewShift(d.File.Text, nil, d.File.Text)
	for _, test := range []struct {
		call inline.Call
		want string
	}{
		{
			inline.Call{Callee: "m/p.f", Status: inline.StatusInlined, Cost: 700, Budget: 2000, Hot: true},
			"inlined f: cost 700 of budget 2000\n\nHot in the profile: the budget is larger than usual.",
		},
		{
			inline.Call{Callee: "m/p.f", Status: inline.StatusNotInlined, Via: "go", Wrapped: true},
			"not-inlined go f\n\nThe compiler makes a wrapper for the go statement. The callee is inlined into the wrapper.",
		},
		{
			inline.Call{Callee: "m/q.(*T).M", Status: inline.StatusInlined, Devirtualized: "*q.T"},
			"inlined q.(*T).M\n\nDevirtualized: the compiler calls the method of *q.T directly.",
		},
		{
			inline.Call{
				Callee: "m/p.f", Status: inline.StatusMixed, Reason: &inline.Reason{Code: inline.CodeOther, Message: "inlined in 1 of 2"},
				Instances: []inline.CallInstance{
					{TypeArgs: []string{"int"}, Status: inline.StatusInlined, Cost: 3, Budget: 80},
					{Shape: "go.shape.string", Status: inline.StatusNotInlined, Reason: &inline.Reason{Code: inline.CodeOther, Message: "because"}},
				},
			},
			"mixed f: inlined in 1 of 2\n\nInstances:\n- [int] inlined (3/80)\n- [go.shape.string] not-inlined: because",
		},
	} {
		p := page{}
		d.callPage(&p, &workspace.FileCall{Call: &test.call}, hoverExtent)
		if got := p.content().Value; got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
	for _, test := range []struct {
		function inline.Function
		want     string
	}{
		{
			inline.Function{Name: "m/p.f", Known: true, Inlinable: true, Cost: 700, Budget: 2000, Hot: true},
			"inlinable f: cost 700 of budget 2000\n\nHot in the profile: the budget is larger than usual.",
		},
		{
			inline.Function{Name: "m/p.f", Reason: &inline.Reason{Code: inline.CodeOther, Message: "no instance was compiled"}},
			"not known f: no instance was compiled",
		},
		{
			inline.Function{
				Name: "m/p.f", Known: true, Inlinable: true, Cost: 3, Budget: 80, Probe: true,
				Instances: []inline.FunctionInstance{{TypeArgs: []string{"int"}, Inlinable: true, Cost: 3, Budget: 80}},
			},
			"inlinable f: cost 3 of budget 80\n\nNothing in the package instantiates it. The verdict is that of an instance with [int], which Inlinelens compiled to see it.",
		},
	} {
		p := page{}
		f := fileFunction(test.function, nil)
		d.functionPage(&p, &f, hoverExtent)
		if got := p.content().Value; got != test.want {
			t.Errorf("got  %q\nwant %q", got, test.want)
		}
	}
}

// TestManyInstances holds that a table ends where a hover does.
func TestManyInstances(t *testing.T) {
	d := document([]byte("package p\n"))
	d.File = &workspace.File{Name: d.Path, Text: d.Mapper.Text()}
	d.Shift = position.NewShift(d.File.Text, nil, d.File.Text)
	c := inline.Call{Callee: "p.f", Status: inline.StatusMixed}
	for range 40 {
		c.Instances = append(c.Instances, inline.CallInstance{TypeArgs: []string{"A|B"}, Status: inline.StatusInlined})
	}
	p := page{markdown: true}
	d.callPage(&p, &workspace.FileCall{Call: &c}, hoverExtent)
	got := p.content().Value
	if n := strings.Count(got, "\n| `[A\\|B]` | inlined |  |"); n != hoverExtent.entries {
		t.Errorf("%d rows, want %d:\n%s", n, hoverExtent.entries, got)
	}
	if !strings.HasSuffix(got, " |\n\n- and 28 more") {
		t.Errorf("the page ends with %q", got[max(0, len(got)-30):])
	}
}
