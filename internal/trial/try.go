package trial

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"go.uber.org/zap"
	"golang.org/x/sync/errgroup"

	"github.com/inlinelens/inlinelens/internal/gc"
	"github.com/inlinelens/inlinelens/internal/gorelease"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/rewrite"
)

// A task is the work on one function.
type task struct {
	answer    *Advice
	decl      *declaration
	selection rewrite.Selection
	callers   []*declaration
	// certain says that a compile without the bodies that do not matter tells the cost.
	certain bool
	// tells says that the remarks alone tell at which calls the function was inlined.
	tells bool
	// copies says that a copy of the function costs what the function does.
	copies bool

	// useless says that a change makes the function inlinable, and none of its calls is
	// inlined then.
	useless bool
	found   []*version // that make it inlinable, as far as copies tell, and are not confirmed

	tries [][]*version   // the changes that may help, each in its forms
	least *remark.Remark // what comes nearest of those that do not help
}

// tried says that no change helps, and what the function costs with the one that comes
// nearest; nil if the compiler names no cost with any of them.
func tried(n int, least *remark.Remark) string {
	what, best := fmt.Sprintf("%d changes were compiled", n), "with the best of them "
	if n == 1 {
		what, best = "one change was compiled", ""
	}
	if least == nil {
		return what + " and did not help"
	}
	return fmt.Sprintf("%s: %sit would still cost %d/%d", what, best, least.Cost, least.Budget)
}

// A trying is one form of a change that is to be compiled as a copy.
type trying struct {
	*task
	*version
}

// tell has the compiler tell what functions cost with changes, of which each is compiled
// as a copy.
func (a *Adviser) tell(ctx context.Context, list []trying) error {
	if len(list) == 0 {
		return nil
	}
	c := newCopier()
	t := &trialText{behind: c, kept: make(bodySet)}
	for _, x := range list {
		if !c.add(x.decl, a.start(x.decl), x.version) {
			continue
		}
		t.copied = append(t.copied, x.decl)
		for _, m := range x.decl.mentions {
			if m.inlinable() {
				t.kept.keep(m)
			}
		}
	}
	out, err := a.compile(ctx, t)
	if err == nil && len(out.Errors) > 0 {
		a.s.Host.Log.Debug("a package without bodies does not compile", zap.String("package", a.u.Path), zap.String("error", out.Errors[0].Message))
		t.kept = nil
		out, err = a.compile(ctx, t)
	}
	switch {
	case err != nil:
		return err
	case len(out.Errors) == 0:
		c.read(out)
		return nil
	case len(list) == 1:
		a.unsound(list[0].task, list[0].candidate, out.Errors[0].Message)
		return nil
	}
	half := len(list) / 2
	if err := a.tell(ctx, list[:half]); err != nil {
		return err
	}
	return a.tell(ctx, list[half:])
}

// unsound logs a change that does not compile, which is a bug in the change.
func (a *Adviser) unsound(t *task, c rewrite.Candidate, message string) {
	a.s.Host.Log.Error("a change that was to be advised does not compile",
		zap.String("function", t.answer.Function.Name), zap.Int("line", c.Line), zap.String("kind", string(c.Kind)), zap.String("error", message))
}

// start returns where the declaration of a function begins, without its comment.
func (a *Adviser) start(d *declaration) int { return a.src.Fset.PositionFor(d.Pos(), false).Offset }

// A proposal is a change that is to be compiled as it is offered.
type proposal struct {
	*task
	*version
	offer *Offer // nil if the function cannot be inlined with it
}

// confirm compiles changes as they are offered, and counts the calls at which the
// compiler inlines the function then.
func (a *Adviser) confirm(ctx context.Context, list []*proposal) error {
	var g errgroup.Group
	g.SetLimit(int(max(a.s.Jobs, 1)))
	for _, group := range a.independent(list) {
		g.Go(func() error { return a.confirmTogether(ctx, group, true) })
	}
	return g.Wait()
}

// independent divides changes into groups in which none changes what the function of
// another one costs.
func (a *Adviser) independent(list []*proposal) (groups [][]*proposal) {
	type group struct {
		list    []*proposal
		changed bodySet // the functions that change
		needed  bodySet // what they mention, and what that may be inlined into them
		alone   bool
	}
	var all []*group
	for _, p := range list {
		needed := mentioned(p.decl)
		fits := func(g *group) bool {
			if g.alone || g.needed[p.decl] || g.changed[p.decl] {
				return false
			}
			for d := range g.changed {
				if needed[d] {
					return false
				}
			}
			return true
		}
		var to *group
		if p.certain && p.tells {
			if i := slices.IndexFunc(all, fits); i >= 0 {
				to = all[i]
			}
		}
		if to == nil {
			to = &group{changed: make(bodySet), needed: make(bodySet), alone: !p.certain || !p.tells}
			all = append(all, to)
		}
		to.list = append(to.list, p)
		to.changed[p.decl] = true
		for d := range needed {
			to.needed[d] = true
		}
	}
	for _, g := range all {
		groups = append(groups, g.list)
	}
	return groups
}

