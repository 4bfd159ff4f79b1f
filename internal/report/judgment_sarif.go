package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
)

// GitHub's limits: it refuses a run of more results.
const (
	sarifResults = 25_000
	sarifText    = 4000 // characters
	sarifRelated = 90   // locations of one result; 100 are shown
)

const (
	sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	sarifHome   = "https://github.com/inlinelens/inlinelens"
	sarifRoot   = "%SRCROOT%"
	// sarifKey names the fingerprint. The number goes up when keys change their form.
	sarifKey = "inlinelensKey/v1"
)

// writeJudgmentSARIF writes SARIF 2.1.0. The library has the format's types; it would
// also write each default and empty list, several times of what says something, so the
// marshaling is ours.
func writeJudgmentSARIF(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	s := &sarifWriter{o: o, columns: utf16Columns{read: o.ReadFile}}
	log := &sarif.Report{Schema: sarifSchema, Version: "2.1.0", Runs: []*sarif.Run{s.run(j)}}
	err := json.MarshalWrite(w, log, json.OmitZeroStructFields(true), json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.WithIndent("  "))
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n")
	return err
}

type sarifWriter struct {
	o       JudgmentOptions
	columns utf16Columns
}

func (s *sarifWriter) run(j *compare.Judgment) *sarif.Run {
	run := &sarif.Run{
		Tool: &sarif.Tool{Driver: &sarif.ToolComponent{
			Name: new("inlinelens"), Version: optional(s.o.Version), InformationURI: new(sarifHome), Rules: sarifRules(),
		}},
		// Runs with the same id replace each other: those of check those of check.
		AutomationDetails: &sarif.RunAutomationDetails{ID: new("inlinelens/" + firstWord(s.o.Command) + "/")},
		ColumnKind:        new("utf16CodeUnits"),
		Results:           []*sarif.Result{},
	}
	exit := j.Exit()
	done := &sarif.Invocation{
		CommandLine: optional(oneLine("inlinelens "+s.o.Command, sarifText)), ExitCode: &exit,
		ExecutionSuccessful: new(exit != compare.ExitUnjudged),
	}
	seen := map[string]int{}
	groups := groupFindings(j) // what is worst is within the limit
	for i := range groups {
		for _, f := range groups[i].findings {
			if len(run.Results) < sarifResults {
				run.Results = append(run.Results, s.result(f, groups[i].cause, seen))
			}
		}
	}
	outcome, _ := outcome(j)
	done.ToolExecutionNotifications = append(done.ToolExecutionNotifications, sarifNote("note", outcome+". Judged: "+judged(&j.Counts)))
	if more := len(j.Findings) - len(run.Results); more > 0 {
		done.ToolExecutionNotifications = append(done.ToolExecutionNotifications,
			sarifNote("warning", string(appendCount(nil, more, "more finding"))+" left out: a run may have "+string(appendGrouped(nil, sarifResults))))
	}
	run.Invocations = []*sarif.Invocation{done}
	return run
}

func sarifNote(level, said string) *sarif.Notification {
	return &sarif.Notification{Level: level, Message: message(said)}
}

func firstWord(s string) string {
	word, _, _ := strings.Cut(s, " ")
	return word
}

// optional returns a pointer to s, nil for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// message returns plain text as a message. In one, "[a](1)" would be a link.
func message(s string) *sarif.Message {
	return &sarif.Message{Text: new(strings.ReplaceAll(severalLines(s, sarifText), "](", "] ("))}
}

func sarifLevel(l compare.Level) string {
	if l == compare.LevelNote {
		return "note"
	}
	return "error"
}

// sarifRules describes all rules, whether or not there are findings of them: their ids
// and places in the list are stable.
func sarifRules() (rules []*sarif.ReportingDescriptor) {
	for _, r := range compare.Rules() {
		said := sarif.MultiformatMessageString{Text: new(strings.ToUpper(r.Doc[:1]) + r.Doc[1:] + ".")}
		rules = append(rules, &sarif.ReportingDescriptor{
			ID: new(string(r.Rule)), ShortDescription: &said, FullDescription: &said, Help: &said,
			HelpURI: new(sarifHome + "/blob/main/docs/ci.md"),
		})
	}
	return rules
}

func (s *sarifWriter) result(f *compare.Finding, cause *compare.Cause, seen map[string]int) *sarif.Result {
	said := sentence(f.Subject.String(), f)
	if cause != nil {
		said += ". Because: " + cause.Text
	}
	if f.Mend != "" {
		said += ". To fix: " + f.Mend
	}
	r := &sarif.Result{
		RuleID: new(string(f.Rule)), Level: sarifLevel(f.Level), Message: message(said),
		Locations:           []*sarif.Location{s.location(s.where(f, cause), f.End, "")},
		PartialFingerprints: map[string]string{sarifKey: fingerprint(f, seen)},
	}
	related := func(pos inline.Position, said string) {
		if pos.File != "" && len(r.RelatedLocations) < sarifRelated {
			at := s.location(pos, inline.Position{}, said)
			at.ID = len(r.RelatedLocations) + 1
			r.RelatedLocations = append(r.RelatedLocations, at)
		}
	}
	if cause != nil {
		related(cause.Pos, cause.Text)
		for _, step := range cause.Steps {
			related(step.Pos, step.Text)
		}
	} else if f.Reason != nil {
		related(f.Reason.At, f.Reason.Message)
	}
	if f.Promise != nil {
		related(f.Promise.Pos, promised(f))
	}
	return r
}

// where returns the place of a result, which must have one: that of the finding, or what
// comes nearest.
func (s *sarifWriter) where(f *compare.Finding, cause *compare.Cause) inline.Position {
	switch {
	case f.Pos.File != "":
		return f.Pos
	case f.Promise != nil && f.Promise.Pos.File != "":
		return f.Promise.Pos
	case cause != nil && cause.Pos.File != "":
		return cause.Pos
	}
	return inline.Position{File: filepath.Join(s.o.Dir, "go.mod")}
}

// fingerprint makes a hash of the finding's key. Findings of one key are told apart by
// their order.
func fingerprint(f *compare.Finding, seen map[string]int) string {
	sum := sha256.Sum256([]byte(string(f.Rule) + "\n" + f.Key))
	hash := hex.EncodeToString(sum[:16])
	seen[hash]++
	return fmt.Sprintf("%s:%d", hash, seen[hash])
}

// location returns a place. Below the root its name is relative to that, elsewhere it is
// absolute.
func (s *sarifWriter) location(pos, end inline.Position, said string) *sarif.Location {
	name, inside := below(s.o.Root, pos.File)
	artifact := &sarif.ArtifactLocation{}
	if inside {
		artifact.URI, artifact.URIBaseID = new((&url.URL{Path: name}).String()), new(sarifRoot)
	} else {
		if !strings.HasPrefix(name, "/") { // C:/...
			name = "/" + name
		}
		artifact.URI = new((&url.URL{Scheme: "file", Path: name}).String())
	}
	at := &sarif.Location{PhysicalLocation: &sarif.PhysicalLocation{ArtifactLocation: artifact}}
	if pos.Line > 0 {
		region := &sarif.Region{StartLine: &pos.Line}
		if col := s.columns.of(pos); col > 0 {
			region.StartColumn = &col
			if to := s.columns.of(end); to > col && end.Line == pos.Line {
				region.EndColumn = &to
			}
		}
		at.PhysicalLocation.Region = region
	}
	if said != "" {
		at.Message = message(said)
	}
	return at
}
