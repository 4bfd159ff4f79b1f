package crosscheck

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// A stdPackage is what the tests over std need of our verdicts on one package.
// Names are link names.
type stdPackage struct {
	path    string
	inlined map[spot][]string     // callees that we say were inlined at a call, nested ones too
	dirs    map[string]bool       // of the sources
	cgo     map[string]*cgoSource // nil for sources without import "C"
	funcs   []stdFunction
	can     map[string]bool // inlinable functions
	said    map[spot]string // every verdict, for messages
	bound   map[spot]string // callees of calls through an interface whose type is known
}

// A stdFunction is the extent of a function in the source, or of a literal.
type stdFunction struct {
	name    string
	pos     spot // of the name
	end     int  // line of the closing brace
	generic bool
}

// A stdSurvey is our verdicts on std, condensed.
type stdSurvey struct {
	packages map[string]*stdPackage
	names    map[string]string // of packages, by path
	calls    int
	statuses map[string]int
	reasons  map[string]int // "status: code"
	unknown  []string
}

var surveyed = map[string]*stdSurvey{} // by release

// survey judges std, or a portion of it, once for all tests that need it.
func survey(t *testing.T, release string) *stdSurvey {
	t.Helper()
	if s := surveyed[release]; s != nil {
		return s
	}
	s := &stdSurvey{packages: map[string]*stdPackage{}, names: map[string]string{}, statuses: map[string]int{}, reasons: map[string]int{}}
	for line := range strings.Lines(goCommand(t, t.TempDir(), []string{"GOTOOLCHAIN=" + release}, "list", "-f", "{{.ImportPath}} {{.Name}}", "std")) {
		path, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		s.names[path] = name
	}
	cfg := load.Config{Dir: t.TempDir(), Env: environment("GOTOOLCHAIN=" + release)}
	verdicts(t, cfg, patterns(), s.add)
	surveyed[release] = s
	return s
}

// all reports whether the survey is of all of std.
func (s *stdSurvey) all() bool { return len(s.packages) > 200 }

func (s *stdSurvey) add(p *inline.Package) {
	s.packages[p.Path] = condense(p)
	for i := range p.Calls {
		c := &p.Calls[i]
		s.calls++
		s.statuses[c.Status.String()]++
		code := "no reason"
		if c.Reason != nil {
			code = string(c.Reason.Code)
		}
		s.reasons[c.Status.String()+": "+code]++
		if c.Status == inline.StatusUnknown {
			message := "no reason"
			if c.Reason != nil {
				message = c.Reason.Message
			}
			s.unknown = append(s.unknown, fmt.Sprintf("%s:%d:%d: %s in %s: %s", c.Pos.File, c.Pos.Line, c.Pos.Col, c.Callee, c.Caller, message))
		}
	}
}

func condense(p *inline.Package) *stdPackage {
	s := &stdPackage{path: p.Path, inlined: map[spot][]string{}, dirs: map[string]bool{}, cgo: map[string]*cgoSource{}, can: map[string]bool{}, said: map[spot]string{}, bound: map[spot]string{}}
	for i := range p.Functions {
		f := &p.Functions[i]
		s.dirs[filepath.Dir(f.Pos.File)] = true
		s.funcs = append(s.funcs, stdFunction{f.Name, spot{f.Pos.File, f.Pos.Line, f.Pos.Col}, f.End.Line, len(f.Instances) > 0 || f.Probe || f.Tested})
		if f.Inlinable {
			s.can[f.Name] = true
		}
		for _, inst := range f.Instances {
			if inst.Inlinable {
				s.can[withArgs(f.Name, inst.Shape)] = true
			}
		}
	}
	seen := map[string]bool{}
	for i := range p.Calls {
		file := p.Calls[i].Pos.File
		if !seen[file] {
			seen[file] = true
			s.dirs[filepath.Dir(file)] = true
			s.cgo[file] = readCgo(file)
		}
		s.call(&p.Calls[i])
	}
	return s
}

func (p *stdPackage) call(c *inline.Call) {
	at := spot{c.Pos.File, c.Pos.Line, c.Pos.Col}
	if at.col > 255 {
		at.col = 0
	}
	said := fmt.Sprintf("%s %s", c.Callee, c.Status)
	if c.Reason != nil {
		said += " (" + c.Reason.Message + ")"
	}
	p.said[at] += said + "; "
	if c.Devirtualized != "" {
		p.bound[at] = c.Callee
	}
	if c.Status == inline.StatusInlined || c.Wrapped {
		p.inlined[at] = append(p.inlined[at], c.Callee)
	}
	if c.Status == inline.StatusMixed {
		for _, inst := range c.Instances {
			if inst.Status == inline.StatusInlined {
				p.inlined[at] = append(p.inlined[at], inst.Callee)
			}
		}
	}
	p.nested(at, c.Inlines)
}

func (p *stdPackage) nested(at spot, list []inline.Inlined) {
	for _, in := range list {
		if in.Status == inline.StatusInlined {
			p.inlined[at] = append(p.inlined[at], in.Callee)
			p.nested(at, in.Inlines)
		}
	}
}

// TestUnknown counts the statuses and reasons over std, and holds the share of
// calls without a verdict below one in a thousand.
func TestUnknown(t *testing.T) {
	for _, release := range witnesses() {
		t.Run(release, func(t *testing.T) { testUnknown(t, survey(t, release)) })
	}
}

func testUnknown(t *testing.T, s *stdSurvey) {
	t.Logf("std: %d calls in %d packages; %s", s.calls, len(s.packages), counts(s.statuses))
	t.Logf("std: reasons: %s", counts(s.reasons))
	sort.Strings(s.unknown)
	for i, u := range s.unknown {
		if i == 80 {
			t.Logf("unknown: and %d more", len(s.unknown)-i)
			break
		}
		t.Logf("unknown: %s", u)
	}
	if s.calls < 12000 || s.all() && s.calls < 60000 {
		t.Errorf("only %d calls", s.calls)
	}
	if len(s.unknown)*1000 > s.calls {
		t.Errorf("%d of %d calls are unknown, more than 1 in 1,000", len(s.unknown), s.calls)
	}
	for reason, n := range s.reasons {
		status, code, _ := strings.Cut(reason, ": ")
		if code == "no reason" && status != "inlined" && status != "mixed" && status != "intrinsic" {
			t.Errorf("%d calls are %s without a reason", n, status)
		}
	}
}

// report fails the test for each entry of a list, of which it shows a part.
func report(t *testing.T, what string, list []string) {
	t.Helper()
	sort.Strings(list)
	const most = 40
	for i, line := range list {
		if i == most {
			t.Errorf("%s: and %d more", what, len(list)-most)
			break
		}
		t.Errorf("%s: %s", what, line)
	}
}
