package engine

import (
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
)

// A compiled is what a compile of a unit told, with the source, for whoever builds on
// both. It must be released.
type compiled struct {
	remarks []remark.Remark // in the compiler's order
	src     *source         // with types
	release func()          // of the types
}

// watch makes the next compile of a unit leave what it told.
func (s *session) watch(u *load.Unit) *future[*compiled] {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := newFuture[*compiled]()
	s.watches[u] = f
	return f
}

// watched returns where a compile of the unit leaves what it told, nil for nowhere.
func (s *session) watched(u *load.Unit) *future[*compiled] {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.watches[u]
	delete(s.watches, u)
	return f
}
