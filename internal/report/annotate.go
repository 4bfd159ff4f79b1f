package report

import (
	"bytes"
	"fmt"
	"io"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// An annotatePrinter writes the source of each file with the verdicts below the
// calls they are about, in the manner of a compiler's diagnostics, and with each
// function's verdict above it:
//
//	   │ inlinable 34/80
//	12 │ func (b *Book) Add(o Order) error {
//	13 │     if err := o.validate(); err != nil {
//	   │                 ^^^^^^^^ not-inlined: cost 112 exceeds budget 80
//
// Several calls on a line share one line of carets; the labels hang below it,
// the rightmost first. With a filter on functions or calls only the functions
// that have something to show are printed, otherwise whole files.
type annotatePrinter struct {
	w        io.Writer
	pal      *palette
	sel      selector
	names    namer
	tree     Tree
	width    int
	readFile func(string) ([]byte, error)
	summary  summary
	errors   errorPrinter

	buf   []byte
	rows  []row
	open  []*inline.Function
	marks []mark
}

func newAnnotate(w io.Writer, o Options) *annotatePrinter {
	return &annotatePrinter{
		w:        w,
		pal:      newPalette(o.Color),
		sel:      selector{filter: o.Filter},
		names:    newNamer(o.Dir),
		tree:     o.Tree,
		width:    o.Width,
		readFile: o.ReadFile,
		summary:  newSummary(o),
		errors:   newErrors(o),
	}
}

func (a *annotatePrinter) flush() error {
	_, err := a.w.Write(a.buf)
	a.buf = a.buf[:0]
	return err
}

func (a *annotatePrinter) Close() (err error) {
	if a.buf, err = a.errors.end(a.buf); err != nil {
		return err
	}
	a.buf = a.summary.append(a.buf, a.pal, &a.names)
	return a.flush()
}

func (a *annotatePrinter) Package(p *inline.Package) error {
	var err error
	a.summary.startPackage(p)
	if a.buf, err = a.errors.add(a.buf, &a.names, p, a.sel.newErrors(p)); err != nil {
		return err
	}
	headed := false
	err = a.sel.views(p, func(v fileView) error {
		a.rows = a.rows[:0]
		walk(&a.sel, v, &a.open, func(r row) { a.rows = append(a.rows, r) })
		if len(a.rows) == 0 {
			return nil
		}
		for i := range a.rows {
			switch r := &a.rows[i]; {
			case r.function != nil:
				a.summary.function(r.function)
			case r.call != nil:
				a.summary.call(r.call)
			}
		}
		if !headed {
			headed = true
			a.buf = appendPackage(a.buf, a.pal, p)
		}
		a.buf = append(a.buf, '\n')
		a.buf = append(a.buf, a.pal.file...)
		a.buf = words.AppendPlain(a.buf, a.names.name(v.file))
		a.buf = append(a.buf, a.pal.off...)
		a.buf = append(a.buf, '\n', '\n')
		text, err := a.readFile(v.file)
		if err != nil {
			a.withoutSource(p, a.rows, fmt.Sprintf("the source cannot be shown: %v", err))
		} else {
			a.source(p, text)
		}
		return a.flush()
	})
	if err != nil {
		return err
	}
	a.summary.end(headed)
	if headed {
		a.buf = append(a.buf, '\n')
	}
	return a.flush()
}

// source appends the lines of a file with what a.rows says of them.
func (a *annotatePrinter) source(p *inline.Package, text []byte) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	total := bytes.Count(text, []byte("\n")) + 1
	gutter := max(digits(total), 4)
	ranges := a.ranges(total)
	rows := a.rows
	number, skipped, printed := 0, false, false
	for line := range bytes.Lines(text) {
		number++
		if !ranges.contains(number) {
			skipped = printed
			continue
		}
		if skipped {
			skipped = false
			a.gutter(gutter, 0)
			a.buf = append(a.buf, " …\n"...)
		}
		printed = true
		line = bytes.TrimRight(line, "\r\n")
		n := 0
		for n < len(rows) && rows[n].line() <= number {
			n++
		}
		a.line(p, line, number, gutter, rows[:n])
		rows = rows[n:]
	}
	if len(rows) > 0 {
		a.withoutSource(p, rows, "places that the file does not have (it has changed, or a //line directive names it)")
	}
}

