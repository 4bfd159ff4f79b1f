package compare

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"testing"
)

// TestRules holds that Rules has each rule that the source declares, once.
func TestRules(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "finding.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := map[Rule]int{}
	ast.Inspect(file, func(n ast.Node) bool {
		if spec, ok := n.(*ast.ValueSpec); ok {
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Rule" {
				value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				declared[Rule(value)]++
			}
		}
		return true
	})
	if len(declared) < 14 {
		t.Fatalf("the source declares %d rules only", len(declared))
	}
	for _, r := range Rules() {
		if declared[r.Rule] != 1 || r.Doc == "" {
			t.Errorf("%s: declared %d times, described as %q", r.Rule, declared[r.Rule], r.Doc)
		}
		delete(declared, r.Rule)
	}
	for rule := range declared {
		t.Errorf("Rules lacks %s", rule)
	}
}

// TestExit holds that what could not be judged counts for more than what failed.
func TestExit(t *testing.T) {
	for _, test := range []struct {
		levels []Level
		want   int
	}{
		{nil, ExitFine},
		{[]Level{LevelNote, LevelNote}, ExitFine},
		{[]Level{LevelNote, LevelFailed}, ExitFindings},
		{[]Level{LevelFailed, LevelUnjudged, LevelFailed}, ExitUnjudged},
		{[]Level{LevelUnjudged}, ExitUnjudged},
		{[]Level{99}, ExitUnjudged},
	} {
		var j Judgment
		for _, l := range test.levels {
			j.Findings = append(j.Findings, Finding{Level: l})
		}
		if got := j.Exit(); got != test.want {
			t.Errorf("%v: exit status %d, want %d", test.levels, got, test.want)
		}
	}
}
