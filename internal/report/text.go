package report

import (
	"io"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/words"
)

// A textPrinter writes aligned text, one line a call, grouped by package, file
// and function:
//
//	net/http (go1.26.8 linux/amd64)
//
//	client.go
//	586:18  (*Client).Do  inlinable 62/80
//	587:13    not-inlined  (*Client).do      cost 1480 exceeds budget 80
//	590:18  (*Client).do  not inlinable: cost 1480 exceeds budget 80
//	640:21    inlined      fmt.Println       72/80
//	          not-inlined  └ fmt.Fprintln    cost 123 exceeds budget 80
//
// Closures and their calls are indented below the function they are in.
type textPrinter struct {
	w       io.Writer
	pal     *palette
	sel     selector
	names   namer
	tree    Tree
	summary summary
	errors  errorPrinter

	buf  []byte
	cell []byte // scratch for one cell
	rows []row  // scratch for one file
	open []*inline.Function
}

// A row is one line of a file's table: a function or a call, with its depth.
type row struct {
	function *inline.Function
	call     *inline.Call
	depth    int
	// caller is set instead of both for calls outside of any function that the
	// source declares (initialisers of package-level variables).
	caller string
	left   int // cells taken by indent, status and callee
}

// maxLeft bounds the column at which reasons begin: one long name must not push
// all of them off the screen.
const maxLeft = 56

func newText(w io.Writer, o Options) *textPrinter {
	return &textPrinter{
		w:       w,
		pal:     newPalette(o.Color),
		sel:     selector{filter: o.Filter},
		names:   newNamer(o.Dir),
		tree:    o.Tree,
		summary: newSummary(o),
		errors:  newErrors(o),
	}
}

func (t *textPrinter) flush() error {
	_, err := t.w.Write(t.buf)
	t.buf = t.buf[:0]
	return err
}

