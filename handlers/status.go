package handlers

import (
	"maps"
	"slices"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// MethodStatus is the notification whose params are [StatusParams].
const MethodStatus = "inlinelens/status"

// StatusParams say what is known now: one entry for each directory with open files.
type StatusParams struct {
	Hints    HintState       `json:"hints"`
	Packages []PackageStatus `json:"packages"`
}

// A PackageStatus is what is known of the package in a directory.
type PackageStatus struct {
	Dir  string `json:"dir"`
	Path string `json:"path,omitzero"` // import path
	// State is "compiling", "fresh", "stale" (fresh, but for unsaved edits) or "failed".
	State string `json:"state"`
	// Partial says that reasons which lie in other packages are still to come.
	Partial bool       `json:"partial,omitzero"`
	Error   *ErrorItem `json:"error,omitzero"` // the first, with state failed
	Errors  int        `json:"errors,omitzero"`
	Files   []FileNote `json:"files,omitempty"`
	Go      string     `json:"go,omitzero"` // toolchain, "go1.26.8"
	GOOS    string     `json:"goos,omitzero"`
	GOARCH  string     `json:"goarch,omitzero"`
	TookMS  int64      `json:"tookMs"` // of the last run
	// Calls counts the calls of the package, and Hinted those that get a hint.
	Calls  int `json:"calls"`
	Hinted int `json:"hinted"`
	// Problems is the number of lines of the compiler's output that were not understood.
	Problems int `json:"problems,omitzero"`
}

// StateStale is the state of a package whose buffers have unsaved edits.
const StateStale = "stale"

// An ErrorItem is why there are no verdicts.
type ErrorItem struct {
	Message  string             `json:"message"`
	Location *protocol.Location `json:"location,omitzero"`
}

// A FileNote is an open file that has no verdicts, though nothing failed.
type FileNote struct {
	URI  uri.URI `json:"uri"`
	Note string  `json:"note"`
	// Tags is what the build flag -tags has to name so that there are verdicts.
	Tags []string `json:"tags,omitempty"`
}

// Status makes the params of inlinelens/status. hints are resolved. edited tells the
// directories whose buffers have unsaved edits; texts and enc are as in [Document].
func Status(s *workspace.Snapshot, hints settings.Hints, edited func(dir string) bool, texts func(string) *position.Mapper, enc position.Encoding) StatusParams {
	params := StatusParams{Hints: Hints(hints), Packages: make([]PackageStatus, 0, len(s.Packages))}
	for _, c := range s.Packages {
		p := PackageStatus{
			Dir:     c.Dir,
			Path:    c.Path,
			State:   stateOf(c, edited),
			Partial: c.Partial,
			Files:   notes(s, c),
			Go:      c.Go,
			GOOS:    c.GOOS,
			GOARCH:  c.GOARCH,
			TookMS:  c.Took.Milliseconds(),
		}
		calls := c.Calls()
		p.Calls = len(calls)
		for _, call := range calls {
			if hints.Enabled && hints.Shows(call) {
				p.Hinted++
			}
		}
		for _, u := range c.Units {
			p.Problems += len(u.Problems)
		}
		if c.State == workspace.StateFailed && len(c.Errors) > 0 {
			p.Error = errorItem(c.Errors[0], texts, enc)
			p.Errors = len(c.Errors)
		}
		params.Packages = append(params.Packages, p)
	}
	return params
}

// stateOf is the state of a package for the reader.
func stateOf(c *workspace.Current, edited func(dir string) bool) string {
	if c.State == workspace.StateFresh && edited(c.Dir) {
		return StateStale
	}
	return string(c.State)
}

func errorItem(e inline.Error, texts func(string) *position.Mapper, enc position.Encoding) *ErrorItem {
	item := &ErrorItem{Message: errorMessage(e)}
	if loc, ok := locate(texts, e.Pos, enc); ok {
		item.Location = &loc
	}
	return item
}

// notes lists the open files of a package that have a note, by name.
func notes(s *workspace.Snapshot, c *workspace.Current) []FileNote {
	var noted []FileNote
	for _, name := range slices.Sorted(maps.Keys(s.Files)) {
		if f := s.Files[name]; f.Package == c && f.Note != "" {
			noted = append(noted, FileNote{URI: uri.File(name), Note: clean(f.Note), Tags: f.Tags})
		}
	}
	return noted
}
