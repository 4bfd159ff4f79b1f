package engine

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/load"
)

// emitWithTests emits the results of the roots in their order. A package gets what
// its test variant tells of functions that only the tests instantiate.
func emitWithTests(roots []*load.Unit, next func() (*inline.Package, error), emit func(*inline.Package) error) error {
	var early *inline.Package // of the next root, where the one before needed it
	for i := range roots {
		p, err := early, error(nil)
		if early = nil; p == nil {
			if p, err = next(); err != nil {
				return err
			}
		}
		if isTestOf(roots, i+1) {
			if early, err = next(); err != nil {
				return err
			}
			p = tested(p, early)
		}
		if err := emit(p); err != nil {
			return err
		}
	}
	return nil
}

// isTestOf reports whether root i is the test variant of the one before.
func isTestOf(roots []*load.Unit, i int) bool {
	return i < len(roots) && roots[i].Variant == "test" && roots[i-1].Variant == "" && roots[i].Path == roots[i-1].Path
}

// tested returns p with what its test variant tells of the generic functions
// that only its tests instantiate: the compiler spoke of them there.
func tested(p, test *inline.Package) *inline.Package {
	better := make(map[inline.Position]bool) // functions that the variant knows, by place
	for i := range test.Functions {
		f := &test.Functions[i]
		if f.Known && !f.Probe && len(f.Instances) > 0 {
			better[f.Pos] = true
		}
	}
	var taken []inline.Function // and those around them
	for i := range p.Functions {
		f := &p.Functions[i]
		if (f.Probe || !f.Known) && better[f.Pos] && !standsIn(taken, f.Pos) {
			taken = append(taken, *f)
		}
	}
	if len(taken) == 0 {
		return p
	}
	q := *p
	q.Functions = join(p.Functions, test.Functions, func(f *inline.Function) inline.Position { return f.Pos }, taken)
	q.Calls = join(p.Calls, test.Calls, func(c *inline.Call) inline.Position { return c.Pos }, taken)
	for i := range q.Functions {
		if f := &q.Functions[i]; standsIn(taken, f.Pos) {
			f.Tested = true
		}
	}
	return &q
}

// join returns what list has outside of functions and test has within.
func join[T any](list, test []T, at func(*T) inline.Position, functions []inline.Function) []T {
	joined := make([]T, 0, len(list))
	for i := range list {
		if !standsIn(functions, at(&list[i])) {
			joined = append(joined, list[i])
		}
	}
	for i := range test {
		if standsIn(functions, at(&test[i])) {
			joined = append(joined, test[i])
		}
	}
	slices.SortStableFunc(joined, func(a, b T) int { return at(&a).Compare(at(&b)) })
	return joined
}

// standsIn reports whether a place is in one of the functions.
func standsIn(functions []inline.Function, pos inline.Position) bool {
	return slices.ContainsFunc(functions, func(f inline.Function) bool {
		return pos.File == f.Pos.File && pos.Compare(f.Pos) >= 0 && pos.Compare(f.End) < 0
	})
}
