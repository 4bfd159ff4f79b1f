package report

import (
	"path/filepath"
	"strings"
	"unicode/utf16"

	"github.com/inlinelens/inlinelens/internal/compare"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file has what the formats share that are read elsewhere: text without what
// steers a reader, names below the root of the repository, columns in other units.

// oneLine returns text as one line, of at most limit characters.
func oneLine(text string, limit int) string {
	return cut(string(words.AppendPlain(nil, strings.TrimSpace(text))), limit)
}

// severalLines returns text with its line ends, of at most limit characters.
func severalLines(text string, limit int) string {
	var b []byte
	for i, line := range strings.Split(strings.TrimSpace(text), "\n") {
		if i > 0 {
			b = append(b, '\n')
		}
		b = words.AppendPlain(b, strings.TrimRight(line, "\r\t "))
	}
	return cut(string(b), limit)
}

// cut shortens text to limit characters.
func cut(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	runes := []rune(text)
	if len(runes) <= limit {
		return text
	}
	return string(runes[:limit-1]) + "…"
}

// below returns the name of file relative to root, with slashes; ok is false for a file
// elsewhere, whose name is absolute.
func below(root, file string) (name string, ok bool) {
	if root != "" {
		if rel, err := filepath.Rel(root, file); err == nil && filepath.IsLocal(rel) {
			return filepath.ToSlash(rel), true
		}
	}
	return filepath.ToSlash(file), !filepath.IsAbs(file)
}

// A utf16Columns turns columns in bytes into columns in UTF-16 units, which need the
// text of the line.
type utf16Columns struct {
	read func(string) ([]byte, error)
	file string
	text []byte
}

// of returns the column of pos in UTF-16 units, from 1; 0 where it is not known.
func (u *utf16Columns) of(pos inline.Position) int {
	if pos.Line < 1 || pos.Col < 1 {
		return 0
	}
	if pos.File != u.file {
		u.file, u.text = pos.File, nil
		if text, err := u.read(pos.File); err == nil {
			u.text = text
		}
	}
	rest := u.text
	for range pos.Line - 1 {
		i := strings.IndexByte(string(rest), '\n')
		if i < 0 {
			return 0
		}
		rest = rest[i+1:]
	}
	line, _, _ := strings.Cut(string(rest), "\n")
	if pos.Col-1 > len(line) || line == "" {
		return 0
	}
	units := 1
	for _, r := range line[:pos.Col-1] {
		units += max(1, utf16.RuneLen(r))
	}
	return units
}

// promised says what was promised of f; "" where nothing was.
func promised(f *compare.Finding) string {
	switch {
	case f.Promise == nil:
		return ""
	case f.Promise.Text != "":
		return f.Promise.Text
	}
	return f.Was
}

// subject names what a finding is about as a person does: without the paths of packages,
// as its place is beside it.
func subject(f *compare.Finding) string {
	return f.Subject.Named(func(name string) string { return string(words.AppendShort(nil, name, "")) })
}

// sentence says a finding in one line, without its place.
func sentence(subject string, f *compare.Finding) string {
	text := subject
	if said := saidOf(f); said != "" {
		if text != "" {
			text += ": "
		}
		text += said
	}
	if len(f.Builds) > 0 {
		text += " [" + strings.Join(f.Builds, ", ") + "]"
	}
	return text
}
