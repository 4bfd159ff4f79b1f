package workspace

import (
	"testing"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// What failed is tried again as soon as somebody may know of it, which is before its
// run has cleaned up behind itself.
func TestStuck(t *testing.T) {
	failed := &result{errors: []inline.Error{{Message: "no memory"}}}
	fine := &result{unit: &inline.Package{}}
	for _, test := range []struct {
		name string
		view view
		want bool
	}{
		{"failed", view{result: failed}, true},
		{"failed, cleaning up", view{result: failed, state: stateFinishing}, true},
		{"failed, tried again", view{result: failed, state: stateCompiling}, false},
		{"failed, about to be tried again", view{result: failed, state: stateCompilePending}, false},
		{"failed, stopped for a new try", view{result: failed, state: stateStoppingToCompile}, false},
		{"fine", view{result: fine}, false},
		{"nothing known yet", view{}, false},
	} {
		if got := test.view.stuck(); got != test.want {
			t.Errorf("%s: %v, want %v", test.name, got, test.want)
		}
	}
}
