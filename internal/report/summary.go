package report

import (
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/nearmiss"
)

// A summary counts what a report has shown: nothing that a filter held back, and
// nothing twice. It keeps strings of near misses only, as copies, so that a
// package can be let go once it is printed.
type summary struct {
	filtered bool

	packages, broken   int
	functions          int
	inlinable          int
	calls              int
	problems           int
	byStatus           [int(inline.StatusUnknown) + 1]int
	byReason           [int(inline.StatusUnknown) + 1]map[inline.ReasonCode]int
	budgets            budgets
	near               []nearMiss
	missed             map[string]int // calls not inlined, by callee, of callees that nearly could be
	path               string         // of the package that was begun last
	variant, hasErrors bool
}

func newSummary(o Options) summary {
	return summary{filtered: !o.Filter.empty(), missed: map[string]int{}, budgets: budgets{}}
}

func (s *summary) startPackage(p *inline.Package) {
	s.variant = p.Variant != "" && p.Path == s.path
	s.path = p.Path
	s.hasErrors = len(p.Errors) > 0
	s.problems += len(p.Problems)
}

// end closes the package; shown tells whether anything of it was printed.
func (s *summary) end(shown bool) {
	if shown && !s.variant {
		s.packages++
	}
	if s.hasErrors && !s.variant {
		s.broken++
	}
}

// function counts a function that was shown.
func (s *summary) function(f *inline.Function) {
	s.functions++
	s.budgets[f.Budget] = true
	if f.Inlinable {
		s.inlinable++
		return
	}
	if _, ok := nearmiss.Over(f); ok {
		s.near = append(s.near, nearMiss{
			pkg: strings.Clone(s.path), name: strings.Clone(f.Name), cost: f.Cost, budget: f.Budget,
			pos: inline.Position{File: strings.Clone(f.Pos.File), Line: f.Pos.Line, Col: f.Pos.Col},
		})
	}
}

// call counts a call that was shown.
func (s *summary) call(c *inline.Call) {
	s.calls++
	s.budgets[c.Budget] = true
	st := statusIndex(c.Status)
	s.byStatus[st]++
	if name, ok := nearmiss.Callee(c); ok {
		if _, ok := s.missed[name]; !ok {
			name = strings.Clone(name)
		}
		s.missed[name]++
	}
	if c.Reason == nil || st == inline.StatusMixed { // its instances have the reasons
		return
	}
	if s.byReason[st] == nil {
		s.byReason[st] = map[inline.ReasonCode]int{}
	}
	s.byReason[st][c.Reason.Code]++
}

// append appends the summary's lines.
func (s *summary) append(b []byte, pal *palette, names *namer) []byte {
	b = append(b, pal.name...)
	b = append(b, "Summary"...)
	b = append(b, pal.off...)
	if s.filtered {
		b = append(b, " of the calls shown"...)
	}
	b = append(b, ": "...)
	b = appendCount(b, s.packages, "package")
	b = append(b, ", "...)
	b = appendCount(b, s.functions, "function")
	b = append(b, " ("...)
	b = appendGrouped(b, s.inlinable)
	b = append(b, " inlinable), "...)
	b = appendCount(b, s.calls, "call")
	b = append(b, '\n')
	b = s.counts(b, pal)
	if len(s.near) > 0 {
		b = s.nearMisses(append(b, '\n'), nearShown, pal, names)
	}
	b = s.budgets.append(b, pal)
	if s.broken > 0 {
		b = append(b, '\n')
		b = append(b, pal.error...)
		b = appendCount(b, s.broken, "package")
		b = append(b, " did not compile"...)
		b = append(b, pal.off...)
		b = append(b, ": see the errors above\n"...)
	}
	if s.problems > 0 {
		b = append(b, '\n')
		b = appendCount(b, s.problems, "line")
		b = append(b, " of the compiler's output not understood; some verdicts may be missing\n"...)
	}
	return b
}

func (s *summary) counts(b []byte, pal *palette) []byte {
	numbers := len(appendGrouped(nil, s.calls))
	for _, st := range inline.Statuses() {
		n := s.byStatus[st]
		if n == 0 {
			continue
		}
		b = appendRight(append(b, ' ', ' '), n, numbers)
		b = append(b, ' ', ' ')
		b = append(b, pal.quiet...)
		b = appendPercent(b, n, s.calls)
		b = append(b, pal.off...)
		b = append(b, ' ', ' ')
		b = append(b, pal.status[st]...)
		b = append(b, statusNames[st]...)
		b = append(b, pal.off...)
		b = append(b, '\n')
		for _, r := range inline.ReasonCodes() {
			if n := s.byReason[st][r.Code]; n > 0 {
				b = appendSpaces(b, numbers+12)
				b = append(b, pal.quiet...)
				b = appendRight(b, n, numbers)
				b = append(b, ' ', ' ')
				b = append(b, r.Code...)
				b = append(b, pal.off...)
				b = append(b, '\n')
			}
		}
	}
	return b
}

// appendCount appends "1 call" or "2,345 calls".
func appendCount(b []byte, n int, what string) []byte {
	b = appendGrouped(b, n)
	b = append(b, ' ')
	b = append(b, what...)
	if n != 1 {
		b = append(b, 's')
	}
	return b
}

// appendRight appends n, right-aligned in w cells.
func appendRight(b []byte, n, w int) []byte {
	var cell [32]byte
	number := appendGrouped(cell[:0], n)
	b = appendSpaces(b, w-len(number))
	return append(b, number...)
}

// appendPercent appends n as a share of total, six cells wide: " 12.3%".
func appendPercent(b []byte, n, total int) []byte {
	tenths := (n*1000 + total/2) / total
	b = appendSpaces(b, 3-digits(tenths/10))
	b = appendGrouped(b, tenths/10)
	return append(b, '.', byte('0'+tenths%10), '%')
}
