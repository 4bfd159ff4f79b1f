package breakdown

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
	"github.com/inlinelens/inlinelens/internal/resolve"
)

// Join joins the costs of a unit with its functions. What only the
// unit's verdicts tell is put into the breakdowns: the budget of a literal, or
// of what a profile made hot, and the link names of callees in the unit itself. The
// breakdowns of list stay as they are.
func Join(u *load.Unit, k *resolve.Linkable, list []*cost.Breakdown) []FunctionCosts {
	costs := make([]FunctionCosts, 0, len(list))
	for _, b := range list {
		b := *b
		b.Parts = slices.Clone(b.Parts)
		f := declared(u, k, &b)
		if f != nil {
			if budget := budgetOf(f, &b); budget > 0 {
				b.Budget = budget
			}
		}
		for i := range b.Parts {
			p := &b.Parts[i]
			if p.Callee == "" || p.CalleePos.File == "" {
				continue
			}
			callee := k.Function(linkname.Generic(p.Callee))
			here := callee != nil && callee.Pos.File == p.CalleePos.File && callee.Pos.Line == p.CalleePos.Line
			if callee != nil && b.Declared.IsValid() { // line directives move one, and not the other
				here = here || slices.Contains(u.GoFiles, p.CalleePos.File)
			}
			if here {
				p.Callee = strings.TrimSuffix(callee.Name, linkname.Within(k.Package.Path, k.Package.Name, callee.Name)) + p.Callee
			}
		}
		costs = append(costs, FunctionCosts{&b, f})
	}
	return costs
}

// declared returns the function of the package that a breakdown is about: nil for
// the wrapper that the compiler makes for an instance, which has no shape.
func declared(u *load.Unit, k *resolve.Linkable, b *cost.Breakdown) *inline.Function {
	f := k.Function(linkname.Generic(b.Function))
	at := b.Pos
	if b.Declared.IsValid() {
		at = b.Declared
	}
	if f == nil || f.Pos.File != at.File || f.Pos.Line != at.Line {
		return nil
	}
	if shape := linkname.TypeArgs(b.Function); shape != "" && len(f.Instances) > 0 && instanceOf(f, shape) == nil {
		return nil
	}
	return f
}

func instanceOf(f *inline.Function, shape string) *inline.FunctionInstance {
	i := slices.IndexFunc(f.Instances, func(in inline.FunctionInstance) bool { return in.Shape == shape })
	if i < 0 {
		return nil
	}
	return &f.Instances[i]
}

// budgetOf returns what the compiler measured the function's cost against, 0
// where the verdicts do not tell.
func budgetOf(f *inline.Function, b *cost.Breakdown) int {
	shape := linkname.TypeArgs(b.Function)
	if in := instanceOf(f, shape); in != nil {
		return in.Budget
	}
	if shape != "" || f.Cost != b.Cost {
		return 0
	}
	return f.Budget
}
