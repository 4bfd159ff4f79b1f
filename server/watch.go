package server

import (
	"context"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/settings"
)

// watched are the files whose changes on disk can change a verdict, or what is promised of it. Others that
// are compiled in (assembly's headers, embedded files) change the size of things
// at most.
var watched = []string{"**/*.go", "**/go.mod", "**/go.sum", "**/go.work", "**/*.s", "**/default.pgo", "**/.inlinelens", "**/.inlinelens.baseline"}

// register asks the client to tell of changed files and settings.
func (s *server) register() {
	var registrations []protocol.Registration
	add := func(method string, options any) {
		raw, err := protocol.Marshal(options)
		if err != nil {
			s.log.Error("registering", zap.String("method", method), zap.Error(err))
			return
		}
		registrations = append(registrations, protocol.Registration{
			ID: settings.Section + "/" + method, Method: method, RegisterOptions: jsontext.Value(raw),
		})
	}
	if s.client.watches {
		options := &protocol.DidChangeWatchedFilesRegistrationOptions{}
		for _, pattern := range watched {
			options.Watchers = append(options.Watchers, protocol.FileSystemWatcher{GlobPattern: protocol.Pattern(pattern)})
		}
		add(protocol.MethodWorkspaceDidChangeWatchedFiles, options)
	}
	if s.client.follows {
		add(protocol.MethodWorkspaceDidChangeConfiguration, struct {
			Section string `json:"section"`
		}{settings.Section})
	}
	if len(registrations) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(s.ctx, clientTimeout)
	defer cancel()
	params := &protocol.RegistrationParams{Registrations: registrations}
	if err := protocol.Call(ctx, s.conn, protocol.MethodClientRegisterCapability, params, nil); err != nil {
		s.log.Warn("the client does not tell of changes", zap.Error(err))
	}
}

func didChangeWatchedFiles(s *server, p *protocol.DidChangeWatchedFilesParams) error {
	var paths []string
	for _, c := range p.Changes {
		if path, ok := filePath(c.URI); ok {
			paths = append(paths, path)
		}
	}
	s.work.changed(paths)
	return nil
}

func didChangeWorkspaceFolders(s *server, p *protocol.DidChangeWorkspaceFoldersParams) error {
	var paths []string
	for _, f := range append(p.Event.Added, p.Event.Removed...) {
		if path, ok := filePath(f.URI); ok {
			paths = append(paths, path)
		}
	}
	s.work.changed(paths)
	return nil
}
