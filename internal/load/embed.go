package load

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/inlinelens/inlinelens/internal/regular"
)

// EmbedCfg returns the JSON that the compiler reads for its -embedcfg flag: the
// files that each go:embed pattern matches, relative to the unit's directory,
// and where they are. It is nil for a unit that embeds nothing.
//
// The files are those that the go command found; a pattern that matches none of
// them is an error.
func (u *Unit) EmbedCfg() ([]byte, error) {
	if len(u.EmbedPatterns) == 0 {
		return nil, nil
	}
	cfg := struct {
		Patterns map[string][]string
		Files    map[string]string
	}{map[string][]string{}, map[string]string{}}

	names := make([]string, 0, len(u.EmbedFiles))
	for _, file := range u.EmbedFiles {
		rel, err := filepath.Rel(u.Dir, file)
		if err != nil {
			return nil, fmt.Errorf("embed %s: %w", file, err)
		}
		name := filepath.ToSlash(rel)
		names = append(names, name)
		cfg.Files[name] = file
	}
	slices.Sort(names)
	names = slices.Compact(names)
	for _, pattern := range u.EmbedPatterns {
		var matched []string
		for _, name := range names {
			ok, err := embeds(pattern, name)
			if err != nil {
				return nil, fmt.Errorf("%s: pattern %s: %w", u.Path, pattern, err)
			}
			if ok {
				matched = append(matched, name)
			}
		}
		if matched == nil {
			return nil, fmt.Errorf("%s: pattern %s: no matching files found", u.Path, pattern)
		}
		cfg.Patterns[pattern] = matched
	}
	return json.Marshal(cfg, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
}

// embeds reports whether a go:embed pattern takes in the file. A pattern that
// matches a directory takes in what is below it; files and directories below it
// that begin with '.' or '_' only with the prefix "all:".
func embeds(pattern, name string) (bool, error) {
	glob, all := strings.CutPrefix(pattern, "all:")
	if glob == "." { // the package's own directory
		return all || !hiddenBelow(name), nil
	}
	for prefix := name; ; {
		ok, err := path.Match(glob, prefix)
		if err != nil {
			return false, err
		}
		if ok {
			below := strings.TrimPrefix(name[len(prefix):], "/")
			return all || !hiddenBelow(below), nil
		}
		i := strings.LastIndexByte(prefix, '/')
		if i < 0 {
			return false, nil
		}
		prefix = prefix[:i]
	}
}

// hiddenBelow reports whether an element of a slash-separated path is hidden.
func hiddenBelow(name string) bool {
	for elem := range strings.SplitSeq(name, "/") {
		if strings.HasPrefix(elem, ".") || strings.HasPrefix(elem, "_") {
			return true
		}
	}
	return false
}

// testEmbedPatterns reads the go:embed directives of a unit's test files:
// go/packages tells of the files that they embed, but not of the patterns.
// What the go command would object to is left to it.
func (l *loader) testEmbedPatterns(u *Unit) []string {
	var patterns []string
	for _, file := range u.GoFiles {
		if !strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := l.read(file)
		if err != nil {
			continue
		}
		for line := range bytes.Lines(text) {
			args, ok := bytes.CutPrefix(bytes.TrimRight(line, "\r\n"), []byte("//go:embed"))
			if !ok || len(args) == 0 || args[0] != ' ' && args[0] != '\t' {
				continue
			}
			patterns = append(patterns, embedArgs(string(args))...)
		}
	}
	return patterns
}

// embedArgs splits the arguments of a go:embed directive: words, or Go string
// literals.
func embedArgs(s string) []string {
	var args []string
	for {
		s = strings.TrimSpace(s)
		if s == "" {
			return args
		}
		if s[0] == '"' || s[0] == '`' {
			lit, err := strconv.QuotedPrefix(s)
			if err != nil {
				return args
			}
			arg, err := strconv.Unquote(lit)
			if err != nil {
				return args
			}
			args, s = append(args, arg), s[len(lit):]
			continue
		}
		i := strings.IndexFunc(s, unicode.IsSpace)
		if i < 0 {
			i = len(s)
		}
		args, s = append(args, s[:i]), s[i:]
	}
}

// read returns the present text of a file: unsaved, replaced by -overlay, or on
// disk.
func (l *loader) read(file string) ([]byte, error) {
	if text, ok := l.cfg.Overlay[file]; ok {
		return overlaid(file, text)
	}
	if actual, ok := l.replaced[file]; ok {
		file = actual
	}
	return regular.ReadFile(file)
}
