// Package words puts verdicts into the words that a terminal and an editor share:
// short names of functions, what a status means, and what besides its reason is to
// be said of a function or a call.
//
// It has no layout, no colours and no markup, and decides nothing: whoever prints
// puts the pieces together. Text that it appends has no control characters.
package words
