package engine

// carried is what a view's runs hand on to each other: what is costly to find out
// and does not depend on the text of the unit itself.
type carried struct {
	imports           *importer // of the dependencies, while their export data is the same
	intrinsicPackages func() []string
	earlier           *checks
}

// takeCarried takes over what earlier sessions have left, and leaves it what this one
// makes.
func (s *session) takeCarried() {
	c := s.carried
	if c == nil {
		c = new(carried)
	} else if c.earlier == nil {
		c.earlier = newChecks()
	}
	if c.imports == nil {
		c.imports, c.intrinsicPackages = newImporter(s.toolchain.GOARCH), nil
	}
	s.checker.imports, s.checker.earlier = c.imports, c.earlier
	if c.intrinsicPackages != nil {
		s.intrinsicPackages = c.intrinsicPackages
	}
}

// leaveCarried leaves to the next session what this one was told. It has ended.
func (s *session) leaveCarried() {
	packages := s.intrinsicPackages()
	s.carried.intrinsicPackages = func() []string { return packages }
}
