package report

import (
	"slices"
	"strconv"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/words"
)

// This file has the sentences that text and annotated source share.

// appendPackage appends the line that introduces a package.
func appendPackage(b []byte, pal *palette, p *inline.Package) []byte {
	b = append(b, pal.name...)
	b = words.AppendPlain(b, p.Path)
	b = append(b, pal.off...)
	b = append(b, pal.quiet...)
	b = append(b, " ("...)
	if p.Variant != "" {
		b = words.AppendPlain(b, words.Variant(p.Variant))
		b = append(b, ", "...)
	}
	b = words.AppendPlain(b, p.Go)
	b = append(b, ' ')
	b = words.AppendPlain(b, p.GOOS)
	b = append(b, '/')
	b = words.AppendPlain(b, p.GOARCH)
	b = append(b, ')')
	b = append(b, pal.off...)
	return append(b, '\n')
}

// appendPlace appends file:line:col, as much of it as is known.
func appendPlace(b []byte, names *namer, p inline.Position) []byte {
	b = words.AppendPlain(b, names.name(p.File))
	if p.Line > 0 {
		b = append(b, ':')
		b = strconv.AppendInt(b, int64(p.Line), 10)
		if p.Col > 0 {
			b = append(b, ':')
			b = strconv.AppendInt(b, int64(p.Col), 10)
		}
	}
	return b
}

// appendVerdict appends what is to be said of a function: "inlinable 12/80",
// "not inlinable: cost 150 exceeds budget 80", "not known: ...".
func appendVerdict(b []byte, pal *palette, f *inline.Function) []byte {
	switch {
	case !f.Known:
		b = append(b, pal.quiet...)
		b = append(b, "not known"...)
	case f.Inlinable:
		b = append(b, pal.good...)
		b = append(b, "inlinable"...)
		b = append(b, pal.off...)
		b = append(b, pal.quiet...)
		b = append(b, ' ')
		b = appendCost(b, f.Cost, f.Budget)
	default:
		b = append(b, pal.bad...)
		b = append(b, "not inlinable"...)
		b = append(b, pal.off...)
		b = append(b, pal.quiet...)
	}
	b = words.AppendFunctionWhy(b, f)
	return append(b, pal.off...)
}

// instanceFunction is an instance in the form that appendVerdict takes.
func instanceFunction(in *inline.FunctionInstance) *inline.Function {
	return &inline.Function{Known: true, Inlinable: in.Inlinable, Cost: in.Cost, Budget: in.Budget, Reason: in.Reason}
}

// appendCallee appends what is called, with the word of the statement before it:
// "defer (*Mutex).Unlock".
func appendCallee(b []byte, c *inline.Call, pkg string) []byte {
	if c.Via != "" {
		b = append(b, c.Via...)
		b = append(b, ' ')
	}
	return words.AppendName(b, c.Callee, c.Reason, pkg)
}

// appendDetail appends what stands right of a callee: the cost of an inlined
// one, the reason of another, and what else is known of the call.
func appendDetail(b []byte, pal *palette, names *namer, c *inline.Call, pkg string) []byte {
	b = appendWhy(b, pal, names, c.Status, c.Reason, c.Cost, c.Budget)
	sep := "; "
	if c.Status == inline.StatusInlined {
		sep = "  "
	}
	return words.AppendFacts(b, sep, c, pkg)
}

// appendWhy appends the cost of an inlined call, or the reason of another with
// the place of the cause. Without names the place is left out.
func appendWhy(b []byte, pal *palette, names *namer, s inline.Status, r *inline.Reason, cost, budget int) []byte {
	if r != nil {
		b = words.AppendPlain(b, r.Message)
		if r.At.IsValid() && names != nil {
			b = append(b, pal.quiet...)
			b = append(b, " ("...)
			b = words.AppendPlain(b, names.near(r.At.File))
			b = append(b, ':')
			b = strconv.AppendInt(b, int64(r.At.Line), 10)
			b = append(b, ')')
			b = append(b, pal.off...)
		}
		return b
	}
	if s == inline.StatusInlined && (cost != 0 || budget != 0) {
		b = append(b, pal.quiet...)
		b = appendCost(b, cost, budget)
		b = append(b, pal.off...)
	}
	return b
}

// shows reports whether c has a place in the tree that t asks for.
func (t Tree) shows(c *inline.Inlined) bool {
	switch t {
	case TreeAll:
		return true
	case TreeNone:
		return false
	}
	switch c.Status {
	case inline.StatusInlined:
		return slices.ContainsFunc(c.Inlines, func(c inline.Inlined) bool { return t.shows(&c) })
	case inline.StatusIntrinsic, inline.StatusEliminated:
		return false
	}
	return true
}
