package crosscheck

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/prove"
)

// TestCosts holds the costs, taken apart, against the numbers that the compiler
// prints: the parts of a function of the standard library have to add up to its cost,
// with the oldest and the newest release, or with all. All functions count for which
// the compiler prints one.
func TestCosts(t *testing.T) {
	for _, release := range witnesses() {
		t.Run(release, func(t *testing.T) {
			functions := prove.Or(3500, 18000) // at least so many are compared
			s := costSurvey{causes: make(map[string][]string)}
			cfg := load.Config{Dir: t.TempDir(), Env: environment("GOTOOLCHAIN=" + release)}
			costs(t, cfg, prove.Or(costPortion, []string{"std"}), func(p *breakdown.PackageCosts) { s.add(t, p) })
			s.judge(t, functions)
		})
	}
}

// TestCostsOfModule does the same for the largest module that the tests have, or for
// the packages in it that are about SSA form.
func TestCostsOfModule(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	pattern := prove.Or("golang.org/x/tools/go/ssa/...", "golang.org/x/tools/...")
	list := exec.Command("go", "list", "-e", "-f", "{{if and .GoFiles (not (or .Error .DepsErrors))}}{{.ImportPath}}{{end}}", pattern)
	list.Dir = root
	list.Stderr = os.Stderr
	out, err := list.Output() // of some packages, the dependencies are not among ours
	if err != nil {
		t.Fatal(err)
	}
	s := costSurvey{causes: make(map[string][]string)}
	costs(t, load.Config{Dir: root, Env: environment("GOTOOLCHAIN=local")}, strings.Fields(string(out)), func(p *breakdown.PackageCosts) { s.add(t, p) })
	s.judge(t, prove.Or(500, 5000))
}

// judge fails the test if too few functions were compared, or add up.
func (s *costSurvey) judge(t *testing.T, functions int) {
	const exact = 99.5 // percent
	t.Helper()
	s.log(t)
	if s.functions < functions {
		t.Errorf("only %d functions have a printed cost: the test has lost its evidence", s.functions)
	}
	if percent := 100 * float64(s.exact) / float64(s.functions); percent < exact {
		t.Errorf("the parts add up for %.2f %% of the functions; %.1f %% is promised", percent, exact)
	}
}

// costs runs the engine, without its cache, and hands each unit's costs to keep.
func costs(t testing.TB, cfg load.Config, patterns []string, keep func(*breakdown.PackageCosts)) {
	t.Helper()
	e, err := engine.New(engine.Options{CacheDir: "off", Jobs: runtime.GOMAXPROCS(0)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := e.Close(); err != nil {
			t.Error(err)
		}
	}()
	err = e.Costs(t.Context(), cfg, patterns, func(p *breakdown.PackageCosts) error {
		if emptyHere(p.Package) {
			return nil
		}
		for _, e := range p.Package.Errors {
			t.Errorf("%s: %s:%d: %s", p.Package.Path, e.Pos.File, e.Pos.Line, e.Message)
		}
		keep(p)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A costSurvey counts functions whose parts add up, and sorts the others by
// what seems to be the cause.
type costSurvey struct {
	functions, exact int
	impossible       int // with parts, but no printed cost
	unnamed          int // of them: nothing says what makes them so
	causes           map[string][]string
}

func (s *costSurvey) add(t *testing.T, p *breakdown.PackageCosts) {
	t.Helper()
	covered := make(map[*inline.Function]bool)
	for _, b := range p.Functions {
		covered[b.Function] = true
		if !b.Printed {
			s.impossible++
			if len(b.Blockers) == 0 && namesPlace(b.Reason) {
				s.unnamed++
				t.Errorf("%s:%d: %s: %s, and no place is named", b.Pos.File, b.Pos.Line, b.Breakdown.Function, b.Reason)
			}
			continue
		}
		s.functions++
		if b.Unexplained == 0 {
			s.exact++
			continue
		}
		cause := causeOf(b.Breakdown)
		s.causes[cause] = append(s.causes[cause], fmt.Sprintf("%s:%d %s: cost %d, unexplained %d", b.Pos.File, b.Pos.Line, b.Breakdown.Function, b.Cost, b.Unexplained))
	}
	for i := range p.Package.Functions {
		f := &p.Package.Functions[i]
		if f.Known && f.Cost > 0 && !covered[f] {
			s.functions++
			s.causes["no tree"] = append(s.causes["no tree"], fmt.Sprintf("%s:%d:%d %s: cost %d", f.Pos.File, f.Pos.Line, f.Pos.Col, f.Name, f.Cost))
		}
	}
}

// namesPlace reports whether a reason is about something in the function's body.
func namesPlace(reason string) bool {
	return strings.HasPrefix(reason, "unhandled op ") || strings.HasPrefix(reason, "call to ") || strings.HasPrefix(reason, "defer call ")
}

func causeOf(b *cost.Breakdown) string {
	for i := range b.Parts {
		if strings.Contains(b.Parts[i].Note, "is not known") {
			return "a callee of which nothing is known"
		}
	}
	switch {
	case b.Cut:
		return "a tree deeper than the compiler prints"
	case b.Unexplained < 0:
		return "the parts are more than the cost"
	}
	return "the parts are less than the cost"
}

func (s *costSurvey) log(t *testing.T) {
	t.Helper()
	t.Logf("%d of %d functions add up; %d more are impossible to inline", s.exact, s.functions, s.impossible)
	var causes []string
	for cause := range s.causes {
		causes = append(causes, cause)
	}
	sort.Strings(causes)
	for _, cause := range causes {
		list := s.causes[cause]
		t.Logf("%s: %d", cause, len(list))
		for _, f := range list[:min(len(list), 20)] {
			t.Logf("\t%.200s", f)
		}
	}
}
