//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package tempdir

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("another process holds the lock")

// A lockFile is a file on which this process holds an exclusive lock.
type lockFile struct{ f *os.File }

// lockExclusive locks the file name, without waiting; create makes it first.
func lockExclusive(name string, create bool) (lockFile, error) {
	flags := os.O_RDWR | syscall.O_NOFOLLOW
	if create {
		flags |= os.O_CREATE | os.O_EXCL
	}
	f, err := os.OpenFile(name, flags, 0o600)
	if err != nil {
		return lockFile{}, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = errLocked
		}
		return lockFile{}, err
	}
	// The lock is worth something only if the name still leads to the file.
	locked, err := f.Stat()
	if err == nil {
		var named os.FileInfo
		if named, err = os.Lstat(name); errors.Is(err, os.ErrNotExist) || err == nil && !os.SameFile(locked, named) {
			err = errLocked // another process had it, and has removed it
		}
	}
	if err != nil {
		f.Close()
		return lockFile{}, err
	}
	return lockFile{f}, nil
}

// remove removes the file, and then lets go of the lock.
func (l lockFile) remove() error {
	return errors.Join(ignoreGone(os.Remove(l.f.Name())), l.release())
}

// release lets go of the lock.
func (l lockFile) release() error { return ignoreGone(l.f.Close()) }

func ownedByUs(info os.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}
