package cost

import "github.com/inlinelens/inlinelens/internal/gorelease"

// Rules are those of one compiler.
type Rules struct {
	Release gorelease.Release
	GOARCH  string // the target's
	// Package is the import path of the package that is compiled, Name its name.
	Package string
	Name    string
	// Heavy is set for a compile with -l=4, in which a call that is not inlined costs 1.
	Heavy bool
}

// callCost is what a call that is not inlined costs beyond its node.
func (r Rules) callCost() int {
	if r.Heavy {
		return 1
	}
	return gorelease.CallCost
}

// qualified returns a function's name with its package's before it.
func (r Rules) qualified(f ref) string {
	if f.pkg == "" {
		return r.Name + "." + f.name
	}
	return f.pkg + "." + f.name
}
