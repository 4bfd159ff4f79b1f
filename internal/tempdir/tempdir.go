// Package tempdir makes directories for temporary files, and removes those of
// processes that died without doing so.
package tempdir

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

const (
	// The dot hides the directory from "./..." where TMPDIR lies in the user's
	// module: the go command fails on a directory that goes while it walks.
	prefix     = ".inlinelens-"
	lockSuffix = ".lock"
)

// A Dir is a directory for temporary files, this process's own. A lock on a file
// beside it lasts as long as the process does, however that ends, so that a later
// process can tell a directory that is left over from one in use, also when the
// number of the process has been given out again. The file is there before the
// directory is, and goes after it: there is no moment in which a process can die
// and leave what nobody may remove.
type Dir struct {
	Path string // absolute

	mu     sync.Mutex
	lock   lockFile
	closed bool
}

// live has the directories of this process that are not closed.
var live = struct {
	mu   sync.Mutex
	dirs map[*Dir]bool
}{dirs: make(map[*Dir]bool)}

// CloseAll closes the directories of this process that are still open. It is for a
// process that ends although something is at work that does not stop.
func CloseAll() {
	live.mu.Lock()
	dirs := slices.Collect(maps.Keys(live.dirs))
	live.mu.Unlock()
	for _, d := range dirs {
		_ = d.Close()
	}
}

// New makes a directory in parent, or in the system's directory for temporary
// files if parent is "", and removes what dead processes left there.
func New(parent string) (*Dir, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	parent, err := filepath.Abs(parent)
	if err != nil {
		return nil, err
	}
	RemoveStale(parent)
	// The name may be taken, and the clean-up of another process may take the lock file
	// between its making and its locking; then the next one is tried.
	for range 10 {
		path := filepath.Join(parent, fmt.Sprintf("%s%d-%d", prefix, os.Getpid(), rand.Uint32()))
		lock, err := lockExclusive(path+lockSuffix, true)
		if errors.Is(err, os.ErrExist) || errors.Is(err, errLocked) {
			continue
		}
		if err == nil {
			if err = os.Mkdir(path, 0o700); err == nil {
				d := &Dir{Path: path, lock: lock}
				live.mu.Lock()
				live.dirs[d] = true
				live.mu.Unlock()
				return d, nil
			}
			err = errors.Join(err, lock.remove())
		} else {
			_ = os.Remove(path + lockSuffix) // a file system without locks
		}
		return nil, err
	}
	return nil, fmt.Errorf("%s: another process took the lock file of each new directory at once", parent)
}

// Restore makes the directory and its lock file again if somebody has removed them.
// It fails after Close.
func (d *Dir) Restore() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return os.ErrClosed
	}
	if err := os.MkdirAll(filepath.Dir(d.Path), 0o700); err != nil {
		return err
	}
	lock, err := lockExclusive(d.Path+lockSuffix, true)
	switch {
	case err == nil:
		_ = d.lock.release() // of a file that is gone
		d.lock = lock
	case !errors.Is(err, os.ErrExist):
		return err
	}
	if err := os.Mkdir(d.Path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	return nil
}

// Close removes the directory. What cannot be removed, as somebody still writes
// there, is then for the next RemoveStale, or for another Close. A Close after success
// does nothing.
func (d *Dir) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
	if err := os.RemoveAll(d.Path); err != nil {
		return errors.Join(err, d.lock.release())
	}
	live.mu.Lock()
	delete(live.dirs, d)
	live.mu.Unlock()
	return d.lock.remove()
}

// RemoveStale removes the directories whose process is dead, in parent or, if that is "",
// in the system's directory for temporary files. What it cannot remove, another
// user's for example, is none of its business.
func RemoveStale(parent string) {
	if parent == "" {
		parent = os.TempDir()
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		path, isLock := strings.CutSuffix(filepath.Join(parent, e.Name()), lockSuffix)
		if !isLock || !strings.HasPrefix(e.Name(), prefix) || !e.Type().IsRegular() {
			continue
		}
		if info, err := e.Info(); err != nil || !ownedByUs(info) {
			continue
		}
		if lock, err := lockExclusive(path+lockSuffix, false); err == nil {
			_ = (&Dir{Path: path, lock: lock}).Close()
		}
	}
}

// ignoreGone returns err unless it says that the thing is gone already.
func ignoreGone(err error) error {
	if errors.Is(err, os.ErrNotExist) || errors.Is(err, os.ErrClosed) {
		return nil
	}
	return err
}
