package gc

import (
	"bytes"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

const (
	maxProblems   = 100     // kept; all are counted
	maxUnknown    = 500     // lines kept until it is known whether they are errors
	maxUnknownLen = 4 << 10 // bytes kept of each
)

// A collector turns lines into an Output.
type collector struct {
	parser  remarkParser
	remarks []Remark
	// unknown has the lines that no form matches, with the lines that continue
	// them. Whether they are compile errors or problems shows at the end.
	unknown    []string
	numUnknown int
	last       textKind
	ice        string // the line that says "internal compiler error"
	tail       tailBuffer
	dir        string   // the package's
	replace    []string // pairs of the file compiled and the one it stands for, for texts
}

type textKind uint8

const (
	lastOther textKind = iota
	lastKeptUnknown
	lastLostUnknown
)

// newCollector returns a collector for the compile of job.
func newCollector(job *Job) *collector {
	c := &collector{tail: tailBuffer{max: maxTail}, dir: job.Dir}
	c.parser.files = make(map[string]string, len(job.Files)+len(job.Replace))
	for _, f := range job.Files {
		c.parser.files[filepath.ToSlash(f)] = f
		c.parser.files[f] = f
		// Errors name the file that the compiler was given.
		if actual, ok := job.Replace[f]; ok {
			c.parser.files[filepath.ToSlash(actual)] = f
			c.parser.files[actual] = f
			c.replace = append(c.replace, actual, f)
		}
	}
	return c
}

// add takes one line; it reports true for the line that ends the remarks.
func (c *collector) add(line textLine) (stop bool) {
	// Errors of several lines go on with lines that begin with a tab.
	if len(line.head) > 0 && line.head[0] == '\t' && c.last != lastOther {
		if c.last == lastKeptUnknown {
			i := len(c.unknown) - 1
			if len(c.unknown[i]) < maxUnknownLen {
				c.unknown[i] += "\n" + clip(line.head)
			}
		}
		c.addTail(line)
		return false
	}
	r, class := c.parser.parse(line)
	c.last = lastOther
	switch class {
	case ClassStop:
		return true
	case ClassRemark:
		c.remarks = append(c.remarks, r)
	case ClassUnknown:
		c.addTail(line)
		c.numUnknown++
		c.last = lastLostUnknown
		if len(c.unknown) < maxUnknown {
			c.unknown = append(c.unknown, clip(line.head))
			c.last = lastKeptUnknown
		}
		if c.ice == "" && bytes.Contains(line.head, []byte("internal compiler error: ")) {
			c.ice = clip(line.head)
		}
	}
	return false
}

func (c *collector) addTail(line textLine) {
	c.tail.Write(line.head)
	if line.cut {
		c.tail.Write([]byte("..."))
		c.tail.Write(line.tail)
	}
	c.tail.Write([]byte{'\n'})
}

// clip returns the beginning of b as valid UTF-8: it is for people.
func clip(b []byte) string {
	if len(b) <= maxUnknownLen {
		return strings.ToValidUTF8(string(b), "\uFFFD")
	}
	b = b[:maxUnknownLen]
	for i := 0; i < utf8.UTFMax && len(b) > 0 && !utf8.Valid(b[len(b)-min(len(b), utf8.UTFMax):]); i++ {
		b = b[:len(b)-1]
	}
	return strings.ToValidUTF8(string(b), "\uFFFD") + "..."
}

// problems returns the unknown lines as such.
func (c *collector) problems() (kept []string, n int) {
	return c.unknown[:min(len(c.unknown), maxProblems)], c.numUnknown
}

// errors returns the unknown lines as compile errors.
func (c *collector) errors() []Error {
	var errs []Error
	names := strings.NewReplacer(c.replace...)
	for _, text := range c.unknown {
		e := c.parseError(text)
		e.Message = names.Replace(e.Message)
		if e.Message == "too many errors" {
			continue
		}
		errs = append(errs, e)
	}
	return errs
}

func (c *collector) parseError(text string) Error {
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
