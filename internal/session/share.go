package session

import (
	"maps"
	"sync"
)

// SharedResults are results that the sessions of a workspace take over from each
// other: those of dependencies, and of units that have not changed.
type SharedResults struct {
	mu      sync.Mutex
	results map[Key]any // of the layer that has the key
	limit   int         // how many are worth looking for those that nobody needs
}

// NewSharedResults returns results of which there are none yet.
func NewSharedResults() *SharedResults { return &SharedResults{results: make(map[Key]any)} }

// Full reports whether so many have come in since the last prune that another one
// is due.
func (s *SharedResults) Full() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.results) > s.limit
}

// Prune drops all but the live ones.
func (s *SharedResults) Prune(live map[Key]bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.results, func(k Key, _ any) bool { return !live[k] })
	s.limit = len(s.results) + 16
}

// A share is a session's part in the shared results; nil for a session that has none.
type share struct {
	all *SharedResults

	mu   sync.Mutex
	used map[Key]bool
}

// get returns the result that is shared under a key; nil if there is none.
func (s *share) get(k Key) any {
	if s == nil {
		return nil
	}
	s.all.mu.Lock()
	v := s.all.results[k]
	s.all.mu.Unlock()
	if v != nil {
		s.use(k)
	}
	return v
}

// put shares a result.
func (s *share) put(k Key, v any) {
	if s == nil {
		return
	}
	s.all.mu.Lock()
	s.all.results[k] = v
	s.all.mu.Unlock()
	s.use(k)
}

func (s *share) use(k Key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used[k] = true
}

// Keys returns the shared results that the session has made use of.
func (s *share) Keys() map[Key]bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.used)
}
