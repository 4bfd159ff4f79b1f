package words

import "github.com/inlinelens/inlinelens/internal/inline"

// Meaning explains a status in half a sentence, to a reader who does not know it; "" if
// there is no such status.
func Meaning(s inline.Status) string { return meanings[s] }

var meanings = map[inline.Status]string{
	inline.StatusInlined:    "the callee's body replaces the call",
	inline.StatusNotInlined: "the callee is known, but it was not inlined here",
	inline.StatusDynamic:    "the callee is found at run time, so it cannot be inlined",
	inline.StatusIntrinsic:  "the compiler replaces the call with machine instructions",
	inline.StatusEliminated: "the call is unreachable, so the compiler removed it",
	inline.StatusMixed:      "the instances of the generic function differ",
	inline.StatusUnknown:    "the compiler does not report it; the reason says why",
}
