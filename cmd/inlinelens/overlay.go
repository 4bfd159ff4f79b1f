package main

import (
	"encoding/json"
	"path/filepath"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// readOverlay reads the file of go build's -overlay flag: absolute names to the
// files that replace them. It returns nothing for a file that is none.
func readOverlay(name string) map[string]string {
	text, err := regular.ReadFile(name)
	if err != nil {
		return nil
	}
	var overlay struct{ Replace map[string]string }
	if json.Unmarshal(text, &overlay) != nil {
		return nil
	}
	replace := map[string]string{}
	for from, to := range overlay.Replace {
		if abs, err := filepath.Abs(from); err == nil {
			replace[abs] = to
		}
	}
	return replace
}
