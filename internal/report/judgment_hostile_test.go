package report

import (
	"encoding/xml"
	"fmt"
	goast "go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/xeipuuv/gojsonschema"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/prove"
	"github.com/inlinelens/inlinelens/internal/words"
)

// hostile are pieces of names and of compiler output that mean something to a reader.
var hostile = []string{
	"\x1b[31m", "\n::error file=x::injected", "\r\n", "##[error]injected", "::stop-commands::x", "%0A::error::injected", "%",
	"`", "```", "|", "**", "__", "<script>alert(1)</script>", "</details>", "<!--", "-->", "@everyone", "#12", "owner/repo#1",
	"!5", "[a](https://example.com)", "![i](https://example.com/i.png)", "](1)", "https://example.com", "www.example.com", "&lt;", "]]>", "\x00", "\xff\xfe",
	"\u202e", "\u2028", "\\", "\"", "'", "$x$", "~y", "é", "世", "😀", ",", ":", ";", " ", "\t", "- ", "1. ", "    ", "C:\\x",
}

func hostileText(r *rand.Rand) string {
	var b strings.Builder
	for range 1 + r.IntN(6) {
		b.WriteString(hostile[r.IntN(len(hostile))])
		if r.IntN(2) == 0 {
			b.WriteString("name")
		}
	}
	if r.IntN(20) == 0 {
		b.WriteString(strings.Repeat("x", 10_000))
	}
	return b.String()
}

// hostileJudgment makes a judgment whose texts are all hostile.
func hostileJudgment(r *rand.Rand) *compare.Judgment {
	place := func() inline.Position {
		switch r.IntN(5) {
		case 0:
			return inline.Position{}
		case 1:
			return inline.Position{File: "/elsewhere/" + hostileText(r), Line: r.IntN(50)}
		}
		return inline.Position{File: filepath.Join(fixtureDir, strings.ReplaceAll(hostileText(r), "..", "")), Line: r.IntN(50), Col: r.IntN(30)}
	}
	j := &compare.Judgment{Builds: []string{hostileText(r), hostileText(r)}}
	for range r.IntN(4) {
		j.Causes = append(j.Causes, compare.Cause{
			Kind: compare.CauseOther, Text: hostileText(r), Key: hostileText(r), Pos: place(), Steps: []compare.Place{{Pos: place(), Text: hostileText(r)}},
		})
	}
	rules := compare.Rules()
	for range r.IntN(60) {
		f := compare.Finding{
			Rule: rules[r.IntN(len(rules))].Rule, Level: compare.Level(r.IntN(3)), Key: hostileText(r), Pos: place(),
			Subject: compare.Subject{Function: hostileText(r), Call: true, Callee: hostileText(r), Where: hostileText(r)}, Was: hostileText(r), Is: hostileText(r), Cause: r.IntN(len(j.Causes) + 1), Mend: hostileText(r),
		}
		if r.IntN(2) == 0 {
			f.Promise = &compare.Place{Pos: place(), Text: hostileText(r)}
			f.Reason = &inline.Reason{Code: inline.CodeOther, Message: hostileText(r), At: place()}
			f.Builds = j.Builds[:1]
		}
		j.Findings = append(j.Findings, f)
	}
	return j
}

// TestJudgmentHostile writes judgments full of text that would steer what reads it, and
// holds for each format what its reader relies on.
func TestJudgmentHostile(t *testing.T) {
	schema := sarifSchemaOf(t)
	checks := map[string]func(t *testing.T, j *compare.Judgment, out string){
		"text":     checkText,
		"json":     checkJSON,
		"markdown": checkMarkdown,
		"github":   checkGitHub,
		"junit":    checkJUnit,
		"sarif":    func(t *testing.T, j *compare.Judgment, out string) { checkSARIF(t, schema, j, out) },
	}
	for _, format := range JudgmentFormats() {
		t.Run(format, func(t *testing.T) {
			check := checks[format]
			for seed := range prove.Or(uint64(40), 3000) {
				r := rand.New(rand.NewPCG(seed, 1))
				j := hostileJudgment(r)
				o := JudgmentOptions{Command: "check " + hostileText(r), Dir: fixtureDir, Top: r.IntN(20)}
				if r.IntN(2) == 0 {
					o.Link = "https://example.org/o/r/blob/abc/"
				}
				check(t, j, judge(t, format, o, j))
				if t.Failed() {
					t.Fatalf("seed %d", seed)
				}
			}
		})
	}
}

