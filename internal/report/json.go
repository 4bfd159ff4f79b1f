package report

import (
	"bytes"
	"encoding/json"
	"io"
	"strconv"
	"unicode/utf8"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// Schema is the version of the JSON format. Fields are added without a new
// version; a new version means that a field was renamed or changed its meaning.
const Schema = 1

// A jsonPrinter writes JSON Lines, one object a line: first a package, then its
// functions, then its calls, each in the order of the source.
//
//	{"kind":"package","schema":1,"path":…,"variant":…,"go":…,"goos":…,"goarch":…,"errors":[…]}
//	{"kind":"function","package":…,"file":…,"line":…,"col":…,"name":…,"inlinable":…,"cost":…,"budget":…,"reason":{…}}
//	{"kind":"call","package":…,"file":…,"line":…,"col":…,"caller":…,"callee":…,"status":…,"reason":{…},"cost":…,"budget":…,"via":…,"inlines":[…]}
//
// In every object:
//   - "file" is relative to the working directory when it is below it, otherwise
//     absolute; "line" and "col" are 1-based, "col" counts bytes. A call's place
//     is its "(", or the for keyword with "via":"range".
//   - "cost" and "budget" are left out together where the compiler names neither.
//   - "reason" is {"code","op","message","at"}: "op" with unhandled-op only; "at"
//     is the {"file","line","col"} of the cause when that is elsewhere. It is left
//     out where there is nothing to explain.
//
// package: "errors" lists {"file","line","col","message"}, the place only where it
// is known. "problems", when present, is the number of lines of compiler output
// that were not understood.
//
// function: "unknown":true when the compiler said nothing about it; "reason" says
// why, and "inlinable" is false. "hot":true when a profile raised its budget.
// "probe":true is a generic function that nothing in the unit instantiates: what
// is said of it was compiled with type arguments chosen to see it.
// "instances" lists, for a generic function, what each compiled instance got:
// {"typeargs","shape","inlinable","cost","budget","reason"}.
//
// call: "callee" is "" when it is not known before run time. "via" is "", "go",
// "defer" or "range". "inlines" is present for an inlined call and for a wrapped
// one: the calls in the inlined body, each {"callee","status","file","line","col",
// "reason","cost","budget","inlines"} with its place in the callee's source.
// "declared" is the {"file","line","col"} of the callee (of the interface's method,
// for a dynamic call). "devirtualized" is the concrete type to which the compiler
// bound a call through an interface. "wrapped":true is a go or defer statement
// whose callee was inlined into the wrapper that the compiler makes for it.
// "hot":true is a call that the profile made hot. "instances" lists the verdicts
// in each instance of a generic caller: {"typeargs","shape","callee","status",
// "reason","cost","budget"}.
//
// Functions and calls of a test variant carry "variant" ("test" or "xtest"). The
// files that a variant shares with its package are reported with the package only.
type jsonPrinter struct {
	w      io.Writer
	sel    selector
	names  namer
	errors io.Writer
	buf    []byte
}

// flushAt is the number of buffered bytes at which a printer writes within a package.
const flushAt = 1 << 18

func newJSON(w io.Writer, o Options) *jsonPrinter {
	return &jsonPrinter{w: w, sel: selector{filter: o.Filter}, names: newNamer(o.Dir), errors: o.Errors}
}

func (j *jsonPrinter) Close() error { return nil }

func (j *jsonPrinter) flush() error {
	_, err := j.w.Write(j.buf)
	j.buf = j.buf[:0]
	return err
}

func (j *jsonPrinter) Package(p *inline.Package) error {
	b := append(j.buf[:0], `{"kind":"package","schema":1,"path":`...)
	b = appendJSON(b, p.Path)
	b = append(b, `,"variant":`...)
	b = appendJSON(b, p.Variant)
	b = append(b, `,"go":`...)
	b = appendJSON(b, p.Go)
	b = append(b, `,"goos":`...)
	b = appendJSON(b, p.GOOS)
	b = append(b, `,"goarch":`...)
	b = appendJSON(b, p.GOARCH)
	b = append(b, `,"errors":[`...)
	errs := j.sel.begin(p)
	if j.errors != nil {
		if _, err := reportErrors(nil, j.errors, &j.names, p, errs); err != nil {
			return err
		}
	}
	for i, e := range errs {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, '{')
		if e.Pos.File != "" {
			b = j.place(b, e.Pos)
			b = append(b, ',')
		}
		b = append(b, `"message":`...)
		b = appendJSON(b, e.Message)
		b = append(b, '}')
	}
	b = append(b, ']')
	if n := len(p.Problems); n > 0 {
		b = append(b, `,"problems":`...)
		b = strconv.AppendInt(b, int64(n), 10)
	}
	j.buf = append(b, '}', '\n')

	// Functions go out before calls, so the files are walked once and the calls
	// wait in what the walk kept of them.
	var views []view
	err := j.sel.views(p, func(v view) error {
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
			j.buf = j.call(j.buf, p, c)
			if len(j.buf) > flushAt {
				if err := j.flush(); err != nil {
					return err
				}
			}
		}
	}
	return j.flush()
}

