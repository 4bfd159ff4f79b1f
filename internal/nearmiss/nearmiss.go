// Package nearmiss tells which functions are a little over their budget, which calls
// were not inlined for that, and which function comes first in a list: what a report
// and an editor show in the same order.
//
// It prints nothing, and knows neither packages nor files.
package nearmiss

import (
	"cmp"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// Over returns by how much a function exceeds its budget; ok is false if it is no near
// miss.
func Over(f *inline.Function) (over int, ok bool) {
	over = f.Cost - f.Budget
	return over, !f.Inlinable && isNear(f.Reason, over)
}

// Callee returns the name, without type arguments, of the near miss that is the reason
// why a call was not inlined, or not in one of the caller's instances; ok is false if
// there is none.
func Callee(c *inline.Call) (name string, ok bool) {
	switch c.Status {
	case inline.StatusNotInlined:
		if isNear(c.Reason, c.Cost-c.Budget) {
			return linkname.Generic(c.Callee), true
		}
	case inline.StatusMixed: // its instances have the reasons
		for i := range c.Instances {
			if in := &c.Instances[i]; in.Status == inline.StatusNotInlined && isNear(in.Reason, in.Cost-in.Budget) {
				return linkname.Generic(in.Callee), true
			}
		}
	}
	return "", false
}

func isNear(r *inline.Reason, over int) bool {
	return r != nil && r.Code == inline.CodeTooExpensive && over > 0 && over <= words.NearOverrun
}

// A Rank is what the place of a function in a list of near misses depends on.
type Rank struct {
	Name  string
	Over  int
	Calls int // that would be inlined
}

// Compare orders near misses by what they gain for what they have to lose: the most
// calls for the least overrun come first, those without calls last.
func Compare(x, y Rank) int {
	return cmp.Or(
		cmp.Compare(y.Calls*x.Over, x.Calls*y.Over),
		cmp.Compare(x.Over, y.Over),
		cmp.Compare(x.Name, y.Name),
	)
}
