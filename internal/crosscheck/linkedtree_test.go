package crosscheck

import (
	"fmt"
	"slices"
	"strings"

	"github.com/inlinelens/inlinelens/internal/inline"
)

// nested holds the tree of an inlined call against the bodies inside of its
// body: each body must be in the tree, and no call that the tree says remained
// may have one.
func (c *comparison) nested(p *inline.Package, s *scene, call *inline.Call) {
	bodies := s.bodies(lineOf(call), call.Callee)
	if len(bodies) != 1 || s.others(call) > 0 {
		return
	}
	c.inside(p, call, bodies[0].Inside, call.Inlines)
}

// inside compares the bodies in one body with the calls in one list of the
// tree. A body that the tree has in another place (it lists a call of which it
// does not know where it stands at its root) is counted as misplaced.
func (c *comparison) inside(p *inline.Package, call *inline.Call, bodies []*Body, list []inline.Inlined) {
	for _, b := range bodies {
		c.nestedBodies++
		var at []inline.Inlined
		for _, in := range list {
			if b.At == (Line{in.Pos.File, in.Pos.Line}) && sameCallee(in.Callee, b.Callee) {
				at = append(at, in)
			}
		}
		inlined := slices.DeleteFunc(slices.Clone(at), func(in inline.Inlined) bool { return in.Status != inline.StatusInlined })
		if len(inlined) == 0 && hasInlined(call.Inlines, b.Callee) {
			c.nestedMisplaced++
			continue
		}
		if len(inlined) == 0 {
			c.against = append(c.against, fmt.Sprintf("%s: %s:%d:%d: in the body of %s stands the body of %s (called at %s:%d), and the tree says %s",
				p.Path, call.Pos.File, call.Pos.Line, call.Pos.Col, call.Callee, b.Callee, b.At.File, b.At.Line, outline(call.Inlines)))
			continue
		}
		c.nestedFound++
		if len(inlined) == 1 {
			c.inside(p, call, b.Inside, inlined[0].Inlines)
		}
	}
}

// outline writes a tree of nested calls in one line.
func outline(list []inline.Inlined) string {
	var parts []string
	for _, in := range list {
		part := fmt.Sprintf("%s %s at line %d", in.Callee, in.Status, in.Pos.Line)
		if len(in.Inlines) > 0 {
			part += " " + outline(in.Inlines)
		}
		parts = append(parts, part)
	}
	return "[" + strings.Join(parts, "; ") + "]"
}

func hasInlined(list []inline.Inlined, callee string) bool {
	return slices.ContainsFunc(list, func(in inline.Inlined) bool {
		return in.Status == inline.StatusInlined && (sameCallee(in.Callee, callee) || hasInlined(in.Inlines, callee))
	})
}
