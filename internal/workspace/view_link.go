package workspace

import (
	"slices"

	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/session"
)

// link decides what the unit's own compile left open, and tells the result: in
// two steps if other packages have to be compiled for it.
func (r *viewRun) link(s *session.Session, k *resolve.Linkable, res *result, outlines map[string]*outline) error {
	res.linkable = k
	if last := r.last; last != nil && last.linkable == k && last.loaded == r.loaded && !last.partial {
		// Another file was opened, or a change was taken back.
		res.unit, res.calls, res.funcs = last.unit, last.calls, last.funcs
		r.sendResult(res, outlines, s)
		return nil
	}
	u := r.loaded.unit
	have := &knownFacts{Facts: session.Facts{Session: s, Ctx: r.ctx, Units: s.UnitsByPath(u)}, lacking: make(map[string]bool)}
	unit := k.Link(have)
	if have.Err != nil {
		return have.Err
	}
	s.DescribeBuild(u, unit)
	if len(have.lacking) > 0 {
		first := *res
		first.partial = true
		first.index(withoutPending(unit, k.Sites, have.lacking))
		r.sendResult(&first, outlines, s)
		var err error
		if unit, err = s.Verdicts(r.ctx, u); err != nil {
			return err
		}
	}
	res.index(unit)
	r.sendResult(res, outlines, s)
	return nil
}

// knownFacts answers the linker's questions about other packages from what is known
// or kept already, and notes those that it cannot answer.
type knownFacts struct {
	session.Facts
	lacking map[string]bool // packages, by import path
}

// Package is resolve.Facts'.
func (f *knownFacts) Package(path string) (*resolve.Linkable, string) {
	if f.lacking[path] {
		return nil, ""
	}
	if u := f.Units[path]; u != nil && !session.HasResult(f.Session, session.Inlining, u) {
		f.lacking[path] = true
		return nil, ""
	}
	return f.Facts.Package(path)
}

// Intrinsic is resolve.Facts'.
func (f *knownFacts) Intrinsic(path, name string) (is bool, unknown string) {
	if f.lacking[path] {
		return false, ""
	}
	if u := f.Units[path]; u != nil && u.Std && !session.EscapeIntrinsic(path, name) && f.Session.MayHaveIntrinsics(u) && !session.HasResult(f.Session, session.Intrinsics, u) {
		f.lacking[path] = true
		return false, ""
	}
	return f.Facts.Intrinsic(path, name)
}

// withoutPending returns the unit without the calls that only lacking packages
// decide, and without what the bodies of others call, which they may have a part
// in. The sites are those that the unit was linked from.
func withoutPending(unit *inline.Package, sites []resolve.Site, lacking map[string]bool) *inline.Package {
	order := make([]*resolve.Site, len(sites)) // as the unit's calls are
	for i := range sites {
		order[i] = &sites[i]
	}
	slices.SortStableFunc(order, func(a, b *resolve.Site) int { return a.Pos.Compare(b.Pos) })
	part := *unit
	part.Calls = make([]inline.Call, 0, len(unit.Calls))
	for i, c := range unit.Calls {
		if order[i].Pending && lacking[order[i].Pkg] {
			continue
		}
		c.Inlines = nil
		part.Calls = append(part.Calls, c)
	}
	return &part
}
