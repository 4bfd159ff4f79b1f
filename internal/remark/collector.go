package remark

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
)

const (
	maxProblems   = 100     // kept; all are counted
	maxUnknown    = 500     // lines kept until it is known whether they are errors
	maxUnknownLen = 4 << 10 // bytes kept of each
)

// An Error is a compile error. Line and Col are 1-based and 0 when absent.
type Error struct {
	File    string
	Line    int
	Col     int
	Message string
}

// A Collector reads what one compile prints with -m=2, line by line.
type Collector struct {
	// Remarks has the remarks in the compiler's order.
	Remarks []Remark
	// Unknown, if it is set, is given the lines that no form matches, for the
	// report of a crash.
	Unknown io.Writer

	parser parser
	// unknown has the lines that no form matches, with the lines that continue
	// them. Only at the end is it known whether they are compile errors or problems.
	unknown    []string
	numUnknown int
	last       lineKind
	crash      string
	dir        string
	names      *strings.Replacer // of the files that were compiled instead, in texts
}

// A lineKind says what a continuation line continues.
type lineKind uint8

const (
	otherLine lineKind = iota
	keptUnknownLine
	droppedUnknownLine
)

// NewCollector returns a collector for the compile of files, which are absolute
// paths, in the package directory dir. replace maps a file to the one that was
// compiled in its place: remarks and errors name the original.
func NewCollector(dir string, files []string, replace map[string]string) *Collector {
	c := &Collector{dir: dir}
	c.parser.files = make(map[string]string, len(files)+len(replace))
	var names []string
	for _, f := range files {
		c.parser.files[filepath.ToSlash(f)] = f
		c.parser.files[f] = f
		// Errors name the file that the compiler was given.
		if actual, ok := replace[f]; ok {
			c.parser.files[filepath.ToSlash(actual)] = f
			c.parser.files[actual] = f
			names = append(names, actual, f)
		}
	}
	c.names = strings.NewReplacer(names...)
	return c
}

// Add reads one line. It reports true for the line that ends the remarks about
// inlining: escape analysis has begun.
func (c *Collector) Add(line Line) (stop bool) {
	// Errors of several lines go on with lines that begin with a tab.
	if len(line.Head) > 0 && line.Head[0] == '\t' && c.last != otherLine {
		if c.last == keptUnknownLine {
			i := len(c.unknown) - 1
			if len(c.unknown[i]) < maxUnknownLen {
				c.unknown[i] += "\n" + clip(line.Head)
			}
		}
		c.passOn(line)
		return false
	}
	r, class := c.parser.parse(line)
	c.last = otherLine
	switch class {
	case classStop:
		return true
	case classRemark:
		c.Remarks = append(c.Remarks, r)
	case classUnknown:
		c.passOn(line)
		c.numUnknown++
		c.last = droppedUnknownLine
		if len(c.unknown) < maxUnknown {
			c.unknown = append(c.unknown, clip(line.Head))
			c.last = keptUnknownLine
		}
		if c.crash == "" && bytes.Contains(line.Head, crashWords) {
			c.crash = clip(line.Head)
		}
	}
	return false
}

var crashWords = []byte("internal compiler error: ")

// passOn writes a line to c.Unknown, whose errors do not matter here.
func (c *Collector) passOn(line Line) {
	if c.Unknown == nil {
		return
	}
	text := line.Head
	if line.Cut {
		text = bytes.Join([][]byte{line.Head, line.Tail}, []byte("..."))
	}
	_, _ = c.Unknown.Write(text)
	_, _ = c.Unknown.Write([]byte{'\n'})
}

// clip returns the beginning of b as valid UTF-8, for people to read.
func clip(b []byte) string {
	if len(b) <= maxUnknownLen {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	return strings.ToValidUTF8(string(b[:maxUnknownLen]), "\uFFFD") + "..."
}

// Crash returns what the compiler said of an internal error of its own, "" if
// it had none.
func (c *Collector) Crash() string {
	_, text, _ := strings.Cut(c.crash, string(crashWords))
	return text
}

// Problems returns the lines that no form matches, at most 100 of them, and
// their number. Of a compile that failed they are the Errors.
func (c *Collector) Problems() (kept []string, n int) {
	return c.unknown[:min(len(c.unknown), maxProblems)], c.numUnknown
}

// Errors returns the lines that no form matches as compile errors, which they are
// if the compile failed.
func (c *Collector) Errors() []Error {
	var errs []Error
	for _, text := range c.unknown {
		e := c.parseError(text)
		e.Message = c.names.Replace(e.Message)
		if e.Message == "too many errors" {
			continue
		}
		errs = append(errs, e)
	}
	return errs
}

func (c *Collector) parseError(text string) Error {
	first, more, _ := strings.Cut(text, "\n")
	pos, msg, _, ok := cutPos([]byte(first), 0, c.parser.knownFiles())
	if !ok {
		return Error{Message: text}
	}
	e := Error{Message: string(msg), File: c.parser.fileName(pos.file), Line: pos.line, Col: pos.col}
	if pos.hasOrig && (len(pos.file) == 0 || filepath.Dir(string(pos.orig.file)) == c.dir) {
		// An editor has to show an error in the file that has it, at its column.
		// But what cgo made lies elsewhere, and there the directives name the
		// user's own file.
		e.File, e.Line, e.Col = c.parser.fileName(pos.orig.file), pos.orig.line, pos.orig.col
	}
	if more != "" {
		e.Message += "\n" + more
	}
	return e
}
