package advice

import (
	"bytes"
	"cmp"
	"go/ast"
	"slices"
	"strings"
)

// Candidates lists all changes of a function, each with one part, in the order of
// the source, and why other places are not changed. The text is that of the file.
func (p *Package) Candidates(file *ast.File, text []byte, decl *ast.FuncDecl) ([]Candidate, []Refusal) {
	f, why := p.open(file, text, decl)
	if f == nil {
		return nil, []Refusal{{Line: p.line(decl.Pos()), Why: why}}
	}
	var list []Candidate
	var refused []Refusal
	for _, r := range f.regions() {
		o, why := f.outline(r, make(map[string]bool))
		if o == nil {
			refused = append(refused, Refusal{r.kind, f.line(r.start), why})
			continue
		}
		list = append(list, f.candidate([]*outlined{o}))
	}
	unwrapped, not := f.unwraps()
	list = append(list, unwrapped...)
	refused = append(refused, not...)
	slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(a.Parts[0].Start, b.Parts[0].Start) })
	return list, refused
}

// together makes one candidate of all cold paths that do not lie in each other;
// ok is false if there are fewer than two.
func (f *function) together() (c Candidate, ok bool) {
	used := make(map[string]bool)
	var list []*outlined
	for _, r := range f.regions() {
		if r.kind != ColdPath || len(list) > 0 && r.start < list[len(list)-1].end {
			continue
		}
		if o, _ := f.outline(r, used); o != nil {
			list = append(list, o)
		}
	}
	if len(list) < 2 {
		return Candidate{}, false
	}
	return f.candidate(list), true
}

func (f *function) candidate(list []*outlined) Candidate {
	c := Candidate{Kind: list[0].kind}
	var decls strings.Builder
	for _, o := range list {
		c.Parts = append(c.Parts, f.part(&o.region, o.name))
		c.Edits = append(c.Edits, o.call)
		decls.WriteString(f.ended("\n") + strings.TrimSuffix(o.decl, f.ended("\n")) + f.ended("\n"))
	}
	c.Edits = append(c.Edits, f.behind(decls.String()))
	c.Edits = f.tidied(c.Edits)
	return c
}

func (f *function) part(r *region, name string) Part {
	return Part{
		Start: f.offset(r.start), End: f.offset(r.end),
		Line: f.line(r.start), EndLine: f.line(r.end), Name: name,
	}
}

// behind puts declarations behind the function, of which each begins with an empty
// line.
func (f *function) behind(decls string) Edit {
	at := len(f.text)
	if i := bytes.IndexByte(f.text[f.offset(f.decl.End()):], '\n'); i >= 0 {
		return Edit{f.offset(f.decl.End()) + i + 1, f.offset(f.decl.End()) + i + 1, decls}
	}
	return Edit{at, at, f.ended("\n") + decls}
}
