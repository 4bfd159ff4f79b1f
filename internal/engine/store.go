package engine

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/rogpeppe/go-internal/cache"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/resolve"
)

// A store keeps results on disk, by key. Every fault of it is logged once and
// means that the result is made anew; a corrupt entry is one that is not there.
type store struct {
	log   *zap.Logger
	cache *cache.Cache // nil when nothing is kept

	complained sync.Once

	closing chan struct{}
	closed  sync.Once      // it
	later   sync.WaitGroup // what is still to be kept
}

// laterTime is how long something is left that need not be kept at once: a moment
// for what somebody waits for.
const laterTime = 200 * time.Millisecond

// openStore opens the store in dir, "" for the default, "off" for none.
func openStore(dir string, log *zap.Logger) *store {
	s := &store{log: log, closing: make(chan struct{})}
	if dir == "" {
		dir = os.Getenv("INLINELENS_CACHE")
	}
	if dir == "off" {
		return s
	}
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			s.complain("no user cache directory; set INLINELENS_CACHE to a directory, or to off", err)
			return s
		}
		dir = filepath.Join(base, "inlinelens")
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		s.complain("the cache directory cannot be made; results are not kept", err)
		return s
	}
	c, err := cache.Open(dir)
	if err != nil {
		s.complain("the cache cannot be opened; results are not kept", err)
		return s
	}
	s.cache = c
	return s
}

func (s *store) complain(what string, err error) {
	s.complained.Do(func() { s.log.Warn(what, zap.Error(err)) })
}

// close keeps what is still to be kept.
func (s *store) close() error {
	s.closed.Do(func() { close(s.closing) })
	s.later.Wait()
	if s.cache != nil {
		s.cache.Trim() // at most once a day; drops what nobody has asked for in days
	}
	return nil
}

// keepLocalLater is keepLocal, in a moment.
func (s *store) keepLocalLater(k key, l *resolve.Local) {
	s.later.Go(func() {
		select {
		case <-time.After(laterTime):
		case <-s.closing:
		}
		s.keepLocal(k, l)
	})
}

// local returns the result that was kept under k.
func (s *store) local(k key) (*resolve.Local, bool) {
	data, ok := s.get(k)
	if !ok {
		return nil, false
	}
	l, err := decodeLocal(data)
	if err != nil {
		s.log.Warn("a cache entry cannot be read; its package is compiled anew", zap.Error(err))
		return nil, false
	}
	return l, true
}

func (s *store) keepLocal(k key, l *resolve.Local) {
	if s.cache == nil {
		return
	}
	data, err := encodeLocal(l)
	if err != nil {
		s.log.Error("a result cannot be encoded", zap.String("package", l.Package.Path), zap.Error(err))
		return
	}
	s.put(k, data)
}

// has reports whether something is kept under k.
func (s *store) has(k key) bool {
	if s.cache == nil {
		return false
	}
	_, err := s.cache.Get(cache.ActionID(k))
	return err == nil
}

func (s *store) get(k key) ([]byte, bool) {
	if s.cache == nil {
		return nil, false
	}
	entry, err := s.cache.Get(cache.ActionID(k))
	if err != nil {
		return nil, false
	}
	name := s.cache.OutputFile(entry.OutputID)
	data, err := os.ReadFile(name)
	if err != nil {
		if !errors.Is(err, os.ErrNotExist) {
			s.complain("the cache cannot be read; packages are compiled anew", err)
		}
		return nil, false
	}
	if sha256.Sum256(data) != entry.OutputID {
		s.log.Warn("a cache entry is corrupt; its package is compiled anew", zap.String("file", name))
		return nil, false
	}
	return data, true
}

func (s *store) put(k key, data []byte) {
	if s.cache == nil {
		return
	}
	if _, _, err := s.cache.Put(cache.ActionID(k), bytes.NewReader(data)); err != nil {
		s.complain(fmt.Sprintf("the cache cannot be written (%d bytes); results are not kept", len(data)), err)
	}
}
