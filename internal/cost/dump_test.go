package cost

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/remark"
)

// recorded is what go1.26.8 printed of testdata/p.go.txt, with -W=2 -m=2 -L, up to
// the end of inlining.
const recorded = "testdata/dump-go1.26.8.txt"

// nothing is known of other packages.
type nothing struct{}

func (nothing) Function(string, string, remark.TreePos, string) (Function, bool) {
	return Function{}, false
}
func (nothing) Path(string, string, remark.TreePos, string) string { return "" }
func (nothing) Intrinsic(string, string) bool                      { return false }
func (nothing) FieldAtStart(string, string) bool                   { return false }

// breakdowns takes apart what a dump has. Whatever is in it, no part of a sum may
// get lost.
func breakdowns(t testing.TB, dump []byte) (list []*Breakdown, problems int) {
	t.Helper()
	rules := Rules{Release: 26, GOARCH: "amd64", Package: "p", Name: "p"}
	collector := NewCollector(rules)
	trees := remark.NewTreeReader(rules.Release, remark.NewCollector("", []string{"p.go"}, nil), remark.TreeRequest{
		Tree:   func(tree *remark.Tree) { collector.AddTree(Count(tree, rules, nothing{})) },
		Remark: collector.AddRemark,
	})
	remark.EachLine(bytes.NewReader(dump), trees.Add)
	trees.End()
	_, problems = trees.Problems()
	list = collector.Breakdowns(nothing{})
	for _, b := range list {
		if b.Sum()+b.Unexplained != b.Cost {
			t.Errorf("%s: the parts are %d, %d is unexplained, and the cost is %d", b.Function, b.Sum(), b.Unexplained, b.Cost)
		}
		for _, p := range b.Parts {
			if p.Count < 1 || p.Pos.Line < 0 || p.Pos.Col < 0 {
				t.Errorf("%s has the part %+v", b.Function, p)
			}
		}
	}
	return list, problems
}

func byName(list []*Breakdown) map[string]*Breakdown {
	m := make(map[string]*Breakdown)
	for _, b := range list {
		m[fmt.Sprint(b.Function, b.Pos)] = b
	}
	return m
}

func readRecorded(t testing.TB) []byte {
	t.Helper()
	dump, err := os.ReadFile(recorded)
	if err != nil {
		t.Fatal(err)
	}
	return dump
}

func TestRecordedDump(t *testing.T) {
	list, problems := breakdowns(t, readRecorded(t))
	if problems > 0 {
		t.Errorf("%d problems", problems)
	}
	var got []string
	for _, b := range list {
		line := fmt.Sprintf("%s: %d, unexplained %d", b.Function, b.Cost, b.Unexplained)
		for _, bl := range b.Blockers {
			line += fmt.Sprintf(", %s at %d", bl.Op, bl.Pos.Line)
		}
		got = append(got, line)
	}
	slices.Sort(got)
	want := []string{
		"(*T).Add.deferwrap1: 76, unexplained 17", // of sync.Mutex.Unlock nothing is known here
		"(*T).Add: 221, unexplained 0, DEFER at 17",
		"(*T).Len: 4, unexplained 0",
		"check: 93, unexplained 22", // nor of fmt.Errorf
		"each: 26, unexplained 0",
		"max[go.shape.int]: 8, unexplained 0",
		"max[go.shape.string]: 8, unexplained 0",
		"max[int]: 15, unexplained 0",
		"max[string]: 15, unexplained 0",
		"sum: 11, unexplained 0",
		"use.func1: 5, unexplained 0",
		"use.gowrap1: 6, unexplained 0",
		"use: 258, unexplained 0, GO at 61, SELECT at 63",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestReorderedDump: the order of the trees does not count.
func TestReorderedDump(t *testing.T) {
	dump := readRecorded(t)
	want, _ := breakdowns(t, dump)
	trees, remarks := split(dump)
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 0))
		r.Shuffle(len(trees), func(i, j int) { trees[i], trees[j] = trees[j], trees[i] })
		got, problems := breakdowns(t, []byte(strings.Join(trees, "")+remarks))
		if diff := cmp.Diff(byName(want), byName(got)); diff != "" || problems > 0 {
			t.Fatalf("seed %d, %d problems (-want +got)\n%s", seed, problems, diff)
		}
	}
}

// split returns the trees of a dump, each with its header, and what follows them.
func split(dump []byte) (trees []string, remarks string) {
	text := string(dump)
	end := strings.Index(text, "./p.go:")
	text, remarks = text[:end], text[end:]
	for part := range strings.SplitSeq(text, "before devirtualize-and-inline ") {
		if strings.TrimSpace(part) != "" {
			trees = append(trees, "\nbefore devirtualize-and-inline "+part)
		}
	}
	return trees, remarks
}

// TestBrokenDump: of a dump that is cut off, or of which lines are gone, twice
// there, or exchanged, nothing but what it says is told, and what its trees lack is
// unexplained.
func TestBrokenDump(t *testing.T) {
	dump := readRecorded(t)
	whole, _ := breakdowns(t, dump)
	printed := byName(whole)
	check := func(what string, broken []byte) {
		t.Helper()
		list, _ := breakdowns(t, broken)
		for _, b := range list {
			if was := printed[fmt.Sprint(b.Function, b.Pos)]; was != nil && b.Printed && was.Printed && b.Cost != was.Cost {
				t.Errorf("%s: %s costs %d, and the compiler says %d", what, b.Function, b.Cost, was.Cost)
			}
		}
	}
	for end := 0; end < len(dump); end += 997 {
		check(fmt.Sprintf("cut at %d", end), dump[:end])
	}
	lines := bytes.SplitAfter(dump, []byte("\n"))
	trees := bytes.Count(dump[:bytes.Index(dump, []byte("./p.go:"))], []byte("\n"))
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		broken := slices.Clone(lines)
		i, j := r.IntN(trees), r.IntN(trees)
		switch seed % 3 {
		case 0:
			broken = slices.Delete(broken, i, min(i+1+r.IntN(10), trees))
		case 1:
			broken = slices.Insert(broken, i, broken[j])
		case 2:
			broken[i], broken[j] = broken[j], broken[i]
		}
		check(fmt.Sprintf("seed %d", seed), bytes.Join(broken, nil))
	}
}

// FuzzDump feeds dumps, and what is none.
func FuzzDump(f *testing.F) {
	trees, remarks := split(readRecorded(f))
	for _, tree := range trees {
		f.Add([]byte(tree + remarks))
	}
	f.Add([]byte("\nbefore devirtualize-and-inline f\n.   .   .   X\n.   CALLFUNC-Fun\n.   ...\n"))
	f.Fuzz(func(t *testing.T, dump []byte) { breakdowns(t, dump) })
}
