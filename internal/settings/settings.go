// Package settings holds what a user of the language server can set: one typed
// struct, its defaults, and the documentation of each setting as data beside it,
// from which docs/settings.md and the JSON schema are generated.
//
// It does not ask the editor for settings and does not apply them: that is the
// server's part. It reads no files and no environment, and starts nothing.
package settings

import (
	"slices"
	"time"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// Settings are all settings of the language server. They are passed around as a
// value: nobody changes the slices and maps in them.
type Settings struct {
	Hints       Hints
	Lenses      Lenses
	Diagnostics Diagnostics
	Trigger     string        // TriggerSave or TriggerType
	Delay       time.Duration // from the last edit to the compile of unsaved text
	Tests       bool          // also show verdicts in _test.go files
	Build       Build
	Concurrency int           // packages compiled at once; 0: as many as there are processors
	Timeout     time.Duration // of one package's load, and of its compile; 0: 5 minutes
	LogLevel    string        // debug, info, warn or error
}

// Hints are the settings of inlay hints. What a user leaves open in them, Resolve
// fills in.
type Hints struct {
	Enabled  bool
	Preset   string   // the name of one; "" for what was last chosen
	Statuses []string // of calls with a hint: words of inline.Status; nil: the preset's
	Reasons  []string // of calls with status not-inlined and a hint: words of inline.ReasonCode; nil: the preset's
	Overrun  int      // of a callee that is too expensive, for a hint at its call: the most; 0: any; -1: the preset's
	Style    string   // StyleShort or StyleFull
	Place    string   // PlaceCallee or PlaceEnd; "": by Style
}

// Lenses are the settings of code lenses.
type Lenses struct{ Enabled bool }

// Diagnostics are the settings of diagnostics.
type Diagnostics struct {
	Enabled  bool
	Baseline bool // also report what is worse than the baseline
}

// Build says what is compiled: what a user would give to go build.
type Build struct {
	Flags  []string
	Env    map[string]string
	GOOS   string // "" for what Env or the server's environment say
	GOARCH string
	PGO    string // "" for what Flags say, "off", "auto", or an absolute file name
}

// What Trigger can be.
const (
	TriggerSave = "save" // compile what is on disk
	TriggerType = "type" // compile what is in the editor, too
)

// What Hints.Style can be.
const (
	StyleShort = "short"
	StyleFull  = "full"
)

// What Hints.Place can be.
const (
	PlaceCallee = "callee" // right after the callee's name
	PlaceEnd    = "end"    // at the end of the call's line
)

// Default returns what holds where the user sets nothing.
func Default() Settings {
	return Settings{
		Hints: Hints{
			Enabled: true,
			Overrun: -1,
			Style:   StyleShort,
		},
		Lenses:      Lenses{Enabled: true},
		Diagnostics: Diagnostics{Enabled: true, Baseline: true},
		Trigger:     TriggerSave,
		Delay:       400 * time.Millisecond,
		Tests:       true,
		Build:       Build{Flags: []string{}, Env: map[string]string{}},
		Timeout:     5 * time.Minute,
		LogLevel:    "info",
	}
}

// Shows reports whether h, resolved, asks for a hint at c. It does not look at Enabled.
func (h Hints) Shows(c *inline.Call) bool {
	if !slices.Contains(h.Statuses, c.Status.String()) {
		return false
	}
	if c.Status != inline.StatusNotInlined || c.Reason == nil {
		return true
	}
	if !slices.Contains(h.Reasons, string(c.Reason.Code)) {
		return false
	}
	return c.Reason.Code != inline.CodeTooExpensive || h.Overrun == 0 || c.Cost-c.Budget <= h.Overrun
}
