package rewrite

import (
	"go/ast"
	"strings"
)

// call writes what stands in the place of the region.
func (w *writer) call(name string, s shape, params, changed []variable) string {
	f, r := w.f, w.r
	indent := f.indentOf(r.start)
	var b strings.Builder
	if _, ok := r.list[0].(*ast.LabeledStmt); ok && r.start == r.list[0].Pos() {
		b.WriteString("\t") // labels are less indented than statements
	}
	if len(r.checks) > 0 {
		conds := make([]string, len(r.checks))
		for i, c := range r.checks {
			conds[i] = f.source(c.Cond)
		}
		b.WriteString("if " + strings.Join(conds, " || ") + " {\n")
		indent += "\t"
		b.WriteString(indent)
	}
	switch {
	case len(changed) > 0:
		b.WriteString(strings.Join(namesOf(changed), ", ") + " = ")
	case s.allResults && f.sig.Results().Len() > 0:
		b.WriteString("return ")
	}
	if s.narrow != nil {
		for _, text := range s.narrow.fixed[:s.narrow.at] {
			b.WriteString(text + ", ")
		}
	}
	if s.method {
		b.WriteString(f.sig.Recv().Name() + ".")
	}
	b.WriteString(name)
	if tparams := f.sig.TypeParams(); s.generic && !s.method && tparams.Len() > 0 {
		names := make([]string, tparams.Len())
		for i := range names {
			names[i] = tparams.At(i).Obj().Name()
		}
		b.WriteString("[" + strings.Join(names, ", ") + "]")
	}
	b.WriteString("(" + strings.Join(namesOf(params), ", ") + ")")
	if s.narrow != nil {
		for _, text := range s.narrow.fixed[s.narrow.at+1:] {
			b.WriteString(", " + text)
		}
	}
	if (w.returns || w.stops) && !r.tail && f.sig.Results().Len() == 0 {
		b.WriteString("\n" + indent + "return")
	}
	if len(r.checks) > 0 {
		b.WriteString("\n" + strings.TrimSuffix(indent, "\t") + "}")
	}
	return b.String()
}

func namesOf(list []variable) []string {
	names := make([]string, len(list))
	for i, v := range list {
		names[i] = v.Name()
	}
	return names
}