// line appends one line of source between the verdicts on the functions that it
// declares, above, and those on its calls and closures, below.
func (a *annotatePrinter) line(p *inline.Package, src []byte, number, gutter int, rows []row) {
	a.marks = a.marks[:0]
	for i := range rows {
		r := &rows[i]
		switch {
		case r.call != nil:
			a.marks = append(a.marks, a.callMark(p, src, r.call))
		case r.function == nil:
		case isLiteral(src, r.function.Pos.Col):
			a.marks = append(a.marks, a.literalMark(src, r.function))
		default:
			a.gutter(gutter, 0)
			a.buf = append(a.buf, ' ')
			a.buf = appendIndent(a.buf, src)
			a.buf = appendVerdict(a.buf, a.pal, r.function)
			a.buf = append(a.buf, '\n')
			a.functionInstances(r.function, src, gutter)
		}
	}
	a.gutter(gutter, number)
	if len(src) > 0 {
		a.buf = append(a.buf, ' ')
		a.buf = appendCells(a.buf, src)
	}
	a.endLine()
	if len(a.marks) > 0 {
		a.drawMarks(gutter)
	}
}

func (a *annotatePrinter) functionInstances(f *inline.Function, src []byte, gutter int) {
	if !words.InstancesDiffer(f) {
		return
	}
	for i := range f.Instances {
		in := &f.Instances[i]
		a.gutter(gutter, 0)
		a.buf = append(a.buf, ' ')
		a.buf = appendIndent(a.buf, src)
		a.buf = append(a.buf, "└ "...)
		a.buf = words.AppendTypeArgs(a.buf, in.TypeArgs, in.Shape)
		a.buf = append(a.buf, ' ')
		a.buf = appendVerdict(a.buf, a.pal, instanceFunction(in))
		a.buf = append(a.buf, '\n')
	}
}

// gutter appends the line number, or spaces for 0, and the rule beside it.
func (a *annotatePrinter) gutter(w, number int) {
	a.buf = append(a.buf, a.pal.quiet...)
	if number > 0 {
		a.buf = appendSpaces(a.buf, w-digits(number))
		a.buf = strconv.AppendInt(a.buf, int64(number), 10)
	} else {
		a.buf = appendSpaces(a.buf, w)
	}
	a.buf = append(a.buf, " │"...)
	a.buf = append(a.buf, a.pal.off...)
}

func (a *annotatePrinter) endLine() {
	a.buf = append(bytes.TrimRight(a.buf, " "), '\n')
}

// withoutSource lists rows that no line of source can carry.
func (a *annotatePrinter) withoutSource(p *inline.Package, rows []row, why string) {
	a.buf = append(a.buf, a.pal.quiet...)
	a.buf = words.AppendPlain(a.buf, why)
	a.buf = append(a.buf, ':')
	a.buf = append(a.buf, a.pal.off...)
	a.buf = append(a.buf, '\n')
	for i := range rows {
		r := &rows[i]
		switch {
		case r.function != nil:
			a.buf = append(a.buf, ' ', ' ')
			a.buf = appendPlace(a.buf, &a.names, r.function.Pos)
			a.buf = append(a.buf, ' ')
			a.buf = words.AppendShort(a.buf, r.function.Name, linkname.Prefix(p.Path, p.Name))
			a.buf = append(a.buf, ' ')
			a.buf = appendVerdict(a.buf, a.pal, r.function)
			a.buf = append(a.buf, '\n')
		case r.call != nil:
			a.buf = append(a.buf, ' ', ' ')
			a.buf = appendPlace(a.buf, &a.names, r.call.Pos)
			a.buf = append(a.buf, ' ')
			a.buf = appendCallee(a.buf, r.call, linkname.Prefix(p.Path, p.Name))
			a.buf = append(a.buf, ' ')
			l := a.callLabel(p, r.call)
			a.buf = append(a.buf, l.style...)
			a.buf = append(a.buf, l.head...)
			a.buf = append(a.buf, a.pal.off...)
			a.buf = append(a.buf, l.text...)
			a.buf = append(a.buf, '\n')
		}
	}
}

// line is the line a row belongs to; rows without a place of their own belong to
// the one that follows.
func (r *row) line() int {
	switch {
	case r.function != nil:
		return r.function.Pos.Line
	case r.call != nil:
		return r.call.Pos.Line
	}
	return 0
}

// lineRanges are lines of a file, first and last, in order. nil means all.
type lineRanges [][2]int

func (r lineRanges) contains(line int) bool {
	if r == nil {
		return true
	}
	for _, x := range r {
		if x[0] <= line && line <= x[1] {
			return true
		}
	}
	return false
}

// ranges returns the lines to print: all of the file, or with a filter on
// functions or calls the outermost functions that have something to show, and
// the lines of calls outside of functions.
func (a *annotatePrinter) ranges(total int) lineRanges {
	if !a.sel.filter.onlyCalls() && a.sel.filter.Func == nil {
		return nil
	}
	var out lineRanges
	for i := range a.rows {
		r := &a.rows[i]
		first, last := r.line(), r.line()
		if r.function != nil {
			last = max(last, r.function.End.Line)
		}
		if first == 0 || first > total {
			continue
		}
		if n := len(out); n > 0 && first <= out[n-1][1] {
			out[n-1][1] = max(out[n-1][1], last)
			continue
		}
		out = append(out, [2]int{first, last})
	}
	return out
}
