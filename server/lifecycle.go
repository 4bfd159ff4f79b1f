package server

import (
	"context"
	"errors"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

func initialize(s *server, p *protocol.InitializeParams) (answer, error) {
	s.client = newClient(p)
	s.log.Info("initialize", zap.String("client", p.ClientInfo.Name), zap.Stringer("encoding", s.client.encoding))
	s.configuration.readInitial(jsontext.Value(p.InitializationOptions))
	if pid := int(orZero(p.ProcessID)); pid > 0 && pid != s.options.ClientProcessID {
		s.watchParent(pid)
	}
	s.phase = phaseOpen
	return func(context.Context) (any, error) {
		return &protocol.InitializeResult{
			Capabilities: s.client.capabilities(),
			ServerInfo:   protocol.ServerInfo{Name: "inlinelens", Version: protocol.NewOptional(s.options.Version)},
		}, nil
	}, nil
}

func initialized(s *server, _ *protocol.InitializedParams) error {
	if s.phase != phaseOpen {
		return errors.New("initialized came twice")
	}
	s.phase = phaseRunning
	s.background.Go(s.start)
	return nil
}

// start asks the client for its settings, then lets work begin.
func (s *server) start() {
	s.configuration.pull()
	s.work.start()
	s.configuration.recallPreset()
	s.register()
}

// shutdown stops all work. It is done when the answer is sent: nothing is left
// but the connection, and what does not stop.
func shutdown(s *server, _ *struct{}) (answer, error) {
	s.phase = phaseShutDown
	s.asked.Store(true)
	s.stop()
	if err := s.work.stop(); err != nil {
		s.log.Warn("shutdown", zap.Error(err))
	}
	return nothing, nil
}

func exit(s *server, _ *struct{}) error {
	s.end(errExit)
	return nil
}
