package assertion

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A List is what was read: assertions, and what could not be read.
type List struct {
	Assertions []*Assertion
	Errors     []*SyntaxError
}

// Add adds what another list has.
func (l *List) Add(other List) {
	l.Assertions = append(l.Assertions, other.Assertions...)
	l.Errors = append(l.Errors, other.Errors...)
}

// MaxErrors is how many errors of a file are told one by one: a file of another kind has
// one in each line.
const MaxErrors = 10

// MaxSize is how large a file of assertions may be, in bytes.
const MaxSize = 1 << 20

// ParseFile reads a file of assertions of a module: one a line, with comments behind //.
func ParseFile(name string, text []byte, module string) List {
	if len(text) > MaxSize {
		return List{Errors: []*SyntaxError{{
			Pos: inline.Position{File: name}, Text: FileName,
			Message: fmt.Sprintf("the file has more than %d MB; use patterns instead of a line for each function", MaxSize>>20),
		}}}
	}
	var l List
	more := 0
	line := 0
	for raw := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		line++
		s := strings.TrimRight(raw, "\r\n \t")
		start := len(s) - len(strings.TrimLeft(s, " \t"))
		if start == len(s) || strings.HasPrefix(s[start:], "//") {
			continue
		}
		pos := inline.Position{File: name, Line: line, Col: start + 1}
		end := inline.Position{File: name, Line: line, Col: len(s) + 1}
		a, err := parseLine(s[start:], module)
		switch {
		case err == nil:
			a.Pos, a.End, a.Module = pos, end, module
			l.Assertions = append(l.Assertions, a)
		case len(l.Errors) < MaxErrors:
			l.Errors = append(l.Errors, &SyntaxError{Pos: pos, End: end, Text: s[start:], Message: err.Error()})
		default:
			more++
		}
	}
	if more > 0 {
		last := l.Errors[len(l.Errors)-1]
		last.Message += fmt.Sprintf("; %d more lines cannot be read", more)
	}
	return l
}

// parseLine reads a line that is not empty.
func parseLine(s, module string) (*Assertion, error) {
	switch {
	case !utf8.ValidString(s):
		return nil, fmt.Errorf("the line is not UTF-8 text")
	case strings.HasPrefix(s, "<<<<<<<"), strings.HasPrefix(s, "======="), strings.HasPrefix(s, ">>>>>>>"), strings.HasPrefix(s, "|||||||"):
		return nil, fmt.Errorf("this is a merge conflict: resolve it, and remove the lines with %s", s[:7])
	case strings.HasPrefix(s, "#"):
		return nil, fmt.Errorf("comments begin with //, not with #")
	case strings.HasPrefix(s, "inlinelens:"):
		return nil, fmt.Errorf("leave out \"inlinelens:\", which belongs to directives in Go source")
	}
	return parse(strings.ReplaceAll(s, "->", " -> "), true, module)
}
