package advice

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
			list = append(list, fmt.Sprintf("line %d: a function with defer is never inlined. Without it the deferred call has to stand before each return, and does not run when something panics.", x.Pos.Line))
		case "GO":
			list = append(list, fmt.Sprintf("line %d: a function with a go statement is never inlined. The statement can move into a function of its own.", x.Pos.Line))
		case "SELECT":
			list = append(list, fmt.Sprintf("line %d: a function with select is never inlined. The statement can move into a function of its own.", x.Pos.Line))
		case "RECOVER", "RECOVERFP":
			list = append(list, fmt.Sprintf("line %d: a function that calls recover is never inlined, and recover works in no function that it calls.", x.Pos.Line))
		}
	}
	return list
}
