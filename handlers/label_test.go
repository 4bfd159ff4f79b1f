package handlers

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/inlinelens/inlinelens/internal/inline"
)

func TestCallLabels(t *testing.T) {
	why := func(code inline.ReasonCode, message string) *inline.Reason {
		return &inline.Reason{Code: code, Message: message}
	}
	for _, test := range []struct {
		call        inline.Call
		short, full string
	}{
		{inline.Call{Status: inline.StatusInlined, Cost: 12, Budget: 80}, "✓", "inlined 12/80"},
		{inline.Call{Status: inline.StatusInlined}, "✓", "inlined"},
		{inline.Call{Status: inline.StatusNotInlined}, "✗", "not-inlined"},
		{
			inline.Call{Status: inline.StatusNotInlined, Cost: 355, Budget: 80, Reason: why(inline.CodeTooExpensive, "cost 355 exceeds budget 80")},
			"✗ 355/80", "not-inlined: cost 355 exceeds budget 80",
		},
		{
			inline.Call{Status: inline.StatusNotInlined, Reason: why(inline.CodeTooExpensive, "no numbers")},
			"✗ too expensive", "not-inlined: no numbers",
		},
		{
			inline.Call{Status: inline.StatusNotInlined, Cost: 30, Budget: 20, Reason: why(inline.CodeBigCaller, "f is big")},
			"✗ 30/20 big caller", "not-inlined: f is big",
		},
		{
			inline.Call{Status: inline.StatusNotInlined, Cost: 900, Budget: 160, Reason: why(inline.CodeClosureLimit, "called twice")},
			"✗ 900/160 closure limit", "not-inlined: called twice",
		},
		{
			inline.Call{Status: inline.StatusNotInlined, Reason: &inline.Reason{Code: inline.CodeUnhandledOp, Op: "SELECT", Message: "the inliner does not handle select"}},
			"✗ select", "not-inlined: the inliner does not handle select",
		},
		{inline.Call{Status: inline.StatusNotInlined, Reason: why(inline.CodeRecursive, "recursive")}, "✗ recursive", "not-inlined: recursive"},
		{inline.Call{Status: inline.StatusNotInlined, Reason: why(inline.CodeNoBody, "assembly")}, "✗ no body", "not-inlined: assembly"},
		{inline.Call{Status: inline.StatusNotInlined, Reason: why(inline.CodeRaceBuild, "norace")}, "✗ race build", "not-inlined: norace"},
		{inline.Call{Status: inline.StatusNotInlined, Reason: why(inline.CodeOther, "the compiler's\nwords")}, "✗", "not-inlined: the compiler's words"},
		{inline.Call{Status: inline.StatusNotInlined, Via: "defer", Reason: why(inline.CodeDeferStatement, "deferred")}, "✗", "not-inlined: deferred"},
		{inline.Call{Status: inline.StatusNotInlined, Via: "go", Reason: why(inline.CodeGoStatement, "started")}, "✗", "not-inlined: started"},
		{inline.Call{Status: inline.StatusDynamic, Reason: why(inline.CodeFuncValue, "a value")}, "↪ dynamic", "dynamic: a value"},
		{inline.Call{Status: inline.StatusIntrinsic}, "✓ intrinsic", "intrinsic"},
		{inline.Call{Status: inline.StatusEliminated, Reason: why(inline.CodeDeadCode, "never reached")}, "∅ eliminated", "eliminated: never reached"},
		{inline.Call{Status: inline.StatusUnknown, Reason: why(inline.CodeOther, "no column")}, "? unknown", "unknown: no column"},
		{
			inline.Call{Status: inline.StatusMixed, Instances: []inline.CallInstance{{Status: inline.StatusInlined}, {Status: inline.StatusNotInlined}, {Status: inline.StatusInlined}}},
			"◐ 2/3", "mixed: inlined in 2 of 3 instances",
		},
	} {
		if got := callLabel(&test.call, false); got != test.short {
			t.Errorf("%v: short label %q, want %q", test.call.Status, got, test.short)
		}
		if got := callLabel(&test.call, true); got != test.full {
			t.Errorf("%v: full label %q, want %q", test.call.Status, got, test.full)
		}
	}
}

// TestReasonWords holds that every reason has a few words, apart from all others.
func TestReasonWords(t *testing.T) {
	seen := map[string]inline.ReasonCode{}
	for _, c := range inline.ReasonCodes() {
		w := reasonWords(&inline.Reason{Code: c.Code, Op: "SELECT", Message: "something else"})
		if w == "" || strings.Contains(w, "-") || utf8.RuneCountInString(w) > 20 {
			t.Errorf("reason %s is said as %q", c.Code, w)
		}
		if seen[w] != "" {
			t.Errorf("reasons %s and %s are both said as %q", c.Code, seen[w], w)
		}
		seen[w] = c.Code
	}
}

