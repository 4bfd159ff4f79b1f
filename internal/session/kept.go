package session

import (
	"container/list"
)

// keptLimit is how many calls and functions there are at most in the results that a
// report holds in memory and can read again: 200 MB, about.
const keptLimit = 400_000

// keptResults tells which results have not been used for the longest time,
// among those that the store has too. The session's mutex guards it.
type keptResults struct {
	order   list.List // of keptResult; the front was used last
	results map[inFlight]*list.Element
	Size    int // of all
}

type keptResult struct {
	id   inFlight
	Size int
}

// add takes in a unit and returns those that are to be dropped for it.
func (k *keptResults) add(id inFlight, size int) (drop []inFlight) {
	if k.results == nil {
		k.results = make(map[inFlight]*list.Element)
	}
	k.remove(id)
	k.results[id] = k.order.PushFront(keptResult{id, size})
	k.Size += size
	for k.Size > keptLimit && k.order.Len() > 1 {
		last := k.order.Back().Value.(keptResult).id
		k.remove(last)
		drop = append(drop, last)
	}
	return drop
}

// use makes a unit the one that was used last.
func (k *keptResults) use(id inFlight) {
	if e := k.results[id]; e != nil {
		k.order.MoveToFront(e)
	}
}

func (k *keptResults) remove(id inFlight) {
	if e := k.results[id]; e != nil {
		k.Size -= k.order.Remove(e).(keptResult).Size
		delete(k.results, id)
	}
}

// remember notes that a result was read from the store, and drops others for it. A
// workspace shares them between its sessions, and keeps them.
func (s *Session) remember(id inFlight, size int) {
	if s.Share != nil || size == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, dropped := range s.kept.add(id, size) {
		delete(s.results, dropped)
	}
}

// forget drops a result that was made and has been stored. Who needs it again reads it,
// which is smaller: its names are not parts of the texts that the compile was about.
func (s *Session) forget(id inFlight) {
	if s.Share != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.results, id)
}
