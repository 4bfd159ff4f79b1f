package compare

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// sourced makes a side of one file, with a function of a name on each line of the source
// that begins with "func".
func sourced(p *inline.Package, text string) Side {
	return Side{Name: "side", Packages: []*inline.Package{p}, Read: func(string) ([]byte, bool) { return []byte(text), true }}
}

// calling makes a package with a function F, whose calls of G have verdicts, on lines from 2.
func calling(statuses ...inline.Status) *inline.Package {
	p := keyed([]string{"example.com/p.F"})
	p.Functions[0].Pos = inline.Position{File: "/p.go", Line: 1, Col: 6}
	p.Functions[0].End = inline.Position{File: "/p.go", Line: len(statuses) + 2, Col: 2}
	p.Functions[0].Known = true
	for i, s := range statuses {
		p.Calls = append(p.Calls, inline.Call{Caller: "example.com/p.F", Callee: "q.G", Status: s, Pos: inline.Position{File: "/p.go", Line: i + 2, Col: 4}})
	}
	return p
}

// TestMatchCalls has calls of one callee that cannot be told apart by their numbers.
func TestMatchCalls(t *testing.T) {
	const in, not = inline.StatusInlined, inline.StatusNotInlined
	for _, test := range []struct {
		name          string
		before, after string // of the lines in F
		was, is       []inline.Status
		lost, gained  int
	}{
		{"nothing", "G(1)\nG(2)", "G(1)\nG(2)", []inline.Status{in, not}, []inline.Status{in, not}, 0, 0},
		{"lost", "G(1)\nG(2)", "G(1)\nG(2)", []inline.Status{in, in}, []inline.Status{in, not}, 1, 0},
		{"exchanged", "G(1)\nG(2)", "G(2)\nG(1)", []inline.Status{in, not}, []inline.Status{not, in}, 0, 0},
		{"exchanged verdicts", "G(1)\nG(2)", "G(1)\nG(2)", []inline.Status{in, not}, []inline.Status{not, in}, 1, 1},
		{"one before", "G(1)", "G(0)\nG(1)", []inline.Status{in}, []inline.Status{not, in}, 0, 0},
		{"one gone", "G(0)\nG(1)", "G(1)", []inline.Status{not, in}, []inline.Status{in}, 0, 0},
		{"one gone, and the other lost", "G(0)\nG(1)", "G(1)", []inline.Status{in, in}, []inline.Status{not}, 1, 0},
		{"edited", "G(1)\nG(2)", "G(11)\nG(22)", []inline.Status{in, in}, []inline.Status{in, not}, 1, 0},
		{"alike, one gone", "G(1)\nG(1)\nG(1)", "G(1)\nG(1)", []inline.Status{in, in, not}, []inline.Status{in, not}, 0, 0},
		{"alike, one lost", "G(1)\nG(1)\nG(1)", "G(1)\nG(1)\nG(1)", []inline.Status{in, in, not}, []inline.Status{in, not, not}, 1, 0},
		{"eliminated", "G(1)", "G(1)", []inline.Status{in}, []inline.Status{inline.StatusEliminated}, 0, 0},
		{"intrinsic lost", "G(1)", "G(1)", []inline.Status{inline.StatusIntrinsic}, []inline.Status{not}, 1, 0},
	} {
		side := func(lines string, statuses []inline.Status) Side {
			return sourced(calling(statuses...), "func F() {\n"+lines+"\n}\n")
		}
		c := Compare(side(test.before, test.was), side(test.after, test.is))
		lost, gained := 0, 0
		for _, f := range c.findings {
			switch f.Rule {
			case RuleCallNotInlined:
				lost++
			case RuleImproved:
				gained++
			}
		}
		if lost != test.lost || gained != test.gained {
			t.Errorf("%s: %d lost, %d gained, want %d, %d: %+v", test.name, lost, gained, test.lost, test.gained, c.findings)
		}
	}
}

// TestNothingCompared has sides without a function in common: that must not pass.
func TestNothingCompared(t *testing.T) {
	before, after := calling(), calling()
	after.Functions[0].Name = "example.com/p.H"
	c := Compare(Side{Packages: []*inline.Package{before}}, Side{Packages: []*inline.Package{after}})
	j, err := c.Judge("", c.Compared)
	if err != nil || j.Exit() != ExitUnjudged {
		t.Errorf("exit %d, %v: %+v", j.Exit(), err, j.Findings)
	}
	if j := Compare(Side{}, Side{}); len(j.findings) > 0 {
		t.Errorf("no packages: %+v", j.findings)
	}
}
