package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.uber.org/zap"
)

// A Cache is a store of what can be made again. Every fault of it is logged once and
// means that something is made again; a corrupt entry is one that is not there.
type Cache struct {
	log   *zap.Logger
	files *Store // nil when nothing is kept

	complained sync.Once

	closing chan struct{}
	closed  sync.Once      // it
	later   sync.WaitGroup // what is still to be kept
}

// laterTime is how long something is left that need not be kept at once: a moment
// for what somebody waits for.
const laterTime = 200 * time.Millisecond

// OpenCache opens the cache in dir, "" for the default, "off" for one in temp, which
// ends with the program: results of thousands of packages are too much for memory.
// The error says that dir cannot be meant.
func OpenCache(dir, temp string, log *zap.Logger) (*Cache, error) {
	c := &Cache{log: log, closing: make(chan struct{})}
	isOurs := dir == "" && os.Getenv(variable) == ""
	if dir == "" {
		var err error
		if dir, err = CacheDir(); errors.Is(err, errNoUserDir) {
			c.complain(err.Error(), nil)
			return c, nil
		} else if err != nil {
			return nil, err
		}
	}
	if dir == "off" {
		dir = filepath.Join(temp, "results")
	}
	if info, err := os.Lstat(dir); isOurs && err == nil && info.IsDir() && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(dir, 0o700) // older versions let others read it
	}
	files, err := Open(dir, Limit)
	if err != nil {
		c.complain("the cache cannot be opened; results are not kept", err)
		return c, nil
	}
	c.files = files
	return c, nil
}

// variable names the directory of the cache.
const variable = "INLINELENS_CACHE"

var errNoUserDir = errors.New("no user cache directory; set " + variable + " to a directory, or to off")

// CacheDir returns the directory of the cache, which need not exist: that of the
// environment variable INLINELENS_CACHE, or the folder inlinelens in the user's cache
// directory. It is absolute, or "off" for none.
func CacheDir() (string, error) {
	dir := os.Getenv(variable)
	switch {
	case dir == "":
		base, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("%w (%w)", errNoUserDir, err)
		}
		return filepath.Join(base, "inlinelens"), nil
	case dir != "off" && !filepath.IsAbs(dir):
		return "", fmt.Errorf("%s is not an absolute path: %q; set it to one, or to off", variable, dir)
	}
	return dir, nil
}

func (c *Cache) complain(what string, err error) {
	c.complained.Do(func() { c.log.Warn(what, zap.Error(err)) })
}

// Close keeps what is still to be kept.
func (c *Cache) Close() error {
	c.closed.Do(func() { close(c.closing) })
	c.later.Wait()
	if c.files == nil {
		return nil
	}
	return c.files.Close()
}

// Later has something done in a moment, and at the latest when the cache is closed.
func (c *Cache) Later(do func()) {
	c.later.Go(func() {
		select {
		case <-time.After(laterTime):
		case <-c.closing:
		}
		do()
	})
}

// Has reports whether something is kept under k.
func (c *Cache) Has(k Key) bool { return c.files != nil && c.files.Has(k) }

// Get returns the bytes that are kept under a key, if there are some that hold together.
func (c *Cache) Get(k Key) ([]byte, bool) {
	if c.files == nil {
		return nil, false
	}
	data, err := c.files.Get(k)
	switch {
	case err == nil:
		return data, true
	case errors.Is(err, ErrCorrupt):
		c.log.Warn("a cache entry is corrupt; its package is compiled again", zap.Error(err))
	case !errors.Is(err, fs.ErrNotExist):
		c.complain("the cache cannot be read; packages are compiled again", err)
	}
	return nil, false
}

// Put reports whether data is kept.
func (c *Cache) Put(k Key, data []byte) bool {
	if c.files == nil {
		return false
	}
	if err := c.files.Put(k, data); err != nil {
		c.complain(fmt.Sprintf("the cache cannot be written (%d bytes); results are not kept", len(data)), err)
		return false
	}
	return true
}
