package engine

import (
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/inlinelens/inlinelens/internal/load"
)

// errGone says that files are missing which the load has named. Another load finds
// them again, or says what is wrong.
var errGone = errors.New("files of the go command's caches were removed meanwhile; try again")

// gone reports whether files are missing that the load has named for a unit: its own,
// or the export data of what it imports, as after "go clean -cache".
func (s *session) gone(u *load.Unit) bool {
	if s.tolerant {
		return false
	}
	missing := func(name string) bool {
		_, err := os.Lstat(name)
		return errors.Is(err, fs.ErrNotExist)
	}
	for _, name := range u.Files {
		if _, ok := s.cfg.Overlay[name]; !ok && missing(name) {
			return true
		}
	}
	for _, d := range u.Closure() {
		if d != u && d.Export != "" && missing(d.Export) {
			return true
		}
	}
	return false
}

// reload has what rests on a load loaded again.
func (w *Workspace) reload(l *loaded) {
	w.do(func() {
		for _, v := range w.allViews() {
			if v.loaded == l && v.need != needLoad {
				v.want(needLoad, time.Now())
			}
		}
	})
}
