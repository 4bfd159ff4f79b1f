package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"go.lsp.dev/jsonrpc2"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/engine"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// Options are what a server needs besides a connection.
type Options struct {
	// Engine are those of the engine that the server makes once work may start.
	Engine engine.Options
	// Log gets what happens; nil for nowhere.
	Log *zap.Logger
	// Level is Log's, for the setting logLevel to change; nil if it shall not.
	Level *zap.AtomicLevel
	// Version is the program's, for the client.
	Version string
	// Pause and Quiet, if they are not nil, are called when there has been nothing
	// to compile for a moment, and for some seconds, after there was: the times to
	// tidy up.
	Pause, Quiet func()
	// ClientProcessID is the client's, if it is known before initialize names it.
	ClientProcessID int
}

// A server is one connection with what it keeps.
type server struct {
	options Options
	log     *zap.Logger
	conn    jsonrpc2.Conn

	// phase is only for messages in their order.
	phase   phase
	pending pending
	// asked says that a shutdown request came.
	asked atomic.Bool

	// client is set by initialize.
	client        client
	documents     documents
	verdicts      atomic.Pointer[verdicts]
	configuration configuration
	work          work
	counting      counting
	costHints     costHints
	idle          *idleTimers
	cancels       cancelTable // of work whose progress the user may cancel
	outgoing      outgoing
	// unknown has the toolchains of which the client was told that they are not
	// known; it belongs to the goroutine that publishes.
	unknown map[string]bool

	// end ends the connection, for a reason.
	end context.CancelCauseFunc
	// ctx is done when nothing more shall be sent or begun, which stop brings
	// about; background are the goroutines that look at it.
	ctx        context.Context
	stop       context.CancelFunc
	background sync.WaitGroup
}

var (
	// errExit ends a connection because the client asks for it.
	errExit = errors.New("the client sent exit")
	// errEndOfInput ends a connection because there is nothing more to read.
	errEndOfInput = errors.New("the input ended")
	// errStuck says that something did not stop in time.
	errStuck = errors.New("work that does not stop was left behind")
)

// The end of a connection waits for work to stop: most of it does so at once, but
// a type check that has begun runs to its end, which some types put off for hours.
const (
	// workTimeout is how long a shutdown request, or the end, waits for the work.
	workTimeout = 700 * time.Millisecond
	// endTimeout is how long the end waits for everything.
	endTimeout = 1500 * time.Millisecond
)

// Serve speaks with one client until it says exit, its input ends, its process
// is gone, or ctx is done. It closes rwc, and leaves no process, goroutine or
// file behind, unless something does not stop in time: then it returns all the
// same, and the end of the process ends that. The error is nil if the client had
// sent a shutdown request.
func Serve(ctx context.Context, rwc io.ReadWriteCloser, o Options) error {
	if o.Log == nil {
		o.Log = zap.NewNop()
	}
	s := &server{options: o, log: o.Log, unknown: map[string]bool{}}
	over, end := context.WithCancelCause(ctx)
	s.end = end
	s.ctx, s.stop = context.WithCancel(over)
	s.configuration.server, s.work.server, s.outgoing.server = s, s, s
	s.work.started, s.work.ended = make(chan struct{}), make(chan struct{})
	s.counting.server, s.costHints.server = s, s
	s.verdicts.Store(&verdicts{snapshot: &workspace.Snapshot{}, superseded: make(chan struct{})})
	s.idle = newIdleTimers(o)
	s.outgoing.start()
	if o.ClientProcessID > 0 {
		s.watchParent(o.ClientProcessID)
	}

	stream := newStream(rwc, s.log)
	s.conn = jsonrpc2.NewConn(stream, jsonrpc2.WithCodec(codec{}))
	s.conn.Go(context.WithoutCancel(ctx), s.handle)
	select {
	case <-stream.done:
		end(errEndOfInput)
	case <-over.Done():
	}

	s.stop()
	ended := make(chan error, 1)
	go func() { ended <- s.closeConnection(stream) }()
	var closed error
	select {
	case closed = <-ended:
	case <-time.After(endTimeout):
		closed = errStuck
	}
	why := context.Cause(over)
	if s.asked.Load() {
		s.log.Info("ended", zap.NamedError("because", why), zap.NamedError("closing", closed))
		return nil
	}
	err := fmt.Errorf("%w, without a shutdown request", why)
	s.log.Warn("ended", zap.NamedError("because", err), zap.NamedError("closing", closed))
	return err
}

// closeConnection stops what is at work, and closes the connection.
func (s *server) closeConnection(stream *stream) error {
	stuck := s.work.stop()
	s.idle.stop()
	// Closed at once, it frees whoever waits for the client; what the connection
	// would wait for is of no use to anybody now.
	closed := stream.Close()
	if err := s.conn.Close(); err != nil {
		closed = err
	}
	s.background.Wait()
	return errors.Join(stuck, closed)
}

// notify sends a notification, unless nothing more shall be sent.
func (s *server) notify(method string, params any) {
	if s.ctx.Err() != nil {
		return
	}
	if err := s.conn.Notify(s.ctx, method, params); err != nil {
		s.log.Debug("not sent", zap.String("method", method), zap.Error(err))
	}
}
