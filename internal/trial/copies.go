package trial

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/syntax"
)

// Many changes are tried in one compile: each as a copy of its function under another
// name, behind everything else in the file. Nothing mentions a copy, so that none
// changes what another one costs.

// A version is one form of a change: as it is, cheaper, or with a new function that is
// not inlined back.
type version struct {
	candidate rewrite.Candidate
	whole     string // the name of the copy of the function
	part      string // the name of the copy of the new function; "" if there is none

	told     bool // the compiler has told of the copy
	now      remark.Remark
	partBack bool // the new function would be inlined back
}

// inlinable reports whether the function can be inlined with the change.
func (v *version) inlinable() bool { return v.told && v.now.Kind == remark.CanInline }

// versionsOf returns the forms of a change, the one to prefer first. The second of two
// is only for a new function that would be inlined back.
func versionsOf(c rewrite.Candidate) []*version {
	var list []*version
	cheaper := c.Cheaper
	c.Cheaper = nil
	add := func(c rewrite.Candidate) {
		list = append(list, &version{candidate: c})
		if c.Name != "" {
			list = append(list, &version{candidate: c.WithNoinline()})
		}
	}
	add(c)
	if cheaper != nil {
		c.Edits = cheaper
		add(c)
	}
	return list
}

// chosen returns the form of a change after which the function can be inlined, and if
// there is none, what the compiler said of the one that comes nearest; nil if it said
// nothing.
func chosen(versions []*version) (_ *version, least *remark.Remark) {
	for i := 0; i < len(versions); i++ {
		v := versions[i]
		if v.candidate.Name != "" {
			i++ // the next one is the same with a new function that is not inlined
		}
		if v.inlinable() {
			return v, &v.now
		}
		least = nearer(least, v)
		if v.candidate.Name != "" && v.partBack {
			if versions[i].inlinable() {
				return versions[i], &versions[i].now
			}
			least = nearer(least, versions[i])
		}
	}
	return nil, least
}

// nearer returns what the compiler said with the lower cost.
func nearer(r *remark.Remark, v *version) *remark.Remark {
	if v.told && (r == nil || v.now.Cost > 0 && v.now.Cost < r.Cost) {
		return &v.now
	}
	return r
}

// A copier writes the copies of one compile.
type copier struct {
	number int
	texts  map[string]*bytes.Buffer // what stands behind the text of a file
	wholes map[string]*version      // by the name of the copy
	parts  map[string]*version
}

func newCopier() *copier {
	return &copier{texts: make(map[string]*bytes.Buffer), wholes: make(map[string]*version), parts: make(map[string]*version)}
}

// add writes a copy of a function with a change; it reports false if that cannot be
// done.
func (c *copier) add(d *declaration, start int, v *version) bool {
	end := d.end
	edits := make([]rewrite.Edit, len(v.candidate.Edits))
	for i, e := range v.candidate.Edits {
		end = max(end, e.End)
		if e.Start < start {
			return false
		}
		edits[i] = rewrite.Edit{Start: e.Start - start, End: e.End - start, New: e.New}
	}
	text := append([]byte("package p\n"), rewrite.Apply(d.file.text[start:end], edits)...)
	fset := token.NewFileSet()
	file, err := syntax.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return false
	}
	c.number++
	rename := func(name string) string { return fmt.Sprintf("inlinelens%d_%s", c.number, name) }
	v.whole = rename(d.Name.Name)
	if v.candidate.Name != "" {
		v.part = rename(v.candidate.Name)
	}
	var names []rewrite.Edit
	at := func(id *ast.Ident, name string) {
		offset := fset.Position(id.Pos()).Offset
		names = append(names, rewrite.Edit{Start: offset, End: offset + len(id.Name), New: name})
	}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == d.Name.Name {
			at(fn.Name, v.whole)
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && v.part != "" && id.Name == v.candidate.Name {
			at(id, v.part) // it is new in the package, so that it means nothing else
		}
		return true
	})
	slices.SortFunc(names, func(a, b rewrite.Edit) int { return a.Start - b.Start })
	b := c.texts[d.file.name]
	if b == nil {
		b = new(bytes.Buffer)
		c.texts[d.file.name] = b
	}
	b.WriteByte('\n')
	b.Write(rewrite.Apply(text, names)[len("package p\n"):])
	b.WriteByte('\n')
	c.wholes[v.whole] = v
	if v.part != "" {
		c.parts[v.part] = v
	}
	return true
}

// all returns a function that reports, given the remarks of a compile, when all copies
// were told of. Costs are told before anything is inlined, and long before code is made.
func (c *copier) all() func(remark.Remark) bool {
	missing := make(map[string]bool, len(c.wholes)+len(c.parts))
	for name := range c.wholes {
		missing[name] = true
	}
	for name := range c.parts {
		missing[name] = true
	}
	return func(r remark.Remark) bool {
		if r.Kind == remark.CanInline || r.Kind == remark.CannotInline {
			delete(missing, linkname.Base(r.Name))
		}
		return len(missing) == 0
	}
}

// read notes what the compiler said of the copies.
func (c *copier) read(out *gc.Output) {
	for _, r := range out.Remarks {
		if r.Kind != remark.CanInline && r.Kind != remark.CannotInline {
			continue
		}
		name := linkname.Base(r.Name)
		if v := c.wholes[name]; v != nil && !v.told {
			v.told, v.now = true, r
		}
		if v := c.parts[name]; v != nil {
			v.partBack = r.Kind == remark.CanInline
		}
	}
}
