package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// comparer compares builds of one directory.
type comparer struct {
	t   *testing.T
	e   *Engine
	dir string
}

func newComparer(t *testing.T, archive string) *comparer {
	t.Helper()
	c := &comparer{t: t, dir: t.TempDir()}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		c.write(f.Name, f.Data)
	}
	var err error
	if c.e, err = New(Options{CacheDir: t.TempDir()}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.e.Close(); err != nil {
			t.Error(err)
		}
	})
	return c
}

func (c *comparer) write(name string, text []byte) {
	c.t.Helper()
	name = filepath.Join(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(name, text, 0o666); err != nil {
		c.t.Fatal(err)
	}
}

func (c *comparer) compare(before, after load.Config, kind compare.CauseKind) *compare.Judgment {
	c.t.Helper()
	side := func(name string, cfg load.Config) *Side {
		cfg.Dir = c.dir
		return &Side{Name: name, Config: cfg, Patterns: []string{"./..."}}
	}
	j, err := c.e.Compare(c.t.Context(), side("before", before), side("after", after), kind)
	if err != nil {
		c.t.Fatal(err)
	}
	return j
}

func (c *comparer) run(cfg load.Config, each func(*inline.Package)) {
	c.t.Helper()
	cfg.Dir = c.dir
	err := c.e.Run(c.t.Context(), cfg, []string{"./..."}, func(p *inline.Package) error {
		each(p)
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
}

// holds checks that a finding has a cause of a kind, and a text in it.
func (c *comparer) holds(j *compare.Judgment, subject string, kind compare.CauseKind, text string) *compare.Cause {
	c.t.Helper()
	for _, f := range j.Findings {
		if f.Level == compare.LevelFailed && strings.HasSuffix(f.Subject.String(), subject) {
			if f.Cause == 0 {
				c.t.Errorf("%s has no cause: %s", subject, f.Is)
				return nil
			}
			cause := &j.Causes[f.Cause-1]
			if cause.Kind != kind || !strings.Contains(cause.Text, text) {
				c.t.Errorf("%s: the cause is %s, %q; want %s, %q", subject, cause.Kind, cause.Text, kind, text)
			}
			return cause
		}
	}
	c.t.Errorf("nothing is said of %s: %+v", subject, j.Findings)
	return nil
}

// TestCompareProfiles compares builds with and without a profile.
func TestCompareProfiles(t *testing.T) {
	c := newComparer(t, "-- go.mod --\nmodule m\n\ngo 1.24\n-- main.go --\n"+hotProgram)
	c.write("cpu.pprof", hotProfile(t))
	with, without := load.Config{BuildFlags: []string{"-pgo=cpu.pprof"}}, load.Config{BuildFlags: []string{"-pgo=off"}}
	j := c.compare(with, without, compare.CauseProfile)
	c.holds(j, "main.loop -> main.costly", compare.CauseProfile, "hot any more")
	j = c.compare(without, with, compare.CauseProfile)
	for _, f := range j.Findings {
		if f.Level != compare.LevelNote {
			t.Errorf("with a profile is worse: %s %s: %s", f.Rule, f.Subject, f.Is)
		}
	}
	if len(j.Findings) == 0 {
		t.Error("the profile has changed nothing")
	}
	// A baseline tells them apart.
	recorder := compare.Recorder{Baseline: new(compare.Baseline)}
	c.run(without, recorder.Add)
	for _, test := range []struct {
		cfg  load.Config
		want int
	}{{without, compare.ExitFine}, {with, compare.ExitUnjudged}} {
		judge := compare.BaselineJudge{Baseline: recorder.Baseline}
		c.run(test.cfg, judge.Package)
		if j := judge.Judgment(); j.Exit() != test.want {
			t.Errorf("%v: exit %d, want %d: %+v", test.cfg.BuildFlags, j.Exit(), test.want, j.Findings)
		}
	}
}

const comparedBuilds = `
-- go.mod --
module example.com/m

go 1.22
-- q/q.go --
package q

import "sync/atomic"

func Leaf(n int) int { return n }

func Middle(n int) int { return Leaf(n) }

func Top(n int) int { return Middle(n) + Middle(n+1) }

var x atomic.Int64

func Load() int64 { return x.Load() }
-- m.go --
package m

import "example.com/m/q"

func Use(n int) int { return q.Top(n) }

func Instances() (int, float64) { return twice(1), twice(2.5) }

func twice[N int | float64](n N) N { return pass(n) * 2 }

func pass[N int | float64](n N) N { return n }
`

// TestCompareChain follows a cause through functions of two packages.
func TestCompareChain(t *testing.T) {
	c := newComparer(t, comparedBuilds)
	name := filepath.Join(c.dir, "q", "q.go")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const line = "n += " // what the edit begins with
	edited := strings.Replace(string(text), "func Leaf(n int) int { return n }", "func Leaf(n int) int {\n\t"+line+strings.Repeat("n*3+", 10)+"1\n\treturn n\n}", 1)
	after := load.Config{Overlay: map[string][]byte{name: []byte(edited)}, OverlayKept: true}
	j := c.compare(load.Config{}, after, "")
	cause := c.holds(j, "m.Use -> example.com/m/q.Top", compare.CauseCost, "q.Leaf costs ")
	if cause == nil {
		return
	}
	if want := 1 + strings.Count(edited[:strings.Index(edited, line)], "\n"); cause.Pos.Line != want || cause.Pos.File != name {
		t.Errorf("the cause is at %v, want line %d", cause.Pos, want)
	}
	var steps []string
	for _, s := range cause.Steps {
		steps = append(steps, s.Text)
	}
	if all := strings.Join(steps, "\n"); !strings.Contains(all, "q.Middle calls q.Leaf here: +") || !strings.Contains(all, "q.Top calls q.Middle here: +") {
		t.Errorf("steps: %s", all)
	}
	// What was compared is kept, so that it need not be compiled again.
	again := c.compare(load.Config{}, after, "")
	if len(again.Findings) != len(j.Findings) || len(again.Causes) != len(j.Causes) {
		t.Errorf("asked again: %d findings with %d causes, and %d with %d before", len(again.Findings), len(again.Causes), len(j.Findings), len(j.Causes))
	}
	if j := c.compare(after, load.Config{}, ""); len(j.Findings) == 0 || j.Exit() != compare.ExitFine {
		t.Errorf("the other way round: %+v", j.Findings)
	}
}

// TestCompareFlags compares builds whose source is the same.
func TestCompareFlags(t *testing.T) {
	c := newComparer(t, comparedBuilds)
	j := c.compare(load.Config{}, load.Config{BuildFlags: []string{"-gcflags=example.com/m/q=-l"}}, compare.CauseToolchain)
	c.holds(j, "m.Use -> example.com/m/q.Top", compare.CauseToolchain, "")
	j = c.compare(load.Config{}, load.Config{BuildFlags: []string{"-gcflags=example.com/m=-l"}}, compare.CauseToolchain)
	c.holds(j, "m.Use -> example.com/m/q.Top", compare.CauseToolchain, "")
	c.holds(j, "m.Instances -> example.com/m.twice[int]", compare.CauseToolchain, "")
	if j := c.compare(load.Config{}, load.Config{}, compare.CauseToolchain); len(j.Findings) > 0 {
		t.Errorf("nothing differs, and there is: %+v", j.Findings)
	}
	j = c.compare(load.Config{}, load.Config{Env: append(os.Environ(), "GOARCH=386")}, compare.CauseToolchain)
	if _, unjudged, _ := j.Counted(); unjudged > 0 {
		t.Errorf("not judged: %+v", j.Findings)
	}
}

// TestCompareAbsent has files and a package that are on one side only.
func TestCompareAbsent(t *testing.T) {
	c := newComparer(t, comparedBuilds)
	file := func(name string) string { return filepath.Join(c.dir, filepath.FromSlash(name)) }
	before := load.Config{OverlayKept: true, Overlay: map[string][]byte{
		file("gone/deep/gone.go"): []byte("package gone\n\nfunc Small(n int) int { return n + n*2 + n*3 + n*4 }\n"),
		file("m.go"):              nil,
		file("other.go"):          []byte("package m\n\nimport \"example.com/m/gone/deep\"\n\nfunc Use(n int) int { return gone.Small(n) }\n"),
	}}
	j := c.compare(before, load.Config{}, "")
	rules := make(map[compare.Rule]int)
	for _, f := range j.Findings {
		if rules[f.Rule]++; f.Level != compare.LevelNote {
			t.Errorf("%s %s: %s", f.Rule, f.Subject, f.Is)
		}
	}
	if rules[compare.RuleGone] != 1 || rules[compare.RuleNew] != 3 {
		t.Errorf("%v, want 1 gone (Small) and 3 new (Instances, twice, pass)", rules)
	}
}
