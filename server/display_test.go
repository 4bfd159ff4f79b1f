package server

import (
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
	"github.com/inlinelens/inlinelens/internal/fakeeditor"
)

// A display is what a server shows of its open files: lines of text, each
// beginning with where it is.
type display []string

// ask asks for all hints, lenses and diagnostics of files, and resolves the
// lenses. Of the hints it resolves every nth, and hovers there.
func ask(t *testing.T, e *fakeeditor.Editor, nth int, paths ...string) display {
	t.Helper()
	var all display
	for _, path := range paths {
		add := func(r protocol.Range, what string) {
			all = append(all, fmt.Sprintf("%s:%d:%d-%d:%d: %s", path, r.Start.Line, r.Start.Character, r.End.Line, r.End.Character, what))
		}
		for i, h := range e.InlayHints(path) {
			add(protocol.Range{Start: h.Position, End: h.Position}, fmt.Sprintf("hint %q", fakeeditor.Label(h)))
			if i%nth != 0 {
				continue
			}
			at := h.Position
			must(t, e.Call(protocol.MethodInlayHintResolve, &h, &h))
			h.Data = nil // names a state of its server
			add(protocol.Range{Start: at, End: at}, "resolved hint "+encode(t, &h))
			at.Character-- // from behind the name into it
			p := &protocol.HoverParams{}
			p.TextDocument.URI, p.Position = uri.File(path), at
			var hover *protocol.Hover
			must(t, e.Call(protocol.MethodTextDocumentHover, p, &hover))
			add(protocol.Range{Start: at, End: at}, "hover "+encode(t, withoutCosts(hover)))
		}
		var lenses []protocol.CodeLens
		lens := &protocol.CodeLensParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(path)}}
		must(t, e.Call(protocol.MethodTextDocumentCodeLens, lens, &lenses))
		if len(lenses) > 0 && path == paths[0] { // one compile for each server
			var item *handlers.CostItem
			err := e.Call(handlers.MethodCost, handlers.Place{TextDocument: lens.TextDocument, Position: lenses[0].Range.Start}, &item)
			add(lenses[0].Range, fmt.Sprint("cost ", encode(t, item), err))
		}
		for _, l := range lenses {
			must(t, e.Call(protocol.MethodCodeLensResolve, &l, &l))
			l.Data = nil
			add(l.Range, "lens "+encode(t, &l))
		}
		if p := e.Diagnostics(path); p != nil {
			for _, d := range p.Diagnostics {
				add(d.Range, "diagnostic "+encode(t, &d))
			}
		}
	}
	return all
}

// withoutCosts leaves out of a hover what it says of costs, which comes when it has
// been counted.
func withoutCosts(h *protocol.Hover) *protocol.Hover {
	if h == nil {
		return nil
	}
	content, ok := h.Contents.(*protocol.MarkupContent)
	if !ok {
		return h
	}
	paragraphs := slices.DeleteFunc(strings.Split(content.Value, "\n\n"), func(p string) bool {
		return slices.ContainsFunc([]string{
			"What it costs is being", "Largest parts:", "No part is large", "Inlining is impossible", "Without ", "Of the cost, ",
		}, func(begin string) bool { return strings.HasPrefix(p, begin) })
	})
	return &protocol.Hover{Contents: &protocol.MarkupContent{Kind: content.Kind, Value: strings.Join(paragraphs, "\n\n")}, Range: h.Range}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	raw, err := protocol.Marshal(v)
	must(t, err)
	return string(raw)
}

// difference tells which lines only one of two displays has.
func (d display) difference(other display) string {
	if i := slices.IndexFunc(d, func(line string) bool { return !slices.Contains(other, line) }); i < 0 && len(d) == len(other) {
		return fmt.Sprintf("in another order:\n%s\nand\n%s", strings.Join(d, "\n"), strings.Join(other, "\n"))
	}
	return fmt.Sprintf("only the one has:\n%s\nonly the other has:\n%s", d.missing(other), other.missing(d))
}

// missing returns the lines that other has not, up to 20.
func (d display) missing(other display) string {
	has := make(map[string]int)
	for _, line := range other {
		has[line]++
	}
	var lines []string
	for _, line := range d {
		if has[line]--; has[line] < 0 {
			lines = append(lines, line)
		}
	}
	if more := len(lines) - 20; more > 0 {
		lines = append(lines[:20], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(lines, "\n")
}

// states tells what the server says of packages and files, without what differs
// from run to run; awaitVerdicts is false while anything is still to come.
func states(t *testing.T, e *fakeeditor.Editor) (lines display, settled bool) {
	var status handlers.StatusParams
	t.Helper()
	settled = e.Status(&status)
	for _, p := range status.Packages {
		settled = settled && p.State != "compiling" && !p.Partial
		p.TookMS = 0
		if p.State == "failed" { // what a load found before this one failed is still told
			p.Path, p.Go, p.GOOS, p.GOARCH = "", "", "", ""
		}
		lines = append(lines, encode(t, p))
	}
	return lines, settled
}

// agree waits until two servers show the same of files, of which both have the
// same texts open, and holds that they come to it. It returns what they show. Left out
// are the files of packages that do not compile: what they show is of an older text,
// which only the one may have seen.
func agree(t *testing.T, one, other *fakeeditor.Editor, nth int, paths ...string) (both display) {
	t.Helper()
	one.Await("two servers that show the same", func() (bool, string) {
		oneStates, oneSettled := states(t, one)
		otherStates, otherSettled := states(t, other)
		if !oneSettled || !otherSettled || !slices.Equal(oneStates, otherStates) {
			return false, fmt.Sprintf("settled: %v, %v; ", oneSettled, otherSettled) + oneStates.difference(otherStates)
		}
		current := slices.DeleteFunc(slices.Clone(paths), failing(one))
		a, b := ask(t, one, nth, current...), ask(t, other, nth, current...)
		both = a
		return slices.Equal(a, b), a.difference(b)
	})
	return both
}

// failing returns a function that tells whether the package of a file does not compile.
func failing(e *fakeeditor.Editor) func(path string) bool {
	var status handlers.StatusParams
	e.Status(&status)
	return func(path string) bool {
		return slices.ContainsFunc(status.Packages, func(p handlers.PackageStatus) bool {
			return p.State == "failed" && (p.Dir == path || p.Dir == filepath.Dir(path))
		})
	}
}

// sorted returns the keys of a map in order.
func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
