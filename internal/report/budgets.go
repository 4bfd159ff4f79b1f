package report

import (
	"maps"
	"slices"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/words"
)

// The budgets that were shown.
type budgets map[int]bool

// append appends whose budgets those are that are not the usual one.
func (n budgets) append(b []byte, pal *palette) []byte {
	first := true
	for _, budget := range slices.Sorted(maps.Keys(n)) {
		whose := words.Budget(budget)
		if whose == "" {
			continue
		}
		if first {
			b = append(b, '\n')
			b = append(b, pal.name...)
			b = append(b, "Budgets"...)
			b = append(b, pal.off...)
			b = append(b, " other than "...)
			b = strconv.AppendInt(b, gorelease.Budget, 10)
			b = append(b, ":\n"...)
			first = false
		}
		b = appendRight(append(b, ' ', ' '), budget, 5)
		b = append(b, ' ', ' ')
		b = append(b, whose...)
		b = append(b, '\n')
	}
	return b
}
