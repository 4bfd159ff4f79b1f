package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"
)

// The goals: advice on the function at the cursor while somebody looks at it, and on all
// functions of a package of 24,000 lines in a sixth of the time that one of 143,000 may take.
const (
	cursorGoal = 2 * time.Second
	listGoal   = 30 * time.Second
)

// advice measures how long it takes from the cursor on a function over its budget to the
// changes that make it inlinable, and how long those of a whole package take.
func (r *rig) advice() (rows []row, err error) {
	var first, next []time.Duration
	for range max(r.runs/2, 1) {
		one, two, err := r.cursor()
		if err != nil {
			return nil, err
		}
		first, next = append(first, one), append(next, two)
	}
	var lists []sample
	for range max(r.runs/2, 1) {
		e, err := r.edited(r.file(goTypes))
		if err != nil {
			return nil, err
		}
		s, err := r.run(command{args: []string{r.program, "explain", "-advice", "-overlay=" + e.overlay, goTypes.path}, keep: "→"})
		if err != nil {
			return nil, err
		}
		lists = append(lists, s)
	}
	list := median(lists)
	return []row{
		below("cursor on a function of go/types (74 files) → advice, the first of the package", percentile(first, 50), cursorGoal),
		below("the same, another function of it", percentile(next, 50), cursorGoal),
		below("`explain -advice go/types`", list.wall, listGoal),
	}, nil
}

// cursor puts the cursor on two functions, one after the other, in a server that has just
// compiled their package.
func (r *rig) cursor() (first, next time.Duration, err error) {
	d, err := r.desk(goTypes)
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, d.close()) }()
	c, err := d.ours("format.go")
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	defer c.problem.catch(&err)
	file := filepath.Join(d.dir, "format.go")
	ask := func(signature string) time.Duration {
		p := &protocol.CodeActionParams{TextDocument: protocol.TextDocumentIdentifier{URI: uri.File(file)}}
		p.Range.Start = c.At(file, signature)
		p.Range.End = p.Range.Start
		p.Context.Diagnostics = []protocol.Diagnostic{}
		begun := time.Now()
		c.Await("advice", func() (bool, string) {
			var actions []protocol.CodeAction
			if err := c.Call(protocol.MethodTextDocumentCodeAction, p, &actions); err != nil {
				return false, err.Error()
			}
			for _, a := range actions {
				if strings.HasPrefix(a.Title, "Inlinelens: make ") && a.Edit != nil {
					return true, ""
				}
			}
			return false, fmt.Sprint(len(actions), " actions")
		})
		return time.Since(begun)
	}
	return ask("qualifier(pkg"), ask("markImports(pkg"), nil
}
