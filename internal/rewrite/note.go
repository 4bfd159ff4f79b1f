package rewrite

import (
	"fmt"

	"github.com/inlinelens/inlinelens/internal/cost"
)

// Notes say what stands between a function and inlining that no change here takes
// away, as it would not keep what the program does.
func Notes(b *cost.Breakdown) []string {
	var list []string
	for _, x := range b.Blockers {
		switch x.Op {
		case "DEFER":
			list = append(list, fmt.Sprintf("line %d: a function with defer is never inlined. Without it, the deferred call must come before each return, and does not run after a panic.", x.Pos.Line))
		case "GO":
			list = append(list, fmt.Sprintf("line %d: a function with a go statement is never inlined. The statement can move into a function of its own.", x.Pos.Line))
		case "SELECT":
			list = append(list, fmt.Sprintf("line %d: a function with select is never inlined. The statement can move into a function of its own.", x.Pos.Line))
		case "RECOVER", "RECOVERFP":
			list = append(list, fmt.Sprintf("line %d: a function that calls recover is never inlined, and recover does not work in a function that it calls.", x.Pos.Line))
		}
	}
	return list
}

// mostNotes is how many places are named that cannot be changed.
const mostNotes = 3

// Notes say why the places are not changed.
func (s *Selection) Notes() []string {
	var list []string
	for _, r := range s.Refused[:min(len(s.Refused), mostNotes)] {
		does := "cannot be moved"
		if !r.Kind.Outlines() {
			does = "cannot go"
		}
		list = append(list, fmt.Sprintf("%s (%s) %s: %s.", Lines(r.Line, r.EndLine), r.Kind.Part(), does, r.Why))
	}
	return list
}
