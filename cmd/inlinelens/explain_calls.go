package main

import (
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/load"
)

// calls returns, by callee, the calls of wanted functions in what patterns name, and
// prints the errors of packages that do not compile. Calls in files that a package and its test variant share count once.
func (x *explainer) calls(cfg load.Config, patterns []string, wanted func(callee string) bool) (map[string][]inline.Call, error) {
	calls := make(map[string][]inline.Call)
	seen := make(map[inline.Position]bool)
	err := x.engine.Run(x.ctx, cfg, patterns, func(p *inline.Package) error {
		if len(p.Errors) > 0 {
			x.broken = true
			return x.printer.Package(p, nil)
		}
		for i := range p.Calls {
			c := &p.Calls[i]
			callee := linkname.Generic(c.Callee)
			if callee == "" || !wanted(callee) || seen[c.Pos] {
				continue
			}
			if p.Variant != "" || cfg.Tests {
				seen[c.Pos] = true
			}
			// What an inlined body calls is not needed, and would be kept.
			calls[callee] = append(calls[callee], inline.Call{
				Pos: c.Pos, Caller: c.Caller, Callee: c.Callee, Status: c.Status, Reason: c.Reason,
			})
		}
		return nil
	})
	return calls, err
}
