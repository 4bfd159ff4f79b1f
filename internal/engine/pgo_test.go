package engine

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/pprof/profile"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

const hotProgram = `package main

type shape interface{ area(int) int }

type square struct{}

func (square) area(n int) int { return n * n }

//go:noinline
func keep(n int) {}

func costly(n int) int {
	keep(n)
	keep(n + 1)
	return n
}

func loop(s shape) (sum int) {
	for i := range 1000 {
		sum += costly(i) // hot
		sum += s.area(i) // likely
	}
	sum += costly(3) // cold
	return sum
}

func main() { loop(square{}) }
`

// hotProfile is a CPU profile in which the marked calls of hotProgram are hot.
func hotProfile(t *testing.T) []byte {
	t.Helper()
	line := func(mark string) int64 {
		before, _, ok := strings.Cut(hotProgram, mark)
		if !ok {
			t.Fatalf("no %q in the program", mark)
		}
		return int64(strings.Count(before, "\n") + 1)
	}
	fn := func(id uint64, name, mark string) *profile.Function {
		return &profile.Function{ID: id, Name: name, SystemName: name, Filename: "main.go", StartLine: line(mark)}
	}
	loop := fn(1, "main.loop", "func loop")
	costly := fn(2, "main.costly", "func costly")
	area := fn(3, "main.square.area", "func (square) area")
	at := func(id uint64, f *profile.Function, line int64) *profile.Location {
		return &profile.Location{ID: id, Address: id, Line: []profile.Line{{Function: f, Line: line}}}
	}
	inCostly, inArea := at(1, costly, costly.StartLine+1), at(2, area, area.StartLine)
	callCostly, callArea := at(3, loop, line("// hot")), at(4, loop, line("// likely"))
	p := &profile.Profile{
		SampleType: []*profile.ValueType{{Type: "samples", Unit: "count"}, {Type: "cpu", Unit: "nanoseconds"}},
		PeriodType: &profile.ValueType{Type: "cpu", Unit: "nanoseconds"},
		Period:     1,
		Function:   []*profile.Function{loop, costly, area},
		Location:   []*profile.Location{inCostly, inArea, callCostly, callArea},
		Sample: []*profile.Sample{
			{Location: []*profile.Location{inCostly, callCostly}, Value: []int64{500, 500}},
			{Location: []*profile.Location{inArea, callArea}, Value: []int64{500, 500}},
		},
	}
	var buf bytes.Buffer
	if err := p.Write(&buf); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// A profile makes a call hot, with a larger budget, and not another call of the
// same function; and it puts a test for the likely callee before a dynamic call.
func TestProfile(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string][]byte{
		"go.mod":      []byte("module p\n\ngo 1.22\n"),
		"main.go":     []byte(hotProgram),
		"default.pgo": hotProfile(t),
	} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	calls := func(flags ...string) map[string]inline.Call {
		found := make(map[string]inline.Call)
		lines := strings.Split(hotProgram, "\n")
		for _, p := range run(t, load.Config{Dir: dir, BuildFlags: flags}, ".") {
			for _, e := range p.Errors {
				t.Fatalf("%v: %s", e.Pos, e.Message)
			}
			for _, c := range p.Calls {
				if _, mark, ok := strings.Cut(lines[c.Pos.Line-1], "// "); ok {
					found[mark] = c
				}
			}
		}
		return found
	}

	with := calls()
	if c := with["hot"]; c.Status != inline.StatusInlined || !c.Hot || c.Budget != hotBudgetOfGo || c.Cost <= 80 {
		t.Errorf("the hot call: %+v", c)
	}
	if c := with["cold"]; c.Status != inline.StatusNotInlined || c.Reason.Code != inline.CodeTooExpensive || c.Hot {
		t.Errorf("the cold call: %+v, %+v", c, c.Reason)
	}
	if c := with["likely"]; c.Status != inline.StatusInlined || c.Reason == nil || c.Reason.Code != inline.CodeInterfaceMethod {
		t.Errorf("the call with a likely callee: %+v, %+v", c, c.Reason)
	}

	without := calls("-pgo=off")
	if c := without["hot"]; c.Status != inline.StatusNotInlined || c.Reason.Code != inline.CodeTooExpensive {
		t.Errorf("the hot call without the profile: %+v, %+v", c, c.Reason)
	}
	if c := without["likely"]; c.Status != inline.StatusDynamic {
		t.Errorf("the call with a likely callee without the profile: %+v, %+v", c, c.Reason)
	}
}

// hotBudgetOfGo is the budget of hot calls in all releases that are supported.
const hotBudgetOfGo = 2000
