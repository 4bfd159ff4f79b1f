package tempdir

import (
	"errors"
	"os"
	"syscall"
)

var errLocked = errors.New("another process holds the lock")

// errorSharingViolation is what opening a file says that another process has
// opened without sharing it.
const errorSharingViolation syscall.Errno = 32

// A lockFile is a file that this process has opened without sharing it.
type lockFile struct{ f *os.File }

// lockExclusive opens the file name; create makes it first.
func lockExclusive(name string, create bool) (lockFile, error) {
	path, err := syscall.UTF16PtrFromString(name)
	if err != nil {
		return lockFile{}, err
	}
	mode := uint32(syscall.OPEN_EXISTING)
	if create {
		mode = syscall.CREATE_NEW
	}
	h, err := syscall.CreateFile(path, syscall.GENERIC_READ|syscall.GENERIC_WRITE, 0, nil, mode, syscall.FILE_ATTRIBUTE_NORMAL, 0)
	if errors.Is(err, errorSharingViolation) {
		return lockFile{}, errLocked
	}
	if err != nil {
		return lockFile{}, &os.PathError{Op: "open", Path: name, Err: err}
	}
	return lockFile{os.NewFile(uintptr(h), name)}, nil
}

// remove lets go of the lock and removes the file: an open one cannot be removed.
func (l lockFile) remove() error {
	return errors.Join(l.release(), ignoreGone(os.Remove(l.f.Name())))
}

// release lets go of the lock.
func (l lockFile) release() error { return ignoreGone(l.f.Close()) }

// ownedByUs need not ask: the directory for temporary files is the user's own.
func ownedByUs(os.FileInfo) bool { return true }