func checkText(t *testing.T, _ *compare.Judgment, out string) {
	t.Helper()
	for _, r := range strings.ReplaceAll(out, "\n", "") {
		if words.Hidden(r) {
			t.Errorf("%q gets to the terminal", r)
		}
	}
}

func checkJSON(t *testing.T, j *compare.Judgment, out string) {
	t.Helper()
	lines := strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	if len(lines) != 1+len(j.Causes)+len(j.Findings) {
		t.Errorf("%d lines for %d causes and %d findings", len(lines), len(j.Causes), len(j.Findings))
	}
	for _, line := range lines {
		var object struct {
			Kind string `json:"kind"`
		}
		if err := json.Unmarshal([]byte(line), &object); err != nil || object.Kind == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
}

// checkMarkdown parses the text as GitHub does, and holds that it has no link and no
// markup but those that the printer makes.
func checkMarkdown(t *testing.T, _ *compare.Judgment, out string) {
	t.Helper()
	if len(out) > 65_536 || !utf8.ValidString(out) {
		t.Errorf("%d bytes, valid: %t", len(out), utf8.ValidString(out))
	}
	source := []byte(out)
	doc := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser().Parse(text.NewReader(source))
	err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Document, *ast.Paragraph, *ast.TextBlock, *ast.List, *ast.ListItem, *ast.Heading:
		case *ast.CodeSpan:
			return ast.WalkSkipChildren, nil
		case *ast.Text:
			plain := string(n.Value(source))
			if mentions.MatchString(plain) {
				t.Errorf("%q is read as a mention or an address", plain)
			}
		case *ast.Emphasis:
			if n.Level != 2 {
				t.Error("text is emphasized")
			}
		case *ast.Link:
			if !strings.HasPrefix(string(n.Destination), "https://example.org/o/r/blob/abc/") {
				t.Errorf("a link to %s", n.Destination)
			}
		case *ast.HTMLBlock:
			raw := string(n.Lines().Value(source))
			if !ourHTML.MatchString(raw) {
				t.Errorf("HTML that is not ours: %q", raw)
			}
		default:
			t.Errorf("%v is in the text: %q", n.Kind(), out)
		}
		return ast.WalkContinue, nil
	})
	if err != nil {
		t.Error(err)
	}
}

var (
	mentions = regexp.MustCompile(`@\w|#\d|!\d|\$\w|~\w|https?://|www\.`)
	ourHTML  = regexp.MustCompile(`^(<!-- inlinelens -->\s*|<details><summary>[a-z0-9, ]+</summary>\s*|</details>\s*)$`)
)

// checkGitHub reads workflow commands as the runner does.
func checkGitHub(t *testing.T, j *compare.Judgment, out string) {
	t.Helper()
	count := map[string]int{}
	for line := range strings.Lines(out) {
		m := workflowCommand.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			t.Errorf("not a command: %q", line)
			continue
		}
		count[m[1]]++
		for property := range strings.SplitSeq(m[2], ",") {
			name, value, ok := strings.Cut(property, "=")
			if !ok || name != "file" && name != "line" && name != "col" && name != "endColumn" && name != "title" {
				t.Errorf("a property %q in %q", property, line)
			}
			if name == "file" && filepath.IsAbs(value) {
				t.Errorf("GitHub does not find %q", value)
			}
		}
		for _, r := range m[2] + m[3] {
			if words.Hidden(r) {
				t.Errorf("%q in %q", r, line)
			}
		}
	}
	if count["error"] > 10 || count["warning"] > 10 || count["notice"] != 1 {
		t.Errorf("annotations that GitHub drops: %v", count)
	}
	failed, unjudged, _ := j.Counted()
	if (failed > 0) != (count["error"] > 0) || unjudged > 0 && count["error"]+count["warning"] == 0 {
		t.Errorf("%d failed and %d not judged are annotated as %v", failed, unjudged, count)
	}
}

