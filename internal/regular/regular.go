// Package regular reads files that may be anything: a repository may have a
// named pipe or a link to a device under any name. Reading those would wait for
// ever, or fill the memory. Every file that the program has not made itself is
// read through here.
//
// The package depends on nothing but the standard library.
package regular

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// MaxSize is the size in bytes up to which files are read. It is far beyond any
// source or profile that a compiler could work with in a usual amount of memory,
// and below what a machine has.
const MaxSize = 256 << 20

// readTimeout is how long a read may take. Reading some files of /proc waits,
// although they are called regular.
const readTimeout = 10 * time.Second

// ErrIrregular is what every [Error] wraps.
var ErrIrregular = errors.New("not a regular file of a usual size")

// An Error says that a file cannot be read because of what it is.
type Error struct {
	Name string
	What string // "is a named pipe, not a regular file"
}

func (e *Error) Error() string { return e.Name + " " + e.What }

func (e *Error) Unwrap() error { return ErrIrregular }

// Check returns an error for what is neither a regular file nor a directory, nil
// where there is nothing. Links are followed. Nothing is opened.
func Check(name string) error {
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		return nil //nolint:nilerr // whoever reads it words it
	}
	return check(name, info)
}

func check(name string, info fs.FileInfo) error {
	if isNull(info) {
		return nil // it reads as an empty file
	}
	if !info.Mode().IsRegular() {
		return &Error{name, "is " + kind(info.Mode()) + ", not a regular file"}
	}
	if info.Size() > MaxSize {
		return &Error{name, fmt.Sprintf("has %d MB, more than the limit of %d MB", info.Size()>>20, MaxSize>>20)}
	}
	return nil
}

func isNull(info fs.FileInfo) bool {
	null, err := os.Stat(os.DevNull)
	return info.Mode()&fs.ModeDevice != 0 && err == nil && os.SameFile(info, null)
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	case mode&fs.ModeDevice != 0:
		return "a device"
	}
	return "something else"
}

// Open opens a regular file for reading. It never waits.
func Open(name string) (*os.File, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	// Opening a device or a pipe may have effects.
	if err := check(name, info); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, err
	}
	// It may be another file by now.
	if info, err = f.Stat(); err == nil {
		err = check(name, info)
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	_ = f.SetReadDeadline(time.Now().Add(readTimeout)) // most files have none, and need none
	return f, nil
}

// ReadFile reads a regular file.
func ReadFile(name string) ([]byte, error) {
	f, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return readAll(f, name)
}

// readAll reads to the end, which the file's size does not tell for certain.
func readAll(f *os.File, name string) ([]byte, error) {
	size := 512
	if info, err := f.Stat(); err == nil {
		size = max(size, int(min(info.Size(), MaxSize))+1)
	}
	text := make([]byte, 0, size)
	for {
		n, err := f.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, err
		case len(text) > MaxSize:
			return nil, &Error{name, fmt.Sprintf("has more than the limit of %d MB", MaxSize>>20)}
		case len(text) == cap(text):
			text = append(text, 0)[:len(text)]
		}
	}
}
