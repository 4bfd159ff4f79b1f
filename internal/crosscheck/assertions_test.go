package crosscheck

import (
	"bytes"
	"fmt"
	"go/scanner"
	"go/token"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/inlinelens/inlinelens/internal/assertion"
	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestAssertionsEverywhere asserts of every line of real packages that its calls are
// inlined, and of every function that it is inlinable and what it costs. What fails must be
// what the verdicts say that is not so.
func TestAssertionsEverywhere(t *testing.T) {
	patterns := prove.Or([]string{"strconv", "text/tabwriter"}, portion)
	e, err := engine.New(engine.Options{CacheDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	check := func(overlay map[string][]byte) *compare.Asserted {
		in, err := e.Check(t.Context(), load.Config{Dir: t.TempDir(), Overlay: overlay}, patterns)
		if err != nil {
			t.Fatal(err)
		}
		if j := compare.JudgePackages(in.Packages); len(j.Findings) > 0 {
			t.Fatalf("%+v", j.Findings)
		}
		return in
	}
	before := check(nil)
	t.Run("lines", func(t *testing.T) {
		overlay := make(map[string][]byte)
		asserted := make(map[inline.Position]bool) // lines
		for _, p := range before.Packages {
			for file := range filesOf(p) {
				if overlay[file] == nil {
					overlay[file] = assertLines(t, file, asserted)
				}
			}
		}
		in := check(overlay)
		got := make(map[string]int)
		j := compare.JudgeAssertions(in)
		for _, f := range j.Findings {
			if f.Rule == compare.RuleUnmatched {
				f.Pos.Col = 0
			}
			if f.Level != compare.LevelNote {
				got[fmt.Sprint(f.Pos, f.Rule)]++
			}
		}
		want := make(map[string]int)
		static := make(map[inline.Position]bool) // lines
		for _, p := range before.Packages {
			for i := range p.Calls {
				c := &p.Calls[i]
				line := inline.Position{File: c.Pos.File, Line: c.Pos.Line}
				if !asserted[line] || c.Status == inline.StatusDynamic {
					continue
				}
				static[line] = true
				for _, rule := range failures(c) {
					want[fmt.Sprint(c.Pos, rule)]++
				}
			}
		}
		for line := range asserted {
			if !static[line] {
				want[fmt.Sprint(line, compare.RuleUnmatched)]++
			}
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("(-judged +by verdicts)\n%s", diff)
		}
		if len(want) < 100 || j.Counts.Assertions != len(asserted) {
			t.Errorf("there are %d failures, %d assertions were found of %d", len(want), j.Counts.Assertions, len(asserted))
		}
		t.Logf("%d lines, %d failures", len(asserted), len(want))
	})
	t.Run("functions", func(t *testing.T) {
		var text strings.Builder
		var want []string
		functions := 0
		for _, p := range before.Packages {
			keys := compare.KeysOf(p)
			for i := range p.Functions {
				f := &p.Functions[i]
				if keys.IsLiteral(f) || strings.HasSuffix(f.Name, "._") {
					continue
				}
				functions++
				fmt.Fprintf(&text, "inlinable %s\n", f.Name)
				if len(f.Instances) > 0 {
					continue
				}
				switch {
				case !f.Known:
					want = append(want, fmt.Sprint(f.Pos, compare.RuleUnknown))
				case !f.Inlinable:
					want = append(want, fmt.Sprint(f.Pos, compare.RuleNotInlinable))
				}
				if f.Cost > 1 {
					fmt.Fprintf(&text, "cost<=%d %s\ncost<=%d %s\n", f.Cost, f.Name, f.Cost-1, f.Name)
					want = append(want, fmt.Sprint(f.Pos, compare.RuleCost))
				}
			}
		}
		in := *before
		in.List = assertion.ParseFile("/m/.inlinelens", []byte(text.String()), "m")
		if len(in.List.Errors) > 0 {
			t.Fatal(in.List.Errors[0])
		}
		var got []string
		for _, f := range compare.JudgeAssertions(&in).Findings {
			if f.Rule == compare.RuleUnmatched {
				t.Errorf("%s: %s", f.Subject, f.Is)
			}
			if !strings.HasPrefix(f.Subject.Where, "in instance") && !strings.HasPrefix(f.Subject.Where, "tried as") && !generic(in.Packages, f.Pos) {
				got = append(got, fmt.Sprint(f.Pos, f.Rule))
			}
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(got, slices.Compact(want)); diff != "" {
			t.Errorf("(-judged +by verdicts)\n%s", diff)
		}
		t.Logf("%d functions, %d failures", functions, len(want))
	})
}

// failures are the rules of the findings on a call that is to be inlined.
func failures(c *inline.Call) (rules []compare.Rule) {
	one := func(s inline.Status) {
		switch s {
		case inline.StatusInlined, inline.StatusIntrinsic:
		case inline.StatusEliminated:
			rules = append(rules, compare.RuleEliminated)
		case inline.StatusNotInlined, inline.StatusDynamic:
			rules = append(rules, compare.RuleCallNotInlined)
		default:
			rules = append(rules, compare.RuleUnknown)
		}
	}
	if c.Status != inline.StatusMixed {
		one(c.Status)
		return rules
	}
	for i := range c.Instances {
		one(c.Instances[i].Status)
	}
	return rules
}

func generic(packages []*inline.Package, pos inline.Position) bool {
	return slices.ContainsFunc(packages, func(p *inline.Package) bool {
		return slices.ContainsFunc(p.Functions, func(f inline.Function) bool { return f.Pos == pos && len(f.Instances) > 0 })
	})
}

func filesOf(p *inline.Package) map[string]bool {
	files := make(map[string]bool)
	for i := range p.Functions {
		files[p.Functions[i].Pos.File] = true
	}
	for i := range p.Calls {
		files[p.Calls[i].Pos.File] = true
	}
	return files
}

// assertLines appends a directive to each line of code of a file whose end is not in a
// string or a comment, and adds the lines to asserted.
func assertLines(t *testing.T, file string, asserted map[inline.Position]bool) []byte {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	fset := token.NewFileSet()
	tokens := fset.AddFile(file, -1, len(text))
	var s scanner.Scanner
	s.Init(tokens, text, nil, scanner.ScanComments)
	code, within := make(map[int]bool), make(map[int]bool)
	for {
		pos, tok, literal := s.Scan()
		if tok == token.EOF {
			break
		}
		line := tokens.Position(pos).Line
		if tok == token.SEMICOLON && literal == "\n" {
			continue
		}
		if tok != token.COMMENT {
			code[line] = true
		} else if strings.HasPrefix(literal, "//") {
			within[line] = true
		}
		for n := range strings.Count(literal, "\n") {
			within[line+n] = true
		}
	}
	var out bytes.Buffer
	n := 0
	for line := range bytes.Lines(text) {
		n++
		line = bytes.TrimRight(line, "\r\n")
		out.Write(line)
		if code[n] && !within[n] {
			out.WriteString(" //inlinelens:inlined")
			asserted[inline.Position{File: file, Line: n}] = true
		}
		out.WriteByte('\n')
	}
	return out.Bytes()
}
