package rewrite

import "strings"

// The end of the comment above each new function.
const commentEnd = " can be inlined."

// WithNoinline returns the same change with //go:noinline above the new functions.
// That helps where they are cheap enough to be inlined back: such a call costs
// what the callee does, which may be more than a call.
func (c *Candidate) WithNoinline() Candidate {
	d := *c
	d.Edits = make([]Edit, len(c.Edits))
	for i, e := range c.Edits {
		for _, end := range []string{"\n", "\r\n"} {
			e.New = strings.ReplaceAll(e.New, commentEnd+end+"func ", commentEnd+end+"//"+end+"//go:noinline"+end+"func ")
		}
		d.Edits[i] = e
	}
	return d
}
