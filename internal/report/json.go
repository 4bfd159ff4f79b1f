package report

import (
	"bufio"
	"io"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// A lineWriter writes JSON Lines: one object a line.
type lineWriter struct {
	out *bufio.Writer
	enc *jsontext.Encoder
}

// bufferSize is the number of buffered bytes at which printers write within a
// package.
const bufferSize = 1 << 18

func newLineWriter(w io.Writer) lineWriter {
	out := bufio.NewWriterSize(w, bufferSize)
	// File names may have any bytes.
	return lineWriter{out, jsontext.NewEncoder(out, jsontext.AllowInvalidUTF8(true), jsontext.EscapeForJS(true))}
}

// write writes an object as the next line.
func (w lineWriter) write(object any) error { return json.MarshalEncode(w.enc, object) }

func (w lineWriter) flush() error { return w.out.Flush() }

// A jsonPrinter writes JSON Lines: first a package, then its functions, then its
// calls, each in the order of the source.
type jsonPrinter struct {
	lineWriter
	sel    selector
	names  namer
	errors errorPrinter
}

func newJSON(w io.Writer, o Options) *jsonPrinter {
	return &jsonPrinter{lineWriter: newLineWriter(w), sel: selector{filter: o.Filter}, names: newNamer(o.Dir), errors: newErrors(o)}
}

func (j *jsonPrinter) Close() error {
	if j.errors.w != nil {
		if _, err := j.errors.end(nil); err != nil {
			return err
		}
	}
	return j.flush()
}

func (j *jsonPrinter) Package(p *inline.Package) error {
	errs := j.sel.newErrors(p)
	if j.errors.w != nil {
		if _, err := j.errors.add(nil, &j.names, p, errs); err != nil {
			return err
		}
	}
	object := packageObject{
		Kind: "package", Schema: Schema, Path: p.Path, Variant: p.Variant,
		Go: p.Go, GOOS: p.GOOS, GOARCH: p.GOARCH, Problems: len(p.Problems),
	}
	for _, e := range errs {
		object.Errors = append(object.Errors, errorObject{j.names.optional(e.Pos), e.Message})
	}
	if err := j.write(&object); err != nil {
		return err
	}

	// Functions go out before calls, so the files are walked once and the calls
	// wait in what the walk kept of them.
	var views []fileView
	err := j.sel.views(p, func(v fileView) error {
		views = append(views, v)
		return j.functions(p, v)
	})
	if err != nil {
		return err
	}
	for _, v := range views {
		for i := range v.calls {
			c := &v.calls[i]
			if !j.sel.filter.call(c) {
				continue
			}
			if err := j.write(j.names.call(p, c)); err != nil {
				return err
			}
		}
	}
	return j.flush()
}

// functions writes the functions of v that are shown.
func (j *jsonPrinter) functions(p *inline.Package, v fileView) error {
	var holding map[string]bool // callers of shown calls, when calls are filtered
	if j.sel.filter.onlyCalls() {
		holding = map[string]bool{}
		for i := range v.calls {
			if c := &v.calls[i]; j.sel.filter.call(c) {
				holding[c.Caller] = true
			}
		}
	}
	for i := range v.functions {
		f := &v.functions[i]
		if !j.sel.functionShown(f) && !holding[f.Name] {
			continue
		}
		if err := j.write(j.names.function(p, f)); err != nil {
			return err
		}
	}
	return nil
}

func (n *namer) header(kind string, p *inline.Package, pos inline.Position) header {
	return header{kind, p.Path, p.Variant, n.position(pos)}
}

func (n *namer) position(p inline.Position) positionObject {
	return positionObject{n.name(p.File), p.Line, p.Col}
}

// optional is nil for a position without a file.
func (n *namer) optional(p inline.Position) *positionObject {
	if p.File == "" {
		return nil
	}
	o := n.position(p)
	return &o
}

func (n *namer) reason(r *inline.Reason) *reasonObject {
	if r == nil {
		return nil
	}
	return &reasonObject{r.Code, r.Op, r.Message, n.optional(r.At)}
}

func costOf(cost, budget int) *costAndBudget {
	if cost == 0 && budget == 0 {
		return nil
	}
	return &costAndBudget{cost, budget}
}

func (n *namer) function(p *inline.Package, f *inline.Function) *functionObject {
	o := &functionObject{
		header: n.header("function", p, f.Pos), Name: f.Name,
		Inlinable: f.Inlinable, costAndBudget: costOf(f.Cost, f.Budget), Reason: n.reason(f.Reason),
		Unknown: !f.Known, Hot: f.Hot, Probe: f.Probe, Tested: f.Tested,
	}
	for i := range f.Instances {
		in := &f.Instances[i]
		o.Instances = append(o.Instances, functionInstanceObject{
			typeArgsObject{in.TypeArgs, in.Shape}, in.Inlinable, costOf(in.Cost, in.Budget), n.reason(in.Reason),
		})
	}
	return o
}

func (n *namer) call(p *inline.Package, c *inline.Call) *callObject {
	o := &callObject{
		header: n.header("call", p, c.Pos), Caller: c.Caller, Callee: c.Callee,
		Status: statusName(c.Status), Reason: n.reason(c.Reason), costAndBudget: costOf(c.Cost, c.Budget), Via: c.Via,
		Declared: n.optional(c.CalleePos), Devirtualized: c.Devirtualized, Wrapped: c.Wrapped, Hot: c.Hot,
	}
	if c.Status == inline.StatusInlined || c.Wrapped {
		o.Inlines = n.inlines(c.Inlines)
	}
	for i := range c.Instances {
		in := &c.Instances[i]
		o.Instances = append(o.Instances, callInstanceObject{
			typeArgsObject{in.TypeArgs, in.Shape}, in.Callee, statusName(in.Status), n.reason(in.Reason), costOf(in.Cost, in.Budget),
		})
	}
	return o
}

// inlines is never nil.
func (n *namer) inlines(calls []inline.Inlined) []inlinedObject {
	list := make([]inlinedObject, len(calls))
	for i := range calls {
		c := &calls[i]
		list[i] = inlinedObject{c.Callee, statusName(c.Status), n.optional(c.Pos), n.reason(c.Reason), costOf(c.Cost, c.Budget), nil}
		if c.Status == inline.StatusInlined {
			list[i].Inlines = n.inlines(c.Inlines)
		}
	}
	return list
}
