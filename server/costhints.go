package server

import (
	"context"
	"slices"
	"sync"

	"go.lsp.dev/jsonrpc2"
	"go.lsp.dev/protocol"
	"go.uber.org/zap"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// costHints are the functions whose lines have hints with their costs. They lose
// them when they are edited; when something else in the package is, the costs are
// counted again, and the hints are withdrawn until then.
type costHints struct {
	server *server

	mu     sync.Mutex
	byPath map[string][]*costHint // by path
}

// A costHint is one such function. What it was counted for, and the costs, change.
type costHint struct {
	handlers.ShownCost
	pending *workspace.File // that costs are being counted for; nil for none
}

// showCost answers CommandShowCost.
func showCost(s *server, p *handlers.Place) (answer, error) {
	if !s.client.hints {
		return nil, jsonrpc2.Errorf(jsonrpc2.Code(protocol.LSPErrorCodesRequestFailed), "the editor shows no inlay hints")
	}
	return askedCost(s, p, func(ctx context.Context, v *handlers.Document, f *workspace.FileFunction) (any, error) {
		shown := !s.costHints.hide(v.Path, f.Function.Name)
		if shown {
			costs, _, err := s.costOf(ctx, v, f)
			if err != nil {
				return nil, err
			}
			s.costHints.add(v.Path, &costHint{ShownCost: handlers.ShownCost{Name: f.Function.Name, File: v.File, Function: f, Costs: costs}})
			// What has come meanwhile did not find it there.
			s.costHints.published(s.verdicts.Load())
			if now := s.documents.get(v.Path); now != nil {
				s.costHints.textChanged(now)
			} else {
				s.costHints.closed(v.Path)
			}
		}
		s.outgoing.refreshHints()
		return struct {
			Shown bool `json:"shown"`
		}{shown}, nil
	})
}

func (c *costHints) add(path string, h *costHint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byPath == nil {
		c.byPath = map[string][]*costHint{}
	}
	c.drop(path, func(old *costHint) bool { return old.Name == h.Name })
	c.byPath[path] = append(c.byPath[path], h)
}

// hide hides the costs of a function, and reports whether they were shown.
func (c *costHints) hide(path, name string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.drop(path, func(h *costHint) bool { return h.Name == name })
}

// hideAll hides the costs of all functions.
func (c *costHints) hideAll() {
	c.mu.Lock()
	defer c.mu.Unlock()
	clear(c.byPath)
}

// drop removes the hints of a file that are no longer wanted, and reports whether
// there were any. It is called with the lock held.
func (c *costHints) drop(path string, unwanted func(*costHint) bool) bool {
	before := c.byPath[path]
	rest := slices.DeleteFunc(slices.Clone(before), unwanted)
	if len(rest) == 0 {
		delete(c.byPath, path)
	} else {
		c.byPath[path] = rest
	}
	return len(rest) < len(before)
}

// at returns the functions of a document whose costs are shown, as they are now.
func (c *costHints) at(path string) []handlers.ShownCost {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []handlers.ShownCost
	for _, h := range c.byPath[path] {
		list = append(list, h.ShownCost)
	}
	return list
}

// textChanged drops the hints of functions that a document has no longer, or not as they
// were.
func (c *costHints) textChanged(d *document) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(d.path, func(h *costHint) bool {
		if d.lost {
			return true
		}
		_, ok := d.shiftFrom(h.File).Offset(h.Function.Name.Start)
		return !ok
	})
}

// closed drops the hints of a document.
func (c *costHints) closed(path string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.byPath, path)
}

// published has costs counted again that other verdicts have come for.
func (c *costHints) published(known *verdicts) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for path, shown := range c.byPath {
		f := known.files[path]
		if f == nil || f.Unit == nil || len(f.Errors) > 0 {
			continue // it does not compile, which may pass
		}
		for _, h := range shown {
			if h.File != f && h.pending != f {
				h.pending = f
				c.server.background.Go(func() { c.recount(path, h, f) })
			}
		}
	}
}

// recount counts the costs of a function for other verdicts.
func (c *costHints) recount(path string, h *costHint, f *workspace.File) {
	i := slices.IndexFunc(f.Funcs, func(fn workspace.FileFunction) bool { return fn.Function.Name == h.Name })
	var costs *breakdown.UnitCosts
	var err error
	if i >= 0 {
		target := workspace.Target{Source: path, Pos: f.Funcs[i].Function.Pos}
		if costs, err = c.server.work.costs(c.server.ctx, f, target); err != nil {
			c.server.log.Debug("not counted again", zap.String("file", path), zap.Error(err))
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.pending != f {
		return // still other verdicts have come
	}
	h.pending = nil
	switch {
	case err != nil && c.server.verdicts.Load().files[path] != f:
		return // those that come now are counted
	case err != nil || i < 0:
		c.drop(path, func(shown *costHint) bool { return shown == h })
		return
	}
	h.File, h.Function, h.Costs = f, &f.Funcs[i], costs
	c.server.outgoing.refreshHints()
}
