package session

import (
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// Carried is what a view's runs hand on to each other: what is costly to find out
// and does not depend on the text of the unit itself.
type Carried struct {
	Imports           *typecheck.Importer // of the dependencies, while their export data is the same
	intrinsicPackages func() []string
	earlier           *typecheck.Earlier
}

// takeCarried takes over what earlier sessions have left, and leaves it what this one
// makes.
func (s *Session) takeCarried() {
	c := s.Carried
	if c == nil {
		c = new(Carried)
	} else if c.earlier == nil {
		c.earlier = typecheck.NewEarlier()
	}
	if c.Imports == nil {
		c.Imports, c.intrinsicPackages = typecheck.NewImporter(s.Toolchain.GOARCH), nil
	}
	s.Checker.Imports, s.Checker.Earlier = c.Imports, c.earlier
	if c.intrinsicPackages != nil {
		s.intrinsicPackages = c.intrinsicPackages
	}
}

// LeaveCarried leaves to the next session what this one was told. It has ended.
func (s *Session) LeaveCarried() {
	packages := s.intrinsicPackages()
	s.Carried.intrinsicPackages = func() []string { return packages }
}
