package session

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// Line directives may name any file of the machine, and what is printed of a
// repository may be read by others than those whose machine it is. So only
// sources are shown: files that were compiled, and others within the modules that
// were loaded and within GOROOT.

// knownSources knows the files whose text may be shown.
type knownSources struct {
	mu      sync.Mutex
	results []*load.Result  // that were not looked at
	files   map[string]bool // that were compiled
	roots   map[string]bool // directories, as they are named and with links resolved
	dirs    map[string]bool // of packages, of which the roots are known
}

// add makes known what was loaded.
func (s *knownSources) add(r *load.Result) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.results = append(s.results, r)
}

// ReadSource reads a source file that is to be shown: one of a package that was
// loaded, or one below the directory of its module or GOROOT.
func (h *Host) ReadSource(name string) ([]byte, error) {
	name = filepath.Clean(name)
	if !h.shown.has(name) {
		return nil, fmt.Errorf("%s is named by a //line directive and is no source of the modules that were loaded", name)
	}
	return regular.ReadFile(name)
}

func (s *knownSources) has(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.results {
		s.look(r)
	}
	s.results = nil
	if s.files[name] {
		return true
	}
	if !s.below(name) {
		return false
	}
	real, err := filepath.EvalSymlinks(name)
	return err != nil && os.IsNotExist(err) || err == nil && s.below(real)
}

// look notes the files and directories of what was loaded.
func (s *knownSources) look(r *load.Result) {
	if s.files == nil {
		s.files, s.roots, s.dirs = make(map[string]bool), make(map[string]bool), make(map[string]bool)
	}
	s.root(r.Env.GOROOT)
	for _, u := range r.Units {
		for _, list := range [][]string{u.GoFiles, u.Files} {
			for _, name := range list {
				s.files[name] = true
			}
		}
		if !u.Std && u.Dir != "" && !s.dirs[u.Dir] {
			s.dirs[u.Dir] = true
			s.root(moduleOf(u.Dir))
		}
	}
}

func (s *knownSources) root(dir string) {
	if dir == "" || s.roots[dir] {
		return
	}
	s.roots[dir] = true
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		s.roots[real] = true
	}
}

// moduleOf returns the directory of the module that a package is in, the package's
// own if that is not to be seen.
func moduleOf(dir string) string {
	for up := dir; ; {
		if info, err := os.Stat(filepath.Join(up, "go.mod")); err == nil && !info.IsDir() {
			return up
		}
		parent := filepath.Dir(up)
		if parent == up {
			return dir
		}
		up = parent
	}
}

// below reports whether a file is in one of the directories. Hidden files and
// directories are no sources: .git/config and .env may hold secrets.
func (s *knownSources) below(name string) bool {
	for dir := filepath.Dir(name); ; {
		if s.roots[dir] {
			rel := filepath.ToSlash(strings.TrimPrefix(name, dir))
			return !strings.Contains(rel, "/.")
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return false
		}
		dir = parent
	}
}
