package docs

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/testprogram"
	"github.com/inlinelens/inlinelens/internal/words"
)

var update = flag.Bool("update", false, "write the generated pages")

// upToDate holds that a generated file has the text that it should have; with -update
// it is written.
func upToDate(t *testing.T, name, want string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(got), want); diff != "" {
		t.Errorf("%s is stale: go test ./internal/docs -update (-is +should be)\n%s", name, diff)
	}
}

func TestVerdictsPage(t *testing.T) {
	const name = "../../docs/verdicts.md"
	want := verdictsPage()
	upToDate(t, name, want)
}

// TestVerdictsComplete holds that every word of the program has its entry.
func TestVerdictsComplete(t *testing.T) {
	shown := map[string]bool{}
	for _, v := range examples() {
		for _, e := range v.expected() {
			shown[e.status] = true
		}
	}
	for _, s := range inline.Statuses() {
		if statusDocs[s] == "" {
			t.Errorf("status %s is not explained", s)
		}
		if !shown[s.String()] && s != inline.StatusUnknown {
			t.Errorf("no example shows status %s", s)
		}
	}
	for _, c := range inline.ReasonCodes() {
		v := reasonExamples[c.Code]
		if v.advice == "" && words.Advice(c.Code) == "" {
			t.Errorf("reason %s has no advice", c.Code)
		}
		found := slices.ContainsFunc(v.expected(), func(e expectation) bool { return e.reason == string(c.Code) })
		if !found && c.Code != inline.CodeOther {
			t.Errorf("the example of reason %s does not show it", c.Code)
		}
	}
}

// TestExamples compiles each example and compares.
func TestExamples(t *testing.T) {
	program, cache := testprogram.Path(t), filepath.Join(t.TempDir(), "cache")
	for name, v := range examples() {
		if v.source == "" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for file, text := range map[string]string{"go.mod": "module example.com/p\n\ngo 1.26\n", "p.go": v.expand()} {
				if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			cmd := exec.Command(program, slices.Concat([]string{"report", "-format", "json"}, v.flags, []string{"."})...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "INLINELENS_CACHE="+cache, "PWD="+dir)
			var stderr strings.Builder
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, stderr.String())
			}
			for _, e := range v.expected() {
				if got := verdictsAt(t, out, e.line); !slices.Contains(got, e) {
					t.Errorf("line %d: got %+v, want %+v", e.line, got, e)
				}
			}
		})
	}
}

func examples() map[string]verdict {
	all := map[string]verdict{}
	for s, v := range statusExamples {
		all[s.String()] = v
	}
	for c, v := range reasonExamples {
		all[string(c)] = v
	}
	return all
}

// An expectation is what a comment in an example says of its line.
type expectation struct {
	line           int
	status, reason string
}

func (v verdict) expected() []expectation {
	var list []expectation
	line := 0
	for text := range strings.Lines(v.expand()) {
		line++
		_, comment, ok := strings.Cut(text, "// ")
		if !ok {
			continue
		}
		for verdict := range strings.SplitSeq(strings.TrimSpace(comment), "; inside it, ") {
			status, reason, _ := strings.Cut(verdict, ": ")
			if _, err := inline.ParseStatus(status); err == nil {
				list = append(list, expectation{line, status, reason})
			}
		}
	}
	return list
}

// A call is what a JSON report says of a call, or of one in an inlined body.
type call struct {
	Kind   string `json:"kind"`
	Line   int    `json:"line"`
	Status string `json:"status"`
	Reason struct {
		Code string `json:"code"`
	} `json:"reason"`
	Inlines []call `json:"inlines"`
}

// verdictsAt reads the calls on a line out of a JSON report, with those in the
// bodies that were inlined there.
func verdictsAt(t *testing.T, report []byte, line int) []expectation {
	t.Helper()
	var list []expectation
	var add func(calls []call)
	add = func(calls []call) {
		for _, c := range calls {
			list = append(list, expectation{line, c.Status, c.Reason.Code})
			add(c.Inlines)
		}
	}
	for text := range strings.Lines(string(report)) {
		var c call
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if c.Kind == "call" && c.Line == line {
			add([]call{c})
		}
	}
	return list
}
