package report

import (
	"io"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// Of many errors only the first are shown: the others mostly have the same cause.
const (
	// errorsShown is how many errors of a package are shown.
	errorsShown = 3
	// brokenShown is how many packages are shown with their errors.
	brokenShown = 10
)

// An errorPrinter writes why packages do not compile, in the manner of the go command.
type errorPrinter struct {
	w        io.Writer // nil for none: the printer itself has them
	all      bool
	packages int // that had errors
}

func newErrors(o Options) errorPrinter { return errorPrinter{w: o.Errors, all: o.AllErrors} }

// add writes the errors of p as soon as they are known, or appends them to b where there
// is no other writer.
func (e *errorPrinter) add(b []byte, names *namer, p *inline.Package, errs []inline.Error) ([]byte, error) {
	if len(errs) == 0 {
		return b, nil
	}
	if e.packages++; e.packages > brokenShown && !e.all {
		return b, nil
	}
	if e.w == nil {
		return e.appendErrors(b, names, p, errs), nil
	}
	_, err := e.w.Write(e.appendErrors(nil, names, p, errs))
	return b, err
}

// end says how many packages were left out.
func (e *errorPrinter) end(b []byte) ([]byte, error) {
	more := e.packages - brokenShown
	if more <= 0 || e.all {
		return b, nil
	}
	text := append(appendGrouped([]byte("# "), more), " more packages do not compile; -errors all shows why\n"...)
	if more == 1 {
		text = []byte("# 1 more package does not compile; -errors all shows why\n")
	}
	if e.w == nil {
		return append(b, text...), nil
	}
	_, err := e.w.Write(text)
	return b, err
}

// appendErrors appends one line an error, with its place when it has one. The
// further lines of a message are indented.
func (e *errorPrinter) appendErrors(b []byte, names *namer, p *inline.Package, errs []inline.Error) []byte {
	b = append(b, "# "...)
	b = words.AppendPlain(b, p.Path)
	if p.Variant != "" {
		b = append(b, " ("...)
		b = words.AppendPlain(b, words.Variant(p.Variant))
		b = append(b, ')')
	}
	b = append(b, '\n')
	more := len(errs) - errorsShown
	if more <= 1 || e.all { // the line that says so takes as much room
		more = 0
	}
	for _, err := range errs[:len(errs)-more] {
		if err.Pos.File != "" {
			b = appendPlace(b, names, err.Pos)
			b = append(b, ": "...)
		}
		for i, line := range strings.Split(strings.TrimSpace(err.Message), "\n") {
			if i > 0 {
				b = append(b, '\t')
			}
			b = words.AppendPlain(b, strings.TrimSpace(line))
			b = append(b, '\n')
		}
	}
	if more > 0 {
		b = append(b, "and "...)
		b = appendGrouped(b, more)
		b = append(b, " more errors; -errors all shows them\n"...)
	}
	return b
}
