package server

import (
	"bytes"
	"context"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"

	"github.com/inlinelens/inlinelens/internal/settings"
)

// clientTimeout is how long the client has to say what its settings are, or to answer
// any other question; work does not wait longer for it.
const clientTimeout = 5 * time.Second

// configuration are the settings: the defaults, over them what initialize
// brought, over them what the client says now.
type configuration struct {
	server *server

	current atomic.Pointer[settings.Settings]
	// last is the preset of hints that was last chosen in this workspace, and choice the
	// one that overrides the settings until those of hints change; "" stands for none.
	last, choice atomic.Pointer[string]
	// tags are build tags that somebody has added for this session.
	tags atomic.Pointer[[]string]

	merging  sync.Mutex
	initial  settings.Settings         // the defaults with initializationOptions
	reported map[settings.Problem]bool // that hold now, and that the client was told of

	pulling  sync.Mutex // so that the last answer that comes is the last that was asked for
	answered bool       // with settings, at least once
}

// settings returns those that hold now.
func (c *configuration) settings() settings.Settings {
	s := *c.current.Load()
	s.Hints = s.Hints.Resolve(orZero(c.last.Load()))
	s.Hints, _ = s.Hints.Choose(orZero(c.choice.Load()))
	if tags := c.tags.Load(); tags != nil {
		s.Build.Flags = settings.WithTags(s.Build.Flags, *tags)
	}
	return s
}

// readInitial takes the initializationOptions.
func (c *configuration) readInitial(options jsontext.Value) {
	defaults := settings.Default()
	c.initial = defaults
	c.current.Store(&defaults)
	c.merge(options)
	c.initial = *c.current.Load()
}

// merge applies the object of settings that a client sends, null for none; what
// it leaves out is as it was in the beginning. While the value of one is not
// valid, that one stays as it is, and so do those that are left out.
func (c *configuration) merge(raw jsontext.Value) {
	c.merging.Lock()
	defer c.merging.Unlock()
	if isNull(raw) {
		raw = nil // to Merge, null is the defaults
	}
	before := *c.current.Load()
	merged, problems := c.initial.Merge(raw)
	if slices.ContainsFunc(problems, isValue) {
		merged, _ = before.Merge(raw)
	}
	holding := map[settings.Problem]bool{}
	for _, p := range problems {
		holding[p] = true
		if !c.reported[p] {
			c.server.log.Warn("invalid setting", zap.Error(p))
			c.server.outgoing.message(protocol.MessageTypeWarning, "inlinelens: "+p.Error())
		}
	}
	c.reported = holding
	if reflect.DeepEqual(merged, before) {
		return
	}
	c.current.Store(&merged)
	if !reflect.DeepEqual(merged.Hints, before.Hints) {
		c.choice.Store(nil)
	}
	if level, err := zapcore.ParseLevel(merged.LogLevel); err == nil && c.server.options.Level != nil {
		c.server.options.Level.SetLevel(level)
	}
	c.server.work.configure(c.settings())
	c.server.outgoing.changed()
}

func isNull(raw jsontext.Value) bool { return string(bytes.TrimSpace(raw)) == "null" }

// isValue reports whether p is about the value of a setting, rather than about
// one that does not exist.
func isValue(p settings.Problem) bool {
	return p.Path == "" || slices.ContainsFunc(settings.All(), func(s settings.Setting) bool { return strings.HasPrefix(p.Path, s.Path) })
}

// addTags has everything compiled with some build tags, besides those of the
// settings, until the session ends. It returns the flags that do so if they are in the
// settings.
func (c *configuration) addTags(tags []string) []string {
	c.merging.Lock()
	defer c.merging.Unlock()
	if before := c.tags.Load(); before != nil {
		tags = slices.Concat(*before, tags)
	}
	c.tags.Store(&tags)
	now := c.settings()
	c.server.work.configure(now)
	c.server.outgoing.changed()
	return now.Build.Flags
}

// pull asks the client for its settings and merges them.
func (c *configuration) pull() {
	if !c.server.client.configuration {
		return
	}
	c.pulling.Lock()
	defer c.pulling.Unlock()
	ctx, cancel := context.WithTimeout(c.server.ctx, clientTimeout)
	defer cancel()
	var sections []jsontext.Value
	params := &protocol.ConfigurationParams{Items: []protocol.ConfigurationItem{{Section: new(settings.Section)}}}
	err := protocol.Call(ctx, c.server.conn, protocol.MethodWorkspaceConfiguration, params, &sections)
	if err != nil || len(sections) != 1 {
		c.server.log.Warn("the client does not say its settings", zap.Error(err), zap.Int("sections", len(sections)))
		return
	}
	// A client that was never told of settings has nothing to say against those
	// that came another way.
	if isNull(sections[0]) && !c.answered {
		return
	}
	c.answered = true
	c.merge(sections[0])
}

// didChangeConfiguration takes the settings that the client sends, or asks for
// them where it sends none.
func didChangeConfiguration(s *server, p *protocol.DidChangeConfigurationParams) error {
	var sections map[string]jsontext.Value
	if protocol.Unmarshal(p.Settings, &sections) == nil && sections[settings.Section] != nil {
		s.configuration.merge(sections[settings.Section])
	} else if s.phase == phaseRunning {
		s.background.Go(s.configuration.pull)
	}
	return nil
}
