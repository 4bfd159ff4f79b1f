// Package similar finds the names that are most like one that does not exist, for
// messages that ask "did you mean".
package similar

import (
	"slices"
	"strings"

	"github.com/hbollon/go-edlib"

	"github.com/inlinelens/inlinelens/internal/linkname"
)

// most is how many names are offered.
const most = 3

// A Search looks for the names that are most like one. It keeps copies of few of the
// names that it is given.
type Search struct {
	want     string
	found    []string // sorted
	distance int      // of each
}

// New begins a search for the names that are most like want.
func New(want string) *Search { return &Search{want: want} }

// Add considers a name.
func (s *Search) Add(name string) {
	if d, like := distance(name, s.want); like {
		s.add(name, d)
	}
}

// AddFunction considers the link name of a function, or the name within its package.
// It compares as many elements as the wanted name has, without the marks of a receiver:
// Client.Doo is like net/http.(*Client).Do.
func (s *Search) AddFunction(name string) {
	plain, want := linkname.Plain(name), linkname.Plain(s.want)
	d, like := distance(tail(plain, want), want)
	if d != 0 && strings.EqualFold(linkname.Base(plain), linkname.Base(want)) {
		d, like = 1, true // the method of another type
	}
	if like {
		s.add(name, d)
	}
}

// tail cuts a name down to as many elements as the wanted name has.
func tail(name, want string) string {
	if !strings.Contains(want, "/") {
		name = name[strings.LastIndexByte(name, '/')+1:]
	}
	for extra := strings.Count(name, ".") - strings.Count(want, "."); extra > 0; extra-- {
		_, name, _ = strings.Cut(name, ".")
	}
	return name
}

// distance is how unlike two names are, 0 if they differ in case only, and whether they
// are like enough to be offered.
func distance(name, want string) (d int, like bool) {
	name, want = strings.ToLower(name), strings.ToLower(want)
	if name == want {
		return 0, true
	}
	if far := len(name) - len(want); max(far, -far) > limit(want) {
		return max(far, -far), false // no need to look
	}
	d = edlib.OSADamerauLevenshteinDistance(name, want)
	return 1 + d, d <= limit(want)
}

// limit is how many letters of a name may be wrong. Long names have much in common, as
// their packages.
func limit(want string) int { return 1 + min(len(want)/4, 2) }

func (s *Search) add(name string, distance int) {
	if len(s.found) > 0 && distance > s.distance || slices.Contains(s.found, name) {
		return
	}
	if len(s.found) == 0 || distance < s.distance {
		s.found, s.distance = nil, distance
	}
	i, _ := slices.BinarySearch(s.found, name)
	if i == most {
		return
	}
	s.found = slices.Insert(s.found, i, strings.Clone(name))
	s.found = s.found[:min(len(s.found), most)]
}

// Names returns the names that are most like the wanted one, all of them equally.
func (s *Search) Names() []string { return s.found }

// DidYouMean returns "; did you mean a, b or c?" for names, "" for none.
func DidYouMean(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "; did you mean " + Or(names) + "?"
}

// Or returns "a, b or c".
func Or(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}
