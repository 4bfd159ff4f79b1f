package report

import "github.com/inlinelens/inlinelens/internal/inline"

// StatusLegend returns a line for each status: its name, in its colour, and what
// it means.
func StatusLegend(color bool) []string {
	pal := newPalette(color)
	var lines []string
	for _, s := range inline.Statuses() {
		b := append([]byte(nil), pal.status[s]...)
		b = append(b, statusNames[s]...)
		b = append(b, pal.off...)
		b = appendSpaces(b, statusWidth-len(statusNames[s])+2)
		b = append(b, legend[s]...)
		lines = append(lines, string(b))
	}
	return lines
}

// legend explains each status to somebody who has never heard of it.
var legend = map[inline.Status]string{
	inline.StatusInlined:    "the body of the callee stands in place of the call",
	inline.StatusNotInlined: "it is known what is called, but it stays a call",
	inline.StatusDynamic:    "what is called is found at run time, so nothing can be inlined",
	inline.StatusIntrinsic:  "the compiler has machine instructions for it",
	inline.StatusEliminated: "nothing reaches the call, so the compiler dropped it",
	inline.StatusMixed:      "differs between the instances of a generic function",
	inline.StatusUnknown:    "the compiler does not tell; the reason says why",
}
