package report

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/inlinelens/inlinelens/internal/compare"
)

// The elements of a JUnit report, as far as continuous integration reads them.
type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name      string       `xml:"name,attr"`
		Classname string       `xml:"classname,attr"`
		File      string       `xml:"file,attr,omitempty"`
		Line      int          `xml:"line,attr,omitempty"`
		Failure   *junitResult `xml:"failure"`
		Error     *junitResult `xml:"error"`
		Output    string       `xml:"system-out,omitempty"`
	}
	junitResult struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// junitText is how many characters one text of a JUnit report may have.
const junitText = 4000

// writeJudgmentJUnit writes a report of tests: a case for each finding, and one that says
// what was judged, so that there is always one. Notes are no cases: they would be read
// as tests that passed before, and are gone tomorrow.
func writeJudgmentJUnit(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	failed, unjudged, _ := j.Counted()
	command := oneLine("inlinelens "+o.Command, junitText)
	suite := junitSuite{Name: command, Failures: failed, Errors: unjudged, Cases: []junitCase{{
		Name: "judged", Classname: command, Output: judged(&j.Counts),
	}}}
	seen := map[string]int{}
	for i := range j.Findings {
		f := &j.Findings[i]
		if f.Level == compare.LevelNote {
			continue
		}
		name, _ := below(o.Root, f.Pos.File)
		c := junitCase{
			Name: oneLine(f.Subject.String(), junitText), Classname: string(f.Rule), File: oneLine(name, junitText), Line: f.Pos.Line,
		}
		if c.Name == "" {
			c.Name = string(f.Rule)
		}
		// Cases of one name would be taken for one. A line number in it would make the
		// case another one with every edit.
		id := c.Classname + "\x00" + c.Name
		if seen[id]++; seen[id] > 1 {
			c.Name = fmt.Sprintf("%s #%d", c.Name, seen[id])
		}
		text := placeBelow(o.Root, f.Pos) + sentence(f.Subject.String(), f)
		if f.Cause > 0 && f.Cause <= len(j.Causes) {
			cause := &j.Causes[f.Cause-1]
			text += "\n" + placeBelow(o.Root, cause.Pos) + cause.Text
		}
		if p := promised(f); p != "" {
			text += "\n" + placeBelow(o.Root, f.Promise.Pos) + p
		}
		if f.Mend != "" {
			text += "\nto fix: " + f.Mend
		}
		result := &junitResult{Message: oneLine(sentence(f.Subject.String(), f), junitText), Type: string(f.Rule), Text: severalLines(text, junitText)}
		if f.Level == compare.LevelFailed {
			c.Failure = result
		} else {
			c.Error = result
		}
		suite.Cases = append(suite.Cases, c)
	}
	suite.Tests = len(suite.Cases)
	suites := junitSuites{Name: "inlinelens", Tests: suite.Tests, Failures: failed, Errors: unjudged, Suites: []junitSuite{suite}}
	text, err := xml.MarshalIndent(&suites, "", "  ")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xml.Header+string(text)+"\n")
	return err
}
