package server

import (
	"context"
	"runtime/debug"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
)

// A phase is how far a connection is. It is only looked at, and changed, by
// messages in their order.
type phase int

const (
	phaseNew      phase = iota // nothing came yet
	phaseOpen                  // initialize was answered
	phaseRunning               // initialized came: work may start
	phaseShutDown              // shutdown was answered
)

// A method is what one kind of message does.
type method struct {
	// receive runs on the goroutine that reads, in the order of messages: it decodes
	// the parameters, makes the change that they ask for, and takes what the
	// answer is computed from. The answer is nil for notifications.
	receive func(s *server, params jsonrpc2.RawMessage) (answer, error)
	// ordered says that the answer, too, belongs in the order of messages.
	ordered bool
}

// An answer computes the result of a request from what was current when it came.
// The context ends when the request is cancelled.
type answer func(context.Context) (any, error)

// nothing is the answer where there is nothing to say: null.
func nothing(context.Context) (any, error) { return nil, nil }

// request makes a method of a function from parameters to an answer.
func request[P any](take func(s *server, p *P) (answer, error)) method {
	return method{receive: func(s *server, params jsonrpc2.RawMessage) (answer, error) {
		p := new(P)
		if err := decodeParams(params, p); err != nil {
			return nil, err
		}
		return take(s, p)
	}}
}

// ordered makes a method whose answer is sent before the next message is read.
func ordered[P any](take func(s *server, p *P) (answer, error)) method {
	m := request(take)
	m.ordered = true
	return m
}

// notification makes a method of a function that has no answer.
func notification[P any](take func(s *server, p *P) error) method {
	return request(func(s *server, p *P) (answer, error) { return nil, take(s, p) })
}

// handle answers one message; it runs on the goroutine that reads until it lets
// go of it. An error is an answer too: it never ends the connection.
func (s *server) handle(ctx context.Context, req *jsonrpc2.Request) (result any, err error) {
	defer func() {
		if v := recover(); v != nil {
			s.log.Error("internal error", zap.String("method", req.Method()), zap.Any("panic", v), zap.ByteString("stack", debug.Stack()))
			result, err = nil, jsonrpc2.Errorf(jsonrpc2.InternalError, "internal error in %s: %v; the log says where", req.Method(), v)
		}
		if !req.IsCall() {
			result, err = nil, nil
		}
	}()
	if !req.IsCall() {
		s.notified(req)
		return nil, nil
	}
	return s.called(ctx, req)
}

// notified takes a notification.
func (s *server) notified(req *jsonrpc2.Request) {
	name := req.Method()
	m, known := notifications[name]
	switch {
	case !known && strings.HasPrefix(name, "$/"):
		return // the protocol lets those be ignored
	case !known:
		s.log.Warn("unknown notification", zap.String("method", name))
		return
	case name == protocol.MethodExit:
	case s.phase == phaseNew, s.phase == phaseShutDown:
		s.log.Warn("notification out of place", zap.String("method", name), zap.Int("phase", int(s.phase)))
		return
	}
	if _, err := m.receive(s, req.Params()); err != nil {
		s.log.Warn("notification without effect", zap.String("method", name), zap.Error(err))
	}
}

// called answers a request.
func (s *server) called(ctx context.Context, req *jsonrpc2.Request) (any, error) {
	name := strings.Clone(req.Method())
	m, known := requests[name]
	// Whether the method is known counts last: a client out of step should be
	// told that first.
	switch {
	case s.phase == phaseShutDown:
		return detached(ctx, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "%s after shutdown", name))
	case s.phase == phaseNew && name != protocol.MethodInitialize:
		return detached(ctx, jsonrpc2.Errorf(jsonrpc2.ServerNotInitialized, "%s before initialize", name))
	case s.phase != phaseNew && name == protocol.MethodInitialize:
		return detached(ctx, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "initialize came twice"))
	case !known:
		return detached(ctx, jsonrpc2.Errorf(jsonrpc2.MethodNotFound, "there is no method %s", name))
	}
	// Not of ctx, which belongs to another request once this one is answered.
	cancelled, done, ok := s.pending.register(jsonrpc2.DetachContext(ctx), req.ID())
	if !ok {
		return detached(ctx, jsonrpc2.Errorf(jsonrpc2.InvalidRequest, "a request with the id %q is not answered yet", req.ID()))
	}
	defer done()
	compute, err := m.receive(s, req.Params())
	if !m.ordered {
		jsonrpc2.Async(ctx)
	}
	if err != nil {
		return nil, err
	}
	result, err := compute(cancelled)
	if cancelled.Err() != nil {
		return nil, jsonrpc2.Errorf(protocol.CodeRequestCancelled, "%s was cancelled", name)
	}
	return result, err
}

// detached lets go of the goroutine that reads, which must not wait until a
// client reads the answer.
func detached(ctx context.Context, err error) (any, error) {
	jsonrpc2.Async(ctx)
	return nil, err
}

// pending are the requests that are being answered.
type pending struct {
	mu     sync.Mutex
	cancel map[jsonrpc2.ID]context.CancelFunc
}

// register notes a request until done is called. It is not ok if there is one with
// the same id.
func (p *pending) register(ctx context.Context, id jsonrpc2.ID) (_ context.Context, done func(), ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cancel[id] != nil {
		return ctx, nil, false
	}
	if p.cancel == nil {
		p.cancel = map[jsonrpc2.ID]context.CancelFunc{}
	}
	ctx, cancel := context.WithCancel(ctx)
	p.cancel[id] = cancel
	return ctx, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.cancel, id)
		cancel()
	}, true
}

// stop cancels the request with that id, if it is still being answered.
func (p *pending) stop(id jsonrpc2.ID) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cancel := p.cancel[id]; cancel != nil {
		cancel()
	}
}

// cancelParams are those of $/cancelRequest. The protocol's own have not room for
// every id that a request may have.
type cancelParams struct {
	ID jsontext.Value `json:"id"`
}

func cancelRequest(s *server, p *cancelParams) error {
	s.pending.stop(parseID(p.ID))
	return nil
}