// functions appends the functions of v that are shown.
func (j *jsonPrinter) functions(p *inline.Package, v view) error {
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
		j.buf = j.function(j.buf, p, f)
		if len(j.buf) > flushAt {
			if err := j.flush(); err != nil {
				return err
			}
		}
	}
	return nil
}

func (j *jsonPrinter) head(b []byte, kind string, p *inline.Package, pos inline.Position) []byte {
	b = append(b, `{"kind":"`...)
	b = append(b, kind...)
	b = append(b, `","package":`...)
	b = appendJSON(b, p.Path)
	if p.Variant != "" {
		b = append(b, `,"variant":`...)
		b = appendJSON(b, p.Variant)
	}
	b = append(b, ',')
	return j.place(b, pos)
}

func (j *jsonPrinter) function(b []byte, p *inline.Package, f *inline.Function) []byte {
	b = j.head(b, "function", p, f.Pos)
	b = append(b, `,"name":`...)
	b = appendJSON(b, f.Name)
	b = appendBool(b, `,"inlinable":`, f.Inlinable)
	b = appendNumbers(b, f.Cost, f.Budget)
	b = j.reason(b, f.Reason)
	if !f.Known {
		b = append(b, `,"unknown":true`...)
	}
	if f.Hot {
		b = append(b, `,"hot":true`...)
	}
	if f.Probe {
		b = append(b, `,"probe":true`...)
	}
	if f.Tested {
		b = append(b, `,"tested":true`...)
	}
	if len(f.Instances) > 0 {
		b = append(b, `,"instances":[`...)
		for i := range f.Instances {
			in := &f.Instances[i]
			b = appendInstance(b, i, in.TypeArgs, in.Shape)
			b = appendBool(b, `,"inlinable":`, in.Inlinable)
			b = appendNumbers(b, in.Cost, in.Budget)
			b = j.reason(b, in.Reason)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}', '\n')
}

func (j *jsonPrinter) call(b []byte, p *inline.Package, c *inline.Call) []byte {
	b = j.head(b, "call", p, c.Pos)
	b = append(b, `,"caller":`...)
	b = appendJSON(b, c.Caller)
	b = append(b, `,"callee":`...)
	b = appendJSON(b, c.Callee)
	b = appendStatus(b, c.Status)
	b = j.reason(b, c.Reason)
	b = appendNumbers(b, c.Cost, c.Budget)
	b = append(b, `,"via":`...)
	b = appendJSON(b, c.Via)
	if c.Status == inline.StatusInlined || c.Wrapped {
		b = j.inlines(b, c.Inlines)
	}
	if c.CalleePos.File != "" {
		b = append(b, `,"declared":{`...)
		b = j.place(b, c.CalleePos)
		b = append(b, '}')
	}
	if c.Devirtualized != "" {
		b = append(b, `,"devirtualized":`...)
		b = appendJSON(b, c.Devirtualized)
	}
	if c.Wrapped {
		b = append(b, `,"wrapped":true`...)
	}
	if c.Hot {
		b = append(b, `,"hot":true`...)
	}
	if len(c.Instances) > 0 {
		b = append(b, `,"instances":[`...)
		for i := range c.Instances {
			in := &c.Instances[i]
			b = appendInstance(b, i, in.TypeArgs, in.Shape)
			b = append(b, `,"callee":`...)
			b = appendJSON(b, in.Callee)
			b = appendStatus(b, in.Status)
			b = j.reason(b, in.Reason)
			b = appendNumbers(b, in.Cost, in.Budget)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	return append(b, '}', '\n')
}

func (j *jsonPrinter) inlines(b []byte, calls []inline.Inlined) []byte {
	b = append(b, `,"inlines":[`...)
	for i := range calls {
		c := &calls[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, `{"callee":`...)
		b = appendJSON(b, c.Callee)
		b = appendStatus(b, c.Status)
		if c.Pos.File != "" {
			b = append(b, ',')
			b = j.place(b, c.Pos)
		}
		b = j.reason(b, c.Reason)
		b = appendNumbers(b, c.Cost, c.Budget)
		if c.Status == inline.StatusInlined {
			b = j.inlines(b, c.Inlines)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

// place appends "file","line","col" without braces.
func (j *jsonPrinter) place(b []byte, p inline.Position) []byte {
	b = append(b, `"file":`...)
	b = appendJSON(b, j.names.name(p.File))
	b = append(b, `,"line":`...)
	b = strconv.AppendInt(b, int64(p.Line), 10)
	b = append(b, `,"col":`...)
	return strconv.AppendInt(b, int64(p.Col), 10)
}

func (j *jsonPrinter) reason(b []byte, r *inline.Reason) []byte {
	if r == nil {
		return b
	}
	b = append(b, `,"reason":{"code":`...)
	b = appendJSON(b, string(r.Code))
	if r.Op != "" {
		b = append(b, `,"op":`...)
		b = appendJSON(b, r.Op)
	}
	b = append(b, `,"message":`...)
	b = appendJSON(b, r.Message)
	if r.At.File != "" {
		b = append(b, `,"at":{`...)
		b = j.place(b, r.At)
		b = append(b, '}')
	}
	return append(b, '}')
}

func appendInstance(b []byte, i int, typeArgs []string, shape string) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return appendInstanceFields(append(b, '{'), typeArgs, shape)
}

// appendInstanceFields appends "typeargs" and "shape".
func appendInstanceFields(b []byte, typeArgs []string, shape string) []byte {
	b = append(b, `"typeargs":[`...)
	for i, t := range typeArgs {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, t)
	}
	b = append(b, `],"shape":`...)
	return appendJSON(b, shape)
}

func appendStatus(b []byte, s inline.Status) []byte {
	b = append(b, `,"status":"`...)
	b = append(b, statusNames[statusIndex(s)]...)
	return append(b, '"')
}

func appendNumbers(b []byte, cost, budget int) []byte {
	if cost == 0 && budget == 0 {
		return b
	}
	b = append(b, `,"cost":`...)
	b = strconv.AppendInt(b, int64(cost), 10)
	b = append(b, `,"budget":`...)
	return strconv.AppendInt(b, int64(budget), 10)
}

func appendBool(b []byte, key string, v bool) []byte {
	b = append(b, key...)
	return strconv.AppendBool(b, v)
}

// appendJSON appends s as a JSON string. Plain ASCII, nearly all there is, goes
// straight through; encoding/json has the rest.
func appendJSON(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= utf8.RuneSelf {
			return appendJSONSlow(b, s)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}

func appendJSONSlow(b []byte, s string) []byte {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	// A string always encodes, and a bytes.Buffer takes every write.
	if err := enc.Encode(s); err != nil {
		panic(err)
	}
	return append(b, bytes.TrimSuffix(out.Bytes(), []byte("\n"))...)
}