func (t *textPrinter) Package(p *inline.Package) error {
	var err error
	t.summary.startPackage(p)
	if t.buf, err = t.errors.add(t.buf, &t.names, p, t.sel.newErrors(p)); err != nil {
		return err
	}
	headed := false
	err = t.sel.views(p, func(v fileView) error {
		posWidth, left := t.collect(p, v)
		if len(t.rows) == 0 {
			return nil
		}
		if !headed {
			headed = true
			t.buf = appendPackage(t.buf, t.pal, p)
		}
		t.buf = append(t.buf, '\n')
		t.buf = append(t.buf, t.pal.file...)
		t.buf = words.AppendPlain(t.buf, t.names.name(v.file))
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, '\n')
		for i := range t.rows {
			t.row(p, &t.rows[i], posWidth, left)
			if len(t.buf) > bufferSize {
				if err := t.flush(); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	t.summary.end(headed)
	if headed {
		t.buf = append(t.buf, '\n')
	}
	return t.flush()
}

func (t *textPrinter) Close() (err error) {
	if t.buf, err = t.errors.end(t.buf); err != nil {
		return err
	}
	t.buf = t.summary.append(t.buf, t.pal, &t.names)
	return t.flush()
}

// collect fills t.rows with what is shown of v, counts it, and returns the width
// of the position column and the cells left of the reasons.
func (t *textPrinter) collect(p *inline.Package, v fileView) (posWidth, left int) {
	t.rows = t.rows[:0]
	walk(&t.sel, v, &t.open, func(r row) { t.rows = append(t.rows, r) })
	for i := range t.rows {
		r := &t.rows[i]
		switch {
		case r.function != nil:
			t.summary.function(r.function)
			posWidth = max(posWidth, posLen(r.function.Pos))
		case r.call != nil:
			t.summary.call(r.call)
			posWidth = max(posWidth, posLen(r.call.Pos))
			t.cell = appendCallee(t.cell[:0], r.call, linkname.Prefix(p.Path, p.Name))
			r.left = 2*r.depth + statusWidth + 2 + width(t.cell)
			left = max(left, r.left)
		}
	}
	return posWidth, min(left, maxLeft)
}

// walk yields the rows of a file in the order of the source, each with its depth
// of nesting. A function that is only there for its calls comes just before the
// first of them.
func walk(sel *selector, v fileView, open *[]*inline.Function, yield func(row)) {
	stack := (*open)[:0]
	shown := 0 // functions of the stack that have a row already
	functions := v.functions
	outside := "" // the caller that the last row was for, if it is no function of the source
	show := func() {
		for ; shown < len(stack); shown++ {
			yield(row{function: stack[shown], depth: shown})
			outside = ""
		}
	}
	enter := func(f *inline.Function) {
		for len(stack) > 0 && !spanOf(stack[len(stack)-1]).contains(f.Pos) {
			stack = stack[:len(stack)-1]
		}
		shown = min(shown, len(stack))
		stack = append(stack, f)
		if sel.functionShown(f) {
			show()
		}
	}
	for i := range v.calls {
		c := &v.calls[i]
		for len(functions) > 0 && functions[0].Pos.Compare(c.Pos) <= 0 {
			enter(&functions[0])
			functions = functions[1:]
		}
		if !sel.filter.call(c) {
			continue
		}
		for len(stack) > 0 && !spanOf(stack[len(stack)-1]).contains(c.Pos) {
			stack = stack[:len(stack)-1]
		}
		shown = min(shown, len(stack))
		if len(stack) == 0 && outside != c.Caller {
			outside = c.Caller
			yield(row{caller: c.Caller})
		}
		show()
		yield(row{call: c, depth: max(len(stack), 1)})
	}
	for i := range functions {
		enter(&functions[i])
	}
	*open = stack[:0]
}

func posLen(p inline.Position) int { return digits(p.Line) + 1 + digits(p.Col) }

// row appends one row and what hangs below it.
func (t *textPrinter) row(p *inline.Package, r *row, posWidth, left int) {
	switch {
	case r.function != nil:
		t.position(r.function.Pos, posWidth)
		t.buf = appendSpaces(t.buf, 2*r.depth)
		t.buf = append(t.buf, t.pal.name...)
		t.buf = words.AppendShort(t.buf, r.function.Name, linkname.Prefix(p.Path, p.Name))
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, ' ', ' ')
		t.buf = appendVerdict(t.buf, t.pal, r.function)
		t.buf = append(t.buf, '\n')
		t.functionInstances(r, posWidth)
	case r.call == nil:
		t.buf = appendSpaces(t.buf, posWidth+2)
		t.buf = append(t.buf, t.pal.name...)
		t.buf = words.AppendShort(t.buf, r.caller, linkname.Prefix(p.Path, p.Name))
		t.buf = append(t.buf, t.pal.off...)
		t.buf = append(t.buf, '\n')
	default:
		c := r.call
		t.position(c.Pos, posWidth)
		t.status(c.Status, 2*r.depth)
		t.cell = appendCallee(t.cell[:0], c, linkname.Prefix(p.Path, p.Name))
		t.buf = append(t.buf, t.cell...)
		t.buf = appendSpaces(t.buf, left-r.left)
		t.buf = append(t.buf, ' ', ' ')
		t.buf = appendDetail(t.buf, t.pal, &t.names, c, linkname.Prefix(p.Path, p.Name))
		t.endLine()
		if c.Status == inline.StatusMixed {
			t.instances(c, r.depth, posWidth, left)
		}
		t.inlines(c.Inlines, p, r.depth, 0, posWidth, left)
	}
}

// functionInstances lists the instances of a generic function that differ from the first.
func (t *textPrinter) functionInstances(r *row, posWidth int) {
	if !words.InstancesDiffer(r.function) {
		return
	}
	for i := range r.function.Instances {
		in := &r.function.Instances[i]
		t.buf = appendSpaces(t.buf, posWidth+2+2*r.depth+2)
		t.buf = words.AppendTypeArgs(t.buf, in.TypeArgs, in.Shape)
		t.buf = append(t.buf, ' ', ' ')
		t.buf = appendVerdict(t.buf, t.pal, instanceFunction(in))
		t.endLine()
	}
}

func (t *textPrinter) instances(c *inline.Call, depth, posWidth, left int) {
	for i := range c.Instances {
		in := &c.Instances[i]
		t.buf = appendSpaces(t.buf, posWidth+2)
		t.status(in.Status, 2*depth)
		t.cell = words.AppendTypeArgs(append(t.cell[:0], "└ "...), in.TypeArgs, in.Shape)
		t.buf = append(t.buf, t.cell...)
		t.buf = appendSpaces(t.buf, left-(2*depth+statusWidth+2+width(t.cell)))
		t.buf = append(t.buf, ' ', ' ')
		t.buf = appendWhy(t.buf, t.pal, &t.names, in.Status, in.Reason, in.Cost, in.Budget)
		t.endLine()
	}
}

// inlines appends the calls in an inlined body, as Options.Tree asks.
func (t *textPrinter) inlines(calls []inline.Inlined, p *inline.Package, depth, level, posWidth, left int) {
	for i := range calls {
		c := &calls[i]
		if !t.tree.shows(c) {
			continue
		}
		t.buf = appendSpaces(t.buf, posWidth+2)
		t.status(c.Status, 2*depth)
		t.cell = appendSpaces(t.cell[:0], 2*level)
		t.cell = append(t.cell, "└ "...)
		t.cell = words.AppendName(t.cell, c.Callee, c.Reason, linkname.Prefix(p.Path, p.Name))
		t.buf = append(t.buf, t.cell...)
		t.buf = appendSpaces(t.buf, left-(2*depth+statusWidth+2+width(t.cell)))
		t.buf = append(t.buf, ' ', ' ')
		t.buf = appendWhy(t.buf, t.pal, nil, c.Status, c.Reason, c.Cost, c.Budget)
		t.endLine()
		t.inlines(c.Inlines, p, depth, level+1, posWidth, left)
	}
}

// position appends line:col, right-aligned, and the gap behind it.
func (t *textPrinter) position(pos inline.Position, posWidth int) {
	t.buf = appendSpaces(t.buf, posWidth-posLen(pos))
	t.buf = append(t.buf, t.pal.quiet...)
	t.buf = strconv.AppendInt(t.buf, int64(pos.Line), 10)
	t.buf = append(t.buf, ':')
	t.buf = strconv.AppendInt(t.buf, int64(pos.Col), 10)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = append(t.buf, ' ', ' ')
}

func (t *textPrinter) status(s inline.Status, indent int) {
	s = statusIndex(s)
	t.buf = appendSpaces(t.buf, indent)
	t.buf = append(t.buf, t.pal.status[s]...)
	t.buf = append(t.buf, statusNames[s]...)
	t.buf = append(t.buf, t.pal.off...)
	t.buf = appendSpaces(t.buf, statusWidth-len(statusNames[s])+2)
}

// endLine ends a line without spaces at its end.
func (t *textPrinter) endLine() {
	n := len(t.buf)
	for n > 0 && t.buf[n-1] == ' ' {
		n--
	}
	t.buf = append(t.buf[:n], '\n')
}
