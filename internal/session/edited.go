package session

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"time"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// A Stamp tells whether a file was written, also if it has the text again that it
// had before: an editor that saves leaves it empty for a moment.
type Stamp struct {
	Size     int64
	Modified int64 // in nanoseconds since 1970
}

// StampOf returns how a file is now.
func StampOf(file string) (Stamp, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Stamp{}, err
	}
	return Stamp{info.Size(), info.ModTime().UnixNano()}, nil
}

// clockGranularity is how far apart two writes are at least that no file system gives the
// same time.
const clockGranularity = 2 * time.Second

// A ReadStamp is how a file was before it was read.
type ReadStamp struct {
	Stamp
	at time.Time
}

// conclusive reports whether a file that still has the stamp has the same text.
func (n ReadStamp) conclusive() bool { return n.at.Sub(time.Unix(0, n.Modified)) > clockGranularity }

// RecordStamps notes how the unit's files are before they are read and compiled.
func (s *Session) RecordStamps(u *load.Unit) {
	if u.Std {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range u.Files {
		if _, ok := s.stamps[name]; !ok {
			RecordStamp(s.stamps, name)
		}
	}
}

// RecordStamp notes how a file is.
func RecordStamp(in map[string]ReadStamp, name string) {
	at := time.Now()
	if now, err := StampOf(name); err == nil {
		in[name] = ReadStamp{now, at}
	}
}

// Unmodified reports whether a file certainly has the text that it had when it was
// noted, without reading it.
func (s *Session) Unmodified(name string) bool {
	s.mu.Lock()
	n, ok := s.stamps[name]
	s.mu.Unlock()
	if !ok || !n.conclusive() {
		return false
	}
	now, err := StampOf(name)
	return err == nil && now == n.Stamp
}

// Edited reports whether a file of the unit is not as it was when it was hashed,
// or was written since it was noted: what the compiler has read may be another
// text.
func (s *Session) Edited(u *load.Unit) bool {
	if u.Std {
		return false
	}
	for _, name := range u.Files {
		if _, ok := s.Config.Overlay[name]; ok {
			continue
		}
		if s.written(name) {
			s.mu.Lock()
			s.moved[u] = true
			s.mu.Unlock()
			return true
		}
	}
	return false
}

func (s *Session) written(name string) bool {
	// A hash is as old as the note if the session has the text that was hashed.
	if _, ok := s.Texts[name]; ok && s.Unmodified(name) {
		return false
	}
	s.mu.Lock()
	before, ok := s.stamps[name]
	s.mu.Unlock()
	if now, err := StampOf(name); err != nil || ok && now != before.Stamp {
		return true
	}
	hash, err := s.Hashes.file(name)
	if err != nil {
		return true
	}
	text, err := regular.ReadFile(name)
	sum := sha256.Sum256(text)
	return err != nil || hex.EncodeToString(sum[:]) != hash
}

// ForgetEdited forgets the hashes of the files of units that were edited while
// they were compiled, and reports whether there are any, and whether there are
// others than u.
func (s *Session) ForgetEdited(u *load.Unit) (edited, others bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for moved := range s.moved {
		edited = true
		others = others || moved != u
		for _, name := range moved.Files {
			s.Hashes.forget(name)
		}
	}
	clear(s.moved)
	return edited, others
}
