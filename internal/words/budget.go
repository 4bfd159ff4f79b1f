package words

import "github.com/inlinelens/inlinelens/internal/gorelease"

// Budget says whose budget a number is that is not the usual one; "" for the usual one,
// and for a number that the compiler has not.
func Budget(n int) string {
	switch n {
	case gorelease.ClosureOnceBudget:
		return "a function literal that is called once"
	case gorelease.Budget * gorelease.ClosureFactor:
		return "a function literal that is called more than once"
	case gorelease.HotBudget:
		return "a function that the profile calls hot"
	case gorelease.BigCallerBudget:
		return "calls in a function of 5,000 nodes or more"
	case gorelease.BigCallerBudget * gorelease.ClosureFactor:
		return "calls of function literals in a function of 5,000 nodes or more"
	}
	return ""
}
