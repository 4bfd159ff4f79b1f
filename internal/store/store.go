// Package store keeps data on disk by key, between runs of the program and for
// several processes at once.
//
// It trusts nothing that it finds: an entry counts only if it is a regular file that
// names its own key and has the hash of its data. Symbolic links, pipes and devices
// are neither read nor written through, and nothing outside of the directory is
// touched. The directory has a size, beyond which what has not been used for longest
// is removed.
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"sync"
	"sync/atomic"
	"time"
)

// A Key names an entry.
type Key [sha256.Size]byte

// Limit is how many bytes a store keeps unless it is told otherwise: several times
// what the dependencies of a large program take.
const Limit = 512 << 20

const (
	// maxEntry is the size of the largest entry, in bytes.
	maxEntry = 64 << 20
	// usedStep is how old the time of an entry's last use may be before it is set again.
	usedStep = time.Hour
)

// head is how each entry begins; its key and the hash of its data follow.
var head = []byte("inlinelens store 1\n")

// A Store is a directory of entries. Its methods may be called from several
// goroutines.
type Store struct {
	dir   string
	limit int64

	mu   sync.Mutex
	root *os.Root

	written  atomic.Int64 // bytes since the last trim
	trimming atomic.Bool
	trims    sync.WaitGroup
}

// Open opens the store in dir, an absolute path, and makes the directory if there is
// none.
func Open(dir string, limit int64) (*Store, error) {
	s := &Store{dir: dir, limit: limit}
	return s, s.reopen(nil)
}

// reopen opens the directory, unless somebody has done so since old was open.
func (s *Store) reopen(old *os.Root) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root != old {
		return nil
	}
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.dir)
	if err != nil {
		return err
	}
	if old != nil {
		old.Close()
	}
	s.root = root
	return nil
}

func (s *Store) current() *os.Root {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.root
}

// Close ends the use of the store, and trims it if that has not been done for a while.
func (s *Store) Close() error {
	s.trims.Wait()
	s.trimSometimes()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.root == nil {
		return nil
	}
	err := s.root.Close()
	s.root = nil
	return err
}

func (k Key) file() (dir, name string) {
	name = hex.EncodeToString(k[:])
	return name[:2], name[:2] + "/" + name
}

// ErrCorrupt says that what is under a key is not what was put there.
var ErrCorrupt = errors.New("a cache entry is corrupt")

// Get returns what was put under k. The error is fs.ErrNotExist if there is nothing,
// ErrCorrupt, or the file system's.
func (s *Store) Get(k Key) ([]byte, error) {
	root := s.current()
	if root == nil {
		return nil, fs.ErrClosed
	}
	_, name := k.file()
	f, info, err := open(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data := make([]byte, info.Size())
	if _, err := io.ReadFull(f, data); err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrCorrupt, name, err)
	}
	rest, ok := bytes.CutPrefix(data, head)
	if !ok || len(rest) < 2*sha256.Size || !bytes.Equal(rest[:sha256.Size], k[:]) {
		return nil, fmt.Errorf("%w: %s is another entry", ErrCorrupt, name)
	}
	data = rest[2*sha256.Size:]
	if sum := sha256.Sum256(data); !bytes.Equal(sum[:], rest[sha256.Size:2*sha256.Size]) {
		return nil, fmt.Errorf("%w: %s has not the hash of its data", ErrCorrupt, name)
	}
	if now := time.Now(); now.Sub(info.ModTime()) > usedStep {
		_ = root.Chtimes(name, now, now) // it counts as less used than it is
	}
	return data, nil
}

// open opens an entry's file, which it holds to be a regular one of a size that an
// entry may have.
func open(root *os.Root, name string) (*os.File, fs.FileInfo, error) {
	if info, err := root.Lstat(name); err != nil {
		return nil, nil, err
	} else if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%w: %s is not a regular file", ErrCorrupt, name)
	}
	f, err := root.OpenFile(name, os.O_RDONLY|nonblock, 0)
	if err != nil {
		return nil, nil, err
	}
	// It may be another file by now.
	info, err := f.Stat()
	if err == nil && (!info.Mode().IsRegular() || info.Size() > maxEntry) {
		err = fmt.Errorf("%w: %s is not a regular file, or too large for an entry", ErrCorrupt, name)
	}
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, info, nil
}

// Has reports whether something is kept under k, without reading it.
func (s *Store) Has(k Key) bool {
	root := s.current()
	if root == nil {
		return false
	}
	_, name := k.file()
	info, err := root.Lstat(name)
	return err == nil && info.Mode().IsRegular()
}

// Put keeps data under k, in the place of what was there. If the directory has been
// removed it is made again.
func (s *Store) Put(k Key, data []byte) error {
	if len(data) > maxEntry/2 {
		return fmt.Errorf("%d bytes are too many for an entry", len(data))
	}
	root := s.current()
	if root == nil {
		return fs.ErrClosed
	}
	err := s.put(root, k, data)
	if errors.Is(err, fs.ErrNotExist) {
		if err := s.reopen(root); err != nil {
			return err
		}
		err = s.put(s.current(), k, data)
	}
	if err != nil {
		return err
	}
	if s.written.Add(int64(len(data))) > s.limit/8 && s.trimming.CompareAndSwap(false, true) {
		s.trims.Go(func() {
			defer s.trimming.Store(false)
			s.written.Store(0)
			s.trim(s.current())
		})
	}
	return nil
}

func (s *Store) put(root *os.Root, k Key, data []byte) error {
	dir, name := k.file()
	if err := root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	// A link in the place of the directory leads to no other: root sees to that.
	temp := path.Join(dir, fmt.Sprintf("%s%d-%x", tempPrefix, os.Getpid(), rand.Uint64()))
	f, err := root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(data)
	for _, part := range [][]byte{head, k[:], sum[:], data} {
		if err == nil {
			_, err = f.Write(part)
		}
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = root.Rename(temp, name)
	}
	if err != nil {
		_ = root.Remove(temp) // a trim does it otherwise
	}
	return err
}
