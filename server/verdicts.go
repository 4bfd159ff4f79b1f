package server

import (
	"context"
	"reflect"
	"slices"
	"time"

	"go.lsp.dev/protocol"

	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// verdicts are what the engine knows at one moment. Immutable.
type verdicts struct {
	snapshot *workspace.Snapshot
	// files are the snapshot's, but that a file which says what it said before is
	// the one from before: what the client holds of it can be resolved still.
	files map[string]*workspace.File
	// superseded is closed when the engine knows something else.
	superseded chan struct{}
}

// verdictsTimeout is how long a request waits for verdicts at most. Editors give up after
// 10 seconds (Emacs) or 20 (Helix).
const verdictsTimeout = 9 * time.Second

// awaitVerdicts returns the verdicts when there are some on a file, or when it is known
// why there are none; what is known if that takes too long.
func (s *server) awaitVerdicts(ctx context.Context, path string) *verdicts {
	limit := time.NewTimer(verdictsTimeout)
	defer limit.Stop()
	for {
		known := s.verdicts.Load()
		if f := known.snapshot.Files[path]; f != nil && (f.Package == nil || f.Package.State != workspace.StateCompiling) {
			return known
		}
		select {
		case <-known.superseded:
		case <-ctx.Done():
			return known
		case <-s.ctx.Done():
			return known
		case <-limit.C:
			return known
		}
	}
}

// publish takes what the engine knows from now on; the engine calls it from one
// goroutine.
func (s *server) publish(snapshot *workspace.Snapshot) {
	before := s.verdicts.Load()
	now := &verdicts{snapshot: snapshot, files: make(map[string]*workspace.File, len(snapshot.Files)), superseded: make(chan struct{})}
	for name, f := range snapshot.Files {
		if was := before.files[name]; was != nil && sameVerdicts(was, f) {
			f = was
		}
		now.files[name] = f
	}
	s.verdicts.Store(now)
	close(before.superseded)
	for _, c := range snapshot.Packages {
		s.warnOf(c.Go)
	}
	s.idle.update(snapshot)
	s.costHints.published(now)
	s.outgoing.changed()
}

// warnOf shows, once, that a toolchain is not known. The engine has it in the log.
func (s *server) warnOf(toolchain string) {
	if text := gorelease.Unknown(toolchain); text != "" && !s.unknown[toolchain] {
		s.unknown[toolchain] = true
		s.outgoing.message(protocol.MessageTypeWarning, "inlinelens: "+text)
	}
}

// editedDirs returns a function that tells of directories whether a document there has
// another text than the verdicts are about.
func (v *verdicts) editedDirs(open []*document) func(dir string) bool {
	edited := map[string]bool{}
	for _, d := range open {
		if f := v.snapshot.Files[d.path]; f != nil && f.Unit != nil && string(f.Text) != string(d.text) {
			edited[f.Package.Dir] = true
		}
	}
	return func(dir string) bool { return edited[dir] }
}

// sameVerdicts reports whether two states of a file say the same. That its
// package is being compiled again, or was with the same result, is no difference.
func sameVerdicts(a, b *workspace.File) bool {
	return a.Unit == b.Unit && a.Note == b.Note && string(a.Text) == string(b.Text) && slices.Equal(a.Calls, b.Calls) &&
		slices.Equal(a.Errors, b.Errors) && slices.Equal(a.Tags, b.Tags) &&
		slices.EqualFunc(a.Funcs, b.Funcs, sameFunction) && reflect.DeepEqual(a.Asserted, b.Asserted)
}

// sameFunction reports whether two states of a function in the same unit say the
// same. Calls of it may be in another unit of the package, in a test.
func sameFunction(a, b workspace.FileFunction) bool {
	return a.Function == b.Function && slices.EqualFunc(a.CalledFrom, b.CalledFrom, func(c, d *inline.Call) bool {
		return c == d || reflect.DeepEqual(c, d)
	})
}
