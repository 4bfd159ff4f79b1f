package server

import (
	"sync/atomic"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/settings"
)

// choosePreset shows the hints of a preset, or with the name "" of the one that follows.
// Where the user's own settings do not say which calls have hints, the choice is
// remembered for the workspace.
func (c *configuration) choosePreset(name string) handlers.HintState {
	written := c.current.Load().Hints
	if name == "" {
		own := written.Resolve("").Preset == ""
		name = settings.Next(c.settings().Hints.Preset, own)
	}
	c.choice.Store(&name)
	if !written.Written() {
		c.last.Store(&name)
		c.server.background.Go(func() { c.server.work.remember(c.presetKey(), &c.last) })
	}
	c.server.outgoing.changed()
	return handlers.Hints(c.settings().Hints)
}

// toggle shows the hints if they are hidden, and hides them if not; it returns
// whether they are shown now. What hides them was not chosen for the workspace; if that
// was, too, all calls are chosen.
func (c *configuration) toggle() bool {
	if c.settings().Hints.Enabled {
		off := settings.PresetOff
		c.choice.Store(&off)
		c.server.outgoing.changed()
		return false
	}
	c.choice.Store(nil)
	if !c.settings().Hints.Enabled {
		c.choosePreset(settings.PresetAll)
	}
	c.server.outgoing.changed()
	return true
}

// presetKey names what is remembered of the workspace.
func (c *configuration) presetKey() string { return "preset of hints in " + c.server.client.folder }

// recallPreset reads the preset that was last chosen in the workspace, once there is an
// engine. What was chosen before that is remembered now.
func (c *configuration) recallPreset() {
	name := c.server.work.recall(c.presetKey())
	if c.last.Load() != nil {
		c.server.work.remember(c.presetKey(), &c.last)
		return
	}
	if _, ok := settings.PresetOf(name); ok && c.last.CompareAndSwap(nil, &name) {
		c.server.outgoing.changed()
	}
}

// remember keeps what text is by then under a name, for servers to come.
func (w *work) remember(name string, text *atomic.Pointer[string]) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.engine != nil {
		w.engine.Remember(name, *text.Load())
	}
}

// recall returns the text that was kept under a name, "" if there is none.
func (w *work) recall(name string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.engine == nil {
		return ""
	}
	return w.engine.Recall(name)
}