// mentioned returns what a function mentions, and what those mention whose bodies count
// in its cost.
func mentioned(d *declaration) bodySet {
	kept := make(bodySet)
	kept.keep(d)
	all := make(bodySet)
	for x := range kept {
		for _, m := range x.mentions {
			all[m] = true
		}
	}
	delete(all, d)
	return all
}

// confirmTogether confirms independent changes by one compile.
func (a *Adviser) confirmTogether(ctx context.Context, list []*proposal, reduced bool) error {
	if len(list) == 1 && !list[0].tells {
		return a.resolveOne(ctx, list[0])
	}
	t := &trialText{edits: make(map[string][]rewrite.Edit)}
	if reduced && list[0].certain {
		t.kept = make(bodySet)
	}
	for _, p := range list {
		file := p.decl.file.name
		t.edits[file] = append(t.edits[file], p.candidate.Edits...)
		if t.kept != nil {
			t.kept.keep(p.decl)
			for _, d := range p.callers {
				t.kept.keep(d)
			}
		}
	}
	out, err := a.compile(ctx, t)
	switch {
	case err != nil:
		return err
	case len(out.Errors) == 0:
		for _, p := range list {
			a.judge(p, out, t.edits)
		}
		return nil
	case t.kept != nil:
		a.s.Host.Log.Debug("a package without bodies does not compile", zap.String("package", a.u.Path), zap.String("error", out.Errors[0].Message))
		return a.confirmTogether(ctx, list, false)
	case len(list) == 1:
		a.unsound(list[0].task, list[0].candidate, out.Errors[0].Message)
		return nil
	}
	for _, p := range list {
		if err := a.confirmTogether(ctx, []*proposal{p}, true); err != nil {
			return err
		}
	}
	return nil
}

// judge reads what a compile says of a change.
func (a *Adviser) judge(p *proposal, out *gc.Output, edits map[string][]rewrite.Edit) {
	f := p.answer.Function
	name := linkname.Within(a.k.Package.Path, a.k.Package.Name, f.Name)
	i := slices.IndexFunc(out.Remarks, func(r remark.Remark) bool {
		return (r.Kind == remark.CanInline || r.Kind == remark.CannotInline) && r.Name == name
	})
	if i < 0 {
		return
	}
	p.told, p.now = true, out.Remarks[i]
	p.partBack = slices.ContainsFunc(out.Remarks, func(r remark.Remark) bool {
		return r.Kind == remark.CanInline && p.candidate.Name != "" && linkname.Base(r.Name) == p.candidate.Name
	})
	if p.now.Kind != remark.CanInline {
		return
	}
	p.offer = p.newOffer(p.now.Cost, cmp.Or(f.Budget, gorelease.Budget))
	p.offer.Inlined = a.inlinedAt(out, f, edits)
}

func (p *proposal) newOffer(cost, budget int) *Offer {
	return &Offer{Candidate: p.candidate, File: p.decl.file.name, Text: p.decl.file.text, Cost: cost, Budget: budget}
}

// resolveOne compiles a change and joins what the compiler says with the syntax of the
// changed unit, where the remarks alone do not tell enough.
func (a *Adviser) resolveOne(ctx context.Context, p *proposal) error {
	f := p.answer.Function
	k, err := a.resolved(ctx, p.task, p.candidate)
	if k == nil || err != nil {
		return err
	}
	now := k.Function(linkname.Within(k.Package.Path, k.Package.Name, f.Name))
	if now == nil || !now.Known {
		return nil
	}
	p.told, p.now = true, remark.Remark{Kind: remark.CannotInline, Cost: now.Cost, Budget: now.Budget}
	p.partBack = slices.ContainsFunc(k.Package.Functions, func(f inline.Function) bool {
		return f.Inlinable && p.candidate.Name != "" && linkname.Base(f.Name) == p.candidate.Name
	})
	if !now.Inlinable {
		return nil
	}
	p.now.Kind = remark.CanInline
	p.offer = p.newOffer(now.Cost, now.Budget)
	_, p.offer.Inlined = countCalls(k, f.Name)
	return nil
}
