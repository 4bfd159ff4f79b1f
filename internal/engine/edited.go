package engine

import (
	"crypto/sha256"
	"encoding/hex"
	"os"

	"github.com/inlinelens/inlinelens/internal/load"
)

// edited reports whether a file of the unit is not as it was when it was hashed:
// what the compiler has read may be either text.
func (s *session) edited(u *load.Unit) bool {
	if u.Std {
		return false
	}
	for _, name := range u.Files {
		if _, ok := s.cfg.Overlay[name]; ok {
			continue
		}
		before, err := s.hashes.file(name)
		if err != nil {
			return true
		}
		text, err := os.ReadFile(name)
		if sum := sha256.Sum256(text); err != nil || hex.EncodeToString(sum[:]) != before {
			return true
		}
	}
	return false
}
