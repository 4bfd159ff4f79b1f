package settings

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A Preset is a choice of calls that have hints. One command goes through them.
type Preset struct {
	Name  string // as the setting hints.preset has it
	Title string // "what stays", for "what stays: 412 of 1,393"
	Doc   string // Markdown
	// hints has the fields that the preset sets: Enabled, Statuses, Reasons, Overrun.
	hints Hints
}

// The names of presets.
const (
	PresetAll    = "all"
	PresetStays  = "stays"
	PresetNear   = "near-misses"
	PresetOff    = "off"
	presetCustom = "" // what the user's own settings choose
)

// Presets returns all presets, in the order in which the command goes through them.
func Presets() []Preset { return slices.Clone(presets) }

var presets = makePresets()

func makePresets() []Preset {
	var reasons []string
	for _, w := range reasonWords() {
		reasons = append(reasons, w.Word)
	}
	stays := []string{inline.StatusNotInlined.String(), inline.StatusMixed.String(), inline.StatusUnknown.String()}
	return []Preset{
		{
			PresetAll, "all calls", "all calls whose callee is known: `✓` if inlined, cost and budget if not",
			Hints{Enabled: true, Statuses: append(stays[:3:3], inline.StatusInlined.String()), Reasons: reasons},
		},
		{PresetStays, "what stays", "calls that were not inlined, for any reason", Hints{Enabled: true, Statuses: stays, Reasons: reasons}},
		{
			PresetNear, "near misses", "calls that a small change may get inlined: the callee is over budget by at most 20, or the source can remove the reason",
			Hints{
				Enabled:  true,
				Statuses: stays[:2:2],
				Reasons: []string{
					string(inline.CodeTooExpensive),
					string(inline.CodeNoinlineDirective),
					string(inline.CodeRecursive),
					string(inline.CodeBigCaller),
					string(inline.CodeClosureLimit),
					string(inline.CodeOther),
				},
				Overrun: words.NearOverrun,
			},
		},
		{PresetOff, "hints off", "no calls", Hints{}},
	}
}

// PresetOf returns the preset of a name; ok is false if there is none.
func PresetOf(name string) (p Preset, ok bool) {
	i := slices.IndexFunc(presets, func(p Preset) bool { return p.Name == name })
	if i < 0 {
		return Preset{Title: "as set"}, false
	}
	return presets[i], true
}

// apply returns h with what a preset says.
func (p Preset) apply(h Hints) Hints {
	h.Preset, h.Enabled = p.Name, p.hints.Enabled
	h.Statuses, h.Reasons, h.Overrun = p.hints.Statuses, p.hints.Reasons, p.hints.Overrun
	return h
}

// Written reports whether the user has set which calls have hints.
func (h Hints) Written() bool {
	return !h.Enabled || h.Preset != "" || h.some()
}

// some reports whether the user has set a part of what a preset says.
func (h Hints) some() bool { return h.Statuses != nil || h.Reasons != nil || h.Overrun >= 0 }

// Resolve returns h, the settings as the user wrote them, with what they leave open.
// What the user has set wins over last, the preset that was last chosen in this
// workspace, and that over all calls. Who sets a part of what a preset says, and no
// preset, sets it over near misses: before there were presets, these were the defaults.
// The result has the preset's name in Preset, "" where the settings differ from it.
func (h Hints) Resolve(last string) Hints {
	if h.Place == "" {
		h.Place = PlaceCallee
		if h.Style == StyleFull {
			h.Place = PlaceEnd
		}
	}
	name := last
	switch {
	case h.Preset != "":
		name = h.Preset
	case h.some():
		name = PresetNear
	}
	p, ok := PresetOf(name)
	if !ok {
		p, _ = PresetOf(PresetAll)
	}
	resolved := p.apply(h)
	resolved.Enabled = resolved.Enabled && h.Enabled
	if h.Statuses != nil {
		resolved.Statuses = h.Statuses
	}
	if h.Reasons != nil {
		resolved.Reasons = h.Reasons
	}
	if h.Overrun >= 0 {
		resolved.Overrun = h.Overrun
	}
	switch {
	case !h.Enabled:
		resolved.Preset = PresetOff
	case h.some():
		resolved.Preset = presetCustom
	}
	return resolved
}

// Choose returns h, resolved, with the calls of a preset; ok is false if there is none
// of this name.
func (h Hints) Choose(name string) (chosen Hints, ok bool) {
	p, ok := PresetOf(name)
	if !ok {
		return h, false
	}
	return p.apply(h), true
}

// Next returns the name of the preset that follows one in their order; "" stands for
// the user's own choice, which comes first if there is one.
func Next(name string, own bool) string {
	var names []string
	if own {
		names = append(names, presetCustom)
	}
	for _, p := range presets {
		names = append(names, p.Name)
	}
	return names[(slices.Index(names, name)+1)%len(names)]
}
