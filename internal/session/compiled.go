package session

import (
	"github.com/inlinelens/inlinelens/internal/future"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/typecheck"
)

// A Compiled is what a compile of a unit told, with the source, for whoever builds on
// both. It must be released.
type Compiled struct {
	Remarks []remark.Remark   // in the compiler's order
	Src     *typecheck.Source // with types
	Release func()            // of the types
}

// Watch makes the next compile of a unit leave what it told.
func (s *Session) Watch(u *load.Unit) *future.Future[*Compiled] {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := future.New[*Compiled]()
	s.watches[u] = f
	return f
}

// watched returns where a compile of the unit leaves what it told, nil for nowhere.
func (s *Session) watched(u *load.Unit) *future.Future[*Compiled] {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.watches[u]
	delete(s.watches, u)
	return f
}
