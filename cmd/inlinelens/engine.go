package main

import (
	"github.com/inlinelens/inlinelens/internal/engine"
)

// newEngine returns the engine of a session: it warns through the session's log
// and tells its progress line how far it is.
func newEngine(s *session) (*engine.Engine, error) {
	return engine.New(engine.Options{
		Huge:     func() { paceCollector(&huge) },
		Log:      s.log,
		Progress: func(p engine.Progress) { s.progress.set(p.Stage, p.Done, p.Total, p.Package) },
	})
}
