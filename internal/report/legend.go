package report

import (
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

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
		b = append(b, words.Meaning(s)...)
		lines = append(lines, string(b))
	}
	return lines
}
