package trial

import (
	"context"

	"github.com/inlinelens/inlinelens/internal/remark"
	"github.com/inlinelens/inlinelens/internal/resolve"
	"github.com/inlinelens/inlinelens/internal/rewrite"
	"github.com/inlinelens/inlinelens/internal/session"
)

// work tries what there is to try for functions, and gives each its answer, with at most
// so many offers.
func (a *Adviser) work(ctx context.Context, tasks []*task, most int) error {
	if err := a.tell(ctx, untold(tasks)); err != nil {
		return err
	}
	if len(tasks) == 1 {
		a.progress(len(tasks[0].tries), len(tasks[0].tries))
	}
	for _, t := range tasks {
		t.answer.Tried = len(t.tries)
		if t.copies {
			t.choose()
		} else if err := a.workAlone(ctx, t, most); err != nil {
			return err
		}
	}
	for {
		round := nextRound(tasks, most)
		if len(round) == 0 {
			break
		}
		if err := a.confirm(ctx, round); err != nil {
			return err
		}
		for _, p := range round {
			if p.offer != nil {
				p.offered(p.offer)
			} else if p.told {
				p.missed(&p.now)
			}
		}
	}
	for _, t := range tasks {
		t.conclude()
	}
	return nil
}

// untold lists the forms of changes that are to be compiled as copies.
func untold(tasks []*task) (list []trying) {
	for _, t := range tasks {
		if !t.copies {
			continue
		}
		for _, versions := range t.tries {
			for _, v := range versions {
				if !v.told {
					list = append(list, trying{t, v})
				}
			}
		}
	}
	return list
}

// choose finds the forms of changes that make the function inlinable, as far as copies
// tell.
func (t *task) choose() {
	for _, versions := range t.tries {
		v, now := chosen(versions)
		if v != nil {
			t.found = append(t.found, v)
		} else {
			t.missed(now)
		}
	}
}

// nextRound takes the next changes to be confirmed, as many as offers are missing.
func nextRound(tasks []*task, most int) (round []*proposal) {
	for _, t := range tasks {
		n := min(len(t.found), most-len(t.answer.Offers))
		for _, v := range t.found[:n] {
			round = append(round, &proposal{task: t, version: v})
		}
		t.found = t.found[n:]
	}
	return round
}

// offered adds an offer, unless it gains nothing: the function has calls, nothing outside
// of the package can call it, and the compiler inlines it at none of them. They are those
// of go and defer statements, or in functions that the compiler considers big.
func (t *task) offered(o *Offer) {
	if o.Inlined == 0 && t.answer.Calls > 0 && !t.decl.Name.IsExported() {
		t.useless = true
		return
	}
	t.answer.Offers = append(t.answer.Offers, *o)
}

// missed notes what a function costs with a change that does not help.
func (t *task) missed(now *remark.Remark) {
	if now != nil && now.Cost > 0 && (t.least == nil || now.Cost < t.least.Cost) {
		t.least = now
	}
}

// conclude says why there are no offers, if there are none.
func (t *task) conclude() {
	switch {
	case len(t.answer.Offers) > 0, t.answer.Why != "":
		return
	case t.useless:
		t.answer.Why = "with a change the compiler can inline it, but it inlines none of its calls"
	case t.answer.Tried > 0:
		t.answer.Why = tried(t.answer.Tried, t.least)
	default:
		t.answer.Why = t.selection.Why
	}
	t.answer.Notes = append(t.answer.Notes, t.selection.Notes()...)
}

// workAlone tries changes of a function one after another as they would be offered.
func (a *Adviser) workAlone(ctx context.Context, t *task, most int) error {
	for i, versions := range t.tries {
		for j := 0; j < len(versions); j++ {
			p := &proposal{task: t, version: versions[j]}
			if err := a.confirmTogether(ctx, []*proposal{p}, true); err != nil {
				return err
			}
			if p.offer == nil && p.candidate.Name != "" {
				if j++; p.partBack {
					t.missed(&p.now)
					p = &proposal{task: t, version: versions[j]}
					if err := a.confirmTogether(ctx, []*proposal{p}, true); err != nil {
						return err
					}
				}
			}
			if p.offer != nil {
				t.offered(p.offer)
				break
			}
			if p.told {
				t.missed(&p.now)
			}
		}
		if len(t.answer.Offers) == most {
			t.answer.Tried = i + 1
			return nil
		}
	}
	return nil
}

// resolved compiles the unit with a change and resolves what the compiler says; it
// returns nil if that does not compile, which would be a bug in the change.
func (a *Adviser) resolved(ctx context.Context, t *task, c rewrite.Candidate) (*resolve.Linkable, error) {
	file := t.decl.file
	s, err := a.s.With(file.name, rewrite.Apply(file.text, c.Edits))
	if err != nil {
		return nil, err
	}
	defer s.Close()
	k, err := s.Compile(ctx, a.u)
	if wrong, ok := session.WrongWith(err); ok {
		a.unsound(t, c, wrong.Errors[0].Message)
		return nil, nil
	}
	return k, err
}
