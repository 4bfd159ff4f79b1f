package gc

import (
	"fmt"
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

// mkdir makes a directory for one compile.
func (t *Temp) mkdir() (string, error) {
	dir, err := os.MkdirTemp(t.Dir, "compile-")
	if err != nil {
		return "", fmt.Errorf("tried to make a directory for the compiler's files: %w; see whether the disk is full", err)
	}
	return dir, nil
}
