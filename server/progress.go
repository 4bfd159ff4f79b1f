package server

import (
	"cmp"
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

const (
	// progressDelay is how long work lasts before it is shown.
	progressDelay = 300 * time.Millisecond
	// progressPause is the least time between two reports on it.
	progressPause = 100 * time.Millisecond
)

// progress shows in the client what is being compiled.
type progress struct {
	server *server
	moved  chan struct{}

	mu      sync.Mutex
	message string // what is being compiled; "" for nothing
}

func (p *progress) start(s *server) {
	p.server, p.moved = s, make(chan struct{}, 1)
	s.background.Go(p.run)
}

// update takes what is known now.
func (p *progress) update(snapshot *workspace.Snapshot) {
	var names []string
	for _, c := range snapshot.Packages {
		if c.State == workspace.StateCompiling {
			names = append(names, cmp.Or(c.Path, c.Dir))
		}
	}
	message := ""
	if len(names) > 0 {
		message = names[0]
	}
	if more := len(names) - 1; more > 0 {
		message += fmt.Sprintf(" and %d more", more)
	}
	p.mu.Lock()
	p.message = message
	p.mu.Unlock()
	signal(p.moved)
}

func (p *progress) current() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.message
}

// until waits until the message is as asked for, or ctx is done.
func (p *progress) until(ctx context.Context, ok func(message string) bool) bool {
	for !ok(p.current()) {
		select {
		case <-ctx.Done():
			return false
		case <-p.moved:
		}
	}
	return true
}

func idle(message string) bool { return message == "" }
func busy(message string) bool { return message != "" }

// run shows each stretch of work that lasts.
func (p *progress) run() {
	ctx := p.server.ctx
	for n := 1; p.until(ctx, busy) && ctx.Err() == nil; n++ {
		short, cancel := context.WithTimeout(ctx, progressDelay)
		done := p.until(short, idle)
		cancel()
		if !done && p.server.client.showsCompiles {
			p.report(ctx, protocol.String(fmt.Sprintf("%s-%d", settings.Section, n)))
		}
		p.until(ctx, idle)
	}
}

// report shows the work that is under way until it ends.
func (p *progress) report(ctx context.Context, token protocol.ProgressToken) {
	asking, cancel := context.WithTimeout(ctx, clientTimeout)
	defer cancel()
	params := &protocol.WorkDoneProgressCreateParams{Token: token}
	if err := protocol.Call(asking, p.server.conn, protocol.MethodWindowWorkDoneProgressCreate, params, nil); err != nil {
		p.server.log.Debug("no progress", zap.Error(err))
		return
	}
	last := p.current()
	p.send(token, &protocol.WorkDoneProgressBegin{Kind: "begin", Title: "inlinelens: compiling", Message: &last})
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(progressPause):
		}
		if !p.until(ctx, func(message string) bool { return message != last }) {
			return
		}
		last = p.current()
		if idle(last) {
			p.send(token, &protocol.WorkDoneProgressEnd{Kind: "end"})
			return
		}
		p.send(token, &protocol.WorkDoneProgressReport{Kind: "report", Message: &last})
	}
}

func (p *progress) send(token protocol.ProgressToken, value any) {
	raw, err := protocol.Marshal(value)
	if err != nil {
		p.server.log.Error("progress", zap.Error(err))
		return
	}
	p.server.notify(protocol.MethodProgress, &protocol.ProgressParams{Token: token, Value: jsontext.Value(raw)})
}
