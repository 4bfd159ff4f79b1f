package main

import (
	"errors"
	"fmt"
	"time"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/handlers"
)

// costs measures hovers on functions whose costs are known.
func (r *rig) costs() (rows []row, err error) {
	d, err := r.desk(netHTTP)
	if err != nil {
		return nil, err
	}
	defer d.close()
	c, err := d.ours()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.end()) }()
	defer c.problem.catch(&err)
	doc := protocol.TextDocumentIdentifier{URI: uri.File(d.file)}
	var list handlers.FunctionList
	if err := c.Call(handlers.MethodFunctions, handlers.FunctionsParams{TextDocument: &doc}, &list); err != nil {
		return nil, err
	}
	var places []handlers.Place
	for _, p := range list.Packages {
		for _, f := range p.Functions {
			if f.URI == doc.URI && f.Known {
				places = append(places, handlers.Place{TextDocument: doc, Position: f.Range.Start})
			}
		}
	}
	if len(places) == 0 {
		return nil, fmt.Errorf("%s has no functions", d.file)
	}
	if err := c.Call(handlers.MethodCost, places[0], nil); err != nil {
		return nil, err
	}
	var took []time.Duration
	for i := range 500 {
		begun := time.Now()
		if err := c.Call(protocol.MethodTextDocumentHover, places[i%len(places)], nil); err != nil {
			return nil, err
		}
		took = append(took, time.Since(begun))
	}
	work := fmt.Sprintf("textDocument/hover of a function of %s whose cost is known, p99", d.s.file)
	return []row{below(work, percentile(took, 99), 5*time.Millisecond)}, nil
}
