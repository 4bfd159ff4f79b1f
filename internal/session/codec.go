package session

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// A kept result is a table of strings and numbers that refer to it, which is
// both small and quick to read back: most strings of a package repeat.

type record struct {
	Text                                                         string // all strings, one behind the other
	Ends                                                         []byte // where each ends in Text
	Header, Functions, Sites, Bodies, Problems, Imports, Foreign []byte
}

// Numbers are kept as four bytes each, which are read in place.

func encodeLocal(l *resolve.Local) ([]byte, error) {
	w := &encoder{index: make(map[string]int32)}
	w.str("")
	p := &l.Package
	w.text(p.Path, p.Name, p.Variant, p.Go, p.GOOS, p.GOARCH)
	w.flag(l.Race)
	w.flag(l.InliningOff)
	w.num(len(l.Added))
	for _, name := range slices.Sorted(maps.Keys(l.Added)) {
		w.text(name, l.Added[name])
	}
	w.rec.Header = w.bytes()
	for i := range p.Functions {
		w.function(&p.Functions[i])
	}
	w.rec.Functions = w.bytes()
	for i := range l.Sites {
		w.site(&l.Sites[i])
	}
	w.rec.Sites = w.bytes()
	for _, b := range l.Bodies {
		w.text(b.Name, b.Outer)
		w.flow(b.Result)
	}
	w.rec.Bodies = w.bytes()
	w.text(l.Imports...)
	w.rec.Imports = w.bytes()
	for _, in := range l.Foreign {
		w.text(in.Name)
		w.pos(in.Pos)
		w.instance(&in.FunctionInstance)
	}
	w.rec.Foreign = w.bytes()
	for _, pr := range p.Problems {
		w.text(pr.Text)
	}
	w.rec.Problems = w.bytes()
	w.rec.Text, w.rec.Ends = w.all.String(), w.ends
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(&w.rec); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

type encoder struct {
	rec   record
	index map[string]int32
	all   strings.Builder
	ends  []byte
	out   []byte
}

// bytes returns what has been written since the last call of bytes.
func (w *encoder) bytes() []byte {
	out := w.out
	w.out = nil
	return out
}

func (w *encoder) str(s string) int32 {
	if i, ok := w.index[s]; ok {
		return i
	}
	i := int32(len(w.index))
	w.index[s] = i
	w.all.WriteString(s)
	w.ends = binary.LittleEndian.AppendUint32(w.ends, uint32(w.all.Len()))
	return i
}

func (w *encoder) num(n ...int) {
	for _, n := range n {
		w.out = binary.LittleEndian.AppendUint32(w.out, uint32(int32(n)))
	}
}

func (w *encoder) text(s ...string) {
	for _, s := range s {
		w.num(int(w.str(s)))
	}
}

func (w *encoder) flag(b ...bool) {
	for _, b := range b {
		n := 0
		if b {
			n = 1
		}
		w.num(n)
	}
}

func (w *encoder) list(l []string) { w.num(len(l)); w.text(l...) }
func (w *encoder) pos(p inline.Position) {
	w.text(p.File)
	w.num(p.Line, p.Col)
}

func (w *encoder) reason(r *inline.Reason) {
	if r == nil {
		w.num(0)
		return
	}
	w.num(1)
	w.text(string(r.Code), r.Op, r.Message)
	w.pos(r.At)
}

func (w *encoder) function(f *inline.Function) {
	w.text(f.Name)
	w.pos(f.Pos)
	w.num(f.End.Line, f.End.Col)
	w.flag(f.Known, f.Inlinable, f.Hot, f.Probe)
	w.num(f.Cost, f.Budget)
	w.reason(f.Reason)
	w.num(len(f.Instances))
	for i := range f.Instances {
		w.instance(&f.Instances[i])
	}
}

func (w *encoder) instance(in *inline.FunctionInstance) {
	w.list(in.TypeArgs)
	w.text(in.Shape)
	w.flag(in.Inlinable)
	w.num(in.Cost, in.Budget)
	w.reason(in.Reason)
}

func (w *encoder) site(s *resolve.Site) {
	w.oneSite(s)
	w.flag(s.Elsewhere != nil)
	if s.Elsewhere != nil {
		w.oneSite(s.Elsewhere)
	}
}

func (w *encoder) oneSite(s *resolve.Site) {
	w.pos(s.Pos)
	w.text(s.Caller, s.Callee)
	w.pos(s.CalleePos)
	w.num(int(s.Status), s.Cost, s.Budget)
	w.reason(s.Reason)
	w.text(s.Doubt, s.Via, s.Devirtualized, s.Pkg, s.PkgName, s.Name, s.Shape)
	w.flag(s.Hot, s.Wrapped, s.Pending, s.BigCaller, s.Vague, s.KeptLoop, s.Added, s.Held)
	w.reason(s.Withheld)
	w.funcValue(s.Func)
	w.num(len(s.Funcs))
	for _, f := range s.Funcs {
		w.flow(f)
	}
	w.num(len(s.Nested))
	for _, p := range s.Nested {
		w.text(p.Name)
		w.pos(p.At)
	}
	w.num(len(s.Bound))
	for _, b := range s.Bound {
		w.text(b.Method, b.Type, b.Callee, b.Pkg, b.PkgName, b.Name)
		w.flag(b.Partial)
		w.reason(b.Withheld)
		w.shapes(b.Args)
	}
	w.text(s.Unreached.Name)
	w.pos(s.Unreached.At)
	w.list(s.Cycles)
	w.shapes(s.Args)
	w.flag(s.Silent != nil)
	if s.Silent != nil {
		w.num(int(s.Silent.Status))
		w.reason(s.Silent.Reason)
	}
	w.num(len(s.Instances))
	for _, in := range s.Instances {
		w.list(in.TypeArgs)
		w.text(in.Shape, in.Callee)
		w.num(int(in.Status), in.Cost, in.Budget)
		w.reason(in.Reason)
	}
}

func (w *encoder) shapes(list []resolve.Shape) {
	w.num(len(list))
	for _, a := range list {
		w.text(a.Text)
		w.num(int(a.Kind))
		w.flag(a.Open)
	}
}

func (w *encoder) flow(f resolve.Flow) {
	w.num(int(f.Kind), f.Depth, f.Index)
	w.text(f.Pkg, f.PkgName, f.Name)
}

func (w *encoder) funcValue(f *resolve.FuncValue) {
	w.flag(f != nil)
	if f != nil {
		w.flow(f.Flow)
		w.text(f.Inlined.Name)
		w.pos(f.Inlined.At)
	}
}

// decodeLocal reads what encodeLocal wrote. Bytes that it did not write give an
// error, never a panic.
func decodeLocal(data []byte) (l *resolve.Local, err error) {
	r := &decoder{}
	if err := gob.NewDecoder(bytes.NewReader(data)).Decode(&r.rec); err != nil {
		return nil, err
	}
	defer func() {
		if x := recover(); x != nil {
			l, err = nil, fmt.Errorf("a kept result does not hold together: %v", x)
		}
	}()
	r.reasons = make(map[inline.Reason]*inline.Reason)
	l = new(resolve.Local)
	p := &l.Package
	r.in = r.rec.Header
	p.Path, p.Name, p.Variant, p.Go, p.GOOS, p.GOARCH = r.text(), r.text(), r.text(), r.text(), r.text(), r.text()
	l.Race = r.flag()
	l.InliningOff = r.flag()
	for range r.num() {
		if l.Added == nil {
			l.Added = make(map[string]string)
		}
		name := r.text()
		l.Added[name] = r.text()
	}
	for r.in = r.rec.Functions; len(r.in) > 0; {
		p.Functions = append(p.Functions, r.function())
	}
	for r.in = r.rec.Sites; len(r.in) > 0; {
		l.Sites = append(l.Sites, r.site())
	}
	for r.in = r.rec.Bodies; len(r.in) > 0; {
		l.Bodies = append(l.Bodies, resolve.Body{Name: r.text(), Outer: r.text(), Result: r.flow()})
	}
	for r.in = r.rec.Imports; len(r.in) > 0; {
		l.Imports = append(l.Imports, r.text())
	}
	for r.in = r.rec.Foreign; len(r.in) > 0; {
		in := resolve.ForeignInstance{Name: r.text(), Pos: r.pos()}
		in.FunctionInstance = r.instance()
		l.Foreign = append(l.Foreign, in)
	}
	for r.in = r.rec.Problems; len(r.in) > 0; {
		p.Problems = append(p.Problems, inline.Problem{Text: r.text()})
	}
	return l, nil
}

type decoder struct {
	rec     record
	in      []byte
	reasons map[inline.Reason]*inline.Reason
}

func (r *decoder) num() int {
	n := int32(binary.LittleEndian.Uint32(r.in))
	r.in = r.in[4:]
	return int(n)
}

func (r *decoder) text() string {
	i := r.num()
	begin := 0
	if i > 0 {
		begin = int(binary.LittleEndian.Uint32(r.rec.Ends[4*i-4:]))
	}
	return r.rec.Text[begin:binary.LittleEndian.Uint32(r.rec.Ends[4*i:])]
}

func (r *decoder) flag() bool { return r.num() != 0 }
func (r *decoder) list() []string {
	n := r.num()
	if n == 0 {
		return nil
	}
	if n < 0 || n > len(r.in)/4 {
		panic("a list is longer than the record")
	}
	l := make([]string, n)
	for i := range l {
		l[i] = r.text()
	}
	return l
}

func (r *decoder) pos() inline.Position {
	return inline.Position{File: r.text(), Line: r.num(), Col: r.num()}
}

func (r *decoder) reason() *inline.Reason {
	if r.num() == 0 {
		return nil
	}
	v := inline.Reason{Code: inline.ReasonCode(r.text()), Op: r.text(), Message: r.text(), At: r.pos()}
	if old := r.reasons[v]; old != nil {
		return old
	}
	r.reasons[v] = &v
	return &v
}

func (r *decoder) function() inline.Function {
	f := inline.Function{Name: r.text(), Pos: r.pos()}
	f.End = inline.Position{File: f.Pos.File, Line: r.num(), Col: r.num()}
	f.Known, f.Inlinable, f.Hot, f.Probe = r.flag(), r.flag(), r.flag(), r.flag()
	f.Cost, f.Budget = r.num(), r.num()
	f.Reason = r.reason()
	for range r.num() {
		f.Instances = append(f.Instances, r.instance())
	}
	return f
}

func (r *decoder) instance() inline.FunctionInstance {
	in := inline.FunctionInstance{TypeArgs: r.list(), Shape: r.text(), Inlinable: r.flag()}
	in.Cost, in.Budget = r.num(), r.num()
	in.Reason = r.reason()
	return in
}

func (r *decoder) site() resolve.Site {
	s := r.oneSite()
	if r.flag() {
		e := r.oneSite()
		s.Elsewhere = &e
	}
	return s
}

func (r *decoder) oneSite() resolve.Site {
	var s resolve.Site
	s.Pos = r.pos()
	s.Caller, s.Callee = r.text(), r.text()
	s.CalleePos = r.pos()
	s.Status, s.Cost, s.Budget = inline.Status(r.num()), r.num(), r.num()
	s.Reason = r.reason()
	s.Doubt = r.text()
	s.Via, s.Devirtualized, s.Pkg, s.PkgName, s.Name, s.Shape = r.text(), r.text(), r.text(), r.text(), r.text(), r.text()
	s.Hot, s.Wrapped, s.Pending = r.flag(), r.flag(), r.flag()
	s.BigCaller, s.Vague, s.KeptLoop, s.Added, s.Held = r.flag(), r.flag(), r.flag(), r.flag(), r.flag()
	s.Withheld = r.reason()
	s.Func = r.funcValue()
	for range r.num() {
		s.Funcs = append(s.Funcs, r.flow())
	}
	for range r.num() {
		s.Nested = append(s.Nested, resolve.Printed{Name: r.text(), At: r.pos()})
	}
	for range r.num() {
		b := resolve.Binding{Method: r.text(), Type: r.text(), Callee: r.text(), Pkg: r.text(), PkgName: r.text(), Name: r.text()}
		b.Partial = r.flag()
		b.Withheld, b.Args = r.reason(), r.shapes()
		s.Bound = append(s.Bound, b)
	}
	s.Unreached = resolve.Printed{Name: r.text(), At: r.pos()}
	s.Cycles = r.list()
	s.Args = r.shapes()
	if r.flag() {
		s.Silent = &resolve.Silence{Status: inline.Status(r.num()), Reason: r.reason()}
	}
	for range r.num() {
		in := inline.CallInstance{TypeArgs: r.list(), Shape: r.text(), Callee: r.text()}
		in.Status, in.Cost, in.Budget = inline.Status(r.num()), r.num(), r.num()
		in.Reason = r.reason()
		s.Instances = append(s.Instances, in)
	}
	return s
}

func (r *decoder) shapes() []resolve.Shape {
	var list []resolve.Shape
	for range r.num() {
		list = append(list, resolve.Shape{Text: r.text(), Kind: resolve.ShapeKind(r.num()), Open: r.flag()})
	}
	return list
}

func (r *decoder) flow() resolve.Flow {
	f := resolve.Flow{Kind: resolve.FlowKind(r.num()), Depth: r.num(), Index: r.num()}
	f.Pkg, f.PkgName, f.Name = r.text(), r.text(), r.text()
	return f
}

func (r *decoder) funcValue() *resolve.FuncValue {
	if !r.flag() {
		return nil
	}
	f := &resolve.FuncValue{Flow: r.flow()}
	f.Inlined = resolve.Printed{Name: r.text(), At: r.pos()}
	return f
}
