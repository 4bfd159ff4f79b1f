package compare

import (
	"cmp"
	"slices"
)

// Add adds what else was judged of the same build. What both were given counts once.
func (j *Judgment) Add(other *Judgment) {
	offset := len(j.Causes)
	j.Causes = append(j.Causes, other.Causes...)
	for _, f := range other.Findings {
		if f.Cause > 0 {
			f.Cause += offset
		}
		j.Findings = append(j.Findings, f)
	}
	c, d := &j.Counts, &other.Counts
	c.Packages, c.Functions, c.Calls = max(c.Packages, d.Packages), max(c.Functions, d.Functions), max(c.Calls, d.Calls)
	c.Assertions, c.Held, c.Elsewhere = c.Assertions+d.Assertions, c.Held+d.Held, c.Elsewhere+d.Elsewhere
	c.Recorded += d.Recorded
}

// A sameFinding tells whether two builds have the same finding.
type sameFinding struct {
	Rule     Rule
	Level    Level
	Key      string
	Was, Is  string
	Promised Place
}

func sameAs(f *Finding) sameFinding {
	s := sameFinding{f.Rule, f.Level, f.Key, f.Was, f.Is, Place{}}
	if f.Promise != nil {
		s.Promised = *f.Promise
	}
	return s
}

// Merge joins the judgments on several builds, each under its name. A finding that holds
// in all of them says so once. Counts are sums.
func Merge(builds []string, judgments []*Judgment) *Judgment {
	m := &Judgment{Builds: builds}
	at := make(map[sameFinding]int)
	for i, j := range judgments {
		offset := len(m.Causes)
		m.Causes = append(m.Causes, j.Causes...)
		for _, f := range j.Findings {
			if f.Cause > 0 {
				f.Cause += offset
			}
			id := sameAs(&f)
			known, ok := at[id]
			if !ok {
				known = len(m.Findings)
				at[id] = known
				f.Builds = nil
				m.Findings = append(m.Findings, f)
			}
			if in := &m.Findings[known]; !slices.Contains(in.Builds, builds[i]) {
				in.Builds = append(in.Builds, builds[i])
			}
		}
		c, d := &m.Counts, &j.Counts
		c.Packages, c.Functions, c.Calls = c.Packages+d.Packages, c.Functions+d.Functions, c.Calls+d.Calls
		c.Assertions, c.Held, c.Elsewhere = c.Assertions+d.Assertions, c.Held+d.Held, c.Elsewhere+d.Elsewhere
		c.Recorded += d.Recorded
	}
	for i := range m.Findings {
		if f := &m.Findings[i]; len(f.Builds) == len(builds) {
			f.Builds = nil
		}
	}
	return m
}

// Sort puts the worst findings first: what failed, then what could not be judged, then
// what is worth knowing, each in the order of the source.
func (j *Judgment) Sort() {
	slices.SortStableFunc(j.Findings, func(f, g Finding) int {
		return cmp.Or(cmp.Compare(f.Level, g.Level), f.Pos.Compare(g.Pos), cmp.Compare(f.Rule, g.Rule), cmp.Compare(f.Key, g.Key))
	})
}
