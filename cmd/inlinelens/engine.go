package main

import (
	"github.com/inlinelens/inlinelens/internal/engine"
)

// manyPackages is the number from which a report goes on for seconds.
const manyPackages = 32

// newEngine returns the engine of a session: it warns through the session's log
// and tells its progress line how far it is.
func newEngine(s *commandRun) (*engine.Engine, error) {
	e, err := engine.New(engine.Options{
		Log:  s.log,
		Huge: func() { setGCPolicy(&huge) },
		Progress: func(p engine.Progress) {
			if p.Total >= manyPackages && current.Load() != &huge {
				setGCPolicy(&many)
			}
			s.progress.set(p.Stage, p.Done, p.Total, p.Package)
		},
	})
	s.engine = e
	return e, err
}
