package gc

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"github.com/inlinelens/inlinelens/internal/tempdir"
)

// A Temp is a directory for the files of compiles.
type Temp struct {
	Dir string // absolute

	own    *tempdir.Dir
	ending sync.WaitGroup // compilers that were stopped, and are not gone yet
}

// NewTemp makes a directory in parent, or in the system's directory for
// temporary files if parent is "".
func NewTemp(parent string) (*Temp, error) {
	own, err := tempdir.New(parent)
	if err != nil {
		return nil, fmt.Errorf("tried to make a directory for the compiler's files: %w; set TMPDIR to a directory on a local disk that can be written", err)
	}
	return &Temp{Dir: own.Path, own: own}, nil
}

// Close waits until compilers that were stopped are gone, and removes the
// directory. Compiles must have ended. A second Close does nothing.
func (t *Temp) Close() error {
	t.ending.Wait()
	return t.own.Close()
}

// ErrTempGone says that a compile's files were removed under its hands. It can be
// done again.
var ErrTempGone = errors.New("the compiler's temporary files were removed while it ran; see what cleans the directory for temporary files")

// mkdir makes a directory for one compile.
func (t *Temp) mkdir() (string, error) { return t.Mkdir("compile-") }

// Mkdir makes a directory for a compile, as os.MkdirTemp does.
func (t *Temp) Mkdir(pattern string) (string, error) {
	dir, err := os.MkdirTemp(t.Dir, pattern)
	if errors.Is(err, fs.ErrNotExist) && t.own.Restore() == nil { // somebody has cleaned up
		dir, err = os.MkdirTemp(t.Dir, pattern)
	}
	if err != nil {
		return "", fmt.Errorf("tried to make a directory for the compiler's files: %w; make room there, or set TMPDIR to a directory that can be written", err)
	}
	return dir, nil
}

// Create makes a file for a compile, as os.CreateTemp does.
func (t *Temp) Create(pattern string) (*os.File, error) {
	f, err := os.CreateTemp(t.Dir, pattern)
	if errors.Is(err, fs.ErrNotExist) && t.own.Restore() == nil {
		f, err = os.CreateTemp(t.Dir, pattern)
	}
	return f, err
}

// Restore makes the directory again if it was removed.
func (t *Temp) Restore() error { return t.own.Restore() }
