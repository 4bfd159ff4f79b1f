package words

import "github.com/inlinelens/inlinelens/internal/inline"

// Meaning explains a status to somebody who has never heard of it, in half a
// sentence; "" for what is none.
func Meaning(s inline.Status) string { return meanings[s] }

var meanings = map[inline.Status]string{
	inline.StatusInlined:    "the body of the callee stands in place of the call",
	inline.StatusNotInlined: "it is known what is called, but it stays a call",
	inline.StatusDynamic:    "what is called is found at run time, so nothing can be inlined",
	inline.StatusIntrinsic:  "the compiler has machine instructions for it",
	inline.StatusEliminated: "nothing reaches the call, so the compiler dropped it",
	inline.StatusMixed:      "differs between the instances of a generic function",
	inline.StatusUnknown:    "the compiler does not tell; the reason says why",
}