func TestClip(t *testing.T) {
	for _, test := range []struct {
		s    string
		n    int
		want string
	}{
		{"as it is", 8, "as it is"},
		{"too long a text", 8, "too long…"},
		{"one, two", 4, "one…"},
		{"one clause; another clause", 16, "one clause…"},
		{"größer", 3, "grö…"},
		{"two\nlines\x1b", 20, "two lines\ufffd"},
		{"", 3, ""},
	} {
		if got := clip(test.s, test.n); got != test.want {
			t.Errorf("clip(%q, %d) is %q, want %q", test.s, test.n, got, test.want)
		}
	}
}

func TestLensLabels(t *testing.T) {
	instance := func(arg string, cost int) inline.FunctionInstance {
		return inline.FunctionInstance{TypeArgs: []string{arg}, Inlinable: cost <= 80, Cost: cost, Budget: 80}
	}
	calls := func(statuses ...inline.Status) (list []*inline.Call) {
		for _, s := range statuses {
			list = append(list, &inline.Call{Status: s})
		}
		return list
	}
	for _, test := range []struct {
		f     inline.Function
		calls []*inline.Call
		want  string
	}{
		{inline.Function{Known: true, Inlinable: true, Cost: 12, Budget: 80}, nil, "inlinable 12/80"},
		{
			inline.Function{Known: true, Inlinable: true, Cost: 12, Budget: 80},
			calls(inline.StatusInlined, inline.StatusNotInlined, inline.StatusEliminated, inline.StatusInlined),
			"inlinable 12/80 · inlined at 2 of 3 calls",
		},
		{
			inline.Function{Known: true, Inlinable: true, Cost: 12, Budget: 80},
			calls(inline.StatusMixed),
			"inlinable 12/80 · inlined at 0 of 1 call, at 1 for some instances",
		},
		{inline.Function{Known: true, Inlinable: true, Cost: 12, Budget: 80}, calls(inline.StatusEliminated), "inlinable 12/80"},
		{inline.Function{Known: true, Inlinable: true, Cost: 700, Budget: 2000, Hot: true}, nil, "inlinable 700/2000 · hot in the profile"},
		{
			inline.Function{Known: true, Cost: 150, Budget: 80, Reason: &inline.Reason{Code: inline.CodeTooExpensive}},
			calls(inline.StatusNotInlined), "not inlinable: 150/80 (70 over)",
		},
		{inline.Function{Known: true, Reason: &inline.Reason{Code: inline.CodeUnhandledOp, Op: "DEFER"}}, nil, "not inlinable: defer"},
		{inline.Function{Known: true}, nil, "not inlinable"},
		{inline.Function{Reason: &inline.Reason{Code: inline.CodeOther, Message: "no instance"}}, nil, "not known: no instance"},
		{inline.Function{}, nil, "not known"},
		{
			inline.Function{Known: true, Inlinable: true, Cost: 3, Budget: 80, Probe: true, Instances: []inline.FunctionInstance{instance("int", 3)}},
			nil, "inlinable 3/80 · not instantiated here, tried with [int]",
		},
		{
			inline.Function{Known: true, Inlinable: true, Cost: 3, Budget: 80, Instances: []inline.FunctionInstance{instance("int", 3), instance("string", 3)}},
			nil, "inlinable 3/80",
		},
		{
			inline.Function{Known: true, Inlinable: true, Cost: 3, Budget: 80, Instances: []inline.FunctionInstance{instance("int", 3), instance("string", 4)}},
			nil, "inlinable for all 2 instances: [int] 3/80, [string] 4/80",
		},
		{
			inline.Function{Known: true, Cost: 90, Budget: 80, Instances: []inline.FunctionInstance{instance("int", 90), instance("string", 91)}},
			nil, "not inlinable for any of 2 instances: [int] 90/80, [string] 91/80",
		},
		{
			inline.Function{Known: true, Cost: 90, Budget: 80, Instances: []inline.FunctionInstance{
				instance("A", 90), instance("B", 3), instance("C", 90), instance("D", 90), instance("E", 90), instance("F", 90),
			}},
			calls(inline.StatusInlined), "inlinable for 1 of 6 instances: [B] · inlined at 1 of 1 call",
		},
	} {
		f := fileFunction(test.f, test.calls)
		if got := lensLabel(&f); got != test.want {
			t.Errorf("lens %q, want %q", got, test.want)
		}
	}
}
