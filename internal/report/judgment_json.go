package report

import (
	"io"

	"github.com/inlinelens/inlinelens/internal/compare"
)

// writeJudgmentJSON writes JSON Lines: the judgment, its causes, its findings.
func writeJudgmentJSON(w io.Writer, o JudgmentOptions, j *compare.Judgment) error {
	out := newLineWriter(w)
	names := newNamer(o.Dir)
	failed, unjudged, notes := j.Counted()
	objects := []any{&judgmentObject{
		Kind: "judgment", Schema: Schema, Command: o.Command, Exit: j.Exit(),
		Failed: failed, Unjudged: unjudged, Notes: notes,
		Packages: j.Counts.Packages, Functions: j.Counts.Functions, Calls: j.Counts.Calls,
		Assertions: j.Counts.Assertions, Held: j.Counts.Held, Elsewhere: j.Counts.Elsewhere, Recorded: j.Counts.Recorded,
		Builds: j.Builds,
	}}
	for i := range j.Causes {
		objects = append(objects, names.cause(i+1, &j.Causes[i]))
	}
	for i := range j.Findings {
		objects = append(objects, names.finding(&j.Findings[i]))
	}
	for _, object := range objects {
		if err := out.write(object); err != nil {
			return err
		}
	}
	return out.flush()
}

func (n *namer) cause(number int, c *compare.Cause) *causeObject {
	o := &causeObject{
		Kind: "cause", Cause: number, Code: c.Kind, positionObject: n.optional(c.Pos),
		Message: c.Text, Key: c.Key,
	}
	for _, s := range c.Steps {
		o.Steps = append(o.Steps, saidObject{n.optional(s.Pos), s.Text})
	}
	return o
}

func (n *namer) finding(f *compare.Finding) *findingObject {
	o := &findingObject{
		Kind: "finding", Rule: f.Rule, Level: f.Level.String(), Key: f.Key,
		positionObject: n.optional(f.Pos), EndCol: f.End.Col,
		Subject: f.Subject.String(), Was: f.Was, Is: f.Is, Reason: n.reason(f.Reason),
		Cause: f.Cause, Mend: f.Mend, Builds: f.Builds,
	}
	if f.Promise != nil {
		o.Promise = &saidObject{n.optional(f.Promise.Pos), f.Promise.Text}
	}
	return o
}
