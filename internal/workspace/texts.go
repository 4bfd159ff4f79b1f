package workspace

import (
	"bytes"
	"crypto/sha256"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"

	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/regular"
)

// A textState tells one text of a file from another one, and whether a load
// would mind the difference. The zero value is that of a file that is not there.
type textState struct {
	sum    [sha256.Size]byte
	header [sha256.Size]byte // of what a load depends on; zero if that is all of it
	test   string            // of a test file: the name in its package clause, "" if there is none
	script bool              // it is a program of its own: see load.IsScript
}

func (s textState) exists() bool { return s != textState{} }

// sameHeader reports whether a load finds the same with either text.
func (s textState) sameHeader(t textState) bool {
	return s.header == t.header && s.header != [sha256.Size]byte{}
}

// external reports whether a test file says that it is of an external test.
func (s textState) external() bool { return strings.HasSuffix(s.test, "_test") }

// otherTest reports whether a test file is none of the package's own tests.
func (s textState) otherTest() bool { return s.external() || !s.exists() }

// breaks reports whether a test file keeps the go command from listing the
// package of the given name that is beside it.
func (s textState) breaks(name string) bool {
	return s.exists() && (s.header == [sha256.Size]byte{} || strings.TrimSuffix(s.test, "_test") != name)
}

// stateOf reads a file's state; unsaved text goes before what is on disk.
func stateOf(file string, edits map[string][]byte) textState {
	text, ok := edits[file]
	if !ok {
		var err error
		if text, err = regular.ReadFile(file); err != nil {
			return textState{}
		}
	}
	return stateOfText(file, text, textState{})
}

// stateOfText is the state of a text of a file, of which another state may be
// known; the zero value if none is.
func stateOfText(file string, text []byte, known textState) textState {
	s := textState{sum: sha256.Sum256(text)}
	if s.sum == known.sum {
		return known
	}
	if !load.IsGo(file) {
		return s
	}
	if header, ok := load.Header(text); ok {
		s.header = sha256.Sum256([]byte(header))
	}
	switch {
	case load.IsTest(file):
		s.test = packageName(text)
	case bytes.Contains(text, []byte("ignore")):
		s.script = load.IsScript(text, packageName(text))
	}
	return s
}

// packageName is the name in the package clause, "" if it cannot be read.
func packageName(text []byte) string {
	f, _ := parser.ParseFile(token.NewFileSet(), "", text, parser.PackageClauseOnly|parser.SkipObjectResolution)
	if f == nil || f.Name == nil {
		return ""
	}
	return f.Name.Name
}

// textsIn reads the states of a directory's Go files.
func textsIn(dir string, edits map[string][]byte) map[string]textState {
	texts := make(map[string]textState)
	entries, _ := os.ReadDir(dir) // the go command words what is wrong with it
	for _, e := range entries {
		if name := filepath.Join(dir, e.Name()); load.IsGo(name) {
			texts[name] = stateOf(name, edits)
		}
	}
	for name := range edits {
		if load.IsGo(name) && filepath.Dir(name) == dir {
			texts[name] = stateOf(name, edits)
		}
	}
	return texts
}
