package session

import (
	"fmt"
	"maps"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// overlay returns the texts that stand for files: what is unsaved, and what the
// user's -overlay replaces and is in a unit. Both are one to the engine.
func overlay(cfg load.Config, loaded *load.Result) (map[string][]byte, error) {
	if len(loaded.Replaced) == 0 {
		return cfg.Overlay, nil
	}
	all := maps.Clone(cfg.Overlay)
	if all == nil {
		all = make(map[string][]byte)
	}
	for _, u := range loaded.Units {
		for _, name := range u.Files {
			file, ok := loaded.Replaced[name]
			if !ok || all[name] != nil {
				continue
			}
			text, err := regular.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("reading what -overlay puts in the place of %s: %w", name, err)
			}
			all[name] = text
		}
	}
	return all, nil
}
