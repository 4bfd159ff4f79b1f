package handlers

import (
	"iter"
	"slices"
	"sort"

	"go.lsp.dev/protocol"
	"go.lsp.dev/uri"

	"github.com/inlinelens/inlinelens/internal/breakdown"
	"github.com/inlinelens/inlinelens/internal/linkname"
	"github.com/inlinelens/inlinelens/internal/position"
	"github.com/inlinelens/inlinelens/internal/settings"
	"github.com/inlinelens/inlinelens/internal/workspace"
)

// A Document is what a handler sees of an open file. It is immutable.
type Document struct {
	URI      uri.URI
	Path     string // absolute
	Version  int32  // the editor's, of the text in Mapper
	Mapper   *position.Mapper
	Encoding position.Encoding
	File     *workspace.File // nil while nothing is known
	Shift    *position.Shift // from File.Text to the text in Mapper; nil without File
	Settings settings.Settings
	Client   Client
	// Texts returns the Mapper of another file, for places in it that are given in
	// bytes; nil if its text is not at hand. Texts itself may be nil.
	Texts func(path string) *position.Mapper
	// Costs returns costs among which are those of a function: of the document's own
	// unit or of one that it is built of; nil while they are not known. Costs itself may
	// be nil.
	Costs func(workspace.Target) *breakdown.UnitCosts
	// Counting says that Costs will soon have what a hover would show.
	Counting bool
	// ShownCosts are the functions whose lines have hints with their costs.
	ShownCosts []ShownCost
}

// A ShownCost is a function whose lines have hints with their costs.
type ShownCost struct {
	Name     string          // link name
	File     *workspace.File // for which the costs were counted
	Function *workspace.FileFunction
	Costs    *breakdown.UnitCosts
}

// showsCost reports whether the lines of a function have hints with their costs.
func (d *Document) showsCost(f *workspace.FileFunction) bool {
	return slices.ContainsFunc(d.ShownCosts, func(c ShownCost) bool { return c.Name == f.Function.Name })
}

// A Client is what the editor said it understands, as far as handlers care.
type Client struct {
	Markdown       bool // hovers, tooltips and explanations may be Markdown
	ResolvesHints  bool // it asks for a hint's tooltip and links when they are needed
	VersionedEdits bool // a workspace edit may name the version of the text
	ShowsDisabled  bool // it shows code actions that cannot be taken, with the reason
	// RelatedInformation says that it shows places that belong to a diagnostic.
	RelatedInformation bool
	TellsLack          bool // a diagnostic is to say why there are no verdicts: nothing else does
}

// point converts an offset in the current text.
func (d *Document) point(offset int) protocol.Position {
	p, err := d.Mapper.Point(min(max(offset, 0), len(d.Mapper.Text())), d.Encoding)
	if err != nil {
		return protocol.Position{}
	}
	return protocol.Position(p)
}

// span converts a span of the current text.
func (d *Document) span(s position.Span) protocol.Range {
	return protocol.Range{Start: d.point(s.Start), End: d.point(s.End)}
}

// offset converts a position in the current text; ok is false for a line that the
// text does not have.
func (d *Document) offset(p protocol.Position) (offset int, ok bool) {
	offset, err := d.Mapper.PointOffset(position.Point(p), d.Encoding)
	return offset, err == nil
}

// offsets converts a range of the current text. A range that ends behind the text
// ends with it.
func (d *Document) offsets(r protocol.Range) (s position.Span, ok bool) {
	start, ok := d.offset(r.Start)
	if !ok {
		return position.Span{}, false
	}
	end, ok := d.offset(r.End)
	if !ok {
		end = len(d.Mapper.Text())
	}
	return position.Span{Start: start, End: max(start, end)}, true
}

// A block is a top-level declaration that was compiled and stands in the current
// text as it was then, or such a line of one that was edited since.
type block struct {
	position.Span     // in the compiled text
	delta         int // what is to be added for an offset in the current text
	edited        bool
}

// blocks yields each block that overlaps a span of the current text, in the order
// of the compiled text.
func (d *Document) blocks(in position.Span) iter.Seq[block] {
	return func(yield func(block) bool) {
		if d.File == nil || d.Shift == nil {
			return
		}
		for _, b := range d.File.Blocks {
			start, ok := d.Shift.Offset(b.Start)
			if !ok || start > in.End || start+b.End-b.Start < in.Start {
				continue
			}
			if !yield(block{Span: b, delta: start - b.Start}) {
				return
			}
		}
	}
}

// pieces yields what of a span of the current text was compiled as it stands there:
// blocks, then lines of declarations that were edited since.
func (d *Document) pieces(in position.Span) iter.Seq[block] {
	return func(yield func(block) bool) {
		for b := range d.blocks(in) {
			if !yield(b) {
				return
			}
		}
		if d.File == nil || d.Shift == nil {
			return
		}
		for line, delta := range d.Shift.Lines {
			if line.Start+delta > in.End || line.End+delta < in.Start {
				continue
			}
			if !yield(block{Span: line, delta: delta, edited: true}) {
				return
			}
		}
	}
}

// calls returns the calls of a block, by Paren.
func (d *Document) calls(b block) []workspace.FileCall {
	all := d.File.Calls
	i := sort.Search(len(all), func(i int) bool { return all[i].Paren >= b.Start })
	n := sort.Search(len(all)-i, func(n int) bool { return all[i+n].Paren >= b.End })
	return all[i : i+n]
}

// functions returns the functions of a block, by Name.Start.
func (d *Document) functions(b block) []workspace.FileFunction {
	all := d.File.Funcs
	i := sort.Search(len(all), func(i int) bool { return all[i].Name.Start >= b.Start })
	n := sort.Search(len(all)-i, func(n int) bool { return all[i+n].Name.Start >= b.End })
	return all[i : i+n]
}

// linkPath is how the link names of the document's own package begin.
func (d *Document) linkPath() string {
	if d.File == nil || d.File.Unit == nil {
		return ""
	}
	return linkname.Prefix(d.File.Unit.Path, d.File.Unit.Name)
}
