package report

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
)

func shopPlace(name string, line, col int) inline.Position {
	return inline.Position{File: filepath.Join(fixtureDir, name), Line: line, Col: col}
}

// judgedShop is a judgment with findings of all kinds.
func judgedShop() *compare.Judgment {
	expensive := func(at inline.Position) *inline.Reason {
		return &inline.Reason{Code: inline.CodeTooExpensive, Message: "cost 83 exceeds budget 80", At: at}
	}
	mend := "move lines 14 to 19 of price.Round into a function of their own (compiled: price.Round costs 61)"
	j := &compare.Judgment{
		Counts: compare.Counts{Packages: 10, Functions: 1301, Calls: 8120, Assertions: 14, Held: 8, Recorded: 120},
		Causes: []compare.Cause{
			{
				Kind: compare.CauseDirective, Text: "shop.limit has //go:noinline now", Key: "directive shop.limit",
				Pos: shopPlace("limit.go", 7, 1),
			},
			{
				Kind: compare.CauseCost, Key: "cost price.Round",
				Text:  "price.Round costs 83 instead of 78: +5 in line 12, return append(b, x)",
				Pos:   shopPlace("price/round.go", 12, 9),
				Steps: []compare.Place{{Pos: shopPlace("price/price.go", 40, 18), Text: "price.Total calls it, and costs 91 instead of 86"}},
			},
		},
	}
	lost := func(file string, line, col, cause int, subject string) {
		j.Findings = append(j.Findings, compare.Finding{
			Rule: compare.RuleCallNotInlined, Key: "call " + subject, Pos: shopPlace(file, line, col), Subject: subjectOf(subject),
			Was: "inlined", Is: "not inlined: cost 83 exceeds budget 80", Reason: expensive(shopPlace("price/round.go", 9, 6)),
			Cause: cause, Mend: mend,
		})
	}
	lost("cart.go", 30, 14, 2, "shop.(*Cart).Total -> price.Round")
	lost("cart.go", 31, 14, 2, "shop.(*Cart).Total -> price.Round")
	lost("order/order.go", 118, 21, 2, "example.com/shop/order.Sum[example.com/shop/order.Key] -> example.com/shop/price.(*Table).Round")
	j.Findings = append(j.Findings, compare.Finding{
		Rule: compare.RuleCallNotInlined, Key: "call shop.(*Cart).Add -> shop.limit", Pos: shopPlace("cart.go", 44, 7),
		End:     shopPlace("cart.go", 44, 12),
		Subject: subjectOf("shop.(*Cart).Add -> shop.limit"), Was: "inlined", Is: "not inlined: marked go:noinline", Cause: 1,
		Promise: &compare.Place{Pos: shopPlace("cart.go", 43, 2), Text: "asserted here: inlined"},
		Builds:  []string{"linux/arm64"},
	}, compare.Finding{
		Rule: compare.RuleCost, Key: "cost shop.parse", Pos: shopPlace("parse.go", 9, 6), Subject: subjectOf("shop.parse"),
		Was: "cost <= 60", Is: "cost 74", Promise: &compare.Place{Pos: shopPlace(".inlinelens", 3, 1), Text: "cost<=60 shop.parse"},
	}, compare.Finding{
		Rule: compare.RuleUnmatched, Level: compare.LevelUnjudged, Key: "unmatched shop.Old", Pos: shopPlace(".inlinelens", 4, 1),
		Subject: compare.Subject{Text: "inlinable shop.Old"}, Is: "no function has this name; did you mean shop.Odd?",
	}, compare.Finding{
		Rule: compare.RulePackage, Level: compare.LevelUnjudged, Key: "package shop/broken", Pos: shopPlace("broken/b.go", 3, 2),
		Subject: compare.Subject{Text: "shop/broken"}, Is: "undefined: x\nundefined: y",
	}, compare.Finding{
		Rule: compare.RuleBaseline, Level: compare.LevelUnjudged, Key: "baseline toolchain",
		Subject: compare.Subject{Text: ".inlinelens.baseline"}, Is: "was made with go1.26.8, and this is go1.27.4; write it again, or say -toolchain",
	})
	for i := range 14 {
		name := fmt.Sprintf("shop.fast%d", i)
		j.Findings = append(j.Findings, compare.Finding{
			Rule: compare.RuleImproved, Level: compare.LevelNote, Key: name, Pos: shopPlace("fast.go", 10+i, 6), Subject: subjectOf(name),
			Was: "not inlinable: cost 81 exceeds budget 80", Is: "inlinable, cost 80",
		})
	}
	return j
}

var checkOptions = JudgmentOptions{Command: "check ./...", Version: "v1.2.3", Dir: fixtureDir, Top: 10}

func judge(t *testing.T, format string, o JudgmentOptions, j *compare.Judgment) string {
	t.Helper()
	var b bytes.Buffer
	if err := WriteJudgment(format, &b, o, j); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJudgmentGolden(t *testing.T) {
	for _, format := range JudgmentFormats() {
		golden(t, "judgment."+format, judge(t, format, checkOptions, judgedShop()))
	}
	few := checkOptions
	few.Top, few.Color = 2, true
	golden(t, "judgment.top2.text", judge(t, "text", few, judgedShop()))
}

// TestJudgmentEmpty holds that nothing found is told from nothing seen.
func TestJudgmentEmpty(t *testing.T) {
	j := &compare.Judgment{Counts: compare.Counts{Packages: 3, Functions: 20, Calls: 100, Assertions: 1, Held: 1}}
	want := "ok: no findings\nJudged: 3 packages, 20 functions, 100 calls; 1 assertion, all of which hold\n"
	if got := judge(t, "text", checkOptions, j); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestJudgmentOrder holds that what is worst is seen first, whatever the order of the
// findings, and that nothing is left out without a word.
func TestJudgmentOrder(t *testing.T) {
	got := judge(t, "text", checkOptions, judgedShop())
	at := -1
	for _, want := range []string{
		"price.Round costs 83", "shop.limit has //go:noinline", "1 function costs more than is allowed",
		"1 assertion matches nothing", "14 results are better", "and 4 more; -top 0 shows all", "FAIL: 5 findings, 3 not judged, 14 notes\n",
	} {
		next := strings.Index(got, want)
		if next <= at {
			t.Errorf("%q is at %d, and what comes before it at %d:\n%s", want, next, at, got)
		}
		at = next
	}
	few := checkOptions
	few.Top = 2
	got = judge(t, "text", few, judgedShop())
	if want := "and 5 more groups with 18 findings; -top 0 shows all\n"; !strings.Contains(got, want) {
		t.Errorf("without %q:\n%s", want, got)
	}
	few.Top = 0
	if got = judge(t, "text", few, judgedShop()); strings.Count(got, "shop.fast") != 14 {
		t.Errorf("-top 0 does not show all:\n%s", got)
	}
}

func TestJudgmentUnknownFormat(t *testing.T) {
	err := WriteJudgment("xml", &bytes.Buffer{}, checkOptions, &compare.Judgment{})
	if err == nil || !strings.Contains(err.Error(), "want one of text, json") {
		t.Error(err)
	}
}

// TestJudgmentTitles holds that findings of every rule have a headline.
func TestJudgmentTitles(t *testing.T) {
	for _, r := range compare.Rules() {
		if ruleTitles[r.Rule] == [2]string{} {
			t.Errorf("%s has no headline", r.Rule)
		}
	}
}

// subjectOf is a function, or a call written "p.F -> q.G".
func subjectOf(text string) compare.Subject {
	caller, callee, call := strings.Cut(text, " -> ")
	return compare.Subject{Function: caller, Call: call, Callee: callee}
}