var workflowCommand = regexp.MustCompile(`^::(error|warning|notice) ([^:\r\n]*)::([^\r\n]*)$`)

func checkJUnit(t *testing.T, j *compare.Judgment, out string) {
	t.Helper()
	var suites junitSuites
	if err := xml.Unmarshal([]byte(out), &suites); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	failed, unjudged, _ := j.Counted()
	failures, errors := 0, 0
	names := map[string]bool{}
	for _, c := range suites.Suites[0].Cases {
		if c.Failure != nil {
			failures++
		}
		if c.Error != nil {
			errors++
		}
		if id := c.Classname + "." + c.Name; names[id] || c.Name == "" {
			t.Errorf("two cases are %q", id)
		} else {
			names[id] = true
		}
	}
	if failures != failed || errors != unjudged || suites.Failures != failed || suites.Errors != unjudged {
		t.Errorf("%d and %d for %d that failed and %d that could not be judged", failures, errors, failed, unjudged)
	}
}

// sarifSchemaOf returns the published schema of SARIF 2.1.0, which the library has as a
// constant of its own.
func sarifSchemaOf(t *testing.T) *gojsonschema.Schema {
	t.Helper()
	dir, err := exec.Command("go", "list", "-f", "{{.Dir}}", "github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif").Output()
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(strings.TrimSpace(string(dir)), "schema.go"), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	source := ""
	goast.Inspect(file, func(n goast.Node) bool {
		if lit, ok := n.(*goast.BasicLit); ok && source == "" {
			if source, err = strconv.Unquote(lit.Value); err != nil {
				t.Fatal(err)
			}
		}
		return true
	})
	if !strings.Contains(source, `"id": "`+sarifSchema+`"`) {
		t.Fatalf("the library has another schema than %s", sarifSchema)
	}
	schema, err := gojsonschema.NewSchema(gojsonschema.NewStringLoader(source))
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func checkSARIF(t *testing.T, schema *gojsonschema.Schema, j *compare.Judgment, out string) {
	t.Helper()
	result, err := schema.Validate(gojsonschema.NewStringLoader(out))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, e := range result.Errors() {
		t.Error(e)
	}
	var log struct {
		Runs []struct {
			Results []struct {
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string } `json:"artifactLocation"`
					} `json:"physicalLocation"`
				}
				PartialFingerprints map[string]string `json:"partialFingerprints"`
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &log, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		if len(r.Locations) != 1 || len(r.PartialFingerprints) != 1 {
			t.Fatalf("%+v", r)
		}
		at := r.Locations[0].PhysicalLocation.ArtifactLocation
		u, err := url.Parse(at.URI)
		if err != nil || u.IsAbs() == (at.URIBaseID == "%SRCROOT%") || strings.HasPrefix(u.Path, "..") || !u.IsAbs() && filepath.IsAbs(u.Path) {
			t.Errorf("%v: %+v", err, at)
		}
		key := r.PartialFingerprints[sarifKey]
		if key == "" || seen[key] {
			t.Errorf("the fingerprint %q is there twice", key)
		}
		seen[key] = true
	}
	if len(log.Runs[0].Results) != len(j.Findings) {
		t.Errorf("%d results for %d findings", len(log.Runs[0].Results), len(j.Findings))
	}
}

// TestJudgmentSARIF holds that the golden file is what the published schema asks for, and
// that a mistake in it is seen.
func TestJudgmentSARIF(t *testing.T) {
	schema := sarifSchemaOf(t)
	out := judge(t, "sarif", checkOptions, judgedShop())
	checkSARIF(t, schema, judgedShop(), out)
	checkSARIF(t, schema, &compare.Judgment{}, judge(t, "sarif", JudgmentOptions{}, &compare.Judgment{}))
	spoiled := strings.Replace(out, `"startLine": 30`, `"startLine": 0`, 1)
	result, err := schema.Validate(gojsonschema.NewStringLoader(spoiled))
	if err != nil || result.Valid() {
		t.Errorf("a line 0 is not seen: %v", err)
	}
}

