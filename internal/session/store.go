package session

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.uber.org/zap"

	filestore "github.com/inlinelens/inlinelens/internal/store"
)

// A store keeps results on disk, by key. Every fault of it is logged once and
// means that the result is made anew; a corrupt entry is one that is not there.
type store struct {
	log   *zap.Logger
	files *filestore.Store // nil when nothing is kept

	complained sync.Once

	closing chan struct{}
	closed  sync.Once      // it
	later   sync.WaitGroup // what is still to be kept
}

// laterTime is how long something is left that need not be kept at once: a moment
// for what somebody waits for.
const laterTime = 200 * time.Millisecond

// openStore opens the store in dir, "" for the default, "off" for one in temp, which
// ends with the engine: results of thousands of packages are too much for memory.
// The error says that dir cannot be meant.
func openStore(dir, temp string, log *zap.Logger) (*store, error) {
	s := &store{log: log, closing: make(chan struct{})}
	if dir == "" {
		dir = os.Getenv("INLINELENS_CACHE")
	}
	if dir == "off" {
		dir = filepath.Join(temp, "results")
	}
	if dir != "" && !filepath.IsAbs(dir) {
		return nil, fmt.Errorf("INLINELENS_CACHE is not an absolute path: %q; set it to one, or to off", dir)
	}
	if dir == "" {
		base, err := os.UserCacheDir()
		if err != nil {
			s.complain("no user cache directory; set INLINELENS_CACHE to a directory, or to off", err)
			return s, nil
		}
		dir = filepath.Join(base, "inlinelens")
		if info, err := os.Lstat(dir); err == nil && info.IsDir() && info.Mode().Perm()&0o077 != 0 {
			_ = os.Chmod(dir, 0o700) // older versions let others read it
		}
	}
	files, err := filestore.Open(dir, filestore.Limit)
	if err != nil {
		s.complain("the cache cannot be opened; results are not kept", err)
		return s, nil
	}
	s.files = files
	return s, nil
}

func (s *store) complain(what string, err error) {
	s.complained.Do(func() { s.log.Warn(what, zap.Error(err)) })
}

// close keeps what is still to be kept.
func (s *store) close() error {
	s.closed.Do(func() { close(s.closing) })
	s.later.Wait()
	if s.files == nil {
		return nil
	}
	return s.files.Close()
}

// doLater has something done in a moment, and at the latest when the store is closed.
func (s *store) doLater(do func()) {
	s.later.Go(func() {
		select {
		case <-time.After(laterTime):
		case <-s.closing:
		}
		do()
	})
}

// Has reports whether something is kept under k.
func (s *store) Has(k Key) bool { return s.files != nil && s.files.Has(filestore.Key(k)) }

// Get returns the bytes that are kept under a key, if there are some that hold together.
func (s *store) Get(k Key) ([]byte, bool) {
	if s.files == nil {
		return nil, false
	}
	data, err := s.files.Get(filestore.Key(k))
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, filestore.ErrCorrupt):
		s.log.Warn("a cache entry is corrupt; its package is compiled anew", zap.Error(err))
	case !errors.Is(err, fs.ErrNotExist):
		s.complain("the cache cannot be read; packages are compiled anew", err)
	}
	return nil, false
}

// Put reports whether data is kept.
func (s *store) Put(k Key, data []byte) bool {
	if s.files == nil {
		return false
	}
	if err := s.files.Put(filestore.Key(k), data); err != nil {
		s.complain(fmt.Sprintf("the cache cannot be written (%d bytes); results are not kept", len(data)), err)
		return false
	}
	return true
}
