package engine

import (
	"container/list"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// keptLimit is how many calls and functions there are at most in the units' own parts
// that a report holds in memory and can read again: 200 MB, about.
const keptLimit = 400_000

// keptLocals tells which units' own parts have not been used for the longest time,
// among those that the store has too. The session's mutex guards it.
type keptLocals struct {
	order list.List // of keptLocal; the front was used last
	units map[*load.Unit]*list.Element
	size  int // of all
}

type keptLocal struct {
	unit *load.Unit
	size int
}

// add takes in a unit and returns those that are to be dropped for it.
func (k *keptLocals) add(u *load.Unit, size int) (drop []*load.Unit) {
	if k.units == nil {
		k.units = make(map[*load.Unit]*list.Element)
	}
	k.remove(u)
	k.units[u] = k.order.PushFront(keptLocal{u, size})
	k.size += size
	for k.size > keptLimit && k.order.Len() > 1 {
		last := k.order.Back().Value.(keptLocal).unit
		k.remove(last)
		drop = append(drop, last)
	}
	return drop
}

// use makes a unit the one that was used last.
func (k *keptLocals) use(u *load.Unit) {
	if e := k.units[u]; e != nil {
		k.order.MoveToFront(e)
	}
}

func (k *keptLocals) remove(u *load.Unit) {
	if e := k.units[u]; e != nil {
		k.size -= k.order.Remove(e).(keptLocal).size
		delete(k.units, u)
	}
}

// remember notes that a unit's own part was read from the store, and drops others for
// it. A workspace shares them between its sessions, and keeps them.
func (s *session) remember(u *load.Unit, l *resolve.Local) {
	if s.share != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, dropped := range s.kept.add(u, len(l.Sites)+len(l.Package.Functions)+len(l.Foreign)) {
		delete(s.locals, dropped)
	}
}

// forget drops the own part of a unit that was compiled and has been kept. Who needs it
// again reads it, which is smaller: its names are not parts of the texts that the
// compile was about.
func (s *session) forget(u *load.Unit) {
	if s.share != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.locals, u)
}
