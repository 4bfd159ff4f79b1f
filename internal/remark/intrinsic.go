package remark

import (
	"bytes"

	"github.com/inlinelens/inlinelens/internal/gorelease"
)

// ParseCheapCall picks, among the remarks on functions that make one call each,
// those whose call may be that of an intrinsic: all but those in which it costs what
// a call costs. stop is that of Collector.Add.
func ParseCheapCall(line Line) (at Place, ok, stop bool) {
	var p parser
	r, class := p.parse(line)
	if class != classRemark || r.Kind != CanInline && r.Kind != CannotInline || r.Kind == CanInline && r.Cost > gorelease.CallCost {
		return Place{}, false, class == classStop
	}
	return Place{File: r.File, Line: r.Line}, true, false
}

// ParseSubstitution reads "POS: intrinsic substitution for NAME with VALUE", which
// the back end prints with -d=ssa/intrinsics/debug=1, and returns where the call is.
// Nothing stops that compile.
func ParseSubstitution(line Line) (at Place, ok, stop bool) {
	pos, text, _, ok := cutPos(line.Head, 0, nil)
	if !ok || !bytes.HasPrefix(text, []byte("intrinsic substitution for ")) {
		return Place{}, false, false
	}
	return Place{File: string(pos.file), Line: pos.line, Col: pos.col}, true, false
}
