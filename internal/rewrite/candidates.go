package rewrite

import (
	"bytes"
	"cmp"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// Candidates lists all changes of a function, in the order of
// the source, and why other places are not changed. The text is that of the file.
func (p *Package) Candidates(file *ast.File, text []byte, decl *ast.FuncDecl) ([]Candidate, []Refusal) {
	f, why := p.open(file, text, decl)
	if f == nil {
		return nil, []Refusal{{Line: p.line(decl.Pos()), EndLine: p.line(decl.End()), Why: why}}
	}
	return f.candidates(func(*Candidate) bool { return true })
}

// candidates lists the changes that are worth to be worked out, which is asked of each
// when only its kind and its place are known.
func (f *function) candidates(worth func(*Candidate) bool) ([]Candidate, []Refusal) {
	var list []Candidate
	var refused []Refusal
	for _, r := range f.regions() {
		if c := f.place(r.kind, r.start, r.end); !worth(&c) {
			continue
		}
		o, why := f.outline(r)
		if o == nil {
			refused = append(refused, Refusal{r.kind, f.line(r.start), f.line(r.end), why})
			continue
		}
		list = append(list, f.candidate(o))
	}
	unwrapped, not := f.unwraps()
	list = append(list, unwrapped...)
	refused = append(refused, not...)
	slices.SortStableFunc(list, func(a, b Candidate) int { return cmp.Compare(a.Start, b.Start) })
	return list, refused
}

func (f *function) candidate(o *outlined) Candidate {
	c := f.place(o.kind, o.start, o.end)
	c.Name = o.name
	f.estimate(&c, &o.region)
	c.Edits = f.edits(o)
	if o.cheaper != nil {
		c.Cheaper = f.edits(o.cheaper)
	}
	return c
}

func (f *function) edits(o *outlined) []Edit {
	newline := f.ended("\n")
	return f.tidied([]Edit{o.call, f.behind(newline + strings.TrimSuffix(o.decl, newline) + newline)})
}

// place begins a candidate.
func (f *function) place(kind Kind, start, end token.Pos) Candidate {
	return Candidate{Kind: kind, Start: f.offset(start), End: f.offset(end), Line: f.line(start), EndLine: f.line(end)}
}

// behind puts a declaration, which begins with an empty line, behind the function.
func (f *function) behind(decl string) Edit {
	at := len(f.text)
	if i := bytes.IndexByte(f.text[f.offset(f.decl.End()):], '\n'); i >= 0 {
		return Edit{f.offset(f.decl.End()) + i + 1, f.offset(f.decl.End()) + i + 1, decl}
	}
	return Edit{at, at, f.ended("\n") + decl}
}
