package handlers

import (
	"bytes"
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"unicode"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/cost"
	"github.com/inlinelens/inlinelens/internal/inline"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// This file puts the costs of a function to the current text. They come with
// lines and columns of the compiled text.

// A costLines is what a function costs, by lines of the current text.
type costLines struct {
	block    block
	costs    *breakdown.FunctionCosts
	lines    []costLine
	blockers []costBlocker
}

type costLine struct {
	line  uint32 // of the editor
	at    int    // of the first part, in the current text
	cost  int
	total int
	parts []costPart
}

type costPart struct {
	*cost.Part
	span position.Span // of the construct, in the current text
	at   int           // where the compiler counts it: in a call, at the parenthesis
}

type costBlocker struct {
	cost.Blocker
	span position.Span
}

// instance returns the costs of a function: of the first instance that is not
// inlinable where there are several, as the verdict is about that; nil if there
// are none that the verdict is about.
func instance(list []*breakdown.FunctionCosts, inlinable bool, total int) *breakdown.FunctionCosts {
	for _, c := range list {
		if c.Inlinable == inlinable && (c.Cost == total || !c.Printed || total == 0) {
			return c
		}
	}
	return nil
}

// functionCosts returns what a function of the document costs; nil if that is not
// known.
func functionCosts(f *workspace.FileFunction, costs *breakdown.UnitCosts) *breakdown.FunctionCosts {
	if costs == nil || !f.Known {
		return nil
	}
	if r := missReason(f.Function); r != nil && f.Inlinable {
		for i := range f.Instances {
			if in := &f.Instances[i]; !in.Inlinable {
				return instance(costs.At(f.Function.Pos, f.Function.Name), false, in.Cost)
			}
		}
	}
	return instance(costs.At(f.Function.Pos, f.Function.Name), f.Inlinable, f.Cost)
}

// costLines puts the costs of a function to the current text. The error says why that
// cannot be done.
func (d *Document) costLines(f *workspace.FileFunction, costs *breakdown.UnitCosts) (*costLines, error) {
	c, b, err := d.currentCosts(f, costs)
	if err != nil {
		return nil, err
	}
	place := d.placesIn(f, b)
	parts := make([]costPart, len(c.Parts))
	for i := range c.Parts {
		at, span := place(c.Parts[i].Pos)
		parts[i] = costPart{&c.Parts[i], span, at}
	}
	slices.SortStableFunc(parts, func(a, b costPart) int { return cmp.Compare(a.at, b.at) })
	blockers := make([]costBlocker, len(c.Blockers))
	for i := range c.Blockers {
		_, span := place(c.Blockers[i].Pos)
		blockers[i] = costBlocker{c.Blockers[i], span}
	}
	lines := linesOf(parts, func(p costPart) uint32 { return d.point(p.at).Line })
	return &costLines{block: b, costs: c, lines: lines, blockers: blockers}, nil
}

// currentCosts returns what a function costs, and where it is in the current text. The
// error says why that is not known.
func (d *Document) currentCosts(f *workspace.FileFunction, costs *breakdown.UnitCosts) (*breakdown.FunctionCosts, block, error) {
	name := d.short(f.Function.Name)
	c := functionCosts(f, costs)
	if c == nil {
		if f.Reason != nil && !f.Known {
			return nil, block{}, fmt.Errorf("the compiler does not report the cost of %s: %s", name, f.Reason.Message)
		}
		return nil, block{}, fmt.Errorf("the compiler does not report the cost of %s", name)
	}
	start, ok := d.Shift.Offset(f.Name.Start)
	if !ok {
		return nil, block{}, fmt.Errorf("%s has been edited since the last compile: save the file", name)
	}
	if c.Pos.File != d.File.Name {
		return nil, block{}, fmt.Errorf("the compiler reports lines of another file for the cost of %s", name)
	}
	return c, block{Span: f.Decl, delta: start - f.Name.Start}, nil
}

// placesIn returns a function that finds the offset of a place of a function in the
// current text, and the construct there. For a few names the compiler has no place but
// that of their declaration; they count where the function is named, like all that has
// no place.
func (d *Document) placesIn(f *workspace.FileFunction, b block) func(inline.Position) (offset int, span position.Span) {
	compiled := d.compiled()
	return func(at inline.Position) (int, position.Span) {
		offset, err := compiled.Offset(at.Line, max(at.Col, 1))
		if err != nil || at.File != d.File.Name || offset < f.Decl.Start || offset >= f.Decl.End {
			return f.Name.Start + b.delta, b.shifted(f.Name)
		}
		return offset + b.delta, b.shifted(d.construct(offset))
	}
}

// compiled is the Mapper of the text that was compiled.
func (d *Document) compiled() *position.Mapper {
	if string(d.File.Text) == string(d.Mapper.Text()) {
		return d.Mapper
	}
	return position.NewMapper(d.File.Text)
}

// construct returns the span of the construct at an offset of the compiled text: at
// the parenthesis of a call what is called, or its name if that takes several
// lines; otherwise one token.
func (d *Document) construct(offset int) position.Span {
	text := d.File.Text
	if c := d.callAt(offset); c != nil && c.Via != "range" {
		if isLiteral(text, c) || bytes.IndexByte(text[c.Callee.Start:c.Callee.End], '\n') >= 0 {
			return c.Name
		}
		return c.Callee
	}
	if text[offset] == '(' { // of a built-in function, or of a conversion
		before := bytes.TrimRightFunc(text[:offset], func(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) })
		if len(before) < offset {
			return position.Span{Start: len(before), End: offset}
		}
	}
	rest := text[offset:min(offset+maxToken, len(text))]
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(rest)), rest, nil, 0)
	_, tok, lit := s.Scan()
	if !tok.IsLiteral() && !tok.IsKeyword() {
		lit = tok.String()
	}
	return position.Span{Start: offset, End: min(offset+max(len(lit), 1), len(text))}
}

func isCall(what cost.What) bool {
	switch what {
	case cost.Call, cost.InlinedCall, cost.InterfaceCall, cost.ParamCall, cost.CheapCall, cost.IntrinsicCall, cost.ThrowCall:
		return true
	}
	return false
}

// maxToken is how much is read to find the end of a token, in bytes.
const maxToken = 256
