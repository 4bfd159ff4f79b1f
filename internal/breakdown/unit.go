package breakdown

import (
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
)

// UnitCosts has the costs of one unit's functions, by part, for who looks
// them up by place. It is immutable.
type UnitCosts struct {
	*PackageCosts
	byPlace map[inline.Declaration][]int // indexes in Functions
	byName  map[string][]int             // of those that have no Function, by name within the package
	Parts   int                          // how many there are
}

// NewUnitCosts makes costs that can be looked up by place.
func NewUnitCosts(p *PackageCosts) *UnitCosts {
	c := &UnitCosts{PackageCosts: p, byPlace: make(map[inline.Declaration][]int, len(p.Functions)), byName: make(map[string][]int)}
	share := make(interned)
	for i := range p.Functions {
		f := &p.Functions[i]
		share.breakdown(f)
		c.Parts += len(f.Parts)
		if name := f.Breakdown.Function; strings.Contains(name, "[") && !strings.Contains(name, "go.shape.") {
			continue // a wrapper that hands over the dictionary
		}
		// The compiler names the receiver of a method, which can be on an earlier line.
		pos, name := f.Pos, linkname.Generic(f.Breakdown.Function)
		if f.Function != nil {
			pos, name = f.Function.Pos, f.Function.Name
		} else {
			c.byName[name] = append(c.byName[name], i)
		}
		k := inline.Declaration{File: pos.File, Line: pos.Line, Name: linkname.Base(name)}
		c.byPlace[k] = append(c.byPlace[k], i)
	}
	return c
}

// At returns the costs of the function of a link name that is declared at a place,
// of which the column does not count: several for a generic function with several
// instances, none where nothing is known.
func (c *UnitCosts) At(pos inline.Position, name string) []*FunctionCosts {
	var found []*FunctionCosts
	for _, i := range c.byPlace[inline.Declaration{File: pos.File, Line: pos.Line, Name: linkname.Base(name)}] {
		// Literals on one line may have names that end alike.
		f := &c.Functions[i]
		if f.Function != nil && !strings.Contains(name, "[") && f.Function.Name != name {
			continue
		}
		found = append(found, f)
	}
	if len(found) == 0 {
		return c.elsewhere(pos, name)
	}
	return found
}

// elsewhere returns the costs of a function that verdicts have where a //line
// directive puts it. Costs have it where it is.
func (c *UnitCosts) elsewhere(pos inline.Position, name string) []*FunctionCosts {
	local := strings.TrimPrefix(name, linkname.Prefix(c.Package.Path, c.Package.Name)+".")
	i := slices.IndexFunc(c.Package.Functions, func(f inline.Function) bool { return f.Pos == pos && f.Name == name })
	if list := c.byName[local]; i >= 0 && len(list) == 1 {
		return []*FunctionCosts{&c.Functions[list[0]]}
	}
	return nil
}

// interned holds each text once: of names of files and callees there are many of
// few.
type interned map[string]string

func (in interned) text(s *string) {
	if known, ok := in[*s]; ok {
		*s = known
		return
	}
	in[*s] = *s
}

func (in interned) breakdown(f *FunctionCosts) {
	in.text(&f.Pos.File)
	for i := range f.Parts {
		p := &f.Parts[i]
		in.text(&p.Pos.File)
		in.text((*string)(&p.What))
		in.text(&p.Callee)
		in.text(&p.CalleePos.File)
		in.text(&p.Note)
	}
}
