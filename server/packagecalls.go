package server

import (
	"context"

	"github.com/inlinelens/inlinelens/handlers"
)

// packageCalls answers inlinelens/packageCalls.
func packageCalls(s *server, p *handlers.PackageCallsParams) (answer, error) {
	known, documents := s.verdicts.Load(), map[string]*document{}
	for _, d := range s.documents.all() {
		documents[d.path] = d
	}
	dir := p.Dir
	return func(context.Context) (any, error) {
		view := func(path string) *handlers.Document { return s.view(documents[path], known) }
		if calls := handlers.PackageCalls(known.snapshot, dir, view, s.mapper, s.client.encoding); calls != nil {
			return calls, nil
		}
		return nil, nil
	}, nil
}
