package trial

import (
	"context"
	"fmt"
	"strings"

	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
)

// tried says that no change helps, and what the function costs with the one that comes
// nearest; nil if the compiler names no cost with any of them.
func tried(n int, least *inline.Function) string {
	what, best := fmt.Sprintf("%d changes were compiled", n), "with the best of them "
	if n == 1 {
		what, best = "one change was compiled", ""
	}
	if least == nil {
		return what + " and did not help"
	}
	return fmt.Sprintf("%s: %sit would still cost %d/%d", what, best, least.Cost, least.Budget)
}

// try has a change compiled, and returns it as an offer if it makes the function
// inlinable, otherwise the function as it is then; nil if the change does not compile.
func (a *adviser) try(ctx context.Context, c rewrite.Candidate, f *inline.Function) (*Offer, *inline.Function, error) {
	cheaper := c.Cheaper
	c.Cheaper = nil
	offer, now, err := a.tryEdits(ctx, c, f)
	if cheaper == nil || offer != nil || now == nil || err != nil {
		return offer, now, err
	}
	c.Edits = cheaper
	return a.tryEdits(ctx, c, f)
}

func (a *adviser) tryEdits(ctx context.Context, c rewrite.Candidate, f *inline.Function) (*Offer, *inline.Function, error) {
	k, err := a.compile(ctx, f.Pos.File, &c)
	if k == nil || err != nil {
		return nil, nil, err
	}
	local := linkname.Within(k.Package.Path, k.Package.Name, f.Name)
	now := k.Function(local)
	if now != nil && !now.Inlinable && inlinedBack(k, c.Name) {
		c = c.WithNoinline()
		if k, err = a.compile(ctx, f.Pos.File, &c); k == nil || err != nil {
			return nil, nil, err
		}
		now = k.Function(local)
	}
	if now == nil || !now.Known || !now.Inlinable {
		return nil, now, nil
	}
	o := &Offer{Candidate: c, File: f.Pos.File, Text: a.texts[f.Pos.File], Cost: now.Cost, Budget: now.Budget}
	_, o.Inlined = countCalls(k, f.Name)
	return o, now, nil
}

// inlinedBack reports whether a new function can be inlined.
func inlinedBack(k *resolve.Linkable, name string) bool {
	for i := range k.Package.Functions {
		f := &k.Package.Functions[i]
		if name != "" && f.Inlinable && strings.HasSuffix(f.Name, "."+name) {
			return true
		}
	}
	return false
}

// compile compiles the unit with a change; it returns nil if that does not compile,
// which would be a bug in the change.
func (a *adviser) compile(ctx context.Context, file string, c *rewrite.Candidate) (*resolve.Linkable, error) {
	t, err := a.s.With(file, rewrite.Apply(a.texts[file], c.Edits))
	if err != nil {
		return nil, err
	}
	defer t.Close()
	k, err := t.Compile(ctx, a.u)
	if wrong, ok := session.WrongWith(err); ok {
		a.s.Host.Log.Error("a change that was to be advised does not compile",
			zap.String("file", file), zap.Int("line", c.Line), zap.String("kind", string(c.Kind)), zap.String("error", wrong.Errors[0].Message))
		return nil, nil
	}
	return k, err
}

// countCalls counts the calls of a function in a unit, and those of them that were
// inlined.
func countCalls(k *resolve.Linkable, function string) (calls, inlined int) {
	name := linkname.Within(k.Package.Path, k.Package.Name, function)
	for i := range k.Sites {
		site := &k.Sites[i]
		if site.Pkg != k.Package.Path || linkname.Generic(site.Name) != name {
			continue
		}
		calls++
		if !site.Pending && site.Status == inline.StatusInlined {
			inlined++
		}
	}
	return calls, inlined
}
