package gc

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	// The dot hides the directory from "./..." where TMPDIR lies in the user's
	// module: the go command fails on a directory that goes while it walks.
	tempPrefix = ".inlinelens-gc-"
	lockName   = "inlinelens.lock"
)

// A Temp is a directory for the files of compiles, this process's own. A lock
// on a file in it lasts as long as the process does, however that ends, so that
// a later process can tell a directory that is left over from one in use, also
// when the number of the process has been given out again.
type Temp struct {
	Dir  string // absolute
	lock lockFile

	ending sync.WaitGroup // compilers that were stopped, and are not gone yet
}

// NewTemp makes a directory in parent, or in the system's directory for
// temporary files if parent is "", and removes what dead processes left there.
func NewTemp(parent string) (*Temp, error) {
	if parent == "" {
		parent = os.TempDir()
	}
	parent, err := filepath.Abs(parent)
	if err != nil {
		return nil, err
	}
	sweep(parent)
	// A sweep by another process may take the directory between its making and
	// its locking; then the next one is tried.
	for range 10 {
		dir, err := os.MkdirTemp(parent, fmt.Sprintf("%s%d-*", tempPrefix, os.Getpid()))
		if err != nil {
			return nil, fmt.Errorf("tried to make a directory for the compiler's files: %w; set TMPDIR to a directory that can be written", err)
		}
		lock, err := lockExclusive(filepath.Join(dir, lockName), true)
		if err == nil {
			return &Temp{Dir: dir, lock: lock}, nil
		}
		if rmErr := os.RemoveAll(dir); rmErr != nil || !errors.Is(err, errLocked) && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("tried to lock %s: %w; set TMPDIR to a directory on a local disk", dir, errors.Join(err, rmErr))
		}
	}
	return nil, fmt.Errorf("tried to make a directory in %s: another process removed each at once", parent)
}

// Close waits until compilers that were stopped are gone, and removes the
// directory. Compiles must have ended. A second Close does nothing.
func (t *Temp) Close() error {
	t.ending.Wait()
	// The lock file goes last, and while it is locked: so no other process takes
	// the half-removed directory for its own work.
	return removeLocked(t.Dir, t.lock)
}

// mkdir makes a directory for one compile.
func (t *Temp) mkdir() (string, error) {
	dir, err := os.MkdirTemp(t.Dir, "compile-")
	if err != nil {
		return "", fmt.Errorf("tried to make a directory for the compiler's files: %w; see whether the disk is full", err)
	}
	return dir, nil
}

// unlockedAge is the age from which on a directory without a lock file is left
// over: its process died between making the one and the other.
const unlockedAge = time.Hour

// sweep removes the directories in parent whose process is dead. What it cannot
// remove, another user's for example, is none of its business.
func sweep(parent string) {
	entries, err := os.ReadDir(parent)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() || !strings.HasPrefix(e.Name(), tempPrefix) {
			continue
		}
		dir := filepath.Join(parent, e.Name())
		if info, err := e.Info(); err != nil || !ownedByUs(info) {
			continue
		}
		lock, err := lockExclusive(filepath.Join(dir, lockName), false)
		if err == nil {
			_ = removeLocked(dir, lock)
			continue
		}
		if !errors.Is(err, os.ErrNotExist) {
			continue
		}
		if info, err := e.Info(); err == nil && time.Since(info.ModTime()) > unlockedAge {
			// Only ours, and only if nothing but empty directories can be lost.
			_ = os.Remove(dir)
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

// removeLocked removes dir, whose lock file we hold, and lets go of the lock.
func removeLocked(dir string, lock lockFile) error {
	entries, err := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != lockName {
			err = errors.Join(err, os.RemoveAll(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(ignoreGone(err), lock.remove(), os.RemoveAll(dir))
}