// TestJudgmentLimits holds that no format grows beyond what its reader takes, and that
// each says how much it left out.
func TestJudgmentLimits(t *testing.T) {
	j := &compare.Judgment{}
	for i := range 30_000 {
		cause := 0
		if i < 3000 {
			cause = i%100 + 1
		}
		j.Findings = append(j.Findings, compare.Finding{
			Rule: compare.RuleCallNotInlined, Key: fmt.Sprint(i), Pos: shopPlace(fmt.Sprintf("f%d.go", i), 1+i%50, 1),
			Subject: subjectOf(fmt.Sprintf("shop.F%d -> shop.G", i)), Was: "inlined", Is: "not inlined", Cause: cause,
		})
	}
	for i := range 100 {
		j.Causes = append(j.Causes, compare.Cause{Text: fmt.Sprintf("shop.G%d %s", i, strings.Repeat("costs more ", 500)), Pos: shopPlace("g.go", i+1, 1)})
	}
	all := checkOptions
	all.Top = 0
	comment := judge(t, "markdown", all, j)
	if len(comment) > 65_536 || len(comment) < 40_000 || !strings.Contains(comment, "more groups with") {
		t.Errorf("%d bytes:\n%s", len(comment), comment[len(comment)-300:])
	}
	annotations := judge(t, "github", all, j)
	if !strings.Contains(annotations, "29,700 findings without an annotation") {
		t.Error(annotations)
	}
	log := judge(t, "sarif", all, j)
	if n := strings.Count(log, `"ruleId"`); n != sarifResults || !strings.Contains(log, "5,000 more findings left out") {
		t.Errorf("%d results", n)
	}
}

// TestJudgmentColumns holds that columns are counted as the readers of a format count.
func TestJudgmentColumns(t *testing.T) {
	line := "\tx := \"é世😀\" + f(1)\n"
	pos := shopPlace("wide.go", 3, strings.Index(line, "(")+1)
	j := &compare.Judgment{Findings: []compare.Finding{
		{Rule: compare.RuleUnknown, Pos: pos, Subject: subjectOf("f")},
		{Rule: compare.RuleUnknown, Pos: shopPlace("gone.go", 3, 7), Subject: subjectOf("f")},
		{Rule: compare.RuleUnknown, Pos: shopPlace("wide.go", 300, 7), Subject: subjectOf("f")},
	}}
	o := checkOptions
	o.ReadFile = func(name string) ([]byte, error) {
		if filepath.Base(name) != "wide.go" {
			return nil, fmt.Errorf("no such file")
		}
		return []byte("package p\n\n" + line), nil
	}
	want := 1 + len("\tx := \"") + 1 + 1 + 2 + len("\" + f")
	out := judge(t, "sarif", o, j)
	if !strings.Contains(out, fmt.Sprintf(`"startColumn": %d`, want)) || strings.Count(out, "startColumn") != 1 {
		t.Errorf("want one column, %d: %s", want, out)
	}
	out = judge(t, "github", o, j)
	if !strings.Contains(out, fmt.Sprintf(",line=3,col=%d,", want)) || strings.Count(out, "col=") != 1 {
		t.Errorf("want one column, %d: %s", want, out)
	}
}

// TestJudgmentLinks holds that the places of a comment lead to the repository.
func TestJudgmentLinks(t *testing.T) {
	o := checkOptions
	o.Root, o.Link = filepath.Dir(fixtureDir), "https://example.org/o/r/blob/abc/"
	out := judge(t, "markdown", o, judgedShop())
	if want := "[`shop/price/round.go:12`](https://example.org/o/r/blob/abc/shop/price/round.go#L12)"; !strings.Contains(out, want) {
		t.Errorf("without %s:\n%s", want, out)
	}
}
