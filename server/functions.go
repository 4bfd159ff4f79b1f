package server

import (
	"context"
	"path/filepath"

	"github.com/inlinelens/inlinelens/handlers"
)

// functions answers inlinelens/functions.
func functions(s *server, p *handlers.FunctionsParams) (answer, error) {
	known, open := s.verdicts.Load(), s.documents.all()
	wanted := func(string) bool { return true }
	if p.TextDocument != nil {
		path, ok := filePath(p.TextDocument.URI)
		if !ok {
			return nothing, nil
		}
		dir := filepath.Dir(path)
		if f := known.snapshot.Files[path]; f != nil {
			dir = f.Package.Dir
		}
		wanted = func(d string) bool { return d == dir }
	}
	documents := make(map[string]*document, len(open))
	for _, d := range open {
		documents[d.path] = d
	}
	view := func(path string) *handlers.Document { return s.view(documents[path], known) }
	return func(context.Context) (any, error) {
		return handlers.Functions(known.snapshot, wanted, known.editedDirs(open), view, s.mapper, s.client.encoding), nil
	}, nil
}
